import Scanning

/// Digests of the rows of one file: one of the key, one of all that is compared.
///
/// Where both files are written alike, the digest of a row is that of its raw text: one pass over 300
/// bytes instead of 22. Unequal digests only send a row to the comparison of values.
struct RowDigester: Sendable {
  /// The keys of one comparison: of whole rows, of each key column, of each compared column.
  struct Hashes: Sendable {
    /// All key words, `KeyedHash.keyWordCount` to a hash.
    let words: [UInt64]
    let keyCount: Int

    /// Nobody who writes a file can know these.
    static func random(keys: Int, cells: Int) -> Hashes {
      var source = SystemRandomNumberGenerator()
      let count = (1 + keys + cells) * KeyedHash.keyWordCount
      return Hashes(words: (0..<count).map { _ in source.next() }, keyCount: keys)
    }
  }

  /// Which of the hashes.
  private enum Use {
    case row
    case key(Int)
    case cell(Int)
  }

  let hashes: Hashes
  /// The file's columns that make up the key.
  let keyColumns: [Int]
  /// The file's columns that are compared; nil where raw text is.
  let comparedColumns: [Int]?

  /// The digest of a row's key; nil where all of it is empty.
  @inline(__always)
  func key(row: Int, of scan: borrowing ScannedBlock, in bytes: borrowing [UInt8]) -> UInt64? {
    var sum = Digest128.zero
    var isEmpty = true
    let shape = scan.records[row].shape
    for index in keyColumns.indices {
      let range = Self.range(row: row, column: keyColumns[index], of: scan)
      let digest = digest(range, .key(index), shape: shape, bytes: bytes)
      if digest != .zero { isEmpty = false }
      sum &+= digest
    }
    return isEmpty ? nil : sum.folded
  }

  /// The digest of a key given as values.
  func key(values: [[UInt8]]) -> UInt64 {
    var sum = Digest128.zero
    for (index, value) in values.enumerated() { sum &+= digest(value.span, .key(index)) }
    return sum.folded
  }

  /// The digest of all that is compared in a row.
  @inline(__always)
  func row(_ row: Int, of scan: borrowing ScannedBlock, in bytes: borrowing [UInt8]) -> Digest128 {
    guard let comparedColumns else {
      return digest(bytes.span.extracting(scan.records[row].range), .row)
    }
    var sum = Digest128.zero
    let shape = scan.records[row].shape
    for index in comparedColumns.indices {
      let range = Self.range(row: row, column: comparedColumns[index], of: scan)
      sum &+= digest(range, .cell(index), shape: shape, bytes: bytes)
    }
    return sum
  }

  @inline(__always)
  private func digest(_ message: Span<UInt8>, _ use: Use) -> Digest128 {
    let place =
      switch use {
      case .row: 0
      case .key(let index): 1 &+ index
      case .cell(let index): 1 &+ hashes.keyCount &+ index
      }
    let start = place &* KeyedHash.keyWordCount
    return KeyedHash.digest(
      message,
      keyWords: hashes.words.span.extracting(start..<start &+ KeyedHash.keyWordCount))
  }

  @inline(__always)
  private static func range(
    row: Int, column: Int, of scan: borrowing ScannedBlock
  ) -> Range<Int> {
    let place = row &* scan.columns &+ column
    let start = column == 0 ? scan.records[row].start : scan.ends[place &- 1] &+ 1
    return Int(start)..<Int(scan.ends[place])
  }

  @inline(__always)
  private func digest(
    _ range: Range<Int>, _ use: Use, shape: ScannedRecord.Shape, bytes: borrowing [UInt8]
  ) -> Digest128 {
    if shape.isEmpty { return digest(bytes.span.extracting(range), use) }
    return quotedDigest(range, use, shape: shape, bytes: bytes)
  }

  @inline(never)
  private func quotedDigest(
    _ range: Range<Int>, _ use: Use, shape: ScannedRecord.Shape, bytes: borrowing [UInt8]
  ) -> Digest128 {
    let (content, isQuoted) = CSVCell.content(of: range, in: bytes.span)
    guard isQuoted, shape.contains(.escaped), CSVCell.holdsQuote(content, in: bytes.span) else {
      return digest(bytes.span.extracting(content), use)
    }
    let value = CSVCell.value(of: range, in: bytes.span)
    return digest(value.span, use)
  }
}
