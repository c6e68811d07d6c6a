/// A day of the Gregorian calendar, also before there was one.
///
/// ```
/// CivilDate(2026, 3, 1).day           20513      days since 1970-01-01
/// CivilDate(day: -1)                  1969-12-31
/// CivilDate.length(ofMonth: 2, year: 2024)    29
/// ```
///
/// Years begin in March while it is worked out, so that the leap day is the last of its year; 146,097 days make 400
/// years (Howard Hinnant, “chrono-Compatible Low-Level Date Algorithms”, `civil_from_days` and `days_from_civil`).
package struct CivilDate: Sendable, Hashable {
  package let year: Int
  /// From 1, as the day of the month is.
  package let month: Int
  package let dayOfMonth: Int

  /// Takes a date that there is.
  package init(_ year: Int, _ month: Int, _ dayOfMonth: Int) {
    self.year = year
    self.month = month
    self.dayOfMonth = dayOfMonth
  }

  /// `day` counts from 1970-01-01, and may be negative.
  package init(day: Int) {
    let shifted = day + Self.epoch
    let era = (shifted >= 0 ? shifted : shifted - (Self.daysOfEra - 1)) / Self.daysOfEra
    let dayOfEra = shifted - era * Self.daysOfEra
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// Days since 1970-01-01.
  package var day: Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + dayOfMonth - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * Self.daysOfEra + dayOfEra - Self.epoch
  }

  private static let daysOfEra = 146_097
  /// From 1 March of the year 0 to 1970-01-01.
  private static let epoch = 719_468

  /// How many days a month (1...12) has.
  package static func length(ofMonth month: Int, year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }
}
