package import Identity

extension RecordBatch {
  /// A batch as tables give it: a cell to a text, one behind the other, and rows numbered as they are in `rows`.
  package static func table(_ rows: ArraySlice<[String]>, columnCount: Int) -> RecordBatch {
    var bytes: [UInt8] = []
    var cells: [Cell] = []
    for text in rows.joined() {
      let start = UInt32(bytes.count)
      bytes += Array(text.utf8)
      cells.append(Cell(start: start, end: UInt32(bytes.count)))
    }
    let places = rows.indices.map { UInt32($0) }
    return RecordBatch(
      bytes: bytes, columnCount: columnCount, cells: cells, lines: places, numbers: places)
  }
}
