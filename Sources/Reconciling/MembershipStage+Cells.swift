import Identity

// What one cell of a membership export names.

extension MembershipStage {
  /// All that a cell names: the parts of each of its values.
  static func pieces(
    _ row: Int, _ column: Int, of batch: RecordBatch, separator: [UInt8]
  ) -> [Range<Int>] {
    var found = pieces(
      of: batch.cell(row: row, column: column).range, in: batch.bytes, separator: separator)
    for value in batch.furtherValues(row: row, column: column) {
      found += pieces(of: value.range, in: batch.bytes, separator: separator)
    }
    return found
  }

  /// The parts of a cell between separators, trimmed of spaces; empty ones are nothing.
  static func pieces(
    of cell: Range<Int>, in bytes: [UInt8], separator: [UInt8]
  ) -> [Range<Int>] {
    guard !separator.isEmpty else { return cell.isEmpty ? [] : [cell] }
    var pieces: [Range<Int>] = []
    var start = cell.lowerBound
    var place = start
    func add(_ range: Range<Int>) {
      var range = range
      while let first = range.first, bytes[first] == 0x20 { range = (first + 1)..<range.upperBound }
      while let last = range.last, bytes[last] == 0x20 { range = range.lowerBound..<last }
      if !range.isEmpty { pieces.append(range) }
    }
    while place + separator.count <= cell.upperBound {
      if bytes[place..<place + separator.count].elementsEqual(separator) {
        add(start..<place)
        place += separator.count
        start = place
      } else {
        place += 1
      }
    }
    add(start..<cell.upperBound)
    return pieces
  }
}
