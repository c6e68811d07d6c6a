import PlanFile
import TestSupport
import Testing

@testable import Planning

/// Columns of memberships are in the order that whole operations would be in.
struct MembershipOrderTests {
  @Test(arguments: UInt64(0)..<100)
  func isThatOfWholeOperations(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let memberships = RandomMemberships(count: 80, using: &random)
    let order = MembershipOrder(memberships.columns)
    let whole = memberships.whole
    let expected = OperationOrder(keys: []).order(whole)
    #expect(order.removals == expected.filter { whole[$0].kind == .removeMembership })
    #expect(order.additions == expected.filter { whole[$0].kind == .addMembership })
    struct Edge: Hashable {
      let team: SubjectRef
      let member: SubjectRef
    }
    let edges = Set(whole.map { Edge(team: $0.subject, member: $0.other) })
    #expect(order.edgeCount == edges.count, "seed \(seed)")
  }
}
