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
    #expect(asked.map { walk.contains($0) } == asked.map(Set(list).contains), "seed \(seed)")
  }
}
