/// Dates as people and systems write them without saying how, and as Entra prints them.
///
/// ```
/// 2020-03-16    2009/06/15       2009-06-15T01:45:30-07:00     8/25/2021 5:41:18 PM
/// 12/31/2025    06/15/09         2025-12-31 23:59:59Z          2020-03-16-07:00 (an offset)
/// 15-Jun-2009   15 June 2009     June 15, 2009                 Mon, 15 Jun 2009 20:45:30 GMT
/// ```
///
/// Without an offset a time is UTC. Day before month is never guessed: `31/12/2025` is no date. A year of two digits is
/// one of 1950 to 2049.
enum DateText {
  /// Nil for anything that is not one of the forms above.
  static func moment(of text: Span<UInt8>) -> DateMoment? {
    var reader = DateReader(text)
    reader.skipBlanks()
    let weekday = reader.name(of: DatePattern.weekdays)
    if weekday != nil {
      _ = reader.take(",")
      reader.skipBlanks()
    }
    guard var fields = day(&reader), reader.readTime(into: &fields) else { return nil }
    if let weekday, DateMoment(DateFields(dayOf: fields))?.weekday != weekday { return nil }
    reader.skipBlanks()
    if !reader.takeUTC() {
      guard let offset = reader.offset() else { return nil }
      reader.skipBlanks()
      return reader.isAtEnd ? DateMoment(fields, offset: offset) : nil
    }
    reader.skipBlanks()
    return reader.isAtEnd ? DateMoment(fields) : nil
  }

  private static func day(_ reader: inout DateReader) -> DateFields? {
    guard let first = reader.number(atMost: 4) else { return monthFirst(&reader) }
    let isYear = reader.lastCount == 4
    let sign: Unicode.Scalar = reader.take("-") ? "-" : reader.take("/") ? "/" : " "
    guard sign != " " || reader.take(sign) else { return nil }
    if let month = isYear || sign == "/" ? nil : reader.name(of: DatePattern.months) {
      guard reader.take(sign), let year = reader.year() else { return nil }
      return DateFields(year: year, month: month + 1, day: first)
    }
    guard sign != " ", let second = reader.number(atMost: 2), reader.take(sign) else { return nil }
    if isYear {
      return reader.number(atMost: 2).map { DateFields(year: first, month: second, day: $0) }
    }
    guard sign == "/" else { return nil }
    return reader.year().map { DateFields(year: $0, month: first, day: second) }
  }

  /// `June 15, 2009`.
  private static func monthFirst(_ reader: inout DateReader) -> DateFields? {
    guard let month = reader.name(of: DatePattern.months), reader.take(" "),
      let day = reader.number(atMost: 2), reader.take(",") || reader.isAtBlank
    else { return nil }
    reader.skipBlanks()
    return reader.year().map { DateFields(year: $0, month: month + 1, day: day) }
  }

