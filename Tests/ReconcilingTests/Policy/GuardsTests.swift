import PlanFile
import Testing

@testable import Reconciling

struct GuardsTests {
  private func limit(_ name: GuardName, as text: String) throws -> GuardLimit {
    let policy = PolicyProblemTests.policy("guards: { \(name.rawValue): \(text) }")
    return try Policy(parsing: policy, path: "p").guards[name]
  }

  @Test func oneStatedPartKeepsTheOthers() throws {
    #expect(try limit(.removals, as: "300") == GuardLimit(count: 300, percent: 5, floor: 5))
    #expect(try limit(.removals, as: "10%") == GuardLimit(count: 200, percent: 10, floor: 5))
    #expect(try limit(.removals, as: "\"0.5%\"") == GuardLimit(count: 200, percent: 0.5, floor: 5))
    #expect(
      try limit(.removals, as: "{ floor: 0 }") == GuardLimit(count: 200, percent: 5, floor: 0))
    #expect(
      try limit(.creates, as: "{ count: 50, percent: 9%, floor: 1 }")
        == GuardLimit(count: 50, percent: 9, floor: 1, admitsFirstLoad: true))
  }

  /// Who is created and who gets a role with it are one first load, unless the policy states a number.
  @Test func aStatedCountHoldsInAnEmptyStateToo() throws {
    #expect(GuardName.grants.defaultLimit.admits(500, of: 0))
    let stated = try limit(.grants, as: "{ count: 20 }")
    #expect(stated == GuardLimit(count: 20, floor: 5))
    #expect(stated.admits(16, of: 0) && !stated.admits(21, of: 0))
    #expect(try limit(.grants, as: "{ floor: 2 }").admits(500, of: 0))
    // With a share, a count says how much of what is there; of nothing there is a first load.
    #expect(try limit(.creates, as: "500").admits(1_000, of: 0))
  }

  @Test func aCountBelowTheDefaultFloorLowersIt() throws {
    #expect(try limit(.removals, as: "2") == GuardLimit(count: 2, percent: 5, floor: 2))
    #expect(try limit(.removals, as: "0") == GuardLimit(count: 0, percent: 5, floor: 0))
    #expect(try limit(.teamAdoptions, as: "3") == GuardLimit(count: 3, floor: 0))
  }
}
