import Scanning

/// Some thousand records of one export, as slices into one piece of memory.
///
/// ```
/// userName,title␤ann,Buyer␤"O""Hara, Bo",␤
///
/// bytes   a n n , B u y e r ␤ O " H a r a ,   B o …      (quotes already resolved in place)
/// cells   [0..<3] [4..<9]   [10..<20] empty               row by row, `columnCount` to a row
/// lines   [0, 1]                                         (counted from the first line of the batch)
/// ```
///
/// A quarantined record is not in the batch; its finding is. A column the export does not have is
/// *absent*; a cell that is there with nothing in it is *empty*. Records of JSON, LDIF and XML may each
/// lack a field: there a cell at place 0 is *absent* too, and `many` has the cells of several values.
///
/// Public like the other types of the loop over cells: the optimiser inlines only public code into other modules.
public struct RecordBatch: Sendable {
  /// A value's place in `bytes`.
  public struct Cell: Sendable, Hashable, BitwiseCopyable {
    public var start: UInt32
    public var end: UInt32

    @inlinable
    public init(start: UInt32, end: UInt32) {
      self.start = start
      self.end = end
    }

    @inlinable
    public var range: Range<Int> { Int(start)..<Int(end) }

    @inlinable
    public var isEmpty: Bool { start == end }

    /// What a sparse batch holds where its record does not have the field.
    public static let absent = Cell(start: 0, end: 0)
  }

  public let bytes: [UInt8]
  public let columnCount: Int
  public let cells: [Cell]
  /// How many physical lines into the batch each record begins.
  public let lines: [UInt32]
  /// How many records into the batch each record is, quarantined ones counted.
  public let numbers: [UInt32]
  /// Whether a record may lack a field that others of the batch have.
  package let isSparse: Bool
  /// The cells that hold more than one value; `cells` has the first of them.
  package let many: ManyValues
  /// Whether it was read from JSON: a text stands behind its quote there, so that `true` without one is none.
  package let hasLiterals: Bool

  public init(
    bytes: [UInt8], columnCount: Int, cells: [Cell], lines: [UInt32], numbers: [UInt32]
  ) {
    self.init(
      bytes: bytes, columnCount: columnCount, cells: cells, lines: lines, numbers: numbers,
      isSparse: false, many: ManyValues())
  }

  package init(
    bytes: [UInt8], columnCount: Int, cells: [Cell], lines: [UInt32], numbers: [UInt32],
    isSparse: Bool, many: ManyValues, hasLiterals: Bool = false
  ) {
    self.bytes = bytes
    self.columnCount = columnCount
    self.cells = cells
    self.lines = lines
    self.numbers = numbers
    self.isSparse = isSparse
    self.many = many
    self.hasLiterals = hasLiterals
  }

  @inlinable
  public var count: Int { lines.count }

  @inlinable
  public func cell(row: Int, column: Int) -> Cell {
    cells[row * columnCount + column]
  }

  /// Whether the record does not have the field at all, so that nothing is known of it.
  package func isAbsent(row: Int, column: Int) -> Bool {
    isSparse && cell(row: row, column: column) == .absent
  }

  /// The values of a cell after its first; mostly none.
  package func furtherValues(row: Int, column: Int) -> ArraySlice<Cell> {
    many.isEmpty ? [] : many.values(ofCell: row * columnCount + column).dropFirst()
  }

  /// What a value says that stands there as `true` or `false` of JSON; nil for a text, and in every other format.
  package func truth(of cell: Cell) -> Bool? {
    guard hasLiterals, cell.start > 0, cell.range.count == 4 || cell.range.count == 5,
      bytes[Int(cell.start) - 1] != UInt8(ascii: "\"")
    else { return nil }
    let value = bytes[cell.range]
    return value.elementsEqual("true".utf8)
      ? true : value.elementsEqual("false".utf8) ? false : nil
  }

  /// Whether the record says `null` there, which only JSON can: of a list, that is not the same as to say that it is empty.
  package func isNull(row: Int, column: Int) -> Bool {
    let cell = cell(row: row, column: column)
    guard hasLiterals, cell.isEmpty, cell.start > 0, cell.range.lowerBound < bytes.count,
      bytes[cell.range.lowerBound - 1] != UInt8(ascii: "\"")
    else { return false }
    return bytes[cell.range.lowerBound...].starts(with: "null".utf8)
  }

  /// Whether the record says `[]` there, which only JSON can: neither `""` nor `null` says that of a list.
  package func isEmptyList(row: Int, column: Int) -> Bool {
    let cell = cell(row: row, column: column)
    guard hasLiterals, cell.isEmpty, cell != .absent else { return false }
    // Where records are laid whole, an empty list stands at 1, before which there is no room for any value.
    let place = cell.range.lowerBound
    return place == 1 || place < bytes.count && bytes[place] == UInt8(ascii: "]")
  }

  /// One value as text, for messages and tests; hot loops use `bytes.span.extracting`.
  public func text(row: Int, column: Int) -> String {
    String(decoding: bytes[cell(row: row, column: column).range], as: UTF8.self)
  }
}

/// Where a batch stands in its export; known only once all batches before it have been read.
package struct BatchPlace: Sendable, Hashable {
  /// Which file of the export, in the order they are read.
  package let file: Int
  /// The physical line in that file on which the batch begins, from 1.
  package let firstLine: Int
  /// The number of the batch's first record among all records of the export, from 0.
  package let firstNumber: Int

  package init(file: Int, firstLine: Int, firstNumber: Int) {
    self.file = file
    self.firstLine = firstLine
    self.firstNumber = firstNumber
  }

  /// The line of a record of this batch.
  package func line(of row: Int, in batch: RecordBatch) -> Int {
    firstLine + Int(batch.lines[row])
  }
}

extension RecordBatch.Cell: BytePlace {}
