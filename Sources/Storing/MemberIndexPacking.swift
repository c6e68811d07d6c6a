import Identity
import Scanning

/// The second step of the schema: `member_index` had one row a member, and gets one a page.
///
/// ```
/// before  ordinal │ standing │ owners │ fingerprint │ keys
/// after   page │ entries                                      256 members, as `MemberIndexPage` draws
/// ```
enum MemberIndexPacking {
  static let pages =
    "CREATE TABLE member_index (page INTEGER PRIMARY KEY, entries BLOB NOT NULL) STRICT"

  /// Packs all members, in the migration's own transaction.
  static func pack(_ connection: SQLConnection) throws(StoreFailure) {
    try connection.execute("ALTER TABLE member_index RENAME TO member_row; \(pages)")
    try packRows(StatementCache(connection))
    try connection.execute("DROP TABLE member_row")
  }

  private static func packRows(_ statements: StatementCache) throws(StoreFailure) {
    let rows = try statements(
      "SELECT ordinal, standing, owners, fingerprint, keys FROM member_row ORDER BY ordinal")
    defer { rows.reset() }
    let index = MemberIndex(statements)
    var current: (number: Int, page: MemberIndexPage)?
    while try rows.next() {
      guard let ordinal = UInt32(exactly: rows.integer(0)), let entry = entry(of: rows) else {
        throw damaged(rows.integer(0), statements)
      }
      let number = MemberIndexPage.number(ofOrdinal: ordinal)
      if let filled = current, filled.number != number {
        try index.write(filled.page, number: filled.number)
        current = nil
      }
      var page = current?.page ?? MemberIndexPage(keyCount: entry.keyHashes.count)
      current = nil
      guard page.keyCount == entry.keyHashes.count else { throw damaged(Int(ordinal), statements) }
      page.set(MemberIndexPage.place(ofOrdinal: ordinal), to: entry)
      current = (number, page)
    }
    if let current { try index.write(current.page, number: current.number) }
  }

  private static func entry(of row: SQLStatement) -> MemberIndexPage.Entry? {
    let keys = row.bytes(4)
    guard let fingerprint = Fingerprint(storedBytes: row.bytes(3)), keys.count % 8 == 0,
      let standing = UInt8(exactly: row.integer(1)), standing < MemberIndexPage.presence
    else { return nil }
    return MemberIndexPage.Entry(
      standing: MemberStanding(rawValue: standing), owners: row.exports(2),
      fingerprint: fingerprint,
      keyHashes: stride(from: 0, to: keys.count, by: 8).map { start in
        keys[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
      })
  }

  private static func damaged(_ ordinal: Int, _ statements: StatementCache) -> StoreFailure {
    StoreFailure(
      .corrupt(detail: "the index of member \(ordinal) is damaged"),
      path: statements.connection.path)
  }
}
