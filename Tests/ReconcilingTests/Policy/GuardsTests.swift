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

  @Test func aCountBelowTheDefaultFloorLowersIt() throws {
    #expect(try limit(.removals, as: "2") == GuardLimit(count: 2, percent: 5, floor: 2))
    #expect(try limit(.removals, as: "0") == GuardLimit(count: 0, percent: 5, floor: 0))
    #expect(try limit(.teamAdoptions, as: "3") == GuardLimit(count: 3, floor: 0))
  }
}
