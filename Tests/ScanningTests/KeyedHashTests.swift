import Scanning
import TestSupport
import Testing

struct KeyedHashTests {
  private static let keyWords: [UInt64] = {
    var random = SeededGenerator(seed: 42)
    return (0..<KeyedHash.keyWordCount).map { _ in random.next() }
  }()

  private let hash = KeyedHash(keyWords: keyWords)

  /// Every length and every alignment, against the definition word by word.
  @Test(arguments: 0..<16)
  func agreesWithTheDefinition(alignment: Int) {
    var random = SeededGenerator(seed: UInt64(alignment))
    let bytes = (0..<620).map { _ in UInt8.random(in: 0...255, using: &random) }
    for length in 0...600 {
      let message = Array(bytes[alignment..<alignment + length])
      let found = hash.digest(bytes.span.extracting(alignment..<alignment + length))
      let expected = slowDigest(message)
      #expect(found == expected, "length \(length)")
      if found != expected { return }
    }
  }

  /// In place, with whatever stands around it, and right up to the end of the memory.
  @Test(arguments: 0..<16)
  func inPlaceAgreesWithTheBytesAlone(alignment: Int) {
    var random = SeededGenerator(seed: UInt64(alignment))
    let bytes = (0..<alignment + 290).map { _ in UInt8.random(in: 0...255, using: &random) }
    for length in 0...(bytes.count - alignment) {
      let message = bytes.span.extracting(alignment..<alignment + length)
      let end = alignment + length
      #expect(
        KeyedHash.digest(
          of: bytes.span, from: alignment, to: end, keyWords: Self.keyWords.span)
          == hash.digest(message), "length \(length)")
      #expect(
        KeyedHash.foldedDigest(
          of: bytes.span, from: alignment, to: end, keyWords: Self.keyWords.span)
          == hash.foldedDigest(message), "folded, length \(length)")
    }
  }

  /// Value by value is the slow twin; those that want a look, and those at the end of the bytes, are left to the caller.
  @Test(arguments: UInt64(0)..<20)
  func aColumnAtOnceIsItsValuesOneByOne(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let width = Int.random(in: 1...4, using: &random)
    let bytes = (0..<4000).map { _ in UInt8.random(in: 0...255, using: &random) }
    let cells = (0..<40 * width).map { _ in
      let start = Int.random(in: 0...3990, using: &random)
      let length = [0, 1, 7, 8, 9, 15, 16, 17, 32, 33, 240, 241].randomElement(using: &random) ?? 0
      return Place(start: UInt32(start), end: UInt32(min(start + length, 4000)))
    }
    let column = Int.random(in: 0..<width, using: &random)
    let start = Digest128(low: .max, high: 7)
    var sums = [Digest128](repeating: start, count: 40)
    var specials: [Int] = []
    var target = sums.mutableSpan
    let empty = KeyedHash.addDigests(
      ofColumn: column, width: width, rows: 3..<39, cells: cells.span, bytes: bytes.span,
      keyWords: Self.keyWords.span, to: &target, isSpecial: { $0 & 15 == 3 }, specials: &specials)
    let places = (3..<39).map { cells[$0 * width + column] }
    #expect(empty == places.count { $0.start == $0.end }, "seed \(seed)")
    for row in 0..<40 {
      let cell = cells[row * width + column]
      let value = bytes.span.extracting(Int(cell.start)..<Int(cell.end))
      let isLeft = specials.contains(row)
      let wanted =
        (3..<39).contains(row) && !isLeft && value.count > 0 ? start &+ hash.digest(value) : start
      #expect(sums[row] == wanted, "seed \(seed), row \(row)")
      let mayBeLeft = value.count > 240 || cell.end > 3984 || value.count > 0 && value[0] & 15 == 3
      #expect(!isLeft || mayBeLeft, "seed \(seed), row \(row)")
    }
  }

  private struct Place: BytePlace {
    let start: UInt32
    let end: UInt32
  }

  @Test(arguments: UInt64(0)..<20)
  func theSumOfManyNumbersIsThatOfTheirDigests(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let numbers = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
      UInt32.random(in: 0..<1 << 30, using: &random)
    }
    let base = UInt32.random(in: 0..<1 << 30, using: &random)
    let expected = numbers.reduce(Digest128.zero) { $0 &+ hash.digest(of: UInt64($1 + base)) }
    #expect(hash.sum(of: numbers.span, above: base) == expected, "seed \(seed)")
  }

  @Test func lengthTellsMessagesOfZerosApart() {
    let zeros = [UInt8](repeating: 0, count: 600)
    var seen: Set<Digest128> = []
    for length in 0...600 { seen.insert(hash.digest(zeros.span.extracting(0..<length))) }
    #expect(seen.count == 601)
  }

  @Test func anotherKeyGivesAnotherDigest() {
    let message = Array("Sales".utf8)
    var other = Self.keyWords
    other[2] ^= 1
    #expect(hash.digest(message.span) != KeyedHash(keyWords: other).digest(message.span))
    #expect(KeyedHash.random().digest(message.span) != KeyedHash.random().digest(message.span))
  }

  @Test func everyByteCounts() {
    for length in [1, 7, 8, 9, 16, 17, 239, 240, 241, 500] {
      let message = [UInt8](repeating: 0x61, count: length)
      let whole = hash.digest(message.span)
      for place in 0..<length {
        var changed = message
        changed[place] ^= 0x01
        #expect(hash.digest(changed.span) != whole, "byte \(place) of \(length)")
      }
    }
  }

  @Test func sumsCanBeTakenApart() {
    let first = hash.digest(Array("ann".utf8).span)
    let second = hash.digest(Array("Buyer and a good deal more".utf8).span)
    #expect((first &+ second) &- first == second)
    let top = Digest128(low: .max, high: 3)
    #expect(top &+ Digest128(low: 1, high: 0) == Digest128(low: 0, high: 4))
    #expect(Digest128(low: 0, high: 4) &- Digest128(low: 1, high: 0) == top)
  }

  /// Pieces of 240 bytes; in each, pairs of 8-byte words, multiplied in full.
  private func slowDigest(_ message: [UInt8]) -> Digest128 {
    guard !message.isEmpty else { return .zero }
    let key = Self.keyWords
    var digest = Digest128.zero
    for start in stride(from: 0, to: message.count, by: 240) {
      let piece = message[start..<min(start + 240, message.count)]
      var words: [UInt64] = []
      for place in stride(from: piece.startIndex, to: piece.endIndex, by: 8) {
        var word: UInt64 = 0
        for offset in 0..<8 where place + offset < piece.endIndex {
          word += UInt64(piece[place + offset]) << UInt64(8 * offset)
        }
        words.append(word)
      }
      if words.count % 2 == 1 { words.append(0) }
      var sum = Digest128.zero
      if start > 0 { sum = sum &+ product(digest.low &+ key[0], digest.high &+ key[1]) }
      for pair in stride(from: 0, to: words.count, by: 2) {
        sum = sum &+ product(words[pair] &+ key[2 + pair], words[pair + 1] &+ key[3 + pair])
      }
      digest = sum
    }
    return digest &+ Digest128(low: UInt64(message.count), high: 0)
  }

  private func product(_ left: UInt64, _ right: UInt64) -> Digest128 {
    let (high, low) = left.multipliedFullWidth(by: right)
    return Digest128(low: low, high: high)
  }
}
