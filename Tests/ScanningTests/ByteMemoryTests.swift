import Testing

@testable import Scanning

struct ByteMemoryTests {
  /// Slices, copied byte by byte, judge.
  @Test(arguments: UInt64(0)..<40)
  func piecesAreAddedAsTheyStand(seed: UInt64) {
    var random = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func next(_ limit: Int) -> Int {
      random = random &* 6_364_136_223_846_793_005 &+ 1
      return Int(random >> 33) % limit
    }
    var memory: [UInt8] = []
    var judge: [UInt8] = []
    for _ in 0..<60 {
      let start = next(judge.count + 1)
      let range = start..<start + next(judge.count - start + 1)
      memory.append(copyOf: range)
      judge += judge[range].map { $0 }
      let other = (0..<next(20)).map { _ in UInt8(next(256)) }
      memory.append(copying: other.span)
      judge += other
      #expect(memory == judge, "seed \(seed)")
      if judge.count > 2000 {
        memory.removeLast(judge.count - 7)
        judge.removeLast(judge.count - 7)
      }
    }
  }

  @Test func nothingIsAddedToNothing() {
    var memory: [UInt8] = []
    memory.append(copyOf: 0..<0)
    memory.append(copying: [UInt8]().span)
    #expect(memory.isEmpty)
  }
}
