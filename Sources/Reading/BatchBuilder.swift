import Identity
import Scanning

/// Makes a batch of a scanned block: takes off quotes and puts columns in the export's order.
///
/// Cells with quotes written twice get their value behind the block's own bytes, which stay as they
/// were read: the block may have to be scanned again.
struct BatchBuilder {
  private let scan: ScannedBlock
  private let order: [Int]?
  private let columns: Int
  private var bytes: [UInt8]
  /// Where the next value that differs from its cell goes.
  private var tail: Int

  private init(_ scan: ScannedBlock, _ block: inout Block) {
    self.scan = scan
    order = block.layout.order
    columns = order?.count ?? scan.columns
    bytes = block.bytes
    block.bytes = []
    tail = block.end + CSVScanner.slack
  }

  /// The records of `scan` that stand in `rows`, or all of them.
  static func batch(
    of scan: borrowing ScannedBlock, in block: inout Block, rows: [Int]? = nil
  ) -> RecordBatch {
    var builder = BatchBuilder(copy scan, &block)
    let count = rows?.count ?? builder.scan.recordCount
    let cells = Array<RecordBatch.Cell>(capacity: count * builder.columns) { cells in
      if rows == nil, builder.order == nil {
        builder.appendAll(to: &cells)
      } else {
        for row in 0..<count { builder.appendOdd(row: rows?[row] ?? row, to: &cells) }
      }
    }
    let records = builder.scan.records.span
    let batch = RecordBatch(
      bytes: builder.bytes, columnCount: builder.columns, cells: cells,
      lines: [UInt32](capacity: count) { lines in
        for row in 0..<count { lines.append(records[rows?[row] ?? row].line) }
      },
      numbers: [UInt32](capacity: count) { numbers in
        for row in 0..<count { numbers.append(records[rows?[row] ?? row].number) }
      })
    block.bytes = builder.bytes
    return batch
  }

  /// Every record, in the order of the file's columns.
  private mutating func appendAll(to cells: inout OutputSpan<RecordBatch.Cell>) {
    var row = 0
    while row < scan.recordCount {
      row = scan.appendCells(from: row, to: &cells)
      guard row < scan.recordCount else { return }
      appendOdd(row: row, to: &cells)
      row += 1
    }
  }

  private mutating func appendOdd(row: Int, to cells: inout OutputSpan<RecordBatch.Cell>) {
    let record = scan.records[row]
    let base = row * scan.columns
    for column in 0..<columns {
      let place = order?[column] ?? column
      let start = place == 0 ? record.start : scan.ends[base + place - 1] + 1
      let end = scan.ends[base + place]
      // In a record with a quoted cell most are not.
      if record.shape.isEmpty || start == end || bytes[Int(start)] != CSVDialect.quote {
        cells.append(RecordBatch.Cell(start: start, end: end))
      } else {
        cells.append(value(of: Int(start)..<Int(end), record.shape))
      }
    }
  }

  private mutating func value(
    of range: Range<Int>, _ shape: ScannedRecord.Shape
  ) -> RecordBatch.Cell {
    let (content, isQuoted) = CSVCell.content(of: range, in: bytes.span)
    guard isQuoted, shape.contains(.escaped), CSVCell.holdsQuote(content, in: bytes.span) else {
      return cell(content)
    }
    let start = tail
    for byte in CSVCell.value(of: range, in: bytes.span) {
      if tail < bytes.count { bytes[tail] = byte } else { bytes.append(byte) }
      tail += 1
    }
    return cell(start..<tail)
  }

  private func cell(_ range: Range<Int>) -> RecordBatch.Cell {
    RecordBatch.Cell(start: UInt32(range.lowerBound), end: UInt32(range.upperBound))
  }
}
