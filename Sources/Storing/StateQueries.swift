import Identity
import Scanning

/// The look-ups that stores and transactions have in common.
struct StateQueries {
  let statements: StatementCache

  init(_ statements: StatementCache) {
    self.statements = statements
  }

  private func damaged(_ what: String) -> StoreFailure {
    StoreFailure(.corrupt(detail: what), path: statements.connection.path)
  }

  // MARK: Members

  func text(ofMember ordinal: UInt32) throws(StoreFailure) -> [UInt8] {
    let text = try statements("SELECT resource FROM member WHERE ordinal = ?")
      .bind(Int(ordinal), at: 1).first { $0.bytes(0) }
    guard let text else { throw damaged("there is no member \(ordinal)") }
    return text
  }

  func resource(ofMember ordinal: UInt32) throws(StoreFailure) -> CurrentResource {
    try resource(ordinal, try text(ofMember: ordinal), "member")
  }

  private func resource(
    _ ordinal: UInt32, _ text: [UInt8], _ kind: String
  ) throws(StoreFailure) -> CurrentResource {
    guard let document = try? ResourceDocument(parsing: text),
      let id = document.root["id"]?.text
    else { throw damaged("the resource of \(kind) \(ordinal) is damaged") }
    return CurrentResource(ordinal: ordinal, id: ResourceID(id), document: document)
  }

  func values(
    ofMembers ordinals: ArraySlice<UInt32>, with reader: IdentifiedValues
  ) throws(StoreFailure) -> [MemberValues] {
    let statement = try statements("SELECT resource FROM member WHERE ordinal = ?")
    var found: [MemberValues] = []
    found.reserveCapacity(ordinals.count)
    for ordinal in ordinals {
      let values = try statement.bind(Int(ordinal), at: 1).first { row in
        row.withBytes(0) { reader.values(in: $0) }
      }
      guard case (let id, let image)?? = values else {
        throw damaged("the resource of member \(ordinal) is missing or damaged")
      }
      found.append(MemberValues(ordinal: ordinal, id: id, image: image))
    }
    return found
  }

  static let idAlone = AttributeSet([
    ManagedAttribute(path: AttributePath(attribute: "id"))
  ])

  func member(_ ordinal: UInt32) throws(StoreFailure) -> CurrentMember? {
    try statements("SELECT ordinal, resource FROM member WHERE ordinal = ?")
      .bind(Int(ordinal), at: 1).first { row throws(StoreFailure) in try member(row) }
  }

  func members(above ordinal: Int, limit: Int) throws(StoreFailure) -> [CurrentMember] {
    try statements("SELECT ordinal, resource FROM member WHERE ordinal > ? ORDER BY 1 LIMIT ?")
      .bind(ordinal, at: 1).bind(limit, at: 2)
      .all { row throws(StoreFailure) in try member(row) }
  }

  private func member(_ row: SQLStatement) throws(StoreFailure) -> CurrentMember {
    // An ordinal that is cut would be found below the last one, over and over.
    guard let ordinal = UInt32(exactly: row.integer(0)),
      let entry = try indexEntry(ofMember: ordinal)
    else {
      throw damaged("member \(row.integer(0)) is not in the index")
    }
    return CurrentMember(
      resource: try resource(ordinal, row.bytes(1), "member"), standing: entry.standing,
      owners: entry.owners, fingerprint: entry.fingerprint)
  }

  /// What `member_index` knows of a member, or nil where it knows none.
  private func indexEntry(
    ofMember ordinal: UInt32
  ) throws(StoreFailure) -> MemberIndexPage.Entry? {
    let number = MemberIndexPage.number(ofOrdinal: ordinal)
    let statement = try statements("SELECT entries FROM member_index WHERE page = ?")
    return try statement.bind(number, at: 1).first { row throws(StoreFailure) in
      try row.withBytes(0) { page throws(StoreFailure) in
        guard let keyCount = MemberIndexPage.keyCount(byteCount: page.count) else {
          throw .damagedPage(number, path: statements.connection.path)
        }
        return MemberIndexPage.entry(
          at: MemberIndexPage.place(ofOrdinal: ordinal), in: page, keyCount: keyCount)
      }
    } ?? nil
  }

  func ordinal(ofMember id: ResourceID) throws(StoreFailure) -> UInt32? {
    try statements("SELECT ordinal FROM member_id WHERE id = ?").bind(id.description, at: 1)
      .first { UInt32(truncatingIfNeeded: $0.integer(0)) }
  }

  func members(holding value: [UInt8], at path: AttributePath) throws(StoreFailure) -> [UInt32] {
    let kind = try statements("SELECT number FROM key_kind WHERE path = ?")
      .bind(path.description, at: 1).first { $0.integer(0) }
    guard let kind else { throw StoreFailure(.notAKey(path), path: statements.connection.path) }
    return try members(holding: value, kind: kind)
  }

