import Identity
import Scanning

/// Rows of `member_id` and `member_key` that are still to be written, in one piece of memory.
///
/// ```
/// bytes  1f0e…a2  ann@contoso.com  e1001  │  rows  (id, 0..<36, member 7) (kind 0, 36..<51, member 7) …
/// ```
///
/// A B-tree takes a million rows in its own order several times as fast as in any other, because each page
/// is filled once and then left alone.
struct PendingKeys {
  /// 24 bytes; a million members with three keys have four million of them.
  private struct Row {
    /// The first eight bytes as a number that sorts as they do; settles nearly all comparisons.
    let prefix: UInt64
    let start: UInt32
    let count: UInt32
    let ordinal: UInt32
    /// The table: -1 for `member_id`, else the kind of the key.
    let kind: Int32

    var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
  }

  private static let idKind: Int32 = -1
  /// Rows kept before they are written anyway, to bound memory.
  private static let rowLimit = 8_000_000
  private static let byteLimit = 1 << 30

  private var bytes: [UInt8] = []
  private var rows: [Row] = []

  var isEmpty: Bool { rows.isEmpty }
  var isFull: Bool { rows.count >= Self.rowLimit || bytes.count >= Self.byteLimit }

  mutating func add(id: ResourceID, ordinal: UInt32) {
    let start = bytes.count
    bytes += id.description.utf8
    addRow(from: start, kind: Self.idKind, ordinal: ordinal)
  }

  /// Adds the value of every kind that an image has, folded.
  mutating func add(_ image: AttributeImage, kinds: [MatchKey], ordinal: UInt32) {
    let values = image.bytes
    for entry in image.entries where !entry.range.isEmpty {
      for kind in kinds.indices where kinds[kind].id == entry.id {
        let start = bytes.count
        for index in entry.range { bytes.append(values[index].asciiFolded) }
        addRow(from: start, kind: Int32(kind), ordinal: ordinal)
      }
    }
  }

  /// Adds a row for the bytes that stand behind `start`.
  private mutating func addRow(from start: Int, kind: Int32, ordinal: UInt32) {
    let count = bytes.count - start
    var prefix: UInt64 = 0
    for index in 0..<8 {
      prefix = prefix << 8 | (index < count ? UInt64(bytes[start + index]) : 0)
    }
    rows.append(
      Row(
        prefix: prefix, start: UInt32(start), count: UInt32(count), ordinal: ordinal, kind: kind))
  }

  /// Writes all rows in the order of their tables and forgets them.
  mutating func write(to statements: StatementCache) throws(StoreFailure) {
    guard !rows.isEmpty else { return }
    let bytes = bytes
    rows.sort { Self.precedes($0, $1, bytes) }
    let addID = try statements("INSERT INTO member_id VALUES (?, ?)")
    let addKey = try statements("INSERT INTO member_key VALUES (?, ?, ?)")
    for row in rows {
      let value = bytes[row.range]
      if row.kind == Self.idKind {
        try Self.add(id: value, row.ordinal, with: addID)
      } else {
        try addKey.bind(Int(row.kind), at: 1).bind(value, at: 2).bind(Int(row.ordinal), at: 3).run()
      }
    }
    self = PendingKeys()
  }

  private static func add(
    id: ArraySlice<UInt8>, _ ordinal: UInt32, with statement: SQLStatement
  ) throws(StoreFailure) {
    do {
      try statement.bind(text: Array(id), at: 1).bind(Int(ordinal), at: 2).run()
    } catch {
      guard error.isConstraint else { throw error }
      let text = String(decoding: id, as: UTF8.self)
      throw StoreFailure(.duplicateID(ResourceID(text)), path: error.path)
    }
  }

  private static func precedes(_ left: Row, _ right: Row, _ bytes: [UInt8]) -> Bool {
    if left.kind != right.kind { return left.kind < right.kind }
    if left.prefix != right.prefix { return left.prefix < right.prefix }
    let (one, other) = (left.range, right.range)
    let shorter = min(one.count, other.count)
    var index = min(8, shorter)
    while index < shorter {
      let (byte, otherByte) = (bytes[one.lowerBound + index], bytes[other.lowerBound + index])
      if byte != otherByte { return byte < otherByte }
      index += 1
    }
    return (left.count, left.ordinal) < (right.count, right.ordinal)
  }
}

extension StoreFailure {
  /// Whether a rule of the schema was broken (SQLITE_CONSTRAINT).
  var isConstraint: Bool {
    guard case .database(let code, _) = problem else { return false }
    return code & 0xFF == 19
  }
}
