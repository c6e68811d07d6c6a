import TestSupport
import Testing

@testable import Reconciling

/// Lines are found by number, whether or not every record was kept.
struct RecordLinesTests {
  @Test(arguments: UInt64(0)..<40)
  func everyKeptRecordHasItsLineAndNoOtherHasOne(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    // Every third list has no gap, another third has one late.
    let gapFree = [200, 60, 0][Int(seed % 3)]
    var lines = RecordLines()
    var expected: [Int: (file: Int, line: Int)] = [:]
    var number = Int.random(in: 0..<5, using: &random)
    let first = number
    for place in 0..<100 {
      let (line, file) = (Int.random(in: 1..<1000, using: &random), place / 40)
      lines.append(number: number, line: line, file: file)
      expected[number] = (file, line)
      number += place < gapFree ? 1 : Int.random(in: 1..<4, using: &random)
    }
    for number in 0..<first + 450 {
      let (found, wanted) = (lines.place(of: UInt32(number)), expected[number])
      #expect(found?.file == wanted?.file && found?.line == wanted?.line, "seed \(seed), \(number)")
    }
  }

  @Test func nothingIsFoundWhereNothingWasKept() {
    #expect(RecordLines().place(of: 0) == nil)
  }
}
