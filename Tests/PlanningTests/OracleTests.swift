import PlanFile
import TestSupport
import Testing

/// The reconciler and an independent, obvious one come to the same decisions about random small worlds.
struct OracleTests {
  @Test(arguments: UInt64(0)..<500)
  func agreesWithTheOracle(seed: UInt64) {
    let world = World.random(seed: seed)
    let plan = world.plan()
    let oracle = Oracle(world)
    #expect(Set(plan.lines) == oracle.operations, "seed \(seed)")
    #expect(Set(plan.holdLines) == oracle.holds, "seed \(seed)")
    let situations = Dictionary(
      uniqueKeysWithValues: plan.decisions.situations.map { ($0.rawValue, $1) })
    #expect(situations == oracle.situations, "seed \(seed)")
    #expect(Set(plan.ownershipLines) == oracle.ownerships, "seed \(seed)")
  }

  /// The random worlds reach every situation and every kind of operation, so that agreement means something.
  @Test func everySituationComesUp() {
    var situations: Set<Situation> = []
    var kinds: Set<Operation.Kind> = []
    for seed in UInt64(0)..<300 {
      let decisions = World.random(seed: seed).plan().decisions
      situations.formUnion(decisions.situations.keys)
      kinds.formUnion(decisions.counts.keys)
    }
    #expect(Set(Situation.allCases).subtracting(situations).isEmpty)
    #expect(Set(Operation.Kind.allCases).subtracting(kinds).isEmpty)
  }
}
