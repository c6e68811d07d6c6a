import Scanning

/// Digests of the rows of one file: one of the key, one of all that is compared.
///
/// Where both files are written alike, the digest of a row is that of its raw text: one pass over 300
/// bytes instead of 22. Unequal digests only send a row to the comparison of values.
struct RowDigester: Sendable {
  /// The keys of one comparison.
  struct Hashes: Sendable {
    let row: KeyedHash
    let key: [KeyedHash]
    let cells: [KeyedHash]

    /// Nobody who writes a file can know these.
    static func random(keys: Int, cells: Int) -> Hashes {
      Hashes(
        row: .random(), key: (0..<keys).map { _ in .random() },
        cells: (0..<cells).map { _ in .random() })
    }
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
    for index in keyColumns.indices {
      let range = Self.range(row: row, column: keyColumns[index], of: scan)
      let digest = Self.digest(
        range, hashes.key[index], shape: scan.records[row].shape, bytes: bytes)
      if digest != .zero { isEmpty = false }
      sum &+= digest
    }
    return isEmpty ? nil : sum.folded
  }

  /// The digest of a key given as values.
  func key(values: [[UInt8]]) -> UInt64 {
    var sum = Digest128.zero
    for (hash, value) in zip(hashes.key, values) { sum &+= hash.digest(value.span) }
    return sum.folded
  }

  /// The digest of all that is compared in a row.
  @inline(__always)
  func row(_ row: Int, of scan: borrowing ScannedBlock, in bytes: borrowing [UInt8]) -> Digest128 {
    guard let comparedColumns else {
      return hashes.row.digest(bytes.span.extracting(scan.records[row].range))
    }
    var sum = Digest128.zero
    let shape = scan.records[row].shape
    for index in comparedColumns.indices {
      let range = Self.range(row: row, column: comparedColumns[index], of: scan)
      sum &+= Self.digest(range, hashes.cells[index], shape: shape, bytes: bytes)
    }
    return sum
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
  private static func digest(
    _ range: Range<Int>, _ hash: borrowing KeyedHash, shape: ScannedRecord.Shape,
    bytes: borrowing [UInt8]
  ) -> Digest128 {
    if shape.isEmpty { return hash.digest(bytes.span.extracting(range)) }
    return quotedDigest(range, hash, shape: shape, bytes: bytes)
  }

  private static func quotedDigest(
    _ range: Range<Int>, _ hash: borrowing KeyedHash, shape: ScannedRecord.Shape,
    bytes: borrowing [UInt8]
  ) -> Digest128 {
    let (content, isQuoted) = CSVCell.content(of: range, in: bytes.span)
    guard isQuoted, shape.contains(.escaped), CSVCell.holdsQuote(content, in: bytes.span) else {
      return hash.digest(bytes.span.extracting(content))
    }
    let value = CSVCell.value(of: range, in: bytes.span)
    return hash.digest(value.span)
  }
}
