/// How the bytes of one CSV file are to be read (RFC 4180 and what producers really write).
package struct CSVDialect: Sendable, Hashable {
  /// What ends a record; decided by the first record end of the file.
  package enum LineEnd: Sendable, Hashable {
    /// LF; a CR right before it belongs to it. Files that mix LF and CRLF read the same.
    case lineFeed
    /// CR, as old Mac programs write; an LF ends a record too, and CRLF counts as one line.
    case carriageReturn
  }

  package static let quote = UInt8(ascii: "\"")

  package var delimiter: UInt8
  package var lineEnd: LineEnd

  package init(delimiter: UInt8, lineEnd: LineEnd = .lineFeed) {
    self.delimiter = delimiter
    self.lineEnd = lineEnd
  }

  @inline(__always)
  func isLineEnd(_ byte: UInt8) -> Bool {
    byte == ASCII.lineFeed ? true : byte == ASCII.carriageReturn && lineEnd == .carriageReturn
  }
}

/// How large a hostile or damaged file may make things.
///
/// All in bytes, quotes included.
package struct CSVLimits: Sendable, Hashable {
  /// A longer cell sets its record aside.
  package var field: Int
  /// A longer record ends the reading of its file: most likely a quote is never closed.
  package var record: Int
  /// More columns in a header are refused.
  package var columns: Int

  package init(field: Int = 1 << 20, record: Int = 4 << 20, columns: Int = 1000) {
    precondition(field > 0 && record > 0 && record <= 1 << 30 && columns > 0)
    self.field = field
    self.record = record
    self.columns = columns
  }
}

/// Bytes with a name.
package enum ASCII {
  package static let tab = UInt8(ascii: "\t")
  package static let lineFeed = UInt8(ascii: "\n")
  package static let carriageReturn = UInt8(ascii: "\r")
}
