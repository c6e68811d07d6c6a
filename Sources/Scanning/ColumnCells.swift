import CScanning

/// Where a value stands in some bytes, as the loops over columns read it: start and end, two numbers of 32 bits.
package protocol BytePlace: BitwiseCopyable {}

extension Span where Element: BytePlace {
  /// How many of these rows, from the first one on, have the value that stands at `value`.
  ///
  /// ```
  /// cells    [0..<3] [4..<9] [10..<13] [14..<17]     two to a row; column 0 has 0..<3 and 10..<13
  /// ```
  ///
  /// The cells hold `width` places to a row.
  package func countEqual(
    to value: Range<Int>, inColumn column: Int, width: Int, rows: Range<Int>, of bytes: Span<UInt8>
  ) -> Int {
    precondition(MemoryLayout<Element>.stride == 8 && MemoryLayout<Element>.alignment == 4)
    precondition(column >= 0 && column < width && rows.lowerBound >= 0)
    precondition(rows.upperBound * width <= count)
    precondition(value.lowerBound >= 0 && value.upperBound <= bytes.count)
    // SAFETY: the rows are inside the cells, and the value inside the bytes; what is no place within them is not looked
    // at.
    return unsafe withUnsafeBytes { cells in
      unsafe bytes.withUnsafeBufferPointer { bytes in
        guard let start = cells.baseAddress, !bytes.isEmpty else { return 0 }
        let first = unsafe start + (rows.lowerBound * width + column) * 8
        let part = unsafe rollcall_column(
          bytes: bytes.baseAddress, byte_count: bytes.count,
          cells: first.assumingMemoryBound(to: UInt32.self), stride: width * 2, rows: rows.count)
        return unsafe rollcall_equal_values(part, value.lowerBound, value.count)
      }
    }
  }
}

extension ScannedBlock {
  /// Appends the cells of the good records from `row` on, up to one that may have quotes: what stands between two ends.
  ///
  /// Returns the record that wants a closer look, or how many there are.
  package func appendCells<Cell: BytePlace>(
    from row: Int, to cells: inout OutputSpan<Cell>
  ) -> Int {
    precondition(MemoryLayout<Cell>.stride == 8 && MemoryLayout<Cell>.alignment == 4)
    precondition(row >= 0 && recordCount <= records.count && recordCount * columns <= ends.count)
    precondition(cells.freeCapacity >= (recordCount - row) * columns)
    let (records, columns) = (records.span, columns)
    var next = row
    // SAFETY: the ends hold `columns` numbers to a record, and the span has room for as many cells of each.
    unsafe cells.withUnsafeMutableBufferPointer { buffer, initialized in
      unsafe ends.withUnsafeBufferPointer { ends in
        guard let start = buffer.baseAddress, let ends = ends.baseAddress else { return }
        var place = unsafe UnsafeMutableRawPointer(start + initialized)
        while next < recordCount, records[next].shape.isEmpty {
          unsafe rollcall_csv_cells(
            ends + next &* columns, records[next].start, columns,
            place.assumingMemoryBound(to: UInt32.self))
          unsafe place += columns &* 8
          next &+= 1
        }
        initialized += (next - row) * columns
      }
    }
    return next
  }
}
