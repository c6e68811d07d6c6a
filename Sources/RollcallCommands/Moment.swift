import ArgumentParser
import Identity

/// A point in time as `--now` and `--until` take it: a date, a time, and an offset from UTC.
///
/// ```
/// 2026-03-01T02:00:00Z
/// 2026-03-01T02:00Z
/// 2026-03-01T03:00+01:00     the same
/// ```
///
/// A subset of RFC 3339; without an offset the machine's time zone would decide, so one is required.
package struct Moment: Sendable, Hashable {
  /// Since 1970, leap seconds not counted.
  package let seconds: Int

  /// - Throws: a sentence that shows the form.
  package init(parsing text: String) throws(MomentProblem) {
    let pattern = #/(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?(?:Z|([+-])(\d\d):(\d\d))/#
      .asciiOnlyDigits()
    guard let match = text.wholeMatch(of: pattern) else { throw .form(text) }
    func number(_ digits: Substring?) -> Int { digits.flatMap { Int($0) } ?? 0 }
    let (year, month, day) = (number(match.1), number(match.2), number(match.3))
    let (hour, minute, second) = (number(match.4), number(match.5), number(match.6))
    guard year >= 1970, (1...12).contains(month),
      (1...CivilDate.length(ofMonth: month, year: year)).contains(day), hour < 24, minute < 60,
      second < 60,
      number(match.8) < 24, number(match.9) < 60
    else { throw .noSuchTime(text) }
    let offset = (number(match.8) * 60 + number(match.9)) * (match.7 == "-" ? -60 : 60)
    let local =
      CivilDate(year, month, day).day * 86_400 + hour * 3600 + minute * 60 + second
    seconds = local - offset
  }

  /// The same, or a day alone, which begins at midnight UTC.
  package init(parsingDayOrTime text: String) throws(MomentProblem) {
    let isDay = text.wholeMatch(of: #/\d{4}-\d\d-\d\d/#.asciiOnlyDigits()) != nil
    try self.init(parsing: isDay ? text + "T00:00Z" : text)
  }
}

/// Why a text is no time.
package enum MomentProblem: Error, Sendable, Hashable, CustomStringConvertible {
  case form(String)
  case noSuchTime(String)
  case tooLong(String)

  package var description: String {
    switch self {
    case .form(let text):
      "“\(text)” is not a time; write it like 2026-03-01T02:00Z, with an offset from UTC."
    case .noSuchTime(let text): "There is no such time as \(text)."
    case .tooLong(let text): "\(text) is too long; an approval lasts at most seven days."
    }
  }
}

/// When an approval ends: after a while, or at a time.
///
/// ```
/// 30m    2h    7d    2026-12-01T06:00Z
/// ```
package enum Deadline: Sendable, Hashable {
  /// In seconds.
  case after(Int)
  case at(Moment)

  package static let longest = 7 * 86_400

  package init(parsing text: String) throws(MomentProblem) {
    guard let match = text.wholeMatch(of: #/(\d+)([mhd])/#.asciiOnlyDigits()) else {
      do {
        self = .at(try Moment(parsing: text))
      } catch .form {
        throw .form(text)
      }
      return
    }
    let unit = ["m": 60, "h": 3600, "d": 86_400][match.2] ?? 0
    guard let count = Int(match.1), count <= Self.longest / unit else { throw .tooLong(text) }
    guard count > 0 else { throw .noSuchTime(text) }
    self = .after(count * unit)
  }

  /// In seconds since 1970.
  package func seconds(from now: Int) -> Int {
    switch self {
    case .after(let seconds): now + seconds
    case .at(let moment): moment.seconds
    }
  }
}
