import Testing

@testable import PlanFile

struct GuardLimitTests {
  private static let removals = GuardLimit(count: 200, percent: 5, floor: 5)

  @Test(arguments: [
    (0, 0, true), (5, 10, true), (6, 10, false), (5, 0, true), (6, 0, false), (50, 1_000, true),
    (51, 1_000, false), (200, 100_000, true), (201, 100_000, false), (1_000_000, 0, false),
  ])
  func countPercentAndFloorAreAllJudged(amount: Int, population: Int, passes: Bool) {
    #expect(Self.removals.admits(amount, of: population) == passes)
  }

  @Test func theFirstLoadPassesOnlyWhereItIsMeantTo() {
    for name in GuardName.allCases {
      let passes = name.defaultLimit.admits(1_000_000, of: 0)
      #expect(passes == [.creates, .membershipsAdded].contains(name), "\(name)")
    }
  }

  @Test func nothingAtAllAlwaysPasses() {
    let shut = GuardLimit(count: 0, percent: 0, floor: 0)
    #expect(shut.admits(0, of: 0))
    #expect(shut.admits(0, of: 10))
    #expect(!shut.admits(1, of: 10))
    #expect(!shut.admits(1, of: 0))
  }

  @Test func everyGuardHasALimitByDefault() {
    for name in GuardName.allCases {
      let limit = name.defaultLimit
      #expect(!limit.admits(1_000_000, of: 1_000_000), "\(name)")
      if let count = limit.count { #expect(limit.floor <= count, "\(name)") }
    }
  }

  @Test func aPercentIsOfThePopulationExactly() {
    let limit = GuardLimit(percent: 0.5, floor: 0)
    #expect(limit.admits(5, of: 1_000))
    #expect(!limit.admits(6, of: 1_000))
    #expect(limit.admits(50_000, of: 10_000_000))
    #expect(!limit.admits(50_001, of: 10_000_000))
  }
}