  func members(holding value: [UInt8], kind: Int) throws(StoreFailure) -> [UInt32] {
    try statements("SELECT ordinal FROM member_key WHERE kind = ? AND value = ? ORDER BY ordinal")
      .bind(kind, at: 1).bind(MatchKeyText.folded(value), at: 2)
      .all { UInt32(truncatingIfNeeded: $0.integer(0)) }
  }

  // MARK: Teams and memberships

  private static let teamColumns = """
    SELECT team.ordinal, resource, owners, claims, edge_fingerprint, edge_count
    FROM team JOIN team_index USING (ordinal)
    """

  func teams() throws(StoreFailure) -> [CurrentTeam] {
    try statements(Self.teamColumns + " ORDER BY 1")
      .all { row throws(StoreFailure) in try team(row) }
  }

  /// The teams with some ordinals, in their order.
  func teams<Part>(
    _ ordinals: ClosedRange<Int>, with reader: IdentifiedValues,
    _ make: (TeamFacts, AttributeImage) -> Part
  ) throws(StoreFailure) -> [Part] {
    try statements(Self.teamColumns + " WHERE team.ordinal BETWEEN ? AND ? ORDER BY 1")
      .bind(ordinals.lowerBound, at: 1).bind(ordinals.upperBound, at: 2)
      .all { row throws(StoreFailure) in
        let ordinal = UInt32(truncatingIfNeeded: row.integer(0))
        guard let (id, image) = row.withBytes(1, { reader.values(in: $0) }) else {
          throw damaged("the resource of team \(ordinal) is damaged")
        }
        return make(try facts(of: id, ordinal, row), image)
      }
  }

  /// The first ordinal of a team and the last; nil where there is no team.
  func teamOrdinals() throws(StoreFailure) -> ClosedRange<Int>? {
    let bounds = try statements(
      "SELECT (SELECT min(ordinal) FROM team), (SELECT max(ordinal) FROM team)"
    ).first { $0.isNull(0) ? nil : ($0.integer(0), $0.integer(1)) }
    guard case (let first, let last)?? = bounds else { return nil }
    guard first >= 0, last <= Int(UInt32.max) else {
      throw damaged("team \(first < 0 ? first : last) has a number that no team has")
    }
    return first...last
  }

  func team(_ ordinal: UInt32) throws(StoreFailure) -> CurrentTeam? {
    try statements(Self.teamColumns + " WHERE team.ordinal = ?").bind(Int(ordinal), at: 1)
      .first { row throws(StoreFailure) in try team(row) }
  }

  private func team(_ row: SQLStatement) throws(StoreFailure) -> CurrentTeam {
    let ordinal = UInt32(truncatingIfNeeded: row.integer(0))
    let resource = try resource(ordinal, row.bytes(1), "team")
    let facts = try facts(of: resource.id, ordinal, row)
    return CurrentTeam(
      resource: resource, owners: facts.owners, claims: facts.claims,
      edgeFingerprint: facts.edgeFingerprint, edgeCount: facts.edgeCount)
  }

  private func facts(
    of id: ResourceID, _ ordinal: UInt32, _ row: SQLStatement
  ) throws(StoreFailure) -> TeamFacts {
    guard let fingerprint = Fingerprint(storedBytes: row.bytes(4)) else {
      throw damaged("the index of team \(ordinal) is damaged")
    }
    return TeamFacts(
      ordinal: ordinal, id: id, owners: row.exports(2), claims: row.exports(3),
      edgeFingerprint: fingerprint, edgeCount: row.integer(5))
  }

  func ordinal(ofTeam id: ResourceID) throws(StoreFailure) -> UInt32? {
    try statements("SELECT ordinal FROM team_id WHERE id = ?").bind(id.description, at: 1)
      .first { UInt32(truncatingIfNeeded: $0.integer(0)) }
  }

  func edges(ofTeam team: UInt32) throws(StoreFailure) -> [CurrentEdge] {
    try members(ofTeam: team).edges
  }

  func edge(team: UInt32, member: UInt32) throws(StoreFailure) -> CurrentEdge? {
    try statements("SELECT ours FROM membership WHERE member = ? AND team = ?")
      .bind(Int(member), at: 1).bind(Int(team), at: 2)
      .first { CurrentEdge(member: member, isOurs: $0.integer(0) != 0) }
  }

  func teams(ofMember member: UInt32) throws(StoreFailure) -> [TeamEdge] {
    try statements("SELECT team, ours FROM membership WHERE member = ? ORDER BY team")
      .bind(Int(member), at: 1)
      .all { TeamEdge(team: UInt32(truncatingIfNeeded: $0.integer(0)), isOurs: $0.integer(1) != 0) }
  }
}

extension SQLStatement {
  /// A column of export bits; SQLite's integers are signed, the bits are not.
  func exports(_ column: Int32) -> ExportSet {
    ExportSet(rawValue: UInt64(bitPattern: Int64(integer(column))))
  }
}

extension ExportSet {
  /// As SQLite stores it.
  var stored: Int { Int(Int64(bitPattern: rawValue)) }
}
