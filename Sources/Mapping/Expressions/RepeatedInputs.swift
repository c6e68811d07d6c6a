import Identity
import Scanning

/// What an expression came to for the inputs of earlier rows of a batch, for as long as inputs repeat themselves.
///
/// ```
/// Switch([country], "en-US", "Germany", "de-DE")
///
/// row 0   Germany   looked up, not there: worked out, kept at the place that the hash of "Germany" gives
/// row 1   France    the same
/// row 2   Germany   there, and row 0 has these very bytes: what row 0 came to
/// ```
///
/// A department, a country or a job title has some dozen values among thousands of records; looking one of them up
/// costs a tenth of working it out. Where inputs do not repeat, that is found out after some hundred rows, and no
/// more is looked up. An answer is never trusted to a hash: the bytes are compared with those of the earlier row.
struct RepeatedInputs {
  private struct Entry {
    /// The row that was worked out; negative for none.
    var row: Int32 = -1
    var kind = ExpressionEffect.Kind.nothing
    var digest = Fingerprint.zero
    var keyHash = KeyHasher.none
  }

  /// Entries; more than a batch has distinct values of a column that is worth it.
  private static let size = 1 << 10
  /// Rows after which it is asked whether looking up still pays.
  private static let window = 256
  /// It pays where one row in so many is found.
  private static let leastShare = 8

  /// Columns of the batch.
  private let columns: [Int]
  private var entries: [Entry]
  private var looked = 0
  private var found = 0

  /// False once looking up is no use.
  private(set) var isWorthIt: Bool

  /// Begins with nothing known; `columns` are those that the expression reads, and all it depends on.
  init(columns: [Int], isRepeatable: Bool) {
    self.columns = columns
    isWorthIt = isRepeatable
    entries = isRepeatable ? Array(repeating: Entry(), count: Self.size) : []
  }

  /// Where the inputs of a row have their place.
  func place(
    of row: Int, cells: Span<RecordBatch.Cell>, width: Int, bytes: Span<UInt8>,
    keyWords: Span<UInt64>
  ) -> Int {
    var hash: UInt64 = 0
    for column in columns {
      let cell = cells[row * width + column]
      if cell.isEmpty { continue }
      // One input after the other, so that two that change places are other inputs.
      hash = hash &* 0x9E37_79B9_7F4A_7C15
      hash ^=
        KeyedHash.digest(
          of: bytes, from: Int(cell.start), to: Int(cell.end), keyWords: keyWords
        ).folded
    }
    return Int(truncatingIfNeeded: (hash ^ hash >> 32) & UInt64(Self.size - 1))
  }

  /// What an earlier row with the same inputs came to.
  mutating func effect(
    at place: Int, for row: Int, of batch: RecordBatch, _ cells: Span<RecordBatch.Cell>,
    _ bytes: Span<UInt8>
  ) -> ExpressionEffect? {
    looked += 1
    let earlier = Int(entries[place].row)
    if earlier >= 0, isSame(row, earlier, cells, batch.columnCount, bytes),
      !batch.hasLiterals || isSameKind(row, earlier, of: batch)
    {
      found += 1
      let entry = entries[place]
      return ExpressionEffect(kind: entry.kind, digest: entry.digest, keyHash: entry.keyHash)
    }
    if looked >= Self.window {
      isWorthIt = found * Self.leastShare >= looked
      (looked, found) = (0, 0)
    }
    return nil
  }

  /// Keeps what the inputs of a row came to, in place of what has been there.
  mutating func keep(_ effect: ExpressionEffect, of row: Int, at place: Int) {
    entries[place] = Entry(
      row: Int32(row), kind: effect.kind, digest: effect.digest, keyHash: effect.keyHash)
  }

  /// Whether `true` of JSON, which is no text, stands in both rows or in none.
  private func isSameKind(_ row: Int, _ other: Int, of batch: RecordBatch) -> Bool {
    columns.allSatisfy {
      batch.truth(of: batch.cell(row: row, column: $0))
        == batch.truth(of: batch.cell(row: other, column: $0))
    }
  }

  private func isSame(
    _ row: Int, _ other: Int, _ cells: Span<RecordBatch.Cell>, _ width: Int, _ bytes: Span<UInt8>
  ) -> Bool {
    for column in columns {
      let (one, two) = (cells[row * width + column], cells[other * width + column])
      guard bytes.isSame(one.range, two.range) else { return false }
    }
    return true
  }
}

/// What the value of an expression does to its row.
struct ExpressionEffect {
  enum Kind {
    case nothing
    /// A value that is counted.
    case value
    /// A value in the spelling of its type.
    case spelling
    case yes
    case no
  }

  static let nothing = ExpressionEffect(kind: .nothing, digest: .zero, keyHash: KeyHasher.none)

  let kind: Kind
  /// What it adds to the fingerprint.
  let digest: Fingerprint
  /// Of the value as a match key, where it is one.
  let keyHash: UInt64
}

extension Span<UInt8> {
  /// Whether two pieces have the same bytes.
  fileprivate func isSame(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
    guard one.count == other.count else { return false }
    var (left, right) = (one.lowerBound, other.lowerBound)
    while left &+ 8 <= one.upperBound {
      guard word(at: left) == word(at: right) else { return false }
      left &+= 8
      right &+= 8
    }
    while left < one.upperBound {
      guard self[left] == self[right] else { return false }
      left &+= 1
      right &+= 1
    }
    return true
  }
}
