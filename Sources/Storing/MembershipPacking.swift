import Identity

/// The fourth step of the schema: `membership` stood by team, and stands by member; the members of each team are packed.
///
/// ```
/// before  membership by team, member         and an index of member
/// after   membership by member, team         team_members: team │ members, as `TeamMembers` draws
/// ```
enum MembershipPacking {
  private static let tables = """
    CREATE TABLE membership (
      team INTEGER NOT NULL, member INTEGER NOT NULL, ours INTEGER NOT NULL,
      PRIMARY KEY (member, team)) STRICT, WITHOUT ROWID;
    CREATE TABLE team_members (team INTEGER PRIMARY KEY, members BLOB NOT NULL) STRICT
    """

  /// Packs all memberships, in the migration's own transaction.
  static func pack(_ connection: SQLConnection) throws(StoreFailure) {
    try connection.execute(
      """
      DROP INDEX membership_of_member;
      ALTER TABLE membership RENAME TO membership_by_team;
      \(tables);
      INSERT INTO membership SELECT team, member, ours FROM membership_by_team ORDER BY member, team
      """)
    try packTeams(StatementCache(connection))
    try connection.execute("DROP TABLE membership_by_team")
  }

  private static func packTeams(_ statements: StatementCache) throws(StoreFailure) {
    let queries = StateQueries(statements)
    let rows = try statements(
      "SELECT team, member, ours FROM membership_by_team ORDER BY team, member")
    defer { rows.reset() }
    var current: (team: UInt32, edges: [CurrentEdge])?
    while try rows.next() {
      guard let team = UInt32(exactly: rows.integer(0)),
        let member = UInt32(exactly: rows.integer(1)), member < TeamMembers.limit
      else {
        throw StoreFailure(
          .corrupt(detail: "the membership of member \(rows.integer(1)) is damaged"),
          path: statements.connection.path)
      }
      if let filled = current, filled.team != team {
        try queries.write(TeamMembers(filled.edges), ofTeam: filled.team)
        current = nil
      }
      var edges = current?.edges ?? []
      current = nil
      edges.append(CurrentEdge(member: member, isOurs: rows.integer(2) != 0))
      current = (team, edges)
    }
    if let current { try queries.write(TeamMembers(current.edges), ofTeam: current.team) }
  }
}
