/// Where one record of a scanned block stands, and what its cells may need.
package struct ScannedRecord: Sendable, Hashable {
  /// What a reader of the cells has to look for; may claim too much, never too little.
  package struct Shape: OptionSet, Sendable, Hashable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Some cell may be in quotes.
    package static let quoted = Shape(rawValue: 1)
    /// Some quoted cell may hold a quote written twice.
    package static let escaped = Shape(rawValue: 2)
  }

  /// The first byte of the record.
  package var start: UInt32
  /// The byte after its last cell, line end not counted.
  package var end: UInt32
  /// Physical lines of the block before it.
  package var line: UInt32
  /// Records of the block before it, bad ones counted.
  package var number: UInt32
  package var shape: Shape

  @inlinable
  package var range: Range<Int> { Int(start)..<Int(end) }
}

/// A record that cannot be delivered, and why.
package struct CSVProblem: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case ragged(columns: Int)
    case nul(column: Int)
    case invalidText(column: Int, offset: Int)
    case textAfterClosingQuote(column: Int)
    case fieldTooLong(column: Int)
    /// Reading stops here.
    case recordTooLong
    /// Only at the end of the file. The line counts from the start of the block.
    case unterminatedQuote(openedLine: Int)
  }

  package let kind: Kind
  package let number: Int
  package let line: Int
  /// Physical lines the record takes up.
  package let lineCount: Int
  package let start: Int
  /// The ends of its cells where their number is right, else empty.
  package let ends: [UInt32]
}

/// What a scan of one block found; used again for the next block, so that its memory is.
///
/// ```
/// ann,Buyer␤"Bo",␤x␤
///
/// records   start 0 end 9 line 0 │ start 10 end 15 line 1    (x is ragged: a problem)
/// ends      3 9                  │ 14 15                     `columns` to a record
/// ```
///
/// Cell 0 begins at the record's start, every other one after the end of the one before it.
package struct ScannedBlock: Sendable {
  /// The unfinished record at the end of a block.
  package struct Rest: Sendable, Hashable {
    package let start: Int
    package let isInsideQuotes: Bool
  }

  /// Cells per record.
  package let columns: Int
  /// Good records; only the first `recordCount` are of this block.
  package internal(set) var records: [ScannedRecord] = []
  package internal(set) var recordCount = 0
  /// Cell ends of the good records; only the first `recordCount * columns` are of this block.
  package internal(set) var ends: [UInt32] = []
  package internal(set) var problems: [CSVProblem] = []
  /// Records seen, good or bad.
  package internal(set) var numberCount = 0
  /// Physical lines up to the rest, or to the end of the block.
  package internal(set) var lineCount = 0
  package internal(set) var rest: Rest?
  /// A record went beyond the limit: nothing after it was looked at.
  package internal(set) var isStopped = false

  package init(columns: Int) {
    precondition(columns > 0)
    self.columns = columns
  }

  mutating func reset() {
    recordCount = 0
    problems.removeAll(keepingCapacity: true)
    numberCount = 0
    lineCount = 0
    rest = nil
    isStopped = false
  }
}
