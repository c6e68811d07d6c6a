/// What a cell says, once its quotes are taken off.
public enum CSVCell {
  /// The place of a cell's content, its enclosing quotes left out.
  ///
  /// - Returns: the place, and whether it was in quotes.
  @inlinable
  public static func content(
    of range: Range<Int>, in bytes: Span<UInt8>
  ) -> (range: Range<Int>, isQuoted: Bool) {
    guard range.count >= 2, bytes[range.lowerBound] == UInt8(ascii: "\"") else {
      return (range, false)
    }
    return (range.lowerBound + 1..<range.upperBound - 1, true)
  }

  /// Appends the content of a cell, quotes written twice once.
  package static func appendValue(
    of range: Range<Int>, in bytes: Span<UInt8>, to value: inout [UInt8]
  ) {
    let (content, isQuoted) = content(of: range, in: bytes)
    var index = content.lowerBound
    while index < content.upperBound {
      let byte = bytes[index]
      value.append(byte)
      index += isQuoted && byte == CSVDialect.quote ? 2 : 1
    }
  }

  /// The value of a cell.
  public static func value(of range: Range<Int>, in bytes: Span<UInt8>) -> [UInt8] {
    var value: [UInt8] = []
    value.reserveCapacity(range.count)
    appendValue(of: range, in: bytes, to: &value)
    return value
  }

  /// Whether content in quotes holds a quote written twice.
  public static func holdsQuote(_ content: Range<Int>, in bytes: Span<UInt8>) -> Bool {
    content.contains { bytes[$0] == CSVDialect.quote }
  }
}

/// The first record of some bytes, cut without knowing how many columns to expect: a header.
package struct CSVFirstRecord: Sendable {
  package enum Outcome: Sendable, Hashable {
    case complete
    /// More bytes are needed.
    case unfinished
    /// The quote opened on this line, counted from the record's first, is not closed.
    case insideQuotes(openedLine: Int)
  }

  package let outcome: Outcome
  /// The places of its cells, quotes and all; never more than the limit.
  package let cells: [Range<Int>]
  /// How many cells it has.
  package let cellCount: Int
  /// The line end, or the end of the bytes.
  package let lineEnd: Int
  package let quotedLines: Int
  package let textAfterQuote: Int?

  /// Walks the record that begins at `start`.
  package init(
    in bytes: [UInt8], from start: Int, to end: Int, isFinal: Bool, dialect: CSVDialect, limit: Int
  ) {
    precondition(start >= 0 && start <= end && end <= bytes.count)
    var ends = [UInt32](repeating: 0, count: limit)
    // SAFETY: the walk reads only below `end` and writes only into `ends`.
    let walk = unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe ends.withUnsafeMutableBufferPointer { ends in
        unsafe buffer.baseAddress.map {
          unsafe CSVWalk(
            $0, from: start, count: end, isFinal: isFinal, dialect: dialect, ends: ends)
        }
      }
    }
    outcome =
      switch walk?.outcome {
      case .record: .complete
      case .insideQuotes(let line): .insideQuotes(openedLine: line)
      case .unfinished, nil: .unfinished
      }
    cellCount = walk?.cells ?? 0
    lineEnd = walk?.lineEnd ?? start
    quotedLines = walk?.quotedLines ?? 0
    textAfterQuote = walk?.textAfterQuote
    var cells: [Range<Int>] = []
    var next = start
    for end in ends.prefix(cellCount) {
      cells.append(next..<Int(end))
      next = Int(end) + 1
    }
    self.cells = cells
  }
}
