import Testing

@testable import Storing

/// Four bytes say where a value stands, or that it must be looked for.
struct ValueSpotTests {
  @Test(arguments: [0..<1, 5..<260, 7..<7, (1 << 24) - 2..<(1 << 24) + 253, 300..<300])
  func aSpotTellsWhereItsValueStands(range: Range<Int>) {
    let told = ValueSpot(range).range
    #expect(told == (range.isEmpty ? 0..<0 : range))
  }

  @Test(arguments: [5..<261, (1 << 24) - 1..<1 << 24, 1 << 30..<(1 << 30) + 4])
  func whatIsTooFarOrTooLongIsLookedFor(range: Range<Int>) {
    #expect(ValueSpot(range).range == nil)
  }

  @Test func nothingIsNowhere() {
    #expect(ValueSpot(nil).range == 0..<0)
  }
}
