import Identity
import PlanFile
import Scanning

/// The rows of `member_id` and `member_key` that a run of creates makes, sorted table by table.
///
/// ```
/// table 0   member_id      1f0e3c…  → member 7          rows hold the first 16 bytes of a value and whose it is;
/// table 1   member_key 0   e1001    → member 7          the few that agree in those are compared where the
/// table 2   member_key 1   ann@con… → member 7          images have them
/// ```
///
/// A B-tree takes a million rows in its own order several times as fast as in any other. One table is sorted
/// while the one before is written, so two tables are in memory at a time: 48 MB for a million creates.
struct NewKeys: Sendable {
  /// 24 bytes.
  struct Row: Sendable {
    /// The first 16 bytes as numbers that sort as they do.
    let prefix: UInt64
    let further: UInt64
    let ordinal: UInt32
  }

  private let creates: MemberCreates
  private let kinds: [MatchKey]
  private let firstOrdinal: UInt32

  init(_ creates: MemberCreates, kinds: [MatchKey], firstOrdinal: UInt32) {
    self.creates = creates
    self.kinds = kinds
    self.firstOrdinal = firstOrdinal
  }

  /// The rows of table 0 in its order.
  ///
  /// They are made here and sorted on another thread: what two threads look at both is counted twice as slowly.
  func sortedIDs() -> Prepared<[Row]> {
    Prepared(changing: unsortedIDs()) { self.sort(&$0, table: 0) }
  }

  private func sortedKeys(table: Int) -> Prepared<[Row]> {
    Prepared {
      var rows = self.unsortedKeys(table: table)
      self.sort(&rows, table: table)
      return rows
    }
  }

  /// Writes all tables; `first` is what `sortedIDs` has come to.
  func write(to statements: StatementCache, first: Prepared<[Row]>) throws(StoreFailure) {
    var rows = first.take()
    for table in 0...kinds.count {
      let next = table < kinds.count ? sortedKeys(table: table + 1) : nil
      if table == 0 {
        try writeIDs(rows, to: statements)
      } else {
        try writeKeys(rows, kind: table - 1, to: statements)
      }
      rows = next?.take() ?? []
    }
  }

  private func writeIDs(
    _ rows: [Row], to statements: StatementCache
  ) throws(StoreFailure) {
    let add = try statements("INSERT INTO member_id VALUES (?, ?)")
    try eachText(
      of: rows,
      text: { row, text in
        creates.operations[place(of: row)].subjectID.append(to: &text)
      }
    ) { row, text throws(StoreFailure) in
      do throws(StoreFailure) {
        try add.bind(text: text, at: 1).bind(Int(row.ordinal), at: 2).run()
      } catch {
        guard error.isConstraint else { throw error }
        let id = creates.operations[place(of: row)].subjectID
        throw StoreFailure(.duplicateID(id), path: error.path)
      }
    }
  }

  private func writeKeys(
    _ rows: [Row], kind: Int, to statements: StatementCache
  ) throws(StoreFailure) {
    let add = try statements("INSERT INTO member_key VALUES (?, ?, ?)")
    add.bind(kind, at: 1)
    let id = kinds[kind].id
    try eachText(
      of: rows,
      text: { row, text in
        for byte in creates.image(at: place(of: row))[id] ?? [] { text.append(byte.asciiFolded) }
      }
    ) { row, text throws(StoreFailure) in
      try add.bind(text, at: 2).bind(Int(row.ordinal), at: 3).run()
    }
  }

  /// Calls `body` with every row and its text.
  ///
  /// Rows in the order of a key lie all over the memory of values; another thread fetches them, some thousand ahead.
  private func eachText(
    of rows: [Row], text: @escaping @Sendable (Row, inout [UInt8]) -> Void,
    _ body: (Row, ArraySlice<UInt8>) throws(StoreFailure) -> Void
  ) throws(StoreFailure) {
    @Sendable func texts(from start: Int) -> NewMembers.Texts {
      var texts = NewMembers.Texts()
      for row in rows[start..<min(start + Self.pieceSize, rows.count)] {
        texts.append { text(row, &$0) }
      }
      return texts
    }
    let size = Self.pieceSize
    var pieces = MadeAhead(count: (rows.count + size - 1) / size) { texts(from: $0 * size) }
    var start = 0
    while let piece = pieces.next() {
      let end = min(start + size, rows.count)
      for place in start..<end { try body(rows[place], piece[place - start]) }
      start = end
    }
  }

  private static let pieceSize = 4096

  private func place(of row: Row) -> Int {
    creates.range.lowerBound + Int(row.ordinal - firstOrdinal)
  }

  // MARK: - Order

  private func unsortedIDs() -> [Row] {
    var rows: [Row] = []
    rows.reserveCapacity(creates.range.count)
    var text: [UInt8] = []
    for (number, place) in creates.range.enumerated() {
      text.removeAll(keepingCapacity: true)
      creates.operations[place].subjectID.append(to: &text)
      rows.append(Self.row(text[...], firstOrdinal + UInt32(number)))
    }
    return rows
  }

  private func unsortedKeys(table: Int) -> [Row] {
    var rows: [Row] = []
    rows.reserveCapacity(creates.range.count)
    for (number, place) in creates.range.enumerated() {
      guard let value = creates.image(at: place)[kinds[table - 1].id], !value.isEmpty else {
        continue
      }
      rows.append(Self.row(value, firstOrdinal + UInt32(number)))
    }
    return rows
  }

  private func sort(_ rows: inout [Row], table: Int) {
    rows.sort { left, right in
      if left.prefix != right.prefix { return left.prefix < right.prefix }
      if left.further != right.further { return left.further < right.further }
      return precedes(left, right, table: table)
    }
  }

  private static func row(_ value: ArraySlice<UInt8>, _ ordinal: UInt32) -> Row {
    var words: (first: UInt64, second: UInt64) = (0, 0)
    for place in 0..<16 {
      let index = value.startIndex + place
      let byte = index < value.endIndex ? UInt64(value[index].asciiFolded) : 0
      if place < 8 {
        words.first = words.first << 8 | byte
      } else {
        words.second = words.second << 8 | byte
      }
    }
    return Row(prefix: words.first, further: words.second, ordinal: ordinal)
  }

  /// Compares whole values, then whose they are.
  private func precedes(_ left: Row, _ right: Row, table: Int) -> Bool {
    if table == 0 {
      let (one, other) = (
        creates.operations[place(of: left)].subjectID,
        creates.operations[place(of: right)].subjectID
      )
      return one == other ? left.ordinal < right.ordinal : one < other
    }
    let id = kinds[table - 1].id
    let one = creates.image(at: place(of: left))[id] ?? []
    let other = creates.image(at: place(of: right))[id] ?? []
    var index = 0
    while index < one.count, index < other.count {
      let byte = one[one.startIndex + index].asciiFolded
      let otherByte = other[other.startIndex + index].asciiFolded
      if byte != otherByte { return byte < otherByte }
      index += 1
    }
    return (one.count, left.ordinal) < (other.count, right.ordinal)
  }
}
