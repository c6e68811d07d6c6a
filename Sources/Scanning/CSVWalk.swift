/// One record, byte by byte: the grammar as the scanner's fast way must understand it.
///
/// ```
/// record   cell *( delimiter cell ) line-end
/// cell     quoted | plain
/// quoted   " *( any byte but " | "" ) "       then the delimiter or the line end
/// plain    any bytes but the delimiter and line ends, not beginning with "
/// ```
///
/// Text after a closing quote belongs to the cell up to the next delimiter, and makes the record bad.
struct CSVWalk {
  enum Outcome {
    /// It ended at `lineEnd`; the next one begins at `next`.
    case record
    /// The bytes ran out before the record did.
    case unfinished
    /// The bytes ran out inside quotes.
    case insideQuotes(openedLine: Int)
  }

  var outcome = Outcome.unfinished
  /// Where the last cell ends.
  var end = 0
  /// The line end after it, or the end of the file.
  var lineEnd = 0
  var next = 0
  /// All cells, though only as many ends are written as there is room for.
  var cells = 0
  /// Line ends inside quotes.
  var quotedLines = 0
  var shape: ScannedRecord.Shape = []
  /// The first cell with text after its closing quote.
  var textAfterQuote: Int?

  /// Walks the record that begins at `start`, of `count` bytes; if `isFinal`, nothing follows them.
  ///
  /// Ends of cells beyond the room in `ends` are only counted.
  init(
    _ bytes: UnsafePointer<UInt8>, from start: Int, count: Int, isFinal: Bool,
    dialect: CSVDialect, ends: UnsafeMutableBufferPointer<UInt32>
  ) {
    // SAFETY: every look at `bytes` is at an index below `count`, which the caller has read; `ends` is written only
    // below its own count.
    var index = start
    while true {
      if index < count, unsafe bytes[index] == CSVDialect.quote {
        guard let closed = unsafe quotedCell(bytes, from: index, count: count, dialect: dialect)
        else { return }
        index = closed
        let isClean = unsafe Self.isBoundary(
          bytes, at: index, count: count, isFinal: isFinal, dialect: dialect)
        if index < count, !isClean, textAfterQuote == nil { textAfterQuote = cells }
      }
      while index < count, unsafe bytes[index] != dialect.delimiter,
        unsafe !dialect.isLineEnd(bytes[index])
      { index &+= 1 }
      if index == count, !isFinal { return }
      let isLast = unsafe index == count || bytes[index] != dialect.delimiter
      end = index
      if isLast, unsafe Self.endsWithCarriageReturn(bytes, start..<index, dialect) { end &-= 1 }
      if cells < ends.count { unsafe ends[cells] = UInt32(truncatingIfNeeded: end) }
      cells &+= 1
      if isLast { break }
      index &+= 1
    }
    outcome = .record
    lineEnd = index
    next = min(index + 1, count)
  }

  /// - Returns: the offset after the closing quote; nil, with the outcome set, when there is none.
  private mutating func quotedCell(
    _ bytes: UnsafePointer<UInt8>, from start: Int, count: Int, dialect: CSVDialect
  ) -> Int? {
    let linesBefore = quotedLines
    shape.insert(.quoted)
    var index = start + 1
    while index < count {
      let byte = unsafe bytes[index]
      if byte == CSVDialect.quote {
        guard index + 1 < count, unsafe bytes[index + 1] == CSVDialect.quote else {
          return index + 1
        }
        shape.insert(.escaped)
        index &+= 1
      } else if unsafe Self.endsLine(bytes, at: index, dialect: dialect) {
        quotedLines &+= 1
      }
      index &+= 1
    }
    outcome = .insideQuotes(openedLine: linesBefore)
    return nil
  }

  /// Whether a cell may end before `index`.
  private static func isBoundary(
    _ bytes: UnsafePointer<UInt8>, at index: Int, count: Int, isFinal: Bool, dialect: CSVDialect
  ) -> Bool {
    guard index < count else { return true }
    let byte = unsafe bytes[index]
    if byte == dialect.delimiter || dialect.isLineEnd(byte) { return true }
    guard byte == ASCII.carriageReturn else { return false }
    return index + 1 < count ? unsafe bytes[index + 1] == ASCII.lineFeed : isFinal
  }

  /// Whether the line end at the end of `range` began with a CR.
  @inline(__always)
  static func endsWithCarriageReturn(
    _ bytes: UnsafePointer<UInt8>, _ range: Range<Int>, _ dialect: CSVDialect
  ) -> Bool {
    dialect.lineEnd == .lineFeed && !range.isEmpty
      && (unsafe bytes[range.upperBound &- 1] == ASCII.carriageReturn)
  }

  /// Whether a physical line ends with this byte; CRLF is one line.
  @inline(__always)
  static func endsLine(
    _ bytes: UnsafePointer<UInt8>, at index: Int, dialect: CSVDialect
  ) -> Bool {
    let byte = unsafe bytes[index]
    guard dialect.isLineEnd(byte) else { return false }
    let followsCarriageReturn =
      index > 0 && (unsafe bytes[index &- 1] == ASCII.carriageReturn)
    return dialect.lineEnd == .lineFeed || byte == ASCII.carriageReturn || !followsCarriageReturn
  }
}
