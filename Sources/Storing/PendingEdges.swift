import Identity
import Scanning

/// Memberships that are still to be added, and what they change in their teams.
struct PendingEdges {
  private struct Row {
    let team: UInt32
    let member: UInt32
    let isOurs: Bool

    /// A number that sorts as team and member do.
    var place: UInt64 { UInt64(team) << 32 | UInt64(member) }
  }

  private struct Change {
    var fingerprint = Fingerprint.zero
    var count = 0

    mutating func add(_ digest: Fingerprint) {
      fingerprint &+= digest
      count += 1
    }
  }

  private let hasher: EdgeHasher
  private var rows: [Row] = []
  private var changes: [UInt32: Change] = [:]

  init(secret: [UInt8]) {
    hasher = EdgeHasher(secret: secret)
  }

  mutating func add(team: UInt32, member: UInt32, isOurs: Bool) {
    rows.append(Row(team: team, member: member, isOurs: isOurs))
    changes[team, default: Change()].add(hasher.digest(ofMember: member))
  }

  /// Notes that a membership is gone from the table.
  mutating func noteRemoved(team: UInt32, member: UInt32) {
    changes[team, default: Change()].fingerprint &-= hasher.digest(ofMember: member)
    changes[team, default: Change()].count -= 1
  }

  var hasRows: Bool { !rows.isEmpty }

  /// Adds all memberships, by team and member, brings their teams up to date, and forgets both.
  mutating func write(to statements: StatementCache) throws(StoreFailure) {
    try writeRows(to: statements)
    guard !changes.isEmpty else { return }
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
    // Row by row, the index gets its entries all over the place; made at once, it is sorted first.
    let isLoad = sorted.count >= Self.loadSize ? try isEmpty(statements) : false
    if isLoad { try statements.connection.execute("DROP INDEX membership_of_member") }
    try insert(sorted, with: statements)
    if isLoad { try statements.connection.execute(StateSchema.membershipIndex) }
  }

  /// So many memberships are worth an index made anew.
  private static let loadSize = 100_000

  private func isEmpty(_ statements: StatementCache) throws(StoreFailure) -> Bool {
    try statements("SELECT 1 FROM membership LIMIT 1").first { _ in true } == nil
  }

  private func insert(
    _ rows: [LeadingLetters], with statements: StatementCache
  ) throws(StoreFailure) {
    let insert = try statements("INSERT INTO membership VALUES (?, ?, ?)")
    for row in rows {
      let team = UInt32(truncatingIfNeeded: row.first >> 32)
      let member = UInt32(truncatingIfNeeded: row.first)
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
