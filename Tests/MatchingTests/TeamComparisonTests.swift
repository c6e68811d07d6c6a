import Identity
import Scanning
import TestSupport
import Testing

@testable import Matching

/// What two sorted sets would say of a team; it judges, `TeamComparison` hurries.
struct TeamComparisonTests {
  private let hasher = EdgeHasher(secret: Array(repeating: 7, count: 32))

  /// Members 0..<20, of whom some ordinals are left out: they have been deleted.
  private var members: CurrentMembers {
    var members = CurrentMembers(keyCount: 0)
    members.ordinals = (0..<20).map { UInt32($0 * 3 / 2 + 5) }
    return members
  }

  private func team(_ ordinals: [UInt32]) -> TeamFacts {
    TeamFacts(
      ordinal: 1, id: ResourceID("t"), owners: [], claims: [],
      edgeFingerprint: ordinals.reduce(Fingerprint.zero) { $0 &+ hasher.digest(ofMember: $1) },
      edgeCount: ordinals.count)
  }

  @Test(arguments: UInt64(0)..<200)
  func leavesWhatTwoSetsLeave(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let members = members
    let edges = (0..<120).map { number in
      DesiredEdge(
        team: Int.random(in: 0..<4, using: &random), member: Int.random(in: 0..<24, using: &random),
        record: RecordNumber(export: number % 2, number: number),
        isGone: Int.random(in: 0..<10, using: &random) == 0)
    }
    let stripped = Set((0..<2).map { _ in Int.random(in: 0..<20, using: &random) })
    let table = MembershipTable(edges, teamCount: 4)
    var comparison = TeamComparison(
      table, members: members, hasher: hasher, strippedSeats: stripped)
    for team in 0..<4 {
      let current = (0..<20).filter { _ in Bool.random(using: &random) }
        .map { CurrentEdge(member: members.ordinals[$0], isOurs: true) }
      let listed = edges.filter { $0.team == UInt32(team) }
      let asked = Set(listed.filter { !$0.isGone }.map { Int($0.member) })
      let held = Set(current.compactMap { members.seat(ofOrdinal: $0.member) })
      let common = asked.intersection(held).subtracting(stripped)
      let missing = listed.filter { $0.isGone || !common.contains(Int($0.member)) }
        .sorted { ($0.member, $0.record) < ($1.member, $1.record) }
      let surplus = current.filter { edge in
        members.seat(ofOrdinal: edge.member).map { !common.contains($0) } ?? false
      }
      let difference = comparison.difference(team: team, current: current)
      #expect(difference.desired == missing, "seed \(seed)")
      #expect(difference.current == surplus, "seed \(seed)")
    }
  }

  /// Where nobody was deleted, seats stand for ordinals; elsewhere each is looked up.
  @Test(arguments: [2, 3])
  func aTeamWhoseMembersAreListedInAnyOrderIsUnchanged(spread: Int) {
    var members = CurrentMembers(keyCount: 0)
    members.ordinals = (0..<20).map { UInt32($0 * spread / 2 + 5) }
    #expect((members.firstOfUnbroken == nil) == (spread == 3))
    let edges = [4, 2, 9].enumerated().map { number, member in
      DesiredEdge(team: 0, member: member, record: RecordNumber(export: 0, number: number))
    }
    let table = MembershipTable(edges, teamCount: 1)
    let comparison = TeamComparison(table, members: members, hasher: hasher, strippedSeats: [])
    let ordinals = [2, 4, 9].map { members.ordinals[$0] }
    #expect(comparison.isUnchanged(team: 0, team(ordinals)))
    #expect(!comparison.isUnchanged(team: 0, team(Array(ordinals.dropLast()))))
    #expect(!comparison.isUnchanged(team: 0, team(ordinals.dropLast() + [members.ordinals[7]])))
  }

  /// After many teams that had changed not every one is asked for its fingerprint; one that is the same differs in nothing.
  @Test(arguments: UInt64(0)..<20)
  func aTeamThatIsNotAskedForItsFingerprintDiffersInNothing(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let members = members
    var edges: [DesiredEdge] = []
    var current: [[UInt32]] = []
    for team in 0..<100 {
      let own = (0..<20).filter { _ in Bool.random(using: &random) }
      edges += own.map { seat in
        DesiredEdge(team: team, member: seat, record: RecordNumber(export: 0, number: edges.count))
      }
      let others = Int.random(in: 0..<6, using: &random) == 0 ? own : Array(own.map { 19 - $0 })
      current.append(others.map { members.ordinals[$0] }.sorted())
    }
    var comparison = TeamComparison(
      MembershipTable(edges, teamCount: 100), members: members, hasher: hasher, strippedSeats: [])
    for team in 0..<100 {
      let held = self.team(current[team])
      let isSame = comparison.isUnchanged(team: team, held)
      if comparison.looksUnchanged(team: team, held) { #expect(isSame, "seed \(seed)") }
      let difference = comparison.difference(
        team: team, current: current[team].map { CurrentEdge(member: $0, isOurs: true) })
      #expect(
        isSame == (difference.desired.isEmpty && difference.current.isEmpty), "seed \(seed)")
    }
  }

  @Test func afterTeamsThatHaveChangedOneInSixteenIsAsked() {
    let members = members
    let edges = (0..<80).map { team in
      DesiredEdge(team: team, member: 3, record: RecordNumber(export: 0, number: team))
    }
    let (same, other) = (team([members.ordinals[3]]), team([members.ordinals[4]]))
    var comparison = TeamComparison(
      MembershipTable(edges, teamCount: 80), members: members, hasher: hasher, strippedSeats: [])
    func told(_ teams: Range<Int>, _ current: TeamFacts) -> [Int] {
      teams.filter { comparison.looksUnchanged(team: $0, current) }
    }
    // A quiet night tells of every team that it is unchanged.
    #expect(told(0..<20, same) == Array(0..<20))
    #expect(told(20..<28, other) == [])
    // The thirty-second that is asked about is looked at, and from it on every one.
    #expect(told(28..<80, same) == Array(31..<80))
  }

  @Test func whoIsNotInTheStateYetMakesADifference() {
    let edges = [DesiredEdge(team: 0, member: 20, record: RecordNumber(export: 0, number: 0))]
    let table = MembershipTable(edges, teamCount: 1)
    var comparison = TeamComparison(table, members: members, hasher: hasher, strippedSeats: [])
    #expect(!comparison.isUnchanged(team: 0, team([members.ordinals[0]])))
    #expect(comparison.difference(team: 0, current: []).desired == edges)
  }
}
