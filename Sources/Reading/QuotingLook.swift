import Scanning

/// How the writer of a file quotes, as its first records show.
///
/// Two files with the same header may still be written differently: `"ann","Buyer"` every time, or only
/// where it is needed. Then equal rows have unequal bytes, and rows are better compared by value.
struct QuotingLook: Sendable {
  /// Per column: whether plain values were seen with and without quotes.
  private var quoted: [Bool]
  private var bare: [Bool]
  /// Bytes per record, on average.
  private var recordLength = 64

  private static let sampleSize = 200

  init(_ block: Block, limits: CSVLimits) {
    let columns = block.layout.columns
    quoted = [Bool](repeating: false, count: columns)
    bare = quoted
    var scan = ScannedBlock(columns: columns)
    let scanner = CSVScanner(dialect: block.layout.dialect, limits: limits)
    scanner.scan(
      block.bytes, from: block.start, to: block.end, isFinal: block.isFinal, into: &scan)
    for row in 0..<min(scan.recordCount, Self.sampleSize) {
      var start = Int(scan.records[row].start)
      for column in 0..<columns {
        let end = Int(scan.ends[row * columns + column])
        note(start..<end, column: column, block)
        start = end + 1
      }
    }
    if scan.recordCount > 0 { recordLength = max(1, (block.end - block.start) / scan.recordCount) }
  }

  /// About how many records the file has that the block begins.
  func rowCount(of block: Block) -> Int { block.layout.status.size / recordLength }

  /// Whether equal values look equal in both files, as far as the samples tell.
  func isLike(_ other: QuotingLook) -> Bool {
    quoted.count == other.quoted.count
      && quoted.indices.allSatisfy {
        !(quoted[$0] && other.bare[$0]) && !(bare[$0] && other.quoted[$0])
      }
  }

  private mutating func note(_ cell: Range<Int>, column: Int, _ block: Block) {
    let (content, isQuoted) = CSVCell.content(of: cell, in: block.bytes.span)
    let isPlain = block.bytes[content].allSatisfy {
      $0 != CSVDialect.quote && $0 != block.layout.dialect.delimiter && $0 != ASCII.lineFeed
        && $0 != ASCII.carriageReturn
    }
    guard isPlain else { return }
    if isQuoted { quoted[column] = true } else { bare[column] = true }
  }
}
