import TestSupport
import Testing

@testable import Scanning

struct JSONLinePlacesTests {
  private struct Places: Equatable {
    var feeds: [UInt32] = []
    var quotes: [UInt32] = []
    var slashes: [UInt32] = []
  }

  private static func places(
    _ text: [UInt8], from start: Int, words: Int, with vectors: VectorInstructions
  ) -> (Places, words: Int) {
    var places = JSONLinePlaces()
    unsafe text.withUnsafeBufferPointer { text in
      guard let text = text.baseAddress else { return }
      unsafe places.find(text, start, words, with: vectors)
    }
    let found = Places(
      feeds: Array(places.foundFeeds), quotes: Array(places.foundQuotes),
      slashes: Array(places.foundSlashes))
    return (found, places.wordCount)
  }

  /// Bytes one by one are the slow twin.
  private static func slowly(_ text: [UInt8], _ range: Range<Int>) -> Places {
    var places = Places()
    var isEscaped = false
    for place in range {
      switch text[place] {
      case UInt8(ascii: "\n"): places.feeds.append(UInt32(place))
      case UInt8(ascii: "\\"): places.slashes.append(UInt32(place))
      case UInt8(ascii: "\"") where !isEscaped: places.quotes.append(UInt32(place))
      default: break
      }
      isEscaped = text[place] == UInt8(ascii: "\\") && !isEscaped
    }
    return places
  }

  @Test(arguments: UInt64(0)..<80)
  func theyAreThoseOfAWalkOverTheBytes(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let pieces = [
      "a", "\n", "\r\n", "é", "€", "😀", "\"", "\\", "\\\\", "\\\"", "\\\n",
      "long text without an end ",
    ]
    let start = Int.random(in: 3..<9, using: &random)
    var text = [UInt8](repeating: 97, count: start)
    while text.count < 900 { text += Array((pieces.randomElement(using: &random) ?? "a").utf8) }
    let words = (text.count - start - 8) / 64
    text += [UInt8](repeating: 0, count: JSONPlainRecords.slack)
    let slow = Self.slowly(text, start..<start + words * 64)
    for vectors in VectorInstructions.ofWords.known {
      let (fast, taken) = Self.places(text, from: start, words: words, with: vectors)
      #expect(taken == words, "seed \(seed)")
      #expect(fast == slow, "seed \(seed)")
    }
  }

  @Test(arguments: [UInt8(0), 0xFF, 0x80, 0xC0, 9, 13, 0x1F])
  func nothingBehindAWrongByteIsTaken(wrong: UInt8) {
    var text = [UInt8](repeating: UInt8(ascii: "\""), count: 3 + 256 + JSONPlainRecords.slack)
    text[3 + 64 + 7] = wrong
    let slow = Self.slowly(text, 3..<3 + 64)
    for vectors in VectorInstructions.ofWords.known {
      let (fast, words) = Self.places(text, from: 3, words: 4, with: vectors)
      #expect(words == 1, "\(vectors)")
      #expect(fast == slow, "\(vectors)")
    }
  }

  @Test(arguments: [UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\\")])
  func whereThereIsNoRoomForMoreTheWindowEnds(byte: UInt8) {
    let text = [UInt8](repeating: byte, count: JSONPlainRecords.window + 3 + JSONPlainRecords.slack)
    let count = JSONPlainRecords.window / 64
    for vectors in VectorInstructions.ofWords.known {
      let (fast, words) = Self.places(text, from: 3, words: count, with: vectors)
      #expect(words == JSONLinePlaces.limit / 64, "\(vectors)")
      #expect(fast == Self.slowly(text, 3..<3 + words * 64), "\(vectors)")
    }
  }
}
