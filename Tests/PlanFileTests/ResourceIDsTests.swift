import Identity
import PlanFile
import TestSupport
import Testing

/// Ids of newcomers come out as they went in.
struct ResourceIDsTests {
  @Test(arguments: UInt64(0)..<20)
  func idsAndTextsKeepTheirPlaces(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let given: [ResourceID] = (0..<50).map { number in
      Int.random(in: 0..<4, using: &random) == 0
        ? ResourceID("id \(number)")
        : ResourceID(high: random.next(), low: random.next())
    }
    let ids = ResourceIDs(given)
    #expect(ids.count == given.count)
    #expect(given.indices.map { ids[$0] } == given, "seed \(seed)")
  }
}
