import Identity
package import PlanFile
import Scanning

/// The table `member_name` inside a transaction: pages are written when another one is turned to.
///
/// ```
/// try names.set(id, userName, of: 770)     the page of 770 is at hand now
/// try names.flush()                        before the commit
/// ```
final class MemberNames {
  static let table =
    "CREATE TABLE member_name (page INTEGER PRIMARY KEY, texts BLOB NOT NULL) STRICT"

  private let statements: StatementCache
  private let reader = ResourceReader(attributes: MemberNames.idAndUserName)
  /// The page at hand; -1 for none.
  private var number = -1
  private var page = MemberNamePage()
  private var isChanged = false

  /// The id comes first.
  private static let idAndUserName = AttributeSet(
    StateQueries.idAlone.attributes + [ManagedAttribute(path: .userName)])

  init(_ statements: StatementCache) {
    self.statements = statements
  }

  /// Notes what a member is called, by the text of its resource; false where that is damaged.
  func set(_ resource: [UInt8], of ordinal: UInt32) throws(StoreFailure) -> Bool {
    guard let text = text(ofResource: resource.span) else { return false }
    try set(text.span, of: ordinal)
    return true
  }

  /// The same by a text as `MemberNamePage` has it.
  func set(_ text: Span<UInt8>, of ordinal: UInt32) throws(StoreFailure) {
    try turn(to: MemberIndexPage.number(ofOrdinal: ordinal))
    page.set(MemberIndexPage.place(ofOrdinal: ordinal), to: text)
    isChanged = true
  }

  /// Leaves nothing of a member behind.
  func remove(_ ordinal: UInt32) throws(StoreFailure) {
    try set([UInt8]().span, of: ordinal)
  }

  /// What a page should have for the member with this resource: nothing where that has no id; nil where it is damaged.
  func text(ofResource resource: Span<UInt8>) -> [UInt8]? {
    do {
      var id: ResourceID?
      var text: [UInt8] = []
      try reader.forEachValue(in: resource) { attribute, value in
        if attribute.index == 0 {
          id = ResourceID(value)
        } else if let id {
          MemberNamePage.append(id: id, name: value, to: &text)
        }
      }
      if text.isEmpty, let id {
        MemberNamePage.append(id: id, name: [UInt8]().span, to: &text)
      }
      return text
    } catch {
      return nil
    }
  }

  private func turn(to number: Int) throws(StoreFailure) {
    guard number != self.number else { return }
    try flush()
    page = try stored(number) ?? MemberNamePage()
    self.number = number
  }

  /// A page as it is stored; nil where there is none.
  func stored(_ number: Int) throws(StoreFailure) -> MemberNamePage? {
    let row = try statements("SELECT texts FROM member_name WHERE page = ?")
      .bind(number, at: 1).first { row in row.withBytes(0) { MemberNamePage($0) } }
    guard let row else { return nil }
    guard let page = row else { throw .damagedNames(number, path: statements.connection.path) }
    return page
  }

  /// Writes the page at hand; one without members is no row.
  func flush() throws(StoreFailure) {
    guard isChanged else { return }
    if page.isEmpty {
      try statements("DELETE FROM member_name WHERE page = ?").bind(number, at: 1).run()
    } else {
      try statements("INSERT OR REPLACE INTO member_name VALUES (?, ?)")
        .bind(number, at: 1).bind(page.bytes, at: 2).run()
    }
    isChanged = false
  }

  // MARK: All members

  /// Makes the table of the resources: the seventh step of the schema.
  static func pack(_ connection: SQLConnection) throws(StoreFailure) {
    try connection.execute(table)
    let statements = StatementCache(connection)
    let names = MemberNames(statements)
    let rows = try statements("SELECT ordinal, resource FROM member ORDER BY ordinal")
    defer { rows.reset() }
    while try rows.next() {
      guard let ordinal = UInt32(exactly: rows.integer(0)),
        try names.set(rows.bytes(1), of: ordinal)
      else {
        throw StoreFailure(
          .corrupt(detail: "the resource of member \(rows.integer(0)) is damaged"),
          path: connection.path)
      }
    }
    try names.flush()
  }

  /// The first member who is not called here what the resource says, in words; nil where there is none.
  func breach() throws(StoreFailure) -> String? {
    let rows = try statements("SELECT ordinal, resource FROM member ORDER BY ordinal")
    defer { rows.reset() }
    var members = 0
    while try rows.next() {
      members += 1
      guard let ordinal = UInt32(exactly: rows.integer(0)) else {
        return "member \(rows.integer(0)) has a number that no member has"
      }
      try turn(to: MemberIndexPage.number(ofOrdinal: ordinal))
      let known = page[MemberIndexPage.place(ofOrdinal: ordinal)]
      let said = rows.withBytes(1) { text(ofResource: $0) }
      guard let said, known.elementsEqual(said) else {
        return "member \(ordinal) is not called the same wherever names are kept"
      }
    }
    let numbers = try statements("SELECT page FROM member_name").all { $0.integer(0) }
    var named = 0
    for number in numbers { named += try stored(number)?.count ?? 0 }
    return named == members ? nil : "\(named - members) names are nobody's"
  }
}

extension StateQueries {
  /// What some members are called, in the order of their ordinals, which must ascend.
  func subjects(
    ofMembers ordinals: ArraySlice<UInt32>, byUserName: Bool
  ) throws(StoreFailure) -> SubjectColumn {
    var subjects = SubjectColumn()
    let statement = try statements("SELECT texts FROM member_name WHERE page = ?")
    var rest = ordinals
    while let first = rest.first {
      let number = MemberIndexPage.number(ofOrdinal: first)
      let own = rest.prefix { MemberIndexPage.number(ofOrdinal: $0) == number }
      rest = rest[own.endIndex...]
      let before = subjects.count
      _ = try statement.bind(number, at: 1).first { row in
        row.withBytes(0) { page in
          for ordinal in own {
            let place = MemberIndexPage.place(ofOrdinal: ordinal)
            guard
              MemberNamePage.addSubject(at: place, in: page, byUserName: byUserName, to: &subjects)
            else { return }
          }
        }
      }
      guard subjects.count == before + own.count else {
        throw .damagedNames(number, path: statements.connection.path)
      }
    }
    return subjects
  }
}

extension StateStore {
  /// What some members are called, in the order of their ordinals, which must ascend; a page of names is read for some of
  /// its members, and no resource.
  ///
  /// Who has no user name, or is not to be called by it, is called by the id. Throws `corrupt` for an ordinal that no
  /// member has.
  package func subjects(
    ofMembers ordinals: [UInt32], byUserName: Bool = true, threads: Int? = nil
  ) throws(StoreFailure) -> SubjectColumn {
    let pieceSize = 1024
    let count = (ordinals.count + pieceSize - 1) / pieceSize
    let parts = try parallel(threads).run(pieces: count) {
      connection, pieces throws(StoreFailure) in
      let queries = StateQueries(StatementCache(connection))
      var parts: [(number: Int, part: SubjectColumn)] = []
      while let number = pieces.next() {
        let piece = ordinals[number * pieceSize..<min((number + 1) * pieceSize, ordinals.count)]
        parts.append((number, try queries.subjects(ofMembers: piece, byUserName: byUserName)))
      }
      return parts
    }
    var subjects = SubjectColumn()
    for part in parts { subjects.append(contentsOf: part) }
    return subjects
  }
}

extension StoreFailure {
  fileprivate static func damagedNames(_ number: Int, path: String) -> StoreFailure {
    StoreFailure(.corrupt(detail: "page \(number) of the names of members is damaged"), path: path)
  }
}
