extension DatePattern {
  /// What is found in a text besides the fields of a date.
  private struct Found {
    var fields = DateFields()
    var isAfternoon: Bool?
    var hasHalfDayHour = false
    var offset = 0
    /// Sunday is 0.
    var weekday: Int?
  }

  /// The moment that `text` names in exactly this form; nil when it does not.
  func moment(of text: Span<UInt8>, trimsBlanks: Bool) -> DateMoment? {
    var reader = DateReader(text)
    var found = Found()
    if trimsBlanks { reader.skipBlanks() }
    for part in parts {
      switch part {
      case .literal(let byte):
        guard reader.take(Unicode.Scalar(byte)) else { return nil }
      case .field(let letter, let count):
        guard Self.read(letter, count, from: &reader, into: &found) else { return nil }
      }
    }
    if trimsBlanks { reader.skipBlanks() }
    guard reader.isAtEnd else { return nil }
    if found.hasHalfDayHour {
      guard (1...12).contains(found.fields.hour) else { return nil }
      found.fields.hour %= 12
    }
    if found.isAfternoon == true, found.fields.hour < 12 { found.fields.hour += 12 }
    if let weekday = found.weekday {
      // The day of the week is that of the place.
      guard DateMoment(found.fields)?.weekday == weekday else { return nil }
    }
    return DateMoment(found.fields, offset: found.offset)
  }

  private static func read(
    _ letter: UInt8, _ count: Int, from reader: inout DateReader, into found: inout Found
  ) -> Bool {
    func two() -> Int? { reader.number(atLeast: min(count, 2), atMost: 2) }
    switch letter {
    case UInt8(ascii: "y"):
      let year =
        count <= 2
        ? two().map { $0 + ($0 < 50 ? 2000 : 1900) }
        : reader.number(atLeast: count, atMost: count)
      return set(&found.fields.year, year)
    case UInt8(ascii: "M"):
      guard count > 2 else { return set(&found.fields.month, two()) }
      return set(&found.fields.month, reader.word(of: names(months, count: count)).map { $0 + 1 })
    case UInt8(ascii: "d"):
      guard count > 2 else { return set(&found.fields.day, two()) }
      found.weekday = reader.word(of: names(weekdays, count: count))
      return found.weekday != nil
    case UInt8(ascii: "g"): return reader.word(of: ["A.D.", "AD"]) != nil
    case UInt8(ascii: "h"):
      found.hasHalfDayHour = true
      return set(&found.fields.hour, two())
    case UInt8(ascii: "H"): return set(&found.fields.hour, two())
    case UInt8(ascii: "m"): return set(&found.fields.minute, two())
    case UInt8(ascii: "s"): return set(&found.fields.second, two())
    case UInt8(ascii: "f"):
      return set(&found.fields.fraction, reader.fraction(atLeast: count, atMost: count))
    case UInt8(ascii: "F"):
      found.fields.fraction = reader.fraction(atLeast: 0, atMost: count) ?? 0
      return true
    case UInt8(ascii: "t"):
      found.isAfternoon = reader.word(of: count == 1 ? ["A", "P"] : ["AM", "PM"]).map { $0 == 1 }
      return found.isAfternoon != nil
    default: return set(&found.offset, reader.offset())
    }
  }

  private static func set(_ field: inout Int, _ value: Int?) -> Bool {
    guard let value else { return false }
    field = value
    return true
  }

  private static func names(_ names: [String], count: Int) -> [String] {
    count == 3 ? names.map { String($0.prefix(3)) } : names
  }

  // MARK: - Writing

  func append(_ moment: DateMoment, to bytes: inout [UInt8]) {
    let fields = moment.fields
    for part in parts {
      switch part {
      case .literal(let byte): bytes.append(byte)
      case .field(let letter, let count):
        Self.append(letter, count, fields, weekday: moment.weekday, to: &bytes)
      }
    }
  }

  private static func append(
    _ letter: UInt8, _ count: Int, _ fields: DateFields, weekday: Int, to bytes: inout [UInt8]
  ) {
    func add(_ number: Int) { DateText.append(number, digits: count, to: &bytes) }
    switch letter {
    case UInt8(ascii: "y"): add(count <= 2 ? fields.year % 100 : fields.year)
    case UInt8(ascii: "M"):
      if count <= 2 {
        add(fields.month)
      } else {
        bytes += Array(names(months, count: count)[fields.month - 1].utf8)
      }
    case UInt8(ascii: "d"):
      if count <= 2 {
        add(fields.day)
      } else {
        bytes += Array(names(weekdays, count: count)[weekday].utf8)
      }
    case UInt8(ascii: "h"): add((fields.hour + 11) % 12 + 1)
    case UInt8(ascii: "H"): add(fields.hour)
    case UInt8(ascii: "m"): add(fields.minute)
    case UInt8(ascii: "s"): add(fields.second)
    case UInt8(ascii: "f"), UInt8(ascii: "F"):
      var digits: [UInt8] = []
      DateText.append(fields.fraction, digits: 7, to: &digits)
      var kept = digits.prefix(count)
      if letter == UInt8(ascii: "F") {
        while kept.last == UInt8(ascii: "0") { kept.removeLast() }
      }
      bytes += kept
    case UInt8(ascii: "t"):
      bytes += Array((fields.hour < 12 ? "AM" : "PM").utf8.prefix(count))
    case UInt8(ascii: "g"): bytes += Array("A.D.".utf8)
    case UInt8(ascii: "K"): bytes.append(UInt8(ascii: "Z"))
    default: bytes += Array((count == 3 ? "+00:00" : count == 2 ? "+00" : "+0").utf8)
    }
  }
}
