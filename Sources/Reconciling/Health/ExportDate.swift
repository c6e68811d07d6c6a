import Identity

/// When an export was made, as far as its name or its manifest tells: seconds since 1970.
///
/// ```
/// users-2026-03-01.csv            2026-03-01T00:00:00Z
/// users_20260301_0215.csv         2026-03-01T02:15:00Z
/// "2026-03-01T03:15:00+01:00"     2026-03-01T02:15:00Z     in a manifest
/// ```
///
/// A day without a time begins at midnight, and a time without an offset is UTC.
enum ExportDate {
  /// The first date in the name of a file, nil where there is none.
  static func inFileName(_ path: String) -> Int? {
    let name = Array(RunExport.baseName(of: path).utf8)
    var previous: UInt8 = 0
    for start in name.indices {
      defer { previous = name[start] }
      guard isDigit(name[start]), !isDigit(previous) else { continue }
      var text = DateText(name[start...])
      if let date = text.dayAndTime() { return date }
    }
    return nil
  }

  /// A date, or a date and time with an offset (RFC 3339), nil for anything else.
  static func parse(_ text: String) -> Int? {
    var text = DateText(Array(text.utf8)[...])
    guard let day = text.day() else { return nil }
    guard !text.isAtEnd else { return day }
    guard text.take("T", " ", "t"), let time = text.time(), let offset = text.offset() else {
      return nil
    }
    return text.isAtEnd ? day + time - offset : nil
  }

  fileprivate static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

/// Takes the parts of a date off the front of a text.
private struct DateText {
  private var rest: ArraySlice<UInt8>

  init(_ text: ArraySlice<UInt8>) {
    rest = text
  }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func take(_ letters: Character...) -> Bool {
    guard let first = rest.first, letters.contains(Character(Unicode.Scalar(first))) else {
      return false
    }
    rest.removeFirst()
    return true
  }

  private mutating func number(_ digits: Int, in range: ClosedRange<Int>) -> Int? {
    let taken = rest.prefix(digits)
    guard taken.count == digits, taken.allSatisfy(ExportDate.isDigit) else { return nil }
    let value = taken.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    guard range.contains(value) else { return nil }
    rest = rest.dropFirst(digits)
    return value
  }

  /// `2026-03-01`, `2026_03_01`, `20260301`.
  mutating func day() -> Int? {
    guard let year = number(4, in: 1970...2199) else { return nil }
    let isParted = take("-", "_", ".")
    guard let month = number(2, in: 1...12) else { return nil }
    guard take("-", "_", ".") == isParted, let day = number(2, in: 1...31) else { return nil }
    let length = CivilDate.length(ofMonth: month, year: year)
    return day <= length ? CivilDate(year, month, day).day * 86_400 : nil
  }

  /// `02:15`, `0215`, `02-15-30`; fractions of a second count for nothing.
  mutating func time() -> Int? {
    guard let hour = number(2, in: 0...23) else { return nil }
    let isParted = take(":", "-", "_", ".")
    guard let minute = number(2, in: 0...59) else { return nil }
    var second = 0
    let before = rest
    if !isParted || take(":", "-", "_", ".") {
      if let found = number(2, in: 0...59) { second = found } else { rest = before }
    }
    if take(".") { rest = rest.drop(while: ExportDate.isDigit) }
    return hour * 3600 + minute * 60 + second
  }

  /// `Z`, `+01:00`; nothing is UTC.
  mutating func offset() -> Int? {
    if rest.isEmpty || take("Z", "z") { return 0 }
    let isEast = take("+")
    guard isEast || take("-"), let hours = number(2, in: 0...23) else { return nil }
    _ = take(":")
    guard let minutes = number(2, in: 0...59) else { return nil }
    return (hours * 60 + minutes) * (isEast ? 60 : -60)
  }

  /// A day that may have a time behind it, and no further digit.
  mutating func dayAndTime() -> Int? {
    guard let day = day() else { return nil }
    var timed = self
    _ = timed.take("T", "-", "_", ".", " ")
    if let time = timed.time(), !timed.beginsWithDigit { return day + time }
    return beginsWithDigit ? nil : day
  }

  private var beginsWithDigit: Bool { rest.first.map(ExportDate.isDigit) ?? false }
}
