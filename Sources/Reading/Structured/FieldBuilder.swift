import Identity
import Scanning

/// Lays the fields of records, as they come, into the columns of a batch.
///
/// ```swift
/// builder.begin(line: 0)
/// builder.add(copying: "ann@contoso.com".utf8, named: "mail".utf8)
/// builder.add(copying: "".utf8, named: "title".utf8)         // there, and empty
/// builder.end()                                              // whatever else was asked for is absent
/// ```
///
/// A value is either a place in the text that the batch was made of, or bytes that are copied behind it.
struct FieldBuilder: Sendable {
  let fields: FieldTable
  /// Names of all fields that came, asked for or not; only where somebody wants to know.
  private(set) var names: FieldNames?
  /// Records that cannot be delivered.
  private(set) var problems: [RecordProblem] = []
  /// What is said of records without setting them aside, by line.
  private(set) var remarks: [RecordRemark] = []
  /// Records begun, delivered or not.
  private(set) var numberCount = 0
  /// Parts of lists that came in parts.
  private(set) var parts: [ListPart] = []
  /// What a search that did not find all there is says at its end; it may stand in any piece.
  var unfinishedSearch: String?
  /// Records of another kind than those that were asked for, which whoever counts all of them counts too.
  var otherCount = 0
  /// In how many records each column is there.
  private(set) var presence: [Int]
  /// Whether a text stands behind its quote, as in JSON.
  private let hasLiterals: Bool

  /// The text, unless somebody is at work on it, and what was copied, which goes behind it in the end.
  private var held: [UInt8]
  private var copies: [UInt8] = []
  /// How long the text is.
  private var textCount: Int
  private var cells: [RecordBatch.Cell] = []
  /// Second and further values, in the order they came.
  private var further: [(cell: Int, value: RecordBatch.Cell)] = []
  private var lines: [UInt32] = []
  private var numbers: [UInt32] = []
  private var line = 0
  private var rowStart = 0
  private var furtherStart = 0
  private var ranks: [UInt8]

  /// Makes an empty builder; values may be places in `text`.
  init(
    _ fields: FieldTable, text: [UInt8] = [], collectingNames: Bool = false,
    hasLiterals: Bool = false
  ) {
    self.fields = fields
    self.hasLiterals = hasLiterals
    names = collectingNames ? FieldNames() : nil
    presence = [Int](repeating: 0, count: fields.columnCount)
    ranks = [UInt8](repeating: 0, count: fields.columnCount)
    held = text
    // An empty value must not look absent, so it needs a place behind the first byte.
    if held.isEmpty { held.append(0) }
    textCount = held.count
  }

  /// The length of the text the batch was made of, and of what was copied.
  var byteCount: Int { textCount + copies.count }

  /// Lends out the text, so that values can be put into shape where they stand.
  mutating func takeText() -> [UInt8] {
    var text: [UInt8] = []
    swap(&text, &held)
    return text
  }

  /// Takes the text back; its length must be the same.
  mutating func giveBack(text: [UInt8]) {
    precondition(text.count == textCount)
    held = text
  }

  /// Begins a record on a line, counted from the first of the piece.
  mutating func begin(line: Int) {
    self.line = line
    rowStart = cells.count
    furtherStart = further.count
    cells.append(contentsOf: repeatElement(.absent, count: fields.columnCount))
  }

  /// Adds a value that stands in the text.
  mutating func add(_ range: Range<Int>, to target: FieldTable.Target) {
    add(
      range.isEmpty && range.lowerBound == 0
        ? RecordBatch.Cell(start: 1, end: 1)
        : RecordBatch.Cell(start: UInt32(range.lowerBound), end: UInt32(range.upperBound)),
      to: target)
  }

  /// Adds a value that does not stand in the text as it is.
  mutating func add(copying value: some Sequence<UInt8>, to target: FieldTable.Target) {
    // What is copied was a text.
    if hasLiterals { copies.append(UInt8(ascii: "\"")) }
    let start = byteCount
    copies.append(contentsOf: value)
    add(start..<byteCount, to: target)
  }

  /// Adds a value to whatever columns its name asks for.
  mutating func add(copying value: some Sequence<UInt8>, named name: some Sequence<UInt8>) {
    names?.insert(Array(name))
    let targets = fields.targets(of: name)
    guard !targets.isEmpty else { return }
    let start = byteCount
    copies.append(contentsOf: value)
    for target in targets { add(start..<byteCount, to: target) }
  }

