import TestSupport
import Testing

@testable import Scanning

struct LineFeedsTests {
  @Test(arguments: UInt64(0)..<40)
  func theyAreCountedAsByAWalkOverTheBytes(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let text = (0..<Int.random(in: 0..<400, using: &random)).map { _ in
      UInt8.random(in: 9...11, using: &random)
    }
    let start = Int.random(in: 0...text.count, using: &random)
    let end = Int.random(in: start...text.count, using: &random)
    let count = text[start..<end].count { $0 == 10 }
    for vectors in VectorInstructions.ofWords.known {
      let found = LineFeeds.count(in: text, start..<end, with: vectors)
      #expect(found == count, "seed \(seed), \(start)..<\(end), \(vectors)")
    }
  }
}
