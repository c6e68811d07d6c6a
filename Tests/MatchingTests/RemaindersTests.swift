import Identity
import Scanning
import TestSupport
import Testing

@testable import Matching

struct RemaindersTests {
  /// A set is the slow twin.
  @Test(arguments: UInt64(0)..<40)
  func agreesWithASet(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    func draw() -> Fingerprint {
      Fingerprint(
        low: UInt64.random(in: 0..<40, using: &random),
        high: UInt64.random(in: 0..<3, using: &random))
    }
    let sums = (0..<60).map { _ in draw() }
    let remainders = Remainders(sums)
    let known = Set(sums).union([.zero])
    for _ in 0..<400 {
      let difference = draw()
      #expect(remainders.explain(difference) == known.contains(difference), "seed \(seed)")
    }
  }

  @Test func whereNothingIsMissingOnlyNoDifferenceIsExplained() {
    #expect(Remainders.none.explain(.zero))
    #expect(!Remainders.none.explain(Fingerprint(low: 1, high: 0)))
  }
}
