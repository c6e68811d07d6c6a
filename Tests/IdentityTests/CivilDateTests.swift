import Foundation
import Identity
import TestSupport
import Testing

struct CivilDateTests {
  @Test(arguments: [
    (0, 1970, 1, 1), (-1, 1969, 12, 31), (20_513, 2026, 3, 1), (11_016, 2000, 2, 29),
    (-719_162, 1, 1, 1), (-719_469, 0, 2, 29), (2_932_896, 9999, 12, 31),
  ])
  func aDayIsADate(day: Int, year: Int, month: Int, dayOfMonth: Int) {
    #expect(CivilDate(day: day) == CivilDate(year, month, dayOfMonth))
    #expect(CivilDate(year, month, dayOfMonth).day == day)
  }

  /// Foundation's calendar is the slow twin, from when both count alike.
  @Test(arguments: UInt64(0)..<10)
  func agreesWithFoundation(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
    for _ in 0..<100 {
      let day = Int.random(in: -100_000...2_000_000, using: &random)
      let date = Date(timeIntervalSince1970: Double(day) * 86_400)
      let parts = calendar.dateComponents([.year, .month, .day], from: date)
      let found = CivilDate(day: day)
      #expect(
        [found.year, found.month, found.dayOfMonth] == [parts.year, parts.month, parts.day],
        "seed \(seed), day \(day)")
      #expect(found.day == day, "seed \(seed)")
      let length = calendar.range(of: .day, in: .month, for: date)?.count
      #expect(CivilDate.length(ofMonth: found.month, year: found.year) == length)
    }
  }
}
