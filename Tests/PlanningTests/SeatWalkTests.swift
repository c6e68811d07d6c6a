import TestSupport
import Testing

@testable import Planning

/// A set is the slow twin.
struct SeatWalkTests {
  @Test(arguments: UInt64(0)..<50)
  func saysWhatASetSays(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    func seats() -> [Int] {
      (0..<Int.random(in: 0..<40, using: &random)).map { _ in Int.random(in: 0..<60, using: &random)
      }
      .sorted()
    }
    let (list, asked) = (seats(), seats())
    var walk = SeatWalk(list)
    let found = asked.map { walk.contains($0) { $0 } }
    #expect(found == asked.map(Set(list).contains), "seed \(seed)")
  }

  @Test func whatHasNoSeatIsPassedBy() {
    var walk = SeatWalk(["2", "none", "5"])
    #expect([2, 4, 5, 6].map { walk.contains($0) { Int($0) } } == [true, false, true, false])
  }
}
