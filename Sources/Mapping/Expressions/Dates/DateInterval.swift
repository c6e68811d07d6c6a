import Identity

/// What `DateAdd` and `DateDiff` count in.
enum DateInterval: String {
  case year = "yyyy"
  case month = "m"
  case day = "d"
  case week = "ww"
  case hour = "h"
  case minute = "n"
  case second = "s"

  /// How many ticks one is; nil where that depends on the calendar.
  private var ticks: Int? {
    switch self {
    case .year, .month: nil
    case .day: DateMoment.ticksPerDay
    case .week: 7 * DateMoment.ticksPerDay
    case .hour: 3600 * DateMoment.ticksPerSecond
    case .minute: 60 * DateMoment.ticksPerSecond
    case .second: DateMoment.ticksPerSecond
    }
  }

  /// Nil beyond the years 1 to 9999; the day is held within its month: a month after 31 January is 28 February.
  func add(_ count: Int, to moment: DateMoment) -> DateMoment? {
    if let ticks {
      let (span, overflows) = count.multipliedReportingOverflow(by: ticks)
      let (sum, passes) = moment.ticks.addingReportingOverflow(span)
      return overflows || passes ? nil : DateMoment(ticks: sum)
    }
    let months = self == .year ? 12 : 1
    guard abs(count) <= 9999 * 12 else { return nil }
    var fields = moment.fields
    let month = fields.year * 12 + fields.month - 1 + count * months
    guard month >= 12, month < 10_000 * 12 else { return nil }
    fields.year = month / 12
    fields.month = month % 12 + 1
    fields.day = min(fields.day, CivilDate.length(ofMonth: fields.month, year: fields.year))
    return DateMoment(fields)
  }

  /// How many lie between the two, negative when `second` is the earlier one.
  ///
  /// As Visual Basic counts: years and months by the calendar, days by midnights, weeks by Sundays, the rest by the
  /// time that has passed.
  func count(from first: DateMoment, to second: DateMoment) -> Int {
    switch self {
    case .year: second.fields.year - first.fields.year
    case .month:
      (second.fields.year - first.fields.year) * 12 + second.fields.month - first.fields.month
    case .day: second.dayNumber - first.dayNumber
    case .week:
      (second.dayNumber - second.weekday - (first.dayNumber - first.weekday)) / 7
    case .hour, .minute, .second: (second.ticks - first.ticks) / (ticks ?? 1)
    }
  }
}
