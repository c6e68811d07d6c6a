import TestSupport
import Testing

@testable import Scanning

struct LDIFPlainRecordsTests {
  private static func feeds(
    _ text: [UInt8], from start: Int, words: Int, with vectors: VectorInstructions
  ) -> [UInt32] {
    var feeds = [UInt32](repeating: 0, count: text.count)
    let count = unsafe text.withUnsafeBufferPointer { text -> Int in
      guard let base = text.baseAddress else { return 0 }
      return unsafe LDIFPlainRecords.lineFeeds(base, start, words, with: vectors, &feeds)
    }
    return Array(feeds[..<count])
  }

  /// Bytes one by one are the slow twin; of what is wrong only its word and those behind it may be missing.
  @Test(arguments: UInt64(0)..<60)
  func lineFeedsAreThoseOfAWalkOverTheBytes(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let pieces = ["a", "\n", "\r\n", "é", "€", "😀", "long text without any end "]
    let start = Int.random(in: 3..<9, using: &random)
    var text = [UInt8](repeating: 97, count: start)
    while text.count < 700 { text += Array((pieces.randomElement(using: &random) ?? "a").utf8) }
    let words = (text.count - start - 8) / 64
    text += [UInt8](repeating: 0, count: LDIFPlainRecords.slack)
    let slow = (start..<start + words * 64).filter { text[$0] == 10 }.map { UInt32($0) }
    for vectors in VectorInstructions.ofWords.known {
      let feeds = Self.feeds(text, from: start, words: words, with: vectors)
      #expect(feeds == slow, "seed \(seed), \(vectors)")
    }
  }

  @Test(arguments: [UInt8(0), 0xFF, 0x80, 0xC0])
  func nothingBehindAWrongByteIsTaken(wrong: UInt8) {
    var text = [UInt8](repeating: 10, count: 3 + 256 + LDIFPlainRecords.slack)
    text[3 + 64 + 7] = wrong
    for vectors in VectorInstructions.ofWords.known {
      let feeds = Self.feeds(text, from: 3, words: 4, with: vectors)
      #expect(feeds.allSatisfy { $0 < 3 + 64 + 7 }, "\(vectors)")
      #expect(feeds.starts(with: (3..<3 + 64).map { UInt32($0) }), "\(vectors)")
    }
  }
}
