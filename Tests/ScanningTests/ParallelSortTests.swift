import Scanning
import TestSupport
import Testing

struct ParallelSortTests {
  @Test(arguments: [0, 1, 1000, 1 << 16, (1 << 16) + 1, 150_000])
  func sortsAsOneThreadDoesAndKeepsTheOrderOfEqualOnes(count: Int) {
    var random = SeededGenerator(seed: UInt64(count))
    let pairs = (0..<count).map { (key: Int.random(in: 0..<500, using: &random), place: $0) }
    let sorted = pairs.sortedInParallel { $0.key < $1.key }
    let expected = pairs.sorted { ($0.key, $0.place) < ($1.key, $1.place) }
    #expect(sorted.elementsEqual(expected, by: ==))
  }
}
