import TestSupport
import Testing

/// What a file of the target may change of members that are managed.
struct RefreshCommandTests {
  /// Ten are managed, and the target says that four of them are inactive.
  private static func job() throws -> SmallJob {
    let job = try SmallJob(
      people: SmallJob.crowd(0..<10), guards: ["removals: {count: 3, percent: 100, floor: 0}"])
    #expect(try job.run("apply").code == 0)
    let rows = (0..<10).map {
      "p\($0),p\($0)@example.com,P\($0),\($0 < 4 ? "no" : "yes")\n"
    }
    try job.write("id,mail,name,enabled\n" + rows.joined(), as: "there.csv")
    return job
  }

  @Test func moreThanTheGuardsAdmitIsRefusedWithTheFigures() throws {
    let job = try Self.job()
    let run = try job.run("refresh", "--from", "there.csv", night: 2)
    #expect(run.code == 4, "\(run.output)")
    #expect(run.complaints.contains("removals: 4 of 10, limit at most 3"), "\(run.complaints)")
    #expect(
      run.complaints.contains(
        "rollcall refresh --from there.csv --let removals=4 --reason"), "\(run.complaints)")
    #expect(!(try job.run("history", night: 2).output.contains("refreshed")))
  }

  @Test func aPersonLetsItPassAndTheJournalKnowsWho() throws {
    let job = try Self.job()
    let few = try job.run(
      "refresh", "--from", "there.csv", "--let", "removals=3", "--reason", "sold", night: 2)
    #expect(few.code == 4)
    let run = try job.run(
      "refresh", "--from", "there.csv", "--let", "removals=4", "--reason", "sold", night: 2)
    #expect(run.code == 0, "\(run.complaints)")
    #expect(run.output.contains("4 update-member"), "\(run.output)")
    let history = try job.run("history", night: 2).output
    #expect(history.contains("refreshed") && history.contains("approval "), "\(history)")
    #expect(try job.run("verify", night: 2).code == 0)
  }

  @Test func aWordWithoutAReasonIsNone() throws {
    let job = try Self.job()
    #expect(try job.run("refresh", "--from", "there.csv", "--let", "removals=4").code == 64)
    #expect(try job.run("refresh", "--from", "there.csv", "--reason", "why").code == 64)
  }
}