  /// Says that a field is there with nothing in it, as an empty list is; `place` is where the text says so.
  mutating func addNothing(at place: Int = 1, to target: FieldTable.Target) {
    guard cells[rowStart + target.column] == .absent else { return }
    add(place..<place, to: target)
  }

  /// Says something of the record that was begun.
  mutating func remark(_ subject: Finding.Subject) {
    remarks.append(RecordRemark(subject: subject, line: line))
  }

  /// Takes note of a part of a list that did not come whole.
  mutating func note(part: ListPart) {
    parts.append(part)
  }

  /// Takes note of a name, where somebody wants to know.
  mutating func note(name: some Sequence<UInt8>) {
    names?.insert(Array(name))
  }

  /// Whether the record that was begun has the field.
  func has(column: Int) -> Bool { cells[rowStart + column] != .absent }

  /// Forgets the record that was begun: it is none of those that were asked for.
  mutating func discard() {
    cells.removeSubrange(rowStart...)
    further.removeSubrange(furtherStart...)
  }

  /// Lays what looks like the records before it into rows of its own, as far as that goes.
  ///
  /// `place` and `line`, counted from the first of the piece, step over what was taken.
  mutating func layPlain(
    _ plain: inout LDIFPlainRecords, shape: inout LDIFShape, text: inout [UInt8],
    from place: inout Int, to end: Int, line: inout Int
  ) {
    let first = cells.count
    let room = plain.rowCapacity * fields.columnCount
    // Rows that nobody needs are taken off again, which costs less than to ask whether there is room for each.
    cells.append(contentsOf: repeatElement(.absent, count: room))
    plain.take(&text, from: place, to: end, shape: &shape, cells: &cells, at: first)
    cells.removeLast(room - plain.rowCount * fields.columnCount)
    for column in presence.indices { presence[column] += Int(plain.presence[column]) }
    noteRows(plain.lines, from: line)
    for value in plain.further { further.append((first + value.cell, Self.cell(value.value))) }
    place = plain.end
    line += plain.lineCount
  }

  /// The same for lines of JSON; the text is the one that the builder was made with.
  mutating func layPlain(
    _ plain: inout JSONPlainRecords, shape: inout JSONLineShape, from place: inout Int,
    to end: Int, line: inout Int
  ) {
    let first = cells.count
    let room = JSONPlainRecords.rowLimit * fields.columnCount
    cells.append(contentsOf: repeatElement(.absent, count: room))
    plain.take(held, from: place, to: end, shape: &shape, cells: &cells, at: first)
    cells.removeLast(room - plain.rowCount * fields.columnCount)
    for column in presence.indices { presence[column] += Int(plain.presence[column]) }
    noteRows(plain.lines, from: line)
    let firstFurther = further.count
    for value in plain.further { further.append((first + value.cell, Self.cell(value.value))) }
    for value in plain.escaped {
      if value.isFurther {
        let place = firstFurther + value.place
        further[place].value = unescaped(further[place].value)
      } else {
        cells[first + value.place] = unescaped(cells[first + value.place])
      }
    }
    place = plain.end
    line += plain.lineCount
  }

  /// Counts rows that begin so many lines behind a line.
  private mutating func noteRows(_ starts: ArraySlice<UInt32>, from line: Int) {
    let (first, number) = (UInt32(line), UInt32(numberCount))
    lines.append(contentsOf: starts.lazy.map { first + $0 })
    numbers.append(contentsOf: number..<number + UInt32(starts.count))
    numberCount += starts.count
  }

  /// Puts what the escapes of a value mean behind the text.
  private mutating func unescaped(_ cell: RecordBatch.Cell) -> RecordBatch.Cell {
    let start = byteCount
    copies += JSONText.unescaped(held.span.extracting(cell.range))
    return Self.cell(start..<byteCount)
  }

  private static func cell(_ range: Range<Int>) -> RecordBatch.Cell {
    RecordBatch.Cell(start: UInt32(range.lowerBound), end: UInt32(range.upperBound))
  }

