import Identity
import Scanning

/// Whether what the state says of memberships in three places is the same: rows, packed members, and what teams remember.
struct MembershipVerification {
  private struct Sum: Equatable {
    var fingerprint = Fingerprint.zero
    var count = 0

    mutating func add(_ digest: Fingerprint) {
      fingerprint &+= digest
      count += 1
    }
  }

  private let queries: StateQueries
  private let hasher: EdgeHasher

  init(_ queries: StateQueries, secret: [UInt8]) {
    self.queries = queries
    hasher = EdgeHasher(secret: secret)
  }

  /// The first team of which they differ, in words; nil where there is none.
  func breach() throws(StoreFailure) -> String? {
    let statements = queries.statements
    var rows: [UInt32: Sum] = [:]
    try statements("SELECT team, member FROM membership").each { row in
      let member = UInt32(truncatingIfNeeded: row.integer(1))
      rows[UInt32(truncatingIfNeeded: row.integer(0)), default: Sum()]
        .add(hasher.digest(ofMember: member))
    }
    var teams: Set<UInt32> = Set(rows.keys)
    let packed = try statements("SELECT team FROM team_members")
      .all { UInt32(truncatingIfNeeded: $0.integer(0)) }
    teams.formUnion(packed)
    let known = try statements(
      "SELECT ordinal, edge_fingerprint, edge_count FROM team_index"
    ).all { row in
      (
        UInt32(truncatingIfNeeded: row.integer(0)), Fingerprint(storedBytes: row.bytes(1)),
        row.integer(2)
      )
    }
    let remembered = Dictionary(
      known.map { ($0.0, Sum(fingerprint: $0.1 ?? .zero, count: $0.2)) },
      uniquingKeysWith: { $1 })
    teams.formUnion(remembered.keys)
    for team in teams.sorted() {
      let row = rows[team] ?? Sum()
      var members = Sum()
      for edge in try queries.members(ofTeam: team).edges {
        members.add(hasher.digest(ofMember: edge.member))
      }
      guard row == members, row == remembered[team] ?? Sum() else {
        return "the memberships of team \(team) are not the same wherever they are kept"
      }
    }
    return nil
  }
}
