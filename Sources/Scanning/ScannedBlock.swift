// What hot loops of other targets touch is `public` here: Swift 6.3 inlines across modules only what
// is public, whatever @inlinable says of a package declaration. No product exports this target.

/// Where one record of a scanned block stands, and what its cells may need.
public struct ScannedRecord: Sendable, Hashable {
  /// What a reader of the cells has to look for; may claim too much, never too little.
  public struct Shape: OptionSet, Sendable, Hashable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Some cell may be in quotes.
    public static let quoted = Shape(rawValue: 1)
    /// Some quoted cell may hold a quote written twice.
    public static let escaped = Shape(rawValue: 2)
  }

  /// The first byte of the record.
  public var start: UInt32
  /// The byte after its last cell, line end not counted.
  public var end: UInt32
  /// Physical lines of the block before it.
  public var line: UInt32
  /// Records of the block before it, bad ones counted.
  public var number: UInt32
  public var shape: Shape

  @inlinable
  public var range: Range<Int> { Int(start)..<Int(end) }
}

/// A record that cannot be delivered, and why.
public struct CSVProblem: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
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

  public let kind: Kind
  public let number: Int
  public let line: Int
  /// Physical lines the record takes up.
  public let lineCount: Int
  public let start: Int
  /// The ends of its cells where their number is right, else empty.
  public let ends: [UInt32]
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
public struct ScannedBlock: Sendable {
  /// The unfinished record at the end of a block.
  public struct Rest: Sendable, Hashable {
    public let start: Int
    public let isInsideQuotes: Bool
  }

  /// Cells per record.
  public let columns: Int
  /// Good records; only the first `recordCount` are of this block.
  public internal(set) var records: [ScannedRecord] = []
  public internal(set) var recordCount = 0
  /// Cell ends of the good records; only the first `recordCount * columns` are of this block.
  public internal(set) var ends: [UInt32] = []
  public internal(set) var problems: [CSVProblem] = []
  /// Records seen, good or bad.
  public internal(set) var numberCount = 0
  /// Physical lines up to the rest, or to the end of the block.
  public internal(set) var lineCount = 0
  public internal(set) var rest: Rest?
  /// A record went beyond the limit: nothing after it was looked at.
  public internal(set) var isStopped = false
  /// The scanner's notes while it scans.
  var lineFeeds = [UInt32](repeating: 0, count: CSVPass.wideLines)

  public init(columns: Int) {
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
