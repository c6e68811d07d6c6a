import Identity
import TestSupport
import Testing

@testable import Matching

struct LaterIndexTests {
  /// An index of everything is the slow twin, for what was expected and for what was not.
  @Test(arguments: UInt64(0)..<30)
  func agreesWithAnIndexOfEverything(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let hashes: [UInt64] = (0..<2000).map { _ in hash(of: .random(in: 0..<1500, using: &random)) }
    let whole = KeyIndex(hashes)
    let later = LaterIndex(hashes)
    let expected = (0..<100).map { _ in hash(of: .random(in: 0..<1600, using: &random)) }
    later.expect(expected)
    let others = (0..<100).map { _ in hash(of: .random(in: 0..<1600, using: &random)) }
    for hash in expected + others + expected {
      #expect(later.lookup(hash) == whole.lookup(hash), "seed \(seed), hash \(hash)")
      #expect(later.all(hash) == whole.all(hash), "seed \(seed), hash \(hash)")
    }
  }

  @Test func noValueIsFoundByNobody() {
    let later = LaterIndex(Array(repeating: KeyHasher.none, count: 100) + [5])
    later.expect([KeyHasher.none, 5])
    #expect(later.all(KeyHasher.none).isEmpty)
    #expect(later.lookup(5) == .one(100))
  }
}
