import Identity
import PlanFile
import Scanning

/// The rows of `member_id` and `member_key` that a run of creates makes, sorted table by table.
///
/// ```
/// table 0   member_id      1f0e3c…  → member 7          rows hold the first 16 bytes of a value and whose it is;
/// table 1   member_key 0   e1001    → member 7          the few that agree in those are compared where the
/// table 2   member_key 1   ann@con… → member 7          values stand, all of one key one after the other
/// ```
///
/// A B-tree takes a million rows in its own order several times as fast as in any other. One table is sorted
/// while the one before is written, so the rows of two tables are in memory at a time: 48 MB for a million creates. The
/// values are copied once, while the image of their member is at hand: looking each of them up in its image again, in
/// the order of the key, took four times as long.
struct NewKeys: Sendable {
  private let creates: MemberCreates
  private let kinds: [MatchKey]
  private let firstOrdinal: UInt32
  /// The folded values of one kind, in the order of the creates; empty for none.
  private struct Column: Sendable {
    var blocks: [NewMembers.Texts] = []

    subscript(number: Int) -> ArraySlice<UInt8> {
      blocks[number / NewMembers.Maker.blockSize][number % NewMembers.Maker.blockSize]
    }
  }

  /// By kind.
  private var columns: [Column]

  init(_ creates: MemberCreates, kinds: [MatchKey], firstOrdinal: UInt32) {
    self.creates = creates
    self.kinds = kinds
    self.firstOrdinal = firstOrdinal
    columns = Array(repeating: Column(), count: kinds.count)
  }

  /// Takes the keys of the next members.
  mutating func append(_ block: NewMembers) {
    for kind in kinds.indices { columns[kind].blocks.append(block.keys[kind].trimmed) }
  }

  /// The rows of table 0 in its order, sorted on another thread.
  func sortedIDs() -> Prepared<[LeadingLetters]> {
    Prepared { [creates] in
      let places = creates.range
      // The bytes of UUIDs are in the order of their texts.
      let areUUIDs = places.allSatisfy { creates.id(at: $0).isUUID }
      var rows: [LeadingLetters] = []
      rows.reserveCapacity(places.count)
      for (number, place) in places.enumerated() {
        let id = creates.id(at: place)
        if areUUIDs, let (high, low) = id.halves {
          rows.append(LeadingLetters(first: high, second: low, place: number))
        } else {
          let text = Array(id.description.utf8)
          rows.append(LeadingLetters(of: text.span, place: number))
        }
      }
      rows.putInOrder()
      rows.sortTies { left, right in
        let one = creates.id(at: places.lowerBound + Int(left.place))
        let other = creates.id(at: places.lowerBound + Int(right.place))
        return one == other ? left.place < right.place : one < other
      }
      return rows
    }
  }

  private func sortedKeys(kind: Int) -> Prepared<[LeadingLetters]> {
    let (values, count) = (columns[kind], creates.range.count)
    return Prepared {
      var rows: [LeadingLetters] = []
      rows.reserveCapacity(count)
      for number in 0..<count {
        let value = values[number]
        if !value.isEmpty { rows.append(LeadingLetters(of: value.span, place: number)) }
      }
      rows.putInOrder()
      rows.sortTies { left, right in
        let (one, other) = (values[Int(left.place)], values[Int(right.place)])
        return one == other ? left.place < right.place : one.lexicographicallyPrecedes(other)
      }
      return rows
    }
  }

  /// Writes all tables; `first` is what `sortedIDs` has come to.
  mutating func write(
    to statements: StatementCache, first: Prepared<[LeadingLetters]>
  ) throws(StoreFailure) {
    var rows = first.take()
    for table in 0...kinds.count {
      let next = table < kinds.count ? sortedKeys(kind: table) : nil
      if table == 0 {
        try writeIDs(rows, to: statements)
      } else {
        try writeKeys(rows, kind: table - 1, to: statements)
        columns[table - 1] = Column()
      }
      rows = next?.take() ?? []
    }
  }

  private func writeIDs(
    _ rows: [LeadingLetters], to statements: StatementCache
  ) throws(StoreFailure) {
    let add = try statements("INSERT INTO member_id VALUES (?, ?)")
    let creates = creates
    try eachText(
      of: rows,
      text: { row, text in
        creates.id(at: creates.range.lowerBound + Int(row.place)).append(to: &text)
      }
    ) { row, text throws(StoreFailure) in
      do throws(StoreFailure) {
        try add.bind(text: text, at: 1).bind(ordinal(of: row), at: 2).run()
      } catch {
        guard error.isConstraint else { throw error }
        let id = creates.id(at: creates.range.lowerBound + Int(row.place))
        throw StoreFailure(.duplicateID(id), path: error.path)
      }
    }
  }

  private func writeKeys(
    _ rows: [LeadingLetters], kind: Int, to statements: StatementCache
  ) throws(StoreFailure) {
    let add = try statements("INSERT INTO member_key VALUES (?, ?, ?)")
    add.bind(kind, at: 1)
    let values = columns[kind]
    try eachText(of: rows, text: { row, text in text += values[Int(row.place)] }) {
      row, text throws(StoreFailure) in
      try add.bind(text, at: 2).bind(ordinal(of: row), at: 3).run()
    }
  }

  private func ordinal(of row: LeadingLetters) -> Int { Int(firstOrdinal) + Int(row.place) }

  /// Calls `body` with every row and its text.
  ///
  /// Rows in the order of a key lie all over the memory of values; another thread fetches them, some thousand ahead.
  private func eachText(
    of rows: [LeadingLetters], text: @escaping @Sendable (LeadingLetters, inout [UInt8]) -> Void,
    _ body: (LeadingLetters, ArraySlice<UInt8>) throws(StoreFailure) -> Void
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
}
