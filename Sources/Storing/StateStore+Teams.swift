package import Identity

extension StateStore {
  /// All teams, in the order of their ordinals.
  package func teams() throws(StoreFailure) -> [CurrentTeam] {
    try query { queries throws(StoreFailure) in try queries.teams() }
  }

  /// What `make` makes of each team and its managed values, in the order of their ordinals; much faster than documents.
  ///
  /// Up to `threads` threads read, all cores when nil.
  package func teams<Part: Sendable>(
    with attributes: AttributeSet, threads: Int?,
    _ make: @escaping @Sendable (TeamFacts, AttributeImage) -> Part
  ) throws(StoreFailure) -> [Part] {
    let ordinals = try query { queries throws(StoreFailure) in try queries.teamOrdinals() }
    guard let ordinals else { return [] }
    let size = max(ordinals.count / 32, 512)
    let starts = Array(stride(from: ordinals.lowerBound, through: ordinals.upperBound, by: size))
    let parts = try parallel(threads).run(pieces: starts.count) {
      connection, pieces throws(StoreFailure) in
      let queries = StateQueries(StatementCache(connection))
      let reader = IdentifiedValues(attributes)
      var parts: [(number: Int, part: [Part])] = []
      while let number = pieces.next() {
        let piece = starts[number]...starts[number] + size - 1
        parts.append((number, try queries.teams(piece, with: reader, make)))
      }
      return parts
    }
    return parts.flatMap { $0 }
  }

  package func team(_ ordinal: UInt32) throws(StoreFailure) -> CurrentTeam? {
    try query { queries throws(StoreFailure) in try queries.team(ordinal) }
  }

  package func ordinal(ofTeam id: ResourceID) throws(StoreFailure) -> UInt32? {
    try query { queries throws(StoreFailure) in try queries.ordinal(ofTeam: id) }
  }

  /// The memberships of one team, members ascending.
  package func edges(ofTeam team: UInt32) throws(StoreFailure) -> [CurrentEdge] {
    try query { queries throws(StoreFailure) in try queries.edges(ofTeam: team) }
  }

  /// The memberships of some teams, in the order asked for, members ascending in each.
  package func edges(ofTeams teams: [UInt32]) throws(StoreFailure) -> [[CurrentEdge]] {
    try query { queries throws(StoreFailure) in
      var edges: [[CurrentEdge]] = []
      for team in teams { edges.append(try queries.edges(ofTeam: team)) }
      return edges
    }
  }

  /// The same, read by up to `threads` threads, all cores when nil.
  package func edges(
    ofTeams teams: [UInt32], threads: Int?
  ) async throws(StoreFailure) -> [[CurrentEdge]] {
    try await comparing(teams, threads: threads) {
      { (_, edges: EdgesOfTeam) throws(StoreFailure) in try edges() }
    }
  }

  /// Reads the memberships of one team.
  package typealias EdgesOfTeam = () throws(StoreFailure) -> [CurrentEdge]

  /// Looks at some teams with up to `threads` threads, all cores when nil.
  ///
  /// Each thread makes a worker of its own, which gets the place of a team in `teams` and what reads its memberships,
  /// members ascending. Returns what the workers found in the order of `teams`.
  package func comparing<Part: Sendable>(
    _ teams: [UInt32], threads: Int?,
    with makeWorker: @escaping @Sendable () -> (Int, EdgesOfTeam) throws(StoreFailure) -> Part
  ) async throws(StoreFailure) -> [Part] {
    // The largest teams often stand together; small pieces share them out.
    let pieceSize = 16
    let count = (teams.count + pieceSize - 1) / pieceSize
    let parts = try parallel(threads).run(pieces: count) {
      connection, pieces throws(StoreFailure) in
      let queries = StateQueries(StatementCache(connection))
      let worker = makeWorker()
      var parts: [(number: Int, part: [Part])] = []
      while let number = pieces.next() {
        var found: [Part] = []
        for place in number * pieceSize..<min((number + 1) * pieceSize, teams.count) {
          found.append(
            try worker(place) { () throws(StoreFailure) in
              try queries.edges(ofTeam: teams[place])
            })
        }
        parts.append((number, found))
      }
      return parts
    }
    return parts.flatMap { $0 }
  }

  /// The teams some members are in, in the order asked for, teams ascending in each.
  package func teams(ofMembers members: [UInt32]) throws(StoreFailure) -> [[TeamEdge]] {
    try query { queries throws(StoreFailure) in
      var edges: [[TeamEdge]] = []
      for member in members { edges.append(try queries.teams(ofMember: member)) }
      return edges
    }
  }
}

/// One membership, seen from the member.
package struct TeamEdge: Sendable, Hashable {
  package let team: UInt32
  /// Whether Rollcall added it.
  package let isOurs: Bool
}
