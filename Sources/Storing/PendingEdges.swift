import Identity
import Scanning

/// Memberships that are still to be added, and what they change in their teams.
struct PendingEdges {
  private struct Row {
    let team: UInt32
    let member: UInt32
    let isOurs: Bool

    /// A number that sorts as the table does, by member and team.
    var place: UInt64 { UInt64(member) << 32 | UInt64(team) }
  }

  private struct Change {
    var fingerprint = Fingerprint.zero
    var removed: [UInt32] = []
    var added: [CurrentEdge] = []

    var count: Int { added.count - removed.count }
  }

  private let hasher: EdgeHasher
  private var rows: [Row] = []
  private var changes: [UInt32: Change] = [:]

  init(secret: [UInt8]) {
    hasher = EdgeHasher(secret: secret)
  }

  mutating func add(team: UInt32, member: UInt32, isOurs: Bool) {
    precondition(member < TeamMembers.limit, "there cannot be so many members")
    rows.append(Row(team: team, member: member, isOurs: isOurs))
    changes[team, default: Change()].fingerprint &+= hasher.digest(ofMember: member)
    changes[team, default: Change()].added.append(CurrentEdge(member: member, isOurs: isOurs))
  }

  /// Notes that a membership is gone from the table, one that is not still to be added.
  mutating func noteRemoved(team: UInt32, member: UInt32) {
    changes[team, default: Change()].fingerprint &-= hasher.digest(ofMember: member)
    changes[team, default: Change()].removed.append(member)
  }

  var hasRows: Bool { !rows.isEmpty }

  /// Adds all memberships, brings their teams up to date, and forgets both.
  mutating func write(to statements: StatementCache) throws(StoreFailure) {
    try writeRows(to: statements)
    guard !changes.isEmpty else { return }
    let queries = StateQueries(statements)
    let read = try statements(
      "SELECT edge_fingerprint, edge_count FROM team_index WHERE ordinal = ?")
    let update = try statements(
      "UPDATE team_index SET edge_fingerprint = ?, edge_count = ? WHERE ordinal = ?")
    for (team, change) in changes.sorted(by: { $0.key < $1.key }) {
      let found = try read.bind(Int(team), at: 1).first { ($0.bytes(0), $0.integer(1)) }
      guard let (bytes, count) = found, let fingerprint = Fingerprint(storedBytes: bytes) else {
        throw StoreFailure(
          .corrupt(detail: "the index of team \(team) is damaged"),
          path: statements.connection.path)
      }
      // The rows have agreed to the change already.
      guard
        let members = try queries.members(ofTeam: team)
          .changed(removing: change.removed, adding: change.added)
      else { throw .damagedMembers(ofTeam: team, path: statements.connection.path) }
      try queries.write(members, ofTeam: team)
      try update.bind((fingerprint &+ change.fingerprint).storedBytes, at: 1)
        .bind(count + change.count, at: 2).bind(Int(team), at: 3).run()
    }
    changes = [:]
  }

  private mutating func writeRows(to statements: StatementCache) throws(StoreFailure) {
    guard !rows.isEmpty else { return }
    var sorted = rows.map { row in
      LeadingLetters(first: row.place, second: row.isOurs ? 1 : 0, place: 0)
    }
    rows = []
    sorted.putInOrderInParallel()
    let insert = try statements("INSERT INTO membership VALUES (?, ?, ?)")
    for row in sorted {
      let member = UInt32(truncatingIfNeeded: row.first >> 32)
      let team = UInt32(truncatingIfNeeded: row.first)
      do {
        try insert.bind(Int(team), at: 1).bind(Int(member), at: 2)
          .bind(Int(row.second), at: 3).run()
      } catch {
        guard error.isConstraint else { throw error }
        throw StoreFailure(
          .membershipExists(team: team, member: member), path: error.path)
      }
    }
  }
}
