import Identity

/// The members of one team as `team_members` holds them, packed.
///
/// ```
/// members   04 00 00 00   11 00 00 80   5a 00 00 00          little-endian, by ordinal
///           4, ours       17, not ours  90, ours             the highest bit: Rollcall did not add it
/// ```
///
/// A plan reads every team that is not plainly unchanged, which is most memberships there are; here they are read as
/// fast as memory is copied. Whoever asks for the teams of a member is answered by the rows of `membership`.
struct TeamMembers: Equatable {
  /// No ordinal is this high.
  static let limit: UInt32 = 1 << 31
  private static let notOurs = limit

  /// Ascending, without the bit.
  private(set) var edges: [CurrentEdge] = []

  init() {}

  init(_ edges: [CurrentEdge]) {
    self.edges = edges
  }

  /// Members as they are stored; nil when they are damaged.
  init?(_ bytes: Span<UInt8>) {
    guard let edges = CurrentEdge.ascending(packed: bytes) else { return nil }
    self.edges = edges
  }

  /// As they are stored.
  var bytes: [UInt8] {
    [UInt8](capacity: edges.count * 4) { bytes in
      for edge in edges {
        let word = edge.isOurs ? edge.member : edge.member | Self.notOurs
        bytes.append(UInt8(truncatingIfNeeded: word))
        bytes.append(UInt8(truncatingIfNeeded: word >> 8))
        bytes.append(UInt8(truncatingIfNeeded: word >> 16))
        bytes.append(UInt8(truncatingIfNeeded: word >> 24))
      }
    }
  }

  /// The same without some members and then with others; nil where one to go is not there, or one to come is.
  func changed(removing removed: [UInt32], adding added: [CurrentEdge]) -> TeamMembers? {
    let (removed, added) = (removed.sorted(), added.sorted { $0.member < $1.member })
    var merged = TeamMembers()
    merged.edges.reserveCapacity(max(edges.count + added.count - removed.count, 0))
    var (gone, new) = (removed[...], added[...])
    for edge in edges {
      if gone.first == edge.member {
        gone.removeFirst()
        continue
      }
      while let next = new.first, next.member < edge.member {
        merged.edges.append(next)
        new.removeFirst()
      }
      guard new.first?.member != edge.member else { return nil }
      merged.edges.append(edge)
    }
    merged.edges += new
    return gone.isEmpty && !merged.repeatsAMember ? merged : nil
  }

  private var repeatsAMember: Bool {
    zip(edges, edges.dropFirst()).contains { $0.member >= $1.member }
  }
}

extension StateQueries {
  func members(ofTeam team: UInt32) throws(StoreFailure) -> TeamMembers {
    let statement = try statements("SELECT members FROM team_members WHERE team = ?")
    let found = try statement.bind(Int(team), at: 1).first { row in
      row.withBytes(0) { TeamMembers($0) }
    }
    guard let members = found ?? TeamMembers() else {
      throw .damagedMembers(ofTeam: team, path: statements.connection.path)
    }
    return members
  }

  /// Puts members in the place of those that a team has; none are no row.
  func write(_ members: TeamMembers, ofTeam team: UInt32) throws(StoreFailure) {
    guard !members.edges.isEmpty else {
      try statements("DELETE FROM team_members WHERE team = ?").bind(Int(team), at: 1).run()
      return
    }
    try statements("INSERT OR REPLACE INTO team_members VALUES (?, ?)")
      .bind(Int(team), at: 1).bind(members.bytes, at: 2).run()
  }
}

extension StoreFailure {
  static func damagedMembers(ofTeam team: UInt32, path: String) -> StoreFailure {
    StoreFailure(.corrupt(detail: "the members of team \(team) are damaged"), path: path)
  }
}
