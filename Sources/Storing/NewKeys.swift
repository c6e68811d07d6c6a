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
/// values themselves are not copied, which took 128 MB for two keys until they were written: four bytes say where each
/// stands in its image (`NewValues`).
struct NewKeys: Sendable {
  private let creates: MemberCreates
  private let kinds: [MatchKey]
  private let firstOrdinal: UInt32
  /// By kind.
  private var values: [NewValues]

  init(_ creates: MemberCreates, kinds: [MatchKey], firstOrdinal: UInt32) {
    self.creates = creates
    self.kinds = kinds
    self.firstOrdinal = firstOrdinal
    values = kinds.map { NewValues(creates, key: $0) }
  }

  /// Takes the next members.
  mutating func append(_ block: NewMembers) {
    for kind in kinds.indices { values[kind].append(block.spots[kind]) }
  }

  /// The rows of table 0, sorted on another thread.
  struct SortedIDs: Sendable {
    var rows: [LeadingLetters] = []
    /// Whether the letters are the whole of every id.
    var areUUIDs = true
  }

  /// The rows of table 0 in its order, sorted on another thread.
  func sortedIDs() -> Prepared<SortedIDs> {
    Prepared { [creates] in
      let places = creates.range
      var sorted = SortedIDs()
      sorted.rows.reserveCapacity(places.count)
      // The bytes of UUIDs are in the order of their texts.
      for (number, place) in places.enumerated() {
        guard let (high, low) = creates.id(at: place).halves else {
          sorted.areUUIDs = false
          break
        }
        sorted.rows.append(LeadingLetters(first: high, second: low, place: number))
      }
      if !sorted.areUUIDs {
        sorted.rows = places.enumerated().map { number, place in
          let text = Array(creates.id(at: place).description.utf8)
          return LeadingLetters(of: text.span, place: number)
        }
      }
      sorted.rows.putInOrderInPlace()
      sorted.rows.sortTies { left, right in
        let one = creates.id(at: places.lowerBound + Int(left.place))
        let other = creates.id(at: places.lowerBound + Int(right.place))
        return one == other ? left.place < right.place : one < other
      }
      return sorted
    }
  }

  private func sortedKeys(kind: Int) -> Prepared<[LeadingLetters]> {
    let values = values[kind]
    return Prepared {
      var rows: [LeadingLetters] = []
      rows.reserveCapacity(values.count)
      values.each { number, value in
        if !value.isEmpty { rows.append(LeadingLetters(folding: value, place: number)) }
      }
      rows.putInOrderInPlace()
      rows.sortTies { values.precedes(Int($0.place), Int($1.place)) }
      return rows
    }
  }

  /// Writes all tables; `first` is what `sortedIDs` has come to.
  mutating func write(
    to statements: StatementCache, first: Prepared<SortedIDs>
  ) throws(StoreFailure) {
    let ids = first.take()
    var next = kinds.isEmpty ? nil : sortedKeys(kind: 0)
    try writeIDs(ids, to: statements)
    for kind in kinds.indices {
      let rows = next?.take() ?? []
      next = kind + 1 < kinds.count ? sortedKeys(kind: kind + 1) : nil
      try writeKeys(rows, kind: kind, to: statements)
      values[kind] = NewValues(creates, key: kinds[kind])
    }
  }

  private func writeIDs(
    _ ids: SortedIDs, to statements: StatementCache
  ) throws(StoreFailure) {
    let add = try OrderedInsert(
      statements, into: "member_id", OrderedInsert.Shape(columns: 2, text: 1, ordinal: 2))
    let (creates, areUUIDs) = (creates, ids.areUUIDs)
    try eachPiece(
      of: ids.rows,
      texts: { rows, texts in
        for row in rows {
          texts.append { text in
            if areUUIDs {
              ResourceID(high: row.first, low: row.second).append(to: &text)
            } else {
              creates.id(at: creates.range.lowerBound + Int(row.place)).append(to: &text)
            }
          }
        }
      }
    ) { rows, texts throws(StoreFailure) in
      do throws(StoreFailure) {
        try add.insert(texts) { ordinal(of: rows[rows.startIndex + $0]) }
      } catch {
        guard error.isConstraint else { throw error }
        throw try duplicate(of: rows, statements) ?? error
      }
    }
  }

  /// The first of the ids that somebody else has already.
  private func duplicate(
    of rows: ArraySlice<LeadingLetters>, _ statements: StatementCache
  ) throws(StoreFailure) -> StoreFailure? {
    let queries = StateQueries(statements)
    for row in rows {
      let id = creates.id(at: creates.range.lowerBound + Int(row.place))
      guard try queries.ordinal(ofMember: id).map(Int.init) != ordinal(of: row) else { continue }
      return StoreFailure(.duplicateID(id), path: statements.connection.path)
    }
    return nil
  }

  private func writeKeys(
    _ rows: [LeadingLetters], kind: Int, to statements: StatementCache
  ) throws(StoreFailure) {
    let add = try OrderedInsert(
      statements, into: "member_key",
      OrderedInsert.Shape(columns: 3, text: 2, ordinal: 3, form: .blob, constant: (1, kind)))
    let values = values[kind]
    try eachPiece(of: rows, texts: { values.add($0, to: &$1) }) {
      rows, texts throws(StoreFailure) in
      try add.insert(texts) { ordinal(of: rows[rows.startIndex + $0]) }
    }
  }

  private func ordinal(of row: LeadingLetters) -> Int { Int(firstOrdinal) + Int(row.place) }

  /// Calls `body` with some thousand rows at a time and their texts.
  ///
  /// Rows in the order of a key lie all over the memory of values; another thread fetches them, one piece ahead.
  private func eachPiece(
    of rows: [LeadingLetters],
    texts: @escaping @Sendable (ArraySlice<LeadingLetters>, inout NewMembers.Texts) -> Void,
    _ body: (ArraySlice<LeadingLetters>, NewMembers.Texts) throws(StoreFailure) -> Void
  ) throws(StoreFailure) {
    let size = Self.pieceSize
    var pieces = MadeAhead(count: (rows.count + size - 1) / size) { number in
      var piece = NewMembers.Texts()
      texts(rows[number * size..<min((number + 1) * size, rows.count)], &piece)
      return piece
    }
    var start = 0
    while let piece = pieces.next() {
      let end = min(start + size, rows.count)
      try body(rows[start..<end], piece)
      start = end
    }
  }

  private static let pieceSize = 4096
}
