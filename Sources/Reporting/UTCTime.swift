/// A moment as reports show it: UTC, ISO 8601, whole seconds.
///
/// ```
/// UTCTime(0).description == "1970-01-01T00:00:00Z"
/// ```
///
/// Any `Int` has a text; a plan file may hold a wild one. Years beyond 9999 get more digits.
package struct UTCTime: Sendable, Hashable, CustomStringConvertible {
  /// Since 1970, leap seconds not counted.
  package let seconds: Int

  package init(_ seconds: Int) {
    self.seconds = seconds
  }

  package var description: String {
    let (days, second) = Self.floorDivision(seconds, by: 86_400)
    let (year, month, day) = Self.date(ofDay: days)
    let hour = second / 3600
    return "\(Self.digits(year, 4))-\(Self.digits(month, 2))-\(Self.digits(day, 2))"
      + "T\(Self.digits(hour, 2)):\(Self.digits(second / 60 % 60, 2)):\(Self.digits(second % 60, 2))Z"
  }

  /// For people, where seconds matter less: `2026-03-01 02:00 UTC`.
  package var short: String {
    let text = description
    return text.prefix { $0 != "T" } + " " + text.drop { $0 != "T" }.dropFirst().prefix(5) + " UTC"
  }

  /// The Gregorian date of a day counted from 1970-01-01.
  ///
  /// Years begin in March here, so that the leap day is the last of its year
  /// (Howard Hinnant, “chrono-Compatible Low-Level Date Algorithms”, `civil_from_days`).
  private static func date(ofDay day: Int) -> (year: Int, month: Int, day: Int) {
    let (era, dayOfEra) = floorDivision(day + 719_468, by: 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  private static func floorDivision(_ value: Int, by divisor: Int) -> (Int, Int) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }

  private static func digits(_ value: Int, _ count: Int) -> String {
    let text = String(value.magnitude)
    return (value < 0 ? "-" : "") + String(repeating: "0", count: max(0, count - text.count)) + text
  }
}
