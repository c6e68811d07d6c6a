/// Takes records out of a scanned block whose cells hold what no cell may.
///
/// Rare: the scanner asks for it only where some byte of the block gave cause.
struct BadValues {
  let nul: Bool
  let text: Bool
  let dialect: CSVDialect

  func setAside(in block: inout ScannedBlock, of bytes: [UInt8]) {
    var kept = 0
    let columns = block.columns
    for index in 0..<block.recordCount {
      if let kind = kind(of: index, in: block, of: bytes) {
        block.problems.append(problem(kind, record: index, in: block, of: bytes))
        continue
      }
      if kept < index {
        block.records[kept] = block.records[index]
        for column in 0..<columns {
          block.ends[kept * columns + column] = block.ends[index * columns + column]
        }
      }
      kept += 1
    }
    block.recordCount = kept
    block.problems.sort { $0.number < $1.number }
  }

  private func kind(
    of index: Int, in block: ScannedBlock, of bytes: [UInt8]
  ) -> CSVProblem.Kind? {
    let range = block.records[index].range
    let span = bytes.span.extracting(range)
    if nul, let offset = span.indices.first(where: { bytes[range.lowerBound + $0] == 0 }) {
      return .nul(column: column(holding: range.lowerBound + offset, record: index, in: block))
    }
    if text, let offset = UTF8Check.firstInvalid(in: span) {
      let place = range.lowerBound + offset
      return .invalidText(column: column(holding: place, record: index, in: block), offset: place)
    }
    return nil
  }

  private func column(holding offset: Int, record index: Int, in block: ScannedBlock) -> Int {
    let own = ends(of: index, in: block)
    return own.firstIndex { offset < Int($0) }.map { $0 - own.startIndex } ?? block.columns - 1
  }

  private func problem(
    _ kind: CSVProblem.Kind, record index: Int, in block: ScannedBlock, of bytes: [UInt8]
  ) -> CSVProblem {
    let record = block.records[index]
    return CSVProblem(
      kind: kind, number: Int(record.number), line: Int(record.line),
      lineCount: 1 + lineEnds(in: record.range, of: bytes), start: Int(record.start),
      ends: Array(ends(of: index, in: block)))
  }

  private func ends(of index: Int, in block: ScannedBlock) -> ArraySlice<UInt32> {
    block.ends[index * block.columns..<(index + 1) * block.columns]
  }

  private func lineEnds(in range: Range<Int>, of bytes: [UInt8]) -> Int {
    // SAFETY: the range lies inside the array.
    unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return 0 }
      return range.count { unsafe CSVWalk.endsLine(start, at: $0, dialect: dialect) }
    }
  }
}