  /// Delivers the record.
  mutating func end() {
    for column in presence.indices where cells[rowStart + column] != .absent {
      presence[column] += 1
    }
    lines.append(UInt32(line))
    numbers.append(UInt32(numberCount))
    numberCount += 1
  }

  /// Sets the record aside instead of delivering it.
  ///
  /// It takes up `lineCount` physical lines. `unreadable` has the columns of which nobody can tell the value, nil for all
  /// of them; with `breaksFile`, what follows in the file cannot be believed any more.
  mutating func setAside(
    _ subject: Finding.Subject, lineCount: Int = 1, unreadable: Set<Int>? = nil,
    breaksFile: Bool = false
  ) {
    let known = unreadable.map { unreadable in
      (0..<fields.columnCount).map { column -> String? in
        let place = rowStart + column
        guard !unreadable.contains(column),
          !further[furtherStart...].contains(where: { $0.cell == place })
        else { return nil }
        return String(validating: value(of: cells[place]), as: UTF8.self)
      }
    }
    problems.append(
      RecordProblem(
        subject: subject, number: numberCount, line: line, lineCount: max(1, lineCount),
        cells: known, breaksFile: breaksFile))
    cells.removeSubrange(rowStart...)
    further.removeSubrange(furtherStart...)
    numberCount += 1
  }

  private func value(of cell: RecordBatch.Cell) -> ArraySlice<UInt8> {
    guard Int(cell.start) >= textCount else { return held[cell.range] }
    return copies[Int(cell.start) - textCount..<Int(cell.end) - textCount]
  }

  private mutating func add(_ cell: RecordBatch.Cell, to target: FieldTable.Target) {
    let place = rowStart + target.column
    if cells[place] == .absent || target.rank < ranks[target.column] {
      if cells[place] != .absent { dropFurther(of: place) }
      cells[place] = cell
      ranks[target.column] = target.rank
    } else if target.rank == ranks[target.column], !target.isFirst {
      further.append((place, cell))
    }
  }

  private mutating func dropFurther(of place: Int) {
    let kept = further[furtherStart...].filter { $0.cell != place }
    further.replaceSubrange(furtherStart..., with: kept)
  }

  /// The delivered records.
  consuming func batch() -> RecordBatch {
    var many = ManyValues()
    // Values of one record may come in turns: `value`, `display`, `value`, `display`.
    let sorted = further.enumerated().sorted {
      ($0.element.cell, $0.offset) < ($1.element.cell, $1.offset)
    }
    var rest = sorted[...]
    while let first = rest.first?.element {
      let same = rest.prefix { $0.element.cell == first.cell }
      many.append(cell: first.cell, values: [cells[first.cell]] + same.map(\.element.value))
      rest = rest.dropFirst(same.count)
    }
    // Nothing to append would still copy a text that somebody else holds.
    if !copies.isEmpty { held.append(contentsOf: copies) }
    return RecordBatch(
      bytes: held, columnCount: fields.columnCount, cells: cells, lines: lines, numbers: numbers,
      isSparse: true, many: many, hasLiterals: hasLiterals)
  }
}

/// What is said of a record that was not set aside.
struct RecordRemark: Sendable {
  let subject: Finding.Subject
  /// Counted from the first line of the piece.
  let line: Int
}

/// A record of a structured format that was set aside.
struct RecordProblem: Sendable {
  let subject: Finding.Subject
  /// Counted from the first record of the piece.
  let number: Int
  /// Counted from the first line of the piece.
  let line: Int
  let lineCount: Int
  /// Its values as far as they are beyond doubt; nil when none is.
  let cells: [String?]?
  /// What follows in the file cannot be believed any more.
  let breaksFile: Bool
}

/// Names in the order in which they were first seen.
struct FieldNames: Sendable {
  private(set) var ordered: [[UInt8]] = []
  private var seen: Set<[UInt8]> = []

  /// More are not taken note of: a hostile document may have a name of its own in every record.
  static let limit = 10_000

  mutating func insert(_ name: [UInt8]) {
    guard ordered.count < Self.limit, seen.insert(name).inserted else { return }
    ordered.append(name)
  }

  mutating func formUnion(_ other: FieldNames) {
    for name in other.ordered { insert(name) }
  }

  var texts: [String] { ordered.map { String(decoding: $0, as: UTF8.self) } }
}
