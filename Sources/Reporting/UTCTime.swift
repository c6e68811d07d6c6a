import Identity

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
    let date = CivilDate(day: days)
    let hour = second / 3600
    return
      "\(Self.digits(date.year, 4))-\(Self.digits(date.month, 2))-\(Self.digits(date.dayOfMonth, 2))"
      + "T\(Self.digits(hour, 2)):\(Self.digits(second / 60 % 60, 2)):\(Self.digits(second % 60, 2))Z"
  }

  /// For people, where seconds matter less: `2026-03-01 02:00 UTC`.
  package var short: String {
    let text = description
    return text.prefix { $0 != "T" } + " " + text.drop { $0 != "T" }.dropFirst().prefix(5) + " UTC"
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
