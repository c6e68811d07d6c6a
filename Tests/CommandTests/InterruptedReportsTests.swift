import Foundation
import Testing

/// What somebody is told who ends a run that is applied already.
struct InterruptedReportsTests {
  /// Long lists, so that writing them takes a while, and short ones, so that a plan is quickly made.
  private static func job() throws -> SmallJob {
    try SmallJob(people: SmallJob.crowd(0..<4_000))
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func afterTheCommitASignalSaysThatTheRunIsAppliedAndHowToGetItsReports(number: Int32) throws {
    let job = try Self.job()
    let program = try RunningProgram(["apply", "--verbose"], in: job.path)
    try #require(try program.says("writing Reports/"), "it ended before it could be stopped")
    program.signal(number)
    let (code, complaints) = try program.end()
    #expect(code == 130, "\(complaints)")
    #expect(
      complaints.contains(
        "Run 1 is applied, and the state is the new one. Its reports are not whole; "
          + "`rollcall report --run 1` writes them."), "\(complaints)")
    #expect(try job.run("history").output.contains("applied"))
    let left = try job.files(in: "Reports").filter { $0.hasPrefix(".rollcall-") }
    #expect(left.isEmpty, "temporary files stay behind: \(left)")
    #expect(try job.run("report", "--run", "1").code == 0)
    #expect(try job.files(in: "Reports").count == 6)
  }

  @Test func theCommandNamesTheFolderAndThePolicyOfTheRun() throws {
    let job = try Self.job()
    let policy = try String(contentsOfFile: job.path + "/rollcall.yaml", encoding: .utf8)
    try job.write(policy, as: "other.yaml")
    let program = try RunningProgram(
      ["apply", "--verbose", "--policy", "other.yaml", "--reports", "my reports"],
      in: job.path)
    try #require(try program.says("writing my reports/"), "it ended before it could be stopped")
    program.signal(SIGTERM)
    let (code, complaints) = try program.end()
    #expect(code == 130)
    #expect(
      complaints.contains("`rollcall report --run 1 --to 'my reports' --policy other.yaml`"),
      "\(complaints)")
  }

  @Test func reportsOfAnEarlierRunThatAreInterruptedLeaveNoTemporaryFile() throws {
    let job = try Self.job()
    try #require(try job.run("apply", "--quiet", "--reports", "first").code == 0)
    let program = try RunningProgram(["report", "--verbose"], in: job.path)
    try #require(try program.says("writing Reports/"), "it ended before it could be stopped")
    program.signal(SIGINT)
    let (code, complaints) = try program.end()
    #expect(code == 130)
    #expect(complaints.contains("the reports are not whole"), "\(complaints)")
    let left = try job.files(in: "Reports").filter { $0.hasPrefix(".rollcall-") }
    #expect(left.isEmpty)
  }
}
