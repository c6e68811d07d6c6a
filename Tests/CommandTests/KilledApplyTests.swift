import Foundation
import Testing

/// An apply that is killed at any moment leaves the old state or the new one, and the next run converges.
struct KilledApplyTests {
  private static let people = 20_000
  private static let kills = 8

  @Test func killedAtManyPointsTheStateIsOldOrNew() throws {
    let job = try SmallJob(people: SmallJob.crowd(0..<Self.people))
    try #require(try job.run("plan", "--out", "p", "-q").code == 0)
    let (whole, expected) = try Self.undisturbed(job)

    var inside = 0
    for number in 1...Self.kills {
      let run = try RunningProgram(
        ["apply", "p", "--verbose", "--reports", "r", "--now", "2026-03-01T02:00Z"], in: job.path)
      try #require(try run.says("writing  20,000 changes …"), "kill \(number)")
      Thread.sleep(forTimeInterval: whole * Double(number) / Double(Self.kills + 1))
      run.signal(SIGKILL)
      let (code, complaints) = try run.end()
      let wasInside = code == 128 + SIGKILL && !complaints.contains("writing: ")
      inside += wasInside ? 1 : 0

      let runs = try job.run("history").output
      if runs == "No runs yet.\n" {
        #expect(try job.run("export", "--format", "json").output.isEmpty, "kill \(number)")
      } else {
        try Self.expectOneWholeRun(job, expected, "kill \(number)")
        try job.forgetState()
        try job.copyState(from: "empty")
      }
    }
    #expect(inside >= Self.kills / 2, "only \(inside) of \(Self.kills) kills hit the writing")

    #expect(try job.run("apply", "p", "-q").code == 0)
    try Self.expectOneWholeRun(job, expected, "after \(Self.kills) kills")
    #expect(try job.run("plan", "--detailed-exitcode", "-q", night: 2).code == 0)
  }

  /// How long the writing takes and what it leaves; the state is empty again afterwards.
  private static func undisturbed(_ job: SmallJob) throws -> (seconds: Double, state: String) {
    try job.copyState(to: "empty")
    let run = try RunningProgram(
      ["apply", "p", "--verbose", "--now", "2026-03-01T02:00Z"], in: job.path)
    try #require(try run.says("writing  20,000 changes …"))
    let clock = ContinuousClock()
    let began = clock.now
    try #require(try run.says("writing: "))
    let seconds = (clock.now - began) / .seconds(1)
    #expect(try run.end().code == 0)
    let state = try job.run("export", "--format", "json").output
    #expect(state.utf8.count { $0 == UInt8(ascii: "\n") } == people)
    try job.forgetState()
    try job.copyState(from: "empty")
    return (seconds, state)
  }

  private static func expectOneWholeRun(_ job: SmallJob, _ state: String, _ when: String) throws {
    let history = try JobCommandTests.object(try job.run("history", "--output", "json"))
    let runs = try #require(history["runs"] as? [[String: Any]])
    #expect(runs.count == 1, "\(when)")
    #expect(runs.first?["counts"] as? [String: Int] == ["create-member": people], "\(when)")
    let isWhole = try job.run("export", "--format", "json").output == state
    #expect(isWhole, "\(when): the state is neither the old one nor the new one")
  }
}

extension SmallJob {
  private var stateFiles: [String] { ["rollcall.db", "rollcall.db-wal", "rollcall.db-shm"] }

  fileprivate func copyState(to folder: String) throws {
    let files = FileManager.default
    try files.createDirectory(atPath: "\(path)/\(folder)", withIntermediateDirectories: true)
    for name in stateFiles where exists(name) {
      try files.copyItem(atPath: "\(path)/\(name)", toPath: "\(path)/\(folder)/\(name)")
    }
  }

  fileprivate func copyState(from folder: String) throws {
    for name in stateFiles where exists("\(folder)/\(name)") {
      try FileManager.default.copyItem(
        atPath: "\(path)/\(folder)/\(name)", toPath: "\(path)/\(name)")
    }
  }

  fileprivate func forgetState() throws {
    for name in stateFiles where exists(name) {
      try FileManager.default.removeItem(atPath: "\(path)/\(name)")
    }
  }
}
