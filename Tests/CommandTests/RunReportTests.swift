import Foundation
import Testing

/// What reports say of plans that were refused, approved or applied, and what to run next.
struct RunReportTests {
  private static func json(_ run: ProgramRun) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any],
      "\(run.complaints)")
  }

  private static func commands(_ report: [String: Any]) -> [String] {
    let verdict = report["verdict"] as? [String: Any]
    return (verdict?["next"] as? [[String: Any]] ?? []).compactMap { $0["command"] as? String }
  }

  @Test func theReportOfARefusedRunHasTheChangesOfThePlanThatWasSaved() throws {
    let job = try RefusalTests.refusedJob()
    #expect(try job.run("apply", "-q", night: 2).code == 4)
    let saved = try #require(try job.files(in: "Reports").first { $0.hasSuffix(".plan") })
    let report = try Self.json(try job.run("report", "--format", "json", "--to", "-", night: 2))
    #expect((report["counts"] as? [String: Any])?["operations"] as? Int == 3)
    #expect((report["operations"] as? [Any])?.count == 3)
    #expect(
      Self.commands(report) == [
        "rollcall show Reports/\(saved)",
        "rollcall approve Reports/\(saved) --let removals=3 --until 2h --reason \"…\"",
        "rollcall apply Reports/\(saved) --approval Reports/\(saved).approval",
        "rollcall resume --reason \"…\"",
      ])
    let text = try job.run("report", "--format", "text", "--to", "-", night: 2).output
    #expect(text.contains("Unattended runs wait until somebody has decided."), "\(text)")
    #expect(text.contains("- deactivate p0@example.com"), "\(text)")
  }

  @Test func whereThePlanOfARefusedRunIsNotAtHandItsReportSaysSo() throws {
    let job = try RefusalTests.refusedJob()
    #expect(try job.run("plan", "--out", "p", "-q", night: 2).code == 4)
    #expect(try job.run("apply", "p", "-q", night: 2).code == 4)
    let text = try job.run("report", "--format", "text", "--to", "-", night: 2).output
    #expect(text.contains("they are in the plan "), "\(text)")
  }

  @Test func aPlanThatWasAppliedIsStaleWhateverGuardsWouldSay() throws {
    let job = try SmallJob(
      people: SmallJob.crowd(0..<40), guards: ["creates: {percent: 10, floor: 5}"])
    #expect(try job.run("plan", "--out", "p", "-q").code == 0)
    #expect(try job.run("apply", "p", "-q").code == 0)
    let again = try job.run("apply", "p")
    #expect(again.code == 5, "\(again.complaints)")
    #expect(again.complaints.contains("applied by run 1 already"), "\(again.complaints)")
    #expect(try !job.run("history").output.contains("refused"))
    #expect(try job.run("apply", "-q", night: 2).code == 0)
  }

  @Test func aPlanThatIsRefusedAndStaleIsStale() throws {
    let job = try RefusalTests.refusedJob()
    #expect(try job.run("plan", "--out", "p", "-q", night: 2).code == 4)
    let people = try String(contentsOfFile: job.path + "/users.csv", encoding: .utf8)
    try job.write(
      people + "p0,p0@example.com,Zed,yes\np1,p1@example.com,P1,yes\np2,p2@example.com,P2,yes\n",
      as: "users.csv")
    #expect(try job.run("apply", "-q", night: 2).code == 0)
    let run = try job.run("apply", "p", night: 2)
    #expect(run.code == 5, "\(run.complaints)")
    #expect(run.complaints.contains("p0@example.com"), "\(run.complaints)")
    #expect(try !job.run("history").output.contains("refused"))
  }

  @Test func aPlanThatWasAppliedIsReportedAsItsRun() throws {
    let job = try SmallJob(people: SmallJob.crowd(0..<3))
    #expect(try job.run("plan", "--out", "p", "-q").code == 0)
    #expect(try job.run("show", "p").output.hasPrefix("Planned: 3 changes"))
    #expect(try job.run("apply", "p", "-q").code == 0)
    let text = try job.run("report", "p", "--format", "markdown", "--to", "-").output
    #expect(text.hasPrefix("## ✅ Applied: 3 changes\n\nRun 1 finished at"), "\(text)")
    #expect(!text.contains("rollcall apply"), "\(text)")
    #expect(try job.run("show", "p").output.hasPrefix("Applied: 3 changes"))
  }

  @Test func whatAnApprovalLetPassIsToldWithTheLimitThatItWasBeyond() throws {
    let job = try RefusalTests.refusedJob()
    #expect(try job.run("plan", "--out", "p", "-q", night: 2).code == 4)
    _ = try job.run(
      "approve", "p", "--let", "removals=5", "--until", "2h", "--reason", "sold", night: 2)
    let run = try job.run("apply", "p", "--approval", "p.approval", night: 2)
    #expect(run.code == 0, "\(run.complaints)")
    #expect(run.output.contains("approved  removals"), "\(run.output)")
    let report = try Self.json(try job.run("report", "--format", "json", "--to", "-", night: 2))
    let guards = try #require(report["guards"] as? [[String: Any]])
    let removals = try #require(guards.first { $0["name"] as? String == "removals" })
    // Five percent of ten are nobody.
    #expect(removals["allowance"] as? Int == 0)
    #expect(removals["approved"] as? Int == 5)
    #expect(removals["passed"] as? Bool == true)
    let verdict = report["verdict"] as? [String: Any]
    let explanation = verdict?["explanation"] as? String ?? ""
    #expect(explanation.contains("removals: 3 of 10"), "\(explanation)")
    #expect(explanation.contains("; up to 5 by approval."), "\(explanation)")
    let markdown = try job.run("report", "--format", "markdown", "--to", "-", night: 2).output
    #expect(markdown.contains("| `removals` | approved | 3 of 10 |"), "\(markdown)")
    // The plan's own report says the same, though the plan itself was refused.
    let ofPlan = try job.run("report", "p", "--format", "markdown", "--to", "-", night: 2).output
    #expect(ofPlan == markdown)
    // That it was refused before is told without anything to run.
    let refused = try job.run("report", "--run", "2", "--format", "markdown", "--to", "-", night: 3)
    #expect(!refused.output.contains("rollcall approve"), "\(refused.output)")
  }

  @Test func aDeactivationHasItsValueBeforeAndAfter() throws {
    let job = try SmallJob(people: SmallJob.crowd(0..<3), guards: ["removals: {floor: 9}"])
    #expect(try job.run("apply", "-q").code == 0)
    try job.write(SmallJob.crowd(1..<3))
    let run = try job.run("plan", night: 2)
    #expect(run.code == 0, "\(run.complaints)")
    #expect(try job.run("apply", "-q", night: 2).code == 0)
    let properties = try #require(
      try job.files(in: "Reports").last { $0.hasSuffix(".properties.csv") })
    let text = try String(contentsOfFile: "\(job.path)/Reports/\(properties)", encoding: .utf8)
    #expect(text.contains(",\"active\",\"true\",\"false\"\r\n"), "\(text)")
    let listing = try job.run("report", "--format", "text", "--to", "-", night: 2).output
    #expect(listing.contains("    active: true → false\n"), "\(listing)")
  }

  @Test func afterAResumeTheReportIsOfTheLastRunThatHadAPlan() throws {
    let job = try RefusalTests.refusedJob()
    #expect(try job.run("apply", "-q", night: 2).code == 4)
    #expect(try job.run("resume", "--reason", "seen", night: 2).code == 0)
    let text = try job.run("report", "--format", "text", "--to", "-", night: 2).output
    #expect(text.hasPrefix("Refused by removals"), "\(text)")
    // What a person has decided is not to be decided again.
    #expect(!text.contains("rollcall resume") && !text.contains("rollcall approve"), "\(text)")
    let resumed = try job.run("report", "--run", "3", "--format", "markdown", "--to", "-", night: 2)
    #expect(resumed.output.contains("Resumed"))
    #expect(!resumed.output.contains("plan `"), "\(resumed.output)")
  }

  @Test func anUnreliableExportIsNamedInTheBannerAndMayBeAccepted() throws {
    let job = try SmallJob(people: SmallJob.crowd(0..<10))
    let policy = try String(contentsOfFile: job.path + "/rollcall.yaml", encoding: .utf8)
    try job.write(policy.replacing("recordFall: 100", with: "recordFall: 10"), as: "rollcall.yaml")
    #expect(try job.run("apply", "-q").code == 0)
    try job.write(SmallJob.crowd(5..<10))
    let run = try job.run("plan", "--output", "json", night: 2)
    #expect(run.code == 10, "\(run.complaints)")
    let report = try Self.json(run)
    let explanation = (report["verdict"] as? [String: Any])?["explanation"] as? String ?? ""
    #expect(
      explanation.contains("The export staff cannot be relied on this time"), "\(explanation)")
    #expect(
      Self.commands(report) == [
        "rollcall resume --reason \"…\" --accept staff", "rollcall explain WHO",
      ])
    #expect((report["counts"] as? [String: Any])?["removalsWithheld"] as? Int == 5)
    let findings = try #require(report["findings"] as? [[String: Any]])
    let health = findings.filter { ($0["code"] as? String)?.hasPrefix("health.") == true }
    #expect(!health.isEmpty && health.allSatisfy { $0["export"] as? String == "staff" })
    // Five people and their export.
    #expect(try job.run("apply", "-q", night: 2).code == 10)
    let lines = try job.run("history", night: 2).output.split(separator: "\n")
    #expect(lines[0].contains("nothing-to-do") && lines[0].contains("  6 held  "), "\(lines)")
    #expect(!lines[1].contains("held"), "\(lines)")
    let history = try job.run("history", "--output", "json", night: 2).output
    #expect(history.contains("\"held\":6") && history.contains("\"held\":0"), "\(history)")
  }

  @Test func aFirstLoadSaysWhyAnyNumberPasses() throws {
    let job = try SmallJob(people: SmallJob.crowd(0..<40))
    let text = try job.run("plan").output
    #expect(text.contains("40 of 0"), "\(text)")
    #expect(text.contains("; any number into what is empty"), "\(text)")
  }

  @Test func theCommandsToRunNextReadTheSameFolderOfExports() throws {
    let job = try SmallJob(people: [])
    try FileManager.default.createDirectory(
      atPath: job.path + "/tonight", withIntermediateDirectories: false)
    try job.write("id,mail,name,enabled\n1,a@example.com,A,yes\n", as: "tonight/users.csv")
    let text = try job.run("plan", "--exports", "tonight").output
    #expect(text.contains("rollcall plan --out PLAN --exports tonight\n"), "\(text)")
  }
}
