package import Identity
import Scanning

extension StateTransaction {
  // MARK: Look-ups, which see all that this transaction has done

  package func teams() throws(StoreFailure) -> [CurrentTeam] {
    try lookUp(seeingMemberships: true) { queries throws(StoreFailure) in try queries.teams() }
  }

  package func team(_ ordinal: UInt32) throws(StoreFailure) -> CurrentTeam? {
    try lookUp(seeingMemberships: true) { queries throws(StoreFailure) in
      try queries.team(ordinal)
    }
  }

  package func ordinal(ofTeam id: ResourceID) throws(StoreFailure) -> UInt32? {
    try lookUp { queries throws(StoreFailure) in try queries.ordinal(ofTeam: id) }
  }

  /// The team with an id, or nil when there is none.
  package func team(_ id: ResourceID) throws(StoreFailure) -> CurrentTeam? {
    guard let ordinal = try ordinal(ofTeam: id) else { return nil }
    return try team(ordinal)
  }

  /// One membership, or nil when the member is not in the team.
  package func edge(team: UInt32, member: UInt32) throws(StoreFailure) -> CurrentEdge? {
    try lookUp(seeingMemberships: true) { queries throws(StoreFailure) in
      try queries.edge(team: team, member: member)
    }
  }

  package func edges(ofTeam team: UInt32) throws(StoreFailure) -> [CurrentEdge] {
    try lookUp(seeingMemberships: true) { queries throws(StoreFailure) in
      try queries.edges(ofTeam: team)
    }
  }

  package func teams(ofMember member: UInt32) throws(StoreFailure) -> [TeamEdge] {
    try lookUp(seeingMemberships: true) { queries throws(StoreFailure) in
      try queries.teams(ofMember: member)
    }
  }

  // MARK: Changes

  /// Adds a team without members and returns its ordinal.
  ///
  /// The document must have an `id`.
  @discardableResult
  package func insertTeam(
    _ document: ResourceDocument, owners: ExportSet, claims: ExportSet = []
  ) throws(StoreFailure) -> UInt32 {
    try attempt { () throws(StoreFailure) in
      guard let id = document.root["id"]?.text else {
        throw failure(.corrupt(detail: "a new team has no id"))
      }
      let ordinal = nextTeam
      nextTeam += 1
      try statements("INSERT INTO team VALUES (?, ?)")
        .bind(ordinal, at: 1).bind(text: document.canonicalBytes, at: 2).run()
      try addTeamID(id, ordinal)
      try statements("INSERT INTO team_index VALUES (?, ?, ?, ?, 0)")
        .bind(ordinal, at: 1).bind(owners.stored, at: 2).bind(claims.stored, at: 3)
        .bind(Fingerprint.zero.storedBytes, at: 4).run()
      return UInt32(ordinal)
    }
  }

  private func addTeamID(_ id: String, _ ordinal: Int) throws(StoreFailure) {
    do {
      try statements("INSERT INTO team_id VALUES (?, ?)").bind(id, at: 1).bind(ordinal, at: 2).run()
    } catch {
      guard error.isConstraint else { throw error }
      throw failure(.duplicateID(ResourceID(id)))
    }
  }

  /// Puts a new document in the place of a team's.
  ///
  /// Its id must stay.
  package func updateTeam(
    _ ordinal: UInt32, to document: ResourceDocument
  ) throws(StoreFailure) {
    try attempt { () throws(StoreFailure) in
      let before = try existingTeam(ordinal)
      guard document.root["id"]?.text == before.resource.id.description else {
        throw failure(.corrupt(detail: "the id of team \(ordinal) would change"))
      }
      try statements("UPDATE team SET resource = ? WHERE ordinal = ?")
        .bind(text: document.canonicalBytes, at: 1).bind(Int(ordinal), at: 2).run()
    }
  }

  /// Removes a team with all its memberships; its id is never given out again.
  package func deleteTeam(_ ordinal: UInt32) throws(StoreFailure) {
    try attempt { () throws(StoreFailure) in
      try flush()
      let team = try existingTeam(ordinal)
      let queries = StateQueries(statements)
      for edge in try queries.edges(ofTeam: ordinal) {
        try statements("DELETE FROM membership WHERE member = ? AND team = ?")
          .bind(Int(edge.member), at: 1).bind(Int(ordinal), at: 2).run()
      }
      try queries.write(TeamMembers(), ofTeam: ordinal)
      for table in ["team", "team_index"] {
        try statements("DELETE FROM \(table) WHERE ordinal = ?").bind(Int(ordinal), at: 1).run()
      }
      let id = team.resource.id.description
      try statements("DELETE FROM team_id WHERE id = ?").bind(id, at: 1).run()
      try statements("INSERT INTO tombstone VALUES (?, ?)")
        .bind(id, at: 1).bind(openRun?.number, at: 2).run()
    }
  }

  /// Makes exports owners of a team, or claimants of its memberships, beside those it has.
  package func addOwners(
    _ owners: ExportSet, claims: ExportSet = [], toTeam ordinal: UInt32
  ) throws(StoreFailure) {
    try attempt { () throws(StoreFailure) in
      try statements(
        "UPDATE team_index SET owners = owners | ?, claims = claims | ? WHERE ordinal = ?"
      )
      .bind(owners.stored, at: 1).bind(claims.stored, at: 2).bind(Int(ordinal), at: 3).run()
    }
  }

  /// Adds a membership; for one that is there, the write fails with `membershipExists` at its end.
  ///
  /// It is ours when Rollcall adds it, and not when Rollcall only takes note of it.
  package func addMembership(
    team: UInt32, member: UInt32, isOurs: Bool = true
  ) throws(StoreFailure) {
    try attempt { () throws(StoreFailure) in
      pendingEdges.add(team: team, member: member, isOurs: isOurs)
    }
  }

  /// Takes a membership away; throws `membershipMissing` for one that is not there.
  package func removeMembership(team: UInt32, member: UInt32) throws(StoreFailure) {
    try attempt { () throws(StoreFailure) in
      // Its team may wait to hear of it; a row that is still to be added may not.
      if pendingEdges.hasRows { try pendingEdges.write(to: statements) }
      try statements("DELETE FROM membership WHERE member = ? AND team = ?")
        .bind(Int(member), at: 1).bind(Int(team), at: 2).run()
      guard statements.connection.changedRows == 1 else {
        throw failure(.membershipMissing(team: team, member: member))
      }
      pendingEdges.noteRemoved(team: team, member: member)
    }
  }

  private func existingTeam(_ ordinal: UInt32) throws(StoreFailure) -> CurrentTeam {
    guard let team = try StateQueries(statements).team(ordinal) else {
      throw failure(.corrupt(detail: "there is no team \(ordinal)"))
    }
    return team
  }
}
