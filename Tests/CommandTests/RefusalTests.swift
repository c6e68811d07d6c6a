import Foundation
import Testing

/// What a guard refuses, what a person does about it, and what each step answers.
struct RefusalTests {
  /// Ten people are there; three of them leave, where one may.
  static func refusedJob() throws -> SmallJob {
    let job = try SmallJob(
      people: SmallJob.crowd(0..<10), guards: ["removals: {count: 1, floor: 0}"])
    try #require(try job.run("apply").code == 0)
    try job.write(SmallJob.crowd(3..<10))
    return job
  }

  @Test func aRefusedPlanIsWrittenAndNamesTheCommandsToRunNext() throws {
    let job = try Self.refusedJob()
    let run = try job.run("plan", "--out", "tonight.plan", "--detailed-exitcode", night: 2)
    #expect(run.code == 4, "\(run.complaints)")
    #expect(job.exists("tonight.plan"))
    #expect(try job.mode(of: "tonight.plan") == 0o600)
    #expect(run.output.contains("Refused by removals"))
    #expect(run.output.contains("rollcall show tonight.plan\n"))
    #expect(
      run.output.contains(
        "rollcall approve tonight.plan --let removals=3 --until 2h --reason \"…\"\n"))
    #expect(
      run.output.contains("rollcall apply tonight.plan --approval tonight.plan.approval\n"))
  }

  @Test func anApprovalLetsOnePlanPassOnce() throws {
    let job = try Self.refusedJob()
    #expect(try job.run("plan", "--out", "p", "-q", night: 2).code == 4)
    #expect(try job.run("apply", "p", "-q", night: 2).code == 4)
    let approval = try job.run(
      "approve", "p", "--let", "removals=3", "--until", "2h", "--reason", "Plant sold", night: 2)
    #expect(approval.code == 0, "\(approval.complaints)")
    #expect(approval.output.contains("2026-03-02 04:00 UTC"))
    #expect(approval.output.contains("rollcall apply p --approval p.approval"))
    #expect(try job.mode(of: "p.approval") == 0o600)
    let run = try job.run("apply", "p", "--approval", "p.approval", night: 2)
    #expect(run.code == 0, "\(run.complaints)")
    #expect(run.output.contains("deactivate-member  3"))
    #expect(run.output.contains("gave the reason: Plant sold"), "\(run.output)")
    #expect(try job.run("history", night: 2).output.contains(": Plant sold\n"))
    let history = try job.run("history", "--output", "json", night: 2).output
    #expect(history.contains("\"reason\":\"Plant sold\""), "\(history)")
    let report = try job.run("report", "--format", "json", "--to", "-", night: 2).output
    #expect(report.contains("\"reason\":\"Plant sold\""))
    let again = try job.run("apply", "p", "--approval", "p.approval", night: 2)
    #expect([5, 9].contains(again.code), "\(again.code) \(again.complaints)")
    #expect(try job.run("plan", "--detailed-exitcode", night: 2).code == 0)
  }

  @Test func anApprovalThatLetsTooLittlePassIsNotWritten() throws {
    let job = try Self.refusedJob()
    _ = try job.run("plan", "--out", "p", "-q", night: 2)
    let run = try job.run(
      "approve", "p", "--let", "removals=2", "--until", "2h", "--reason", "no", night: 2)
    #expect(run.code == 64)
    #expect(run.complaints.contains("--let removals=3"))
    #expect(!job.exists("p.approval"))
  }

  @Test func anApprovalEnds() throws {
    let job = try Self.refusedJob()
    _ = try job.run("plan", "--out", "p", "-q", night: 2)
    _ = try job.run(
      "approve", "p", "--let", "removals=3", "--until", "2h", "--reason", "yes", night: 2)
    let run = try job.run("apply", "p", "--approval", "p.approval", night: 3)
    #expect(run.code == 9)
    #expect(run.complaints.contains("approve it anew"), "\(run.complaints)")
  }

  @Test func anApprovalIsForOnePlanOnly() throws {
    let job = try Self.refusedJob()
    _ = try job.run("plan", "--out", "p", "-q", night: 2)
    _ = try job.run(
      "approve", "p", "--let", "removals=9", "--until", "2h", "--reason", "yes", night: 2)
    try job.write(SmallJob.crowd(5..<10))
    _ = try job.run("plan", "--out", "other", "-q", night: 2)
    let run = try job.run("apply", "other", "--approval", "p.approval", night: 2)
    #expect(run.code == 9)
    #expect(run.complaints.contains("not for"), "\(run.complaints)")
  }

  @Test func afterARefusalNothingIsAppliedUntilAPersonResumes() throws {
    let job = try Self.refusedJob()
    let refused = try job.run("apply", night: 2)
    #expect(refused.code == 4, "\(refused.complaints)")
    let saved = try #require(try job.files(in: "Reports").first { $0.hasSuffix(".plan") })
    #expect(refused.output.contains("Reports/\(saved)"))
    try job.write(SmallJob.crowd(0..<10))
    let suspended = try job.run("apply", night: 3)
    #expect(suspended.code == 4)
    #expect(suspended.complaints.contains("rollcall resume"), "\(suspended.complaints)")
    #expect(suspended.output.isEmpty)
    let waiting = try job.run("history", night: 3)
    #expect(waiting.complaints == suspended.complaints.replacing("rollcall: ", with: ""))
    let json = try job.run("history", "--output", "json", night: 3).output
    #expect(json.contains("\"waiting\":[\"A plan was refused on 2026-03-02"), "\(json)")
    #expect(try job.run("resume", "--reason", "Wrong file", night: 3).code == 0)
    #expect(try job.run("history", night: 3).complaints.isEmpty)
    #expect(try job.run("apply", night: 3).code == 0)
    let history = try job.run("history", night: 3)
    let lines = history.output.split(separator: "\n")
    #expect(lines.count == 4, "\(history.output)")
    #expect(lines[1].contains("resumed") && lines[1].contains(": Wrong file"), "\(lines[1])")
    #expect(lines[2].contains("2026-03-02 02:00 UTC  refused"), "\(lines[2])")
    let report = try job.run("report", "--run", "2", "--format", "text", "--to", "-", night: 3)
    #expect(report.output.hasPrefix("Refused by removals\nremovals: 3 of 10"), "\(report.output)")
    let page = try job.run("report", "--run", "4", "--format", "html", "--to", "-", night: 3)
    #expect(page.output.contains("Run 2, 2026-03-02 02:00 UTC: refused"))
  }

  @Test func aRefusalStaysOneWhereNothingCanBeSaved() throws {
    let job = try Self.refusedJob()
    try job.write("a file", as: "blocked")
    let run = try job.run("apply", "--reports", "blocked", night: 2)
    #expect(run.code == 4, "\(run.complaints)")
    #expect(run.complaints.contains("its reports are not written"))
    #expect(run.output.contains("Refused by removals"))
  }

  @Test func theSavedPlanCanBeApprovedAndApplied() throws {
    let job = try Self.refusedJob()
    _ = try job.run("apply", "-q", night: 2)
    let name = try #require(try job.files(in: "Reports").first { $0.hasSuffix(".plan") })
    let plan = "Reports/\(name)"
    #expect(try job.run("show", plan).output.contains("- deactivate p0@example.com"))
    _ = try job.run(
      "approve", plan, "--let", "removals=3", "--until", "1d", "--reason", "yes", night: 2)
    let run = try job.run("apply", plan, "--approval", "\(plan).approval", night: 2)
    #expect(run.code == 0, "\(run.complaints)")
  }
}
