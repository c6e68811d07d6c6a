import Identity

/// A moment of the Gregorian calendar in UTC, as .NET counts it: 100 ns since the year 1.
///
/// ```
/// 2020-03-16T07:00:00Z     prints as 3/16/2020 7:00:00 AM
/// ```
package struct DateMoment: Sendable, Hashable {
  static let ticksPerSecond = 10_000_000
  static let ticksPerDay = 86_400 * ticksPerSecond
  /// The end of the year 9999.
  static let end = 3_652_059 * ticksPerDay
  /// 1601-01-01, from which Windows counts file times.
  static let fileTimeZero = 504_911_232_000_000_000
  /// 1970-01-01.
  static let unixZero = 621_355_968_000_000_000

  let ticks: Int

  /// Nil outside the years 1 to 9999.
  init?(ticks: Int) {
    guard ticks >= 0, ticks < Self.end else { return nil }
    self.ticks = ticks
  }

  /// Seconds since 1970, held within the years there are.
  package init(secondsSince1970 seconds: Int) {
    let bound = (Self.end - Self.unixZero) / Self.ticksPerSecond
    let held = min(max(seconds, -Self.unixZero / Self.ticksPerSecond), bound - 1)
    ticks = Self.unixZero + held * Self.ticksPerSecond
  }

  /// Nil where there is no such day or time; `offset` is what the local time is ahead of UTC.
  init?(_ fields: DateFields, offset: Int = 0) {
    guard (1...9999).contains(fields.year), (1...12).contains(fields.month),
      (1...CivilDate.length(ofMonth: fields.month, year: fields.year)).contains(fields.day),
      (0..<24).contains(fields.hour), (0..<60).contains(fields.minute),
      (0..<60).contains(fields.second), abs(offset) <= 14 * 3600
    else { return nil }
    let seconds = fields.hour * 3600 + fields.minute * 60 + fields.second - offset
    self.init(
      ticks: fields.dayNumber * Self.ticksPerDay + seconds * Self.ticksPerSecond + fields.fraction)
  }

  /// Days since 0001-01-01, which was a Monday.
  var dayNumber: Int { ticks / Self.ticksPerDay }

  /// Sunday is 0.
  var weekday: Int { (dayNumber + 1) % 7 }

  var fields: DateFields {
    var fields = DateFields(dayNumber: dayNumber)
    let seconds = ticks % Self.ticksPerDay / Self.ticksPerSecond
    fields.hour = seconds / 3600
    fields.minute = seconds / 60 % 60
    fields.second = seconds % 60
    fields.fraction = ticks % Self.ticksPerSecond
    return fields
  }

  /// Windows' file time.
  var fileTime: Int { ticks - Self.fileTimeZero }
}

/// Year, month, day and the time of day.
struct DateFields {
  var year = 1
  var month = 1
  var day = 1
  var hour = 0
  var minute = 0
  var second = 0
  /// In 100 ns.
  var fraction = 0

  init() {}

  init(year: Int, month: Int, day: Int) {
    (self.year, self.month, self.day) = (year, month, day)
  }

  /// The same day at midnight.
  init(dayOf fields: DateFields) {
    self.init(year: fields.year, month: fields.month, day: fields.day)
  }

  /// From 0001-01-01 to 1970-01-01.
  private static let daysTo1970 = 719_162

  /// Days since 0001-01-01.
  init(dayNumber: Int) {
    let date = CivilDate(day: dayNumber - Self.daysTo1970)
    (year, month, day) = (date.year, date.month, date.dayOfMonth)
  }

  var dayNumber: Int { CivilDate(year, month, day).day + Self.daysTo1970 }
}
