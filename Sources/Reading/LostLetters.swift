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

  /// The columns of a sample in which UTF-8 was taken for Latin-1 or Windows-1252 and encoded once more.
  ///
  /// “ü” is `C3 BC`, which Latin-1 reads as “Ã¼”, `C3 83 C2 BC`. No language writes “Ã” before a sign.
  static func doublyEncodedColumns(in batch: RecordBatch, text: Range<Int>) -> [Int] {
    guard batch.bytes[text].contains(where: { $0 >= 0x80 }) else { return [] }
    return (0..<batch.columnCount).filter { column in
      let damaged = (0..<batch.count).count { row in
        isDoublyEncoded(batch.bytes.span.extracting(batch.cell(row: row, column: column).range))
      }
      return damaged >= leastCells
    }
  }

  static func isDoublyEncoded(_ value: Span<UInt8>) -> Bool {
    guard value.count >= 4 else { return false }
    for index in 0...value.count - 4 where value[index] == 0xC3 && value[index + 1] == 0x83 {
      if [0xC2, 0xC5, 0xC6, 0xE2].contains(value[index + 2]) { return true }
    }
    return false
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
