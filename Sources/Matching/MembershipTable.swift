package import Identity
import Scanning

/// One membership a record asks for, by seats.
package struct DesiredEdge: Sendable, Hashable {
  package let team: UInt32
  package let member: UInt32
  package let record: RecordNumber
  /// Whether a delta export says that it has gone.
  package let isGone: Bool

  package init(team: Int, member: Int, record: RecordNumber, isGone: Bool = false) {
    self.team = UInt32(team)
    self.member = UInt32(member)
    self.record = record
    self.isGone = isGone
  }
}

/// All memberships that tonight's exports ask for, grouped by team.
///
/// Pairs of 32-bit seats, 16 bytes each. They are put in team order by counting, not by comparing; within a
/// team only those teams are sorted whose fingerprint shows a difference.
package struct MembershipTable: Sendable {
  private var edges: [DesiredEdge] = []
  private var starts: [Int] = [0]

  /// Groups the edges; `teamCount` is one more than the largest team seat.
  package init(_ unordered: [DesiredEdge], teamCount: Int) {
    var counts = [Int](repeating: 0, count: teamCount + 1)
    for edge in unordered { counts[Int(edge.team) + 1] += 1 }
    for team in 0..<teamCount { counts[team + 1] += counts[team] }
    starts = counts
    guard let first = unordered.first else { return }
    var next = counts
    edges = Array(repeating: first, count: unordered.count)
    for edge in unordered {
      edges[next[Int(edge.team)]] = edge
      next[Int(edge.team)] += 1
    }
  }

  /// What the exports ask of one team, by member and then by record; one member may stand there more than once.
  package func edges(ofTeam team: Int) -> [DesiredEdge] {
    guard team + 1 < starts.count else { return [] }
    return edges[starts[team]..<starts[team + 1]]
      .sorted { ($0.member, $0.record) < ($1.member, $1.record) }
  }

  /// The numbers of the exports that list memberships of a team, ascending.
  package func exports(ofTeam team: Int) -> [Int] {
    guard team + 1 < starts.count else { return [] }
    var exports: Set<Int> = []
    for edge in edges[starts[team]..<starts[team + 1]] where !edge.isGone {
      exports.insert(Int(edge.record.export))
    }
    return exports.sorted()
  }

  package func isEmpty(team: Int) -> Bool {
    team + 1 >= starts.count || starts[team] == starts[team + 1]
  }

  /// Whether a team's members are exactly those of the state, by fingerprint; members that are not in the state yet
  /// make a difference.
  package func isUnchanged(
    team: Int, fingerprint: Fingerprint, members: CurrentMembers, hasher: EdgeHasher
  ) -> Bool {
    guard team + 1 < starts.count else { return fingerprint == .zero }
    var sum = Fingerprint.zero
    for edge in edges[starts[team]..<starts[team + 1]] {
      guard !edge.isGone, Int(edge.member) < members.count else { return false }
      sum &+= hasher.digest(ofMember: members.ordinals[Int(edge.member)])
    }
    return sum == fingerprint
  }
}
