import Scanning

/// Rows of one file, each as its raw text and where its cells end, in three pieces of memory.
///
/// ```
/// ann,Buyer │ "Bo",       bytes, one row after the other
/// 3 9       │ 4 5         ends, `columns` to a row, counted from its start
/// 0           9           starts
/// ```
struct RowStore: Sendable {
  let columns: Int
  private var bytes: [UInt8] = []
  private var starts: [Int] = []
  private var ends: [UInt32] = []

  init(columns: Int) {
    self.columns = columns
  }

  var count: Int { starts.count }

  /// Appends one record of a scanned block.
  mutating func append(row: Int, of scan: borrowing ScannedBlock, in text: borrowing [UInt8]) {
    let record = scan.records[row]
    starts.append(bytes.count)
    bytes.append(contentsOf: text[record.range])
    for place in row * scan.columns..<(row + 1) * scan.columns {
      ends.append(scan.ends[place] - record.start)
    }
  }

  mutating func append(contentsOf other: borrowing RowStore) {
    precondition(other.columns == columns)
    let shift = bytes.count
    bytes.append(contentsOf: other.bytes)
    for start in other.starts { starts.append(start + shift) }
    ends.append(contentsOf: other.ends)
  }

  /// The value of a cell.
  func value(row: Int, column: Int) -> [UInt8] {
    CSVCell.value(of: range(row: row, column: column), in: bytes.span)
  }

  /// How the values of two cells compare by their bytes, however they are quoted: below 0, 0, above 0.
  static func order(
    _ left: borrowing RowStore, _ leftRow: Int, _ leftColumn: Int,
    _ right: borrowing RowStore, _ rightRow: Int, _ rightColumn: Int
  ) -> Int {
    let leftRange = left.range(row: leftRow, column: leftColumn)
    let rightRange = right.range(row: rightRow, column: rightColumn)
    let leftBytes = left.bytes.span.extracting(leftRange)
    let rightBytes = right.bytes.span.extracting(rightRange)
    if isQuoted(leftBytes) || isQuoted(rightBytes) {
      let leftValue = CSVCell.value(of: 0..<leftBytes.count, in: leftBytes)
      let rightValue = CSVCell.value(of: 0..<rightBytes.count, in: rightBytes)
      return order(leftValue.span, rightValue.span)
    }
    return order(leftBytes, rightBytes)
  }

  private static func isQuoted(_ cell: Span<UInt8>) -> Bool {
    cell.count > 0 && cell[0] == CSVDialect.quote
  }

  private static func order(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int {
    var index = 0
    let count = min(left.count, right.count)
    while index < count {
      if left[index] != right[index] { return left[index] < right[index] ? -1 : 1 }
      index += 1
    }
    return left.count - right.count
  }

  private func range(row: Int, column: Int) -> Range<Int> {
    let place = row * columns + column
    let start = column == 0 ? 0 : Int(ends[place - 1]) + 1
    return starts[row] + start..<starts[row] + Int(ends[place])
  }
}
