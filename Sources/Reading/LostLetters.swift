import Identity

/// Finds columns whose letters were replaced by “?” when the file was written as ASCII.
///
/// Windows PowerShell's `Export-Csv` does that unless told otherwise: `M?ller`, `Garc?a`. A question
/// mark between two letters is rare in anything but an address with a query.
enum LostLetters {
  /// Fewer such cells are taken for chance.
  private static let leastCells = 3
  /// One such cell in this many.
  private static let share = 200

  /// The columns of a sample that look so; none if the sample holds any letter beyond ASCII.
  static func columns(in batch: RecordBatch, text: Range<Int>) -> [Int] {
    guard !batch.bytes[text].contains(where: { $0 >= 0x80 }) else { return [] }
    return (0..<batch.columnCount).filter { column in
      var filled = 0
      var damaged = 0
      for row in 0..<batch.count {
        let cell = batch.cell(row: row, column: column)
        if cell.isEmpty { continue }
        filled += 1
        if isDamaged(batch.bytes.span.extracting(cell.range)) { damaged += 1 }
      }
      return damaged >= leastCells && damaged * share >= filled
    }
  }

  static func isDamaged(_ value: Span<UInt8>) -> Bool {
    var found = false
    for index in value.indices {
      let byte = value[index]
      if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "=") { return false }
      guard byte == UInt8(ascii: "?"), index > 0, index + 1 < value.count else { continue }
      if isLetter(value[index - 1]), isLetter(value[index + 1]) { found = true }
    }
    return found
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20)
  }
}
