import TestSupport
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

  /// The slow way: one more and one more until it does not pass.
  @Test func theAllowanceIsTheLargestAmountThatPasses() {
    for seed in UInt64(0)..<400 {
      var random = SeededGenerator(seed: seed)
      let limit = GuardLimit(
        count: Bool.random(using: &random) ? Int.random(in: 0...40, using: &random) : nil,
        percent: Bool.random(using: &random)
          ? Double(Int.random(in: 0...1_000, using: &random)) / 10 : nil,
        floor: Int.random(in: 0...9, using: &random),
        admitsFirstLoad: Bool.random(using: &random))
      let population = Bool.random(using: &random) ? 0 : Int.random(in: 0...300, using: &random)
      let largest = (0...400).last { limit.admits($0, of: population) } ?? 0
      let allowance = limit.allowance(of: population)
      #expect(allowance ?? 400 == largest, "seed \(seed): \(limit) of \(population)")
    }
  }

  @Test func anAllowanceOfAnyPopulationCanBeCounted() {
    let limit = GuardLimit(percent: 100, floor: 0)
    #expect(limit.allowance(of: 10_000_000) == 10_000_000)
    #expect(limit.allowance(of: .max).map { $0 > 1 << 40 } == true)
  }

  @Test func theFirstLoadPassesOnlyWhereItIsMeantTo() {
    for name in GuardName.allCases {
      let passes = name.defaultLimit.admits(1_000_000, of: 0)
      #expect(passes == [.creates, .grants, .membershipsAdded].contains(name), "\(name)")
    }
  }

  @Test func aCountAloneDecidesOfAnEmptyPopulationToo() {
    let limit = GuardLimit(count: 20, floor: 5)
    #expect(limit.admits(16, of: 0) && limit.admits(20, of: 0))
    #expect(!limit.admits(21, of: 0))
    #expect(limit.allowance(of: 0) == 20)
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
