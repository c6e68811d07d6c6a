import Foundation
import TestSupport
import Testing

/// What a job lives on is not written over, whatever a command is told to write to.
struct OutputTargetTests {
  private static func job() throws -> SmallJob {
    let job = try SmallJob(people: ["ann", "bob"])
    #expect(try job.run("apply").code == 0)
    try job.write("notes", as: "notes.txt")
    return job
  }

  private static func content(_ job: SmallJob, _ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: job.path + "/" + name))
  }

  @Test(arguments: [
    ("rollcall.db", "is the state"), ("rollcall.db.lock", "is a part of the state"),
    ("rollcall.yaml", "is the policy"), ("users.csv", "is a file of the export staff"),
    ("notes.txt", "is there already and is no"), ("./users.csv", "is a file of the export staff"),
  ])
  func whatIsNeededIsLeftAlone(target: String, words: String) throws {
    let job = try Self.job()
    let before = try Self.content(job, target)
    for command in [
      ["plan", "--out", target], ["attest", "--out", target],
      ["export", "--format", "csv", "--to", target],
      ["export", "--format", "scim", "--to", target],
    ] {
      let run = try job.runAll(command, night: 2)
      #expect(run.code == 64, "\(command): \(run.output)\(run.complaints)")
      #expect(run.complaints.contains(words), "\(command): \(run.complaints)")
    }
    #expect(try Self.content(job, target) == before)
  }

  @Test func anotherNameOfTheStateIsNoWayAroundIt() throws {
    let job = try Self.job()
    try FileManager.default.linkItem(
      atPath: job.path + "/rollcall.db", toPath: job.path + "/other.plan")
    let run = try job.run("plan", "--out", "other.plan", night: 2)
    #expect(run.code == 64)
    #expect(run.complaints.contains("other.plan is the state"), "\(run.complaints)")
  }

  @Test func anEarlierOutputOfTheSameKindIsReplaced() throws {
    let job = try Self.job()
    for command in [
      ["plan", "--out", "p"], ["attest", "--out", "a"],
      ["export", "--format", "csv", "--to", "members.csv"],
      ["export", "--format", "json", "--to", "members.jsonl"],
      ["export", "--format", "scim", "--to", "members.json"],
    ] {
      #expect(try job.runAll(command, night: 2).code == 0, "\(command)")
      let again = try job.runAll(command, night: 2)
      #expect(again.code == 0, "\(command): \(again.complaints)")
    }
    let crossed = try job.run("attest", "--out", "p", night: 2)
    #expect(crossed.complaints.contains("p is there already and is no attestation"))
  }
}
