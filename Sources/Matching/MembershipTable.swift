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
/// Pairs of 32-bit seats, 20 bytes each. They are put in team order by counting, not by comparing; only those
/// teams are sorted within whose fingerprint shows a difference (`sort`).
package struct MembershipTable: Sendable {
  private var edges: [DesiredEdge] = []
  private var starts: [Int] = [0]
  /// By team.
  private var isSorted: [Bool] = []

  /// Groups the edges; `teamCount` is one more than the largest team seat.
  package init(_ unordered: [DesiredEdge], teamCount: Int) {
    var counts = [Int](repeating: 0, count: teamCount + 1)
    for edge in unordered { counts[Int(edge.team) + 1] += 1 }
    for team in 0..<teamCount { counts[team + 1] += counts[team] }
    starts = counts
    isSorted = Array(repeating: false, count: teamCount)
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
    let edges = edges[starts[team]..<starts[team + 1]]
    return isSorted[team] ? Array(edges) : edges.sorted(by: Self.precedes)
  }

  /// Sorts some teams once, for who asks for their edges more than once.
  package mutating func sort(teams: [Int]) {
    for team in teams where team + 1 < starts.count && !isSorted[team] {
      edges[starts[team]..<starts[team + 1]].sort(by: Self.precedes)
      isSorted[team] = true
    }
  }

  private static func precedes(_ left: DesiredEdge, _ right: DesiredEdge) -> Bool {
    left.member == right.member ? left.record < right.record : left.member < right.member
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
