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

  /// Forty rows of values of awkward lengths, some of which begin as somebody wants to see.
  private struct Table {
    let width: Int
    let column: Int
    let cells: [Place]
    let bytes: [UInt8]

    static let beginnings = ValueBeginnings(["Deserial", "System.?"])

    init(seed: UInt64) {
      var random = SeededGenerator(seed: seed)
      width = Int.random(in: 1...4, using: &random)
      column = Int.random(in: 0..<width, using: &random)
      var bytes = (0..<4000).map { _ in UInt8.random(in: 0...255, using: &random) }
      let lengths = [0, 1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 96, 97, 160, 239, 240, 241]
      cells = (0..<40 * width).map { _ in
        let start = Int.random(in: 0...3990, using: &random)
        let length = lengths.randomElement(using: &random) ?? 0
        if Int.random(in: 0..<6, using: &random) == 0 {
          for (place, byte) in "System.x".utf8.enumerated() where start + place < bytes.count {
            bytes[start + place] = byte
          }
        }
        return Place(start: UInt32(start), end: UInt32(min(start + length, 4000)))
      }
      self.bytes = bytes
    }

    func value(_ row: Int) -> [UInt8] {
      let cell = cells[row * width + column]
      return Array(bytes[Int(cell.start)..<Int(cell.end)])
    }

    /// Whether the row may be left to the caller.
    func mayBeSpecial(_ row: Int, with vectors: VectorInstructions) -> Bool {
      let cell = cells[row * width + column]
      let room =
        switch vectors {
        case .baseline: KeyedHash.roomInPlace
        case .avx2: 32
        case .avx512: 0
        }
      let isEarly = bytes[Int(cell.start)...].starts(with: "System.".utf8)
      return value(row).count > 240 || isEarly || cell.end > 4000 - room
    }
  }

  /// Value by value is the slow twin; those that want a look are left to the caller.
  @Test(arguments: UInt64(0)..<40, VectorInstructions.ofColumns.known)
  func aColumnAtOnceIsItsValuesOneByOne(seed: UInt64, vectors: VectorInstructions) {
    let table = Table(seed: seed)
    let start = Digest128(low: .max, high: 7)
    var sums = [Digest128](repeating: start, count: 40)
    var specials: [Int] = []
    var target = sums.mutableSpan
    let empty = KeyedHash.addDigests(
      ofColumn: table.column, width: table.width, rows: 3..<39, cells: table.cells.span,
      bytes: table.bytes.span, keyWords: Self.keyWords.span, to: &target,
      beginnings: Table.beginnings, specials: &specials, vectors: vectors)
    #expect(empty == (3..<39).count { table.value($0).isEmpty }, "seed \(seed)")
    for row in 0..<40 {
      let value = table.value(row)
      let isLeft = specials.contains(row)
      let isAdded = (3..<39).contains(row) && !isLeft && !value.isEmpty
      #expect(
        sums[row] == (isAdded ? start &+ hash.digest(value.span) : start),
        "seed \(seed), row \(row)")
      #expect(!isLeft || table.mayBeSpecial(row, with: vectors), "seed \(seed), row \(row)")
      let mustBeLeft = value.count > 240 || value.count >= 8 && value.starts(with: "System.".utf8)
      #expect(isLeft || !mustBeLeft || !(3..<39).contains(row), "seed \(seed), row \(row)")
    }
  }

  @Test(arguments: UInt64(0)..<40, VectorInstructions.ofColumns.known)
  func hashesOfAColumnAreThoseOfItsValues(seed: UInt64, vectors: VectorInstructions) {
    let table = Table(seed: seed)
    let step = 1 + Int(seed % 3)
    let first = Int(seed) % step
    var hashes = [UInt64](repeating: 99, count: 40 * step)
    var specials: [Int] = []
    var target = hashes.mutableSpan
    KeyedHash.foldedHashes(
      ofColumn: table.column, width: table.width, rows: 3..<39, cells: table.cells.span,
      bytes: table.bytes.span, keyWords: Self.keyWords.span, to: &target, at: first, step: step,
      beginnings: seed % 2 == 0 ? Table.beginnings : .none, specials: &specials,
      vectors: vectors)
    for place in hashes.indices {
      let (row, offset) = place.quotientAndRemainder(dividingBy: step)
      let value = table.value(row)
      let isWritten =
        (3..<39).contains(row) && offset == first && !value.isEmpty && !specials.contains(row)
      #expect(
        hashes[place] == (isWritten ? max(hash.foldedDigest(value.span).folded, 1) : 99),
        "seed \(seed), row \(row)")
    }
    #expect(specials.allSatisfy { table.mayBeSpecial($0, with: vectors) }, "seed \(seed)")
  }

  @Test func beginningsAreEightBytesOfWhichAQuestionMarkIsAny() {
    let some = ValueBeginnings(["ab?defgh", "12345678"])
    func word(_ text: String) -> UInt64 {
      text.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    #expect(some.fit(word("abxdefgh")) && some.fit(word("12345678")))
    #expect(!some.fit(word("abxdefgi")) && !some.fit(0) && !ValueBeginnings.none.fit(0))
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