  /// `M/d/yyyy h:mm:ss tt`.
  static func append(_ moment: DateMoment, to bytes: inout [UInt8]) {
    let fields = moment.fields
    append(fields.month, to: &bytes)
    bytes.append(UInt8(ascii: "/"))
    append(fields.day, to: &bytes)
    bytes.append(UInt8(ascii: "/"))
    append(fields.year, digits: 4, to: &bytes)
    bytes.append(UInt8(ascii: " "))
    append((fields.hour + 11) % 12 + 1, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    append(fields.minute, digits: 2, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    append(fields.second, digits: 2, to: &bytes)
    bytes.append(contentsOf: fields.hour < 12 ? " AM".utf8 : " PM".utf8)
  }

  /// `2010-03-01T08:00:00Z`, the dateTime of SCIM (RFC 7643 §2.3.5).
  static func standard(_ moment: DateMoment) -> [UInt8] {
    var bytes: [UInt8] = []
    let pattern = moment.fields.fraction == 0 ? wholeSeconds : partsOfSeconds
    pattern?.append(moment, to: &bytes)
    return bytes
  }

  private static let wholeSeconds = DatePattern("yyyy'-'MM'-'dd'T'HH':'mm':'ss'Z'")
  private static let partsOfSeconds = DatePattern("yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'FFFFFFF'Z'")

  /// With zeros before it, if it has fewer digits.
  static func append(_ number: Int, digits: Int = 1, to bytes: inout [UInt8]) {
    let start = bytes.count
    var rest = number
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0 || bytes.count - start < digits
    bytes[start...].reverse()
  }
}

/// Steps through the text of a date, which has at most 64 bytes.
struct DateReader {
  private static let limit = 64

  private var text: InlineArray<64, UInt8>
  private let count: Int
  private var place = 0
  /// How many digits the last number had.
  private(set) var lastCount = 0

  /// A text that is too long for a date reads as one of blanks, which is none.
  init(_ text: Span<UInt8>) {
    var bytes = InlineArray<64, UInt8>(repeating: UInt8(ascii: " "))
    count = min(text.count, Self.limit)
    if text.count <= Self.limit {
      for index in text.indices { bytes[index] = text[index] }
    }
    self.text = bytes
  }

  var isAtEnd: Bool { place == count }

  private var next: UInt8? { place < count ? text[place] : nil }

  mutating func skipBlanks() {
    while next == UInt8(ascii: " ") { place += 1 }
  }

  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard let next, UInt32(next) == scalar.value else { return false }
    place += 1
    return true
  }

  /// Takes one of the words, ASCII case ignored; its place in the list.
  mutating func word(of words: [String]) -> Int? {
    for (number, word) in words.enumerated() {
      let bytes = Array(word.utf8)
      guard place + bytes.count <= count else { continue }
      if bytes.indices.allSatisfy({ bytes[$0] | 0x20 == text[place + $0] | 0x20 }) {
        place += bytes.count
        return number
      }
    }
    return nil
  }

  var isAtBlank: Bool { next == UInt8(ascii: " ") }

  /// Takes one of the names, whole or its first three letters; its place in the list.
  mutating func name(of names: [String]) -> Int? {
    guard let next, (next | 0x20) &- UInt8(ascii: "a") < 26 else { return nil }
    return word(of: names) ?? word(of: names.map { String($0.prefix(3)) })
  }

  /// `GMT` or `UTC`.
  mutating func takeUTC() -> Bool {
    guard let next, next | 0x20 == UInt8(ascii: "g") || next | 0x20 == UInt8(ascii: "u") else {
      return false
    }
    return word(of: ["GMT", "UTC"]) != nil
  }

  /// Of four digits, or of two.
  mutating func year() -> Int? {
    guard let year = number(atMost: 4) else { return nil }
    switch lastCount {
    case 4: return year
    case 2: return year + (year < 50 ? 2000 : 1900)
    default: return nil
    }
  }

  mutating func number(atLeast least: Int = 1, atMost most: Int) -> Int? {
    var number = 0
    lastCount = 0
    while lastCount < most, let next, next &- UInt8(ascii: "0") < 10 {
      number = number * 10 + Int(next - UInt8(ascii: "0"))
      lastCount += 1
      place += 1
    }
    return lastCount >= least ? number : nil
  }

  /// A fraction of a second in ticks; digits past the seventh count for nothing.
  mutating func fraction(atLeast least: Int = 1, atMost most: Int) -> Int? {
    guard var ticks = number(atLeast: least, atMost: min(most, 7)) else { return nil }
    for _ in lastCount..<7 { ticks *= 10 }
    var further = lastCount
    while further < most, let next, next &- UInt8(ascii: "0") < 10 {
      place += 1
      further += 1
    }
    return ticks
  }

  /// Nothing, or a time after `T` or a blank; false for something else.
  mutating func readTime(into fields: inout DateFields) -> Bool {
    let start = place
    guard take("T") || take(" ") else { return true }
    skipBlanks()
    guard let hour = number(atMost: 2) else {
      // What follows the blank is not a time: the offset, or nothing.
      place = start
      return text[start] == UInt8(ascii: " ")
    }
    guard take(":"), let minute = number(atLeast: 2, atMost: 2) else { return false }
    (fields.hour, fields.minute) = (hour, minute)
    if take(":") {
      guard let second = number(atLeast: 2, atMost: 2) else { return false }
      fields.second = second
      if take(".") {
        guard let fraction = fraction(atMost: 9) else { return false }
        fields.fraction = fraction
      }
    }
    skipBlanks()
    guard let half = word(of: ["AM", "PM"]) else { return true }
    guard (1...12).contains(hour) else { return false }
    fields.hour = hour % 12 + half * 12
    return true
  }

  /// `Z`, `+08:00`, `-0700` or nothing, which is UTC, in seconds; nil for something else.
  mutating func offset() -> Int? {
    skipBlanks()
    if isAtEnd || take("Z") || take("z") { return 0 }
    let sign = take("-") ? -1 : take("+") ? 1 : 0
    guard sign != 0, let hours = number(atLeast: 1, atMost: 2) else { return nil }
    _ = take(":")
    guard !isAtEnd else { return sign * hours * 3600 }
    guard let minutes = number(atLeast: 2, atMost: 2), minutes < 60 else { return nil }
    return sign * (hours * 3600 + minutes * 60)
  }
}
