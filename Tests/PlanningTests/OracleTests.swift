import PlanFile
import TestSupport
import Testing

/// The reconciler and an independent, obvious one come to the same decisions about random small worlds.
struct OracleTests {
  @Test(arguments: UInt64(0)..<400)
  func agreesWithTheOracle(seed: UInt64) {
    let world = World.random(seed: seed)
    let plan = world.plan()
    let oracle = Oracle(world)
    #expect(plan.lines.sorted() == oracle.operations.sorted(), "seed \(seed)")
    #expect(Set(plan.holdLines) == oracle.holds, "seed \(seed)")
    let situations = Dictionary(
      uniqueKeysWithValues: plan.decisions.situations.map { ($0.rawValue, $1) })
    #expect(situations == oracle.situations, "seed \(seed)")
    #expect(Set(plan.ownershipLines) == oracle.ownerships, "seed \(seed)")
  }
}

/// Look at one seed: `swift test --filter lookAtOne`.
struct LookAtOne {
  @Test(arguments: [UInt64(93)]) func lookAtOne(seed: UInt64) {
    let world = World.random(seed: seed)
    print(world)
    print(world.lines, world.holds, world.plan().situationLine)
    let o = Oracle(world)
    print(o.operations.sorted(), o.holds, o.situations)
  }
}
