import Foundation
import Testing

@testable import Reporting

struct UTCTimeTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"),
    (-1, "1969-12-31T23:59:59Z"),
    (951_782_400, "2000-02-29T00:00:00Z"),
    (1_772_330_400, "2026-03-01T02:00:00Z"),
    (4_102_444_799, "2099-12-31T23:59:59Z"),
    (253_402_300_800, "10000-01-01T00:00:00Z"),
    (-62_167_219_201, "-0001-12-31T23:59:59Z"),
  ])
  func knownMomentsHaveTheirText(seconds: Int, expected: String) {
    #expect(UTCTime(seconds).description == expected)
  }

  @Test func agreesWithFoundation() {
    var generator = SplitMix(state: 7)
    for _ in 0..<2_000 {
      let seconds = Int.random(in: -10_000_000_000...200_000_000_000, using: &generator)
      let expected = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
      #expect(UTCTime(seconds).description == expected, "\(seconds), seed 7")
    }
  }

  @Test func anyNumberHasAText() {
    #expect(UTCTime(.max).description.hasSuffix("Z"))
    #expect(UTCTime(.min).description.hasSuffix("Z"))
  }

  @Test func theShortFormLeavesSecondsOut() {
    #expect(UTCTime(1_772_330_459).short == "2026-03-01 02:00 UTC")
  }
}
