import Scanning
import TestSupport
import Testing

/// Letters decide as whole texts would, as far as they go.
struct LeadingLettersTests {
  /// Texts that often agree for some bytes, of lengths around eight and sixteen.
  private func texts(_ count: Int, _ random: inout SeededGenerator) -> [[UInt8]] {
    (0..<count).map { _ in
      let length = [0, 1, 7, 8, 9, 15, 16, 17, 30].randomElement(using: &random) ?? 0
      return (0..<length).map { _ in
        [0x41, 0x5A, 0x61, 0x40, 0x5B, 0xC3].randomElement(using: &random) ?? 1
      }
    }
  }

  @Test(arguments: [0, 1, 100, 1 << 16, (1 << 16) + 1])
  func textsComeOutInTheOrderOfTheirBytes(count: Int) {
    var random = SeededGenerator(seed: UInt64(count))
    let texts = texts(count, &random)
    let groups = texts.map { _ in Int.random(in: 0..<3, using: &random) }
    var rows: [LeadingLetters] = []
    for (place, text) in texts.enumerated() {
      let letters = LeadingLetters(of: text.span, place: place, group: groups[place])
      rows.append(letters)
    }
    var alone = rows
    alone.putInOrder()
    rows.putInOrderInParallel()
    #expect(rows.map(\.place) == alone.map(\.place))
    var inPlace = rows.shuffled(using: &random)
    inPlace.putInOrderInPlace()
    #expect(inPlace.map(\.place) == alone.map(\.place))
    rows.sortTies { left, right in
      let (one, other) = (texts[Int(left.place)], texts[Int(right.place)])
      return one == other ? left.place < right.place : one.lexicographicallyPrecedes(other)
    }
    let expected = texts.indices.sorted { left, right in
      if groups[left] != groups[right] { return groups[left] < groups[right] }
      return texts[left] == texts[right]
        ? left < right : texts[left].lexicographicallyPrecedes(texts[right])
    }
    #expect(rows.map { Int($0.place) } == expected)
  }

  /// Orders that make simple quick sorts slow, and one that this one gives up on.
  @Test(arguments: [3, 17, 1000, 20_000])
  func lettersInAwkwardOrdersAreSortedInPlace(count: Int) {
    let orders: [[Int]] = [
      Array(0..<count), (0..<count).reversed(), (0..<count).map { $0 ^ 1 },
      (0..<count).map { $0 < count / 2 ? 2 * $0 : 2 * (count - $0) - 1 },
      medianKiller(count),
    ]
    for (number, order) in orders.enumerated() {
      var rows = order.enumerated().map { place, value in
        LeadingLetters(first: UInt64(value / 3), second: 0, place: place)
      }
      let expected = rows.sorted { ($0.first, $0.place) < ($1.first, $1.place) }
      rows.putInOrderInPlace()
      #expect(rows.map(\.place) == expected.map(\.place), "order \(number)")
    }
  }

  /// After Musser: the medians of three are always among the smallest.
  private func medianKiller(_ count: Int) -> [Int] {
    let half = count / 2
    var values = Array(0..<count)
    for index in 0..<half {
      values[index] = index % 2 == 0 ? index : half + index - 1
      values[half + index] = 2 * index + 1
    }
    return values
  }

  @Test(arguments: UInt64(0)..<20)
  func ofTwoThatAgreeTheCallerSaysWhichComesFirst(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    func list(_ first: Int) -> [LeadingLetters] {
      (0..<40).map { number in
        LeadingLetters(
          first: UInt64.random(in: 0..<9, using: &random), second: 0, place: first + number)
      }.sorted { ($0.first, $0.place % 7) < ($1.first, $1.place % 7) }
    }
    let (one, other) = (list(0), list(40))
    let merged = one.merged(with: other) { $0.place % 7 > $1.place % 7 }
    let expected = (one + other).map { ($0.first, $0.place % 7) }
      .sorted { $0 < $1 }
    #expect(merged.map { ($0.first, $0.place % 7) }.elementsEqual(expected, by: ==), "seed \(seed)")
    #expect(one.merged(with: []) { _, _ in false }.map(\.place) == one.map(\.place))
  }

  @Test(arguments: UInt64(0)..<20)
  func foldedLettersAreThoseOfTheFoldedText(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for text in texts(50, &random) {
      let folded = text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
      let one = LeadingLetters(folding: text.span, place: 3)
      let other = LeadingLetters(of: folded.span, place: 3)
      #expect(one.agrees(with: other))
      #expect(one.place == 3)
    }
  }
}
