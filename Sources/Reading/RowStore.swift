import Scanning

/// Rows of one file, each as its raw text and where its cells end, in three pieces of memory.
///
/// ```
/// ann,Buyer │ "Bo",       bytes, one row after the other
/// 3 9       │ 13 14       ends, `columns` to a row
/// 0           9           starts
/// ```
struct RowStore: Sendable {
  let columns: Int
  private var bytes: [UInt8] = []
  private var starts: [Int] = []
  private var ends: [Int] = []

  init(columns: Int) {
    self.columns = columns
  }

  var count: Int { starts.count }

  /// Appends one record of a scanned block.
  mutating func append(row: Int, of scan: borrowing ScannedBlock, in text: borrowing [UInt8]) {
    let record = scan.records[row]
    let shift = bytes.count - Int(record.start)
    starts.append(bytes.count)
    bytes.append(contentsOf: text[record.range])
    for place in row * scan.columns..<(row + 1) * scan.columns {
      ends.append(Int(scan.ends[place]) + shift)
    }
  }

  mutating func append(contentsOf other: borrowing RowStore) {
    precondition(other.columns == columns)
    let shift = bytes.count
    bytes.append(contentsOf: other.bytes)
    for start in other.starts { starts.append(start + shift) }
    for end in other.ends { ends.append(end + shift) }
  }

  /// The value of a cell.
  func value(row: Int, column: Int) -> [UInt8] {
    CSVCell.value(of: range(row: row, column: column), in: bytes.span)
  }

  /// Whether two cells have the same value, however they are quoted.
  static func isSame(
    _ left: borrowing RowStore, row: Int, column: Int, _ right: borrowing RowStore,
    row otherRow: Int, column otherColumn: Int
  ) -> Bool {
    let leftRange = left.range(row: row, column: column)
    let rightRange = right.range(row: otherRow, column: otherColumn)
    if left.bytes[leftRange].elementsEqual(right.bytes[rightRange]) { return true }
    let quote = CSVDialect.quote
    guard left.bytes[leftRange].first == quote || right.bytes[rightRange].first == quote else {
      return false
    }
    return CSVCell.value(of: leftRange, in: left.bytes.span)
      == CSVCell.value(of: rightRange, in: right.bytes.span)
  }

  private func range(row: Int, column: Int) -> Range<Int> {
    let place = row * columns + column
    return (column == 0 ? starts[row] : ends[place - 1] + 1)..<ends[place]
  }
}
