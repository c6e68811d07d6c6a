import Identity
import PlanFile
import Planning
import TestSupport
import Testing

/// Memberships in columns are judged as whole operations are.
struct GuardRoundTests {
  @Test(arguments: UInt64(0)..<60)
  func columnsAreJudgedAsWholeOperations(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let memberships = RandomMemberships(count: 60, using: &random)
    let places = memberships.whole.indices.sorted {
      memberships.whole[$0].kind < memberships.whole[$1].kind
    }
    let teams = Set(memberships.whole.map(\.subjectID))
    let populations = Populations(
      members: 50, activeManaged: 40, teams: teams.count, memberships: 100,
      membershipsByTeam: Dictionary(
        uniqueKeysWithValues: teams.map { ($0, Int.random(in: 1..<30, using: &random)) }))
    let limit = GuardLimit(count: Int.random(in: 0..<9, using: &random), floor: 0)
    let round = GuardRound(
      limits: Dictionary(uniqueKeysWithValues: GuardName.allCases.map { ($0, limit) }),
      lets: ["membershipsRemovedPerTeam": Int.random(in: 0..<12, using: &random)])
    let columns = places.map { memberships.operations[$0] }
    let whole = places.map { memberships.whole[$0] }
    #expect(round.judge(columns, populations) == round.judge(whole, populations), "seed \(seed)")
    let lost = Dictionary(grouping: whole.filter { $0.kind == .removeMembership }, by: \.subjectID)
    let judged = round.judge(columns, populations)
    #expect(
      judged.first { $0.name == "membershipsRemoved" }?.amount ?? 0
        == lost.values.reduce(0) { $0 + $1.count }, "seed \(seed)")
  }
}
