import Foundation
import PlanFile
import TestSupport
import Testing

@testable import Reporting

struct VerdictTests {
  private func source(
    _ outcome: RunRecord.Outcome?, operations: Bool = false, holds: Bool = false,
    refused: Bool = false
  ) -> ReportSource {
    var builder = PlanBuilder()
    if operations { builder.deactivate("carl") }
    if holds { builder.hold("record E1", .duplicate) }
    builder.guarded("removals", 6, of: 10, limit: "at most 5", passed: !refused)
    let run = outcome.map { outcome in
      RunRecord(
        number: 3, outcome: outcome, startedAt: 0, finishedAt: 1, planName: "p", policyDigest: "d",
        head: "h", approval: "serial 7", counts: [:])
    }
    return builder.source(run: run)
  }

  @Test func plansArePlannedRefusedHeldOrNothing() {
    #expect(Verdict(source(nil, operations: true)) == .planned)
    #expect(Verdict(source(nil, operations: true, holds: true)) == .planned)
    #expect(Verdict(source(nil, operations: true, refused: true)).name == "refused")
    #expect(Verdict(source(nil, holds: true)) == .held)
    #expect(Verdict(source(nil)) == .nothingToDo)
  }

  @Test func runsAreWhatTheJournalSays() {
    #expect(Verdict(source(.applied, operations: true, refused: true)) == .applied)
    #expect(Verdict(source(.refused, operations: true)) == .refused(by: []))
    #expect(Verdict(source(.nothingToDo)) == .nothingToDo)
    #expect(Verdict(source(.nothingToDo, holds: true)) == .held)
    #expect(Verdict(source(.refreshed)) == .refreshed)
    #expect(Verdict(source(.resumed)) == .resumed)
  }

  @Test func nothingToDoIsNoAgreementWhereThePolicyLeavesSomething() {
    let whole = "Everything agrees with the exports."
    for (situation, isWhole) in [
      (Situation.same, true), (.protected, false), (.notCreated, false), (.leaver, false),
    ] {
      var source = source(nil)
      source.plan.decisions.situations = [situation: 2]
      #expect(
        (Verdict(source).explanation(of: source) == whole) == isWhole, "\(situation.rawValue)")
    }
  }

  @Test func anApprovalThatWasUsedIsNamed() {
    let source = source(.applied, operations: true)
    #expect(Verdict(source).explanation(of: source).contains("Approval serial 7 was used."))
  }

  @Test func aRefusedPlanNamesTheCommandsThatLetItPass() {
    var builder = PlanBuilder()
    builder.deactivate("carl")
    builder.guarded("removals", 240, of: 900, limit: "at most 50", passed: false)
    builder.guarded(
      "team-removals", 4, of: 5, limit: "at most 3", passed: false, scope: "Buyers")
    builder.guarded(
      "team-removals", 9, of: 12, limit: "at most 3", passed: false, scope: "Finance")
    builder.guarded("creates", 1, of: 5, limit: "at most 9")
    let steps = NextStep.steps(
      after: builder.source(), planFile: "my plan", jobOptions: "--state x.db")
    #expect(
      steps.map(\.command) == [
        "rollcall show 'my plan' --state x.db",
        "rollcall approve 'my plan' --let removals=240 --let team-removals=9 --until 2h"
          + " --reason \"…\" --state x.db",
        "rollcall apply 'my plan' --approval 'my plan.approval' --state x.db",
      ])
  }

  @Test func aPlanThatNobodyHasSavedIsToBeSavedFirst() {
    var builder = PlanBuilder()
    builder.deactivate("carl")
    let steps = NextStep.steps(
      after: builder.source(), planFile: nil, jobOptions: "--state x.db")
    #expect(
      steps.map(\.command) == [
        "rollcall plan --out PLAN --state x.db", "rollcall show PLAN --state x.db",
        "rollcall apply PLAN --state x.db",
      ])
    #expect(
      NextStep.steps(after: source(nil), planFile: nil, jobOptions: "").isEmpty)
  }

  @Test(arguments: [
    ("tonight.plan", "tonight.plan"), ("/var/lib/a b", "'/var/lib/a b'"), ("", "''"),
    ("it's", #"'it'\''s'"#), ("$(reboot)", "'$(reboot)'"), ("-rf", "'./-rf'"), ("é", "é"),
    ("a;b", "'a;b'"), ("`x`", "'`x`'"),
  ])
  func fileNamesStayOneWord(text: String, expected: String) {
    #expect(ShellWord(text).description == expected)
  }

  @Test func theShellAgrees() throws {
    for (number, text) in HostileText.own.enumerated() where !text.utf8.contains(0) {
      let answer = OtherProgram.run("/bin/sh", ["-c", "printf %s \(ShellWord(text))"])
      let isSame = answer?.output.utf8.elementsEqual(
        text.hasPrefix("-") ? "./\(text)".utf8 : text.utf8)
      #expect(isSame == true, "text \(number)")
    }
  }

  @Test(arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (-12_345_678, "-12,345,678")])
  func numbersAreGrouped(value: Int, expected: String) {
    #expect(Quantity(value).description == expected)
  }
}
