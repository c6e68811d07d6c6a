import Identity
import PlanFile
import Reconciling
import RollcallCommands
import TestSupport
import Testing

/// The codes are a promise: a change here is a change for every script that calls the program.
struct ExitStatusTests {
  @Test func theCodesAreThoseOfTheTable() {
    let codes = ExitStatus.allCases.map(\.rawValue)
    #expect(codes == [0, 1, 2, 3, 4, 5, 6, 9, 10, 64, 78, 130])
  }

  @Test func everyFailureHasItsCode() {
    let planned = PlannedJob(plan: PlanBuilder().plan, name: "")
    let failures: [(JobFailure, Int32)] = [
      (.policy([]), 78), (.unreadable([]), 3), (.refused(planned), 4),
      (.suspended(since: 0, planName: "", reason: ""), 4), (.stale([]), 5), (.locked(""), 6),
      (.unverified(""), 9), (.usage(""), 64), (.unexpected(""), 1),
    ]
    for (failure, code) in failures { #expect(ExitStatus(failure).rawValue == code) }
  }

  private static func plan(
    refused: Bool = false, held: Situation? = nil, changed: Bool = false
  ) -> Plan {
    var builder = PlanBuilder()
    if changed { builder.deactivate("carl") }
    if let held { builder.hold("member dora", held) }
    builder.guarded("removals", 1, of: 2, limit: "at most 5", passed: !refused)
    return builder.plan
  }

  @Test func refusalWinsOverHoldsAndHoldsOverChanges() {
    let rules = ExitRules(tellsChanges: true)
    #expect(rules.status(of: Self.plan(refused: true, held: .duplicate, changed: true)) == .refused)
    #expect(rules.status(of: Self.plan(held: .duplicate, changed: true)) == .held)
    #expect(rules.status(of: Self.plan(changed: true)) == .changes)
    #expect(rules.status(of: Self.plan()) == .done)
  }

  @Test func changesAreToldOnlyOnRequest() {
    #expect(ExitRules().status(of: Self.plan(changed: true)) == .done)
  }

  @Test func forgivenHoldsLeaveTheRest() {
    let rules = ExitRules(tellsChanges: true, forgivesHolds: true)
    #expect(rules.status(of: Self.plan(held: .duplicate)) == .done)
    #expect(rules.status(of: Self.plan(held: .duplicate, changed: true)) == .changes)
    #expect(rules.status(of: Self.plan(refused: true, held: .duplicate)) == .refused)
  }

  @Test func whatIsProtectedIsSoOnPurpose() {
    #expect(ExitRules().status(of: Self.plan(held: .protected)) == .done)
  }
}
