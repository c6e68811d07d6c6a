import Scanning

// What texts are values of a kind, and the one spelling of each.
//
// ```
// integer     +007 → 7           a number of JSON, 64 bits
// decimal     1.50 → 1.5         a number of JSON, a digit on both sides of the point
// dateTime    2026-03-01T02:00:00Z      as it is, if it is one of xsd:dateTime
//             2026-03-01 → 2026-03-01T00:00:00Z      a day begins at midnight UTC
// list        ["b","a"] → ["a","b"]     see ListText
// ```
//
// Two spellings of one number would be a difference every night, so there is only one; moments keep theirs, because
// the offset in them is something an export says.

extension ManagedAttribute.Kind {
  /// Whether its values are numbers of JSON, which stand without quotes.
  package var isNumber: Bool { self == .integer || self == .decimal }

  /// The one spelling of a value; nil for what is no value of this kind.
  ///
  /// A boolean takes only `true` and `false`: the words of a column have been translated before.
  package func spelling(of value: Span<UInt8>) -> [UInt8]? {
    let bytes = value.indices.map { value[$0] }
    switch self {
    case .string, .reference: return bytes
    case .boolean:
      return bytes.elementsEqual("true".utf8) || bytes.elementsEqual("false".utf8) ? bytes : nil
    case .integer: return Self.integer(bytes)
    case .decimal: return Self.decimal(bytes)
    case .dateTime:
      let moment = bytes.count == 10 ? bytes + Array("T00:00:00Z".utf8) : bytes
      return Self.isMoment(moment) ? moment : nil
    case .list:
      return ListText.values(of: bytes).map { ListText.bytes(of: $0.map { Array($0.utf8) }) }
    }
  }

  /// Whether a text is the one spelling of a value.
  func isSpelling(_ text: String) -> Bool {
    spelling(of: text.utf8.span)?.elementsEqual(text.utf8) ?? false
  }

  /// Whether bytes are the one spelling of a value.
  func isSpelling(_ value: Span<UInt8>) -> Bool {
    guard let spelling = spelling(of: value), spelling.count == value.count else { return false }
    return value.indices.allSatisfy { spelling[$0] == value[$0] }
  }

  private static func integer(_ bytes: [UInt8]) -> [UInt8]? {
    let (isNegative, digits) = signed(bytes)
    guard !digits.isEmpty, digits.allSatisfy(\.isDigit) else { return nil }
    let short = digits.drop { $0 == UInt8(ascii: "0") }
    guard !short.isEmpty else { return [UInt8(ascii: "0")] }
    let spelling = (isNegative ? [UInt8(ascii: "-")] : []) + short
    return Int64(String(decoding: spelling, as: UTF8.self)) == nil ? nil : spelling
  }

  /// At most so many digits: beyond, no two programs read the same number.
  private static let decimalDigits = 34

  private static func decimal(_ bytes: [UInt8]) -> [UInt8]? {
    let (isNegative, rest) = signed(bytes)
    let parts = rest.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), rest.count <= decimalDigits,
      parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isDigit) })
    else { return nil }
    let whole = parts[0].drop { $0 == UInt8(ascii: "0") }
    var fraction = parts.count == 2 ? parts[1] : []
    while fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
    var spelling = whole.isEmpty ? [UInt8(ascii: "0")] : Array(whole)
    spelling += [UInt8(ascii: ".")] + (fraction.isEmpty ? [UInt8(ascii: "0")] : Array(fraction))
    let isZero = whole.isEmpty && fraction.isEmpty
    return isNegative && !isZero ? [UInt8(ascii: "-")] + spelling : spelling
  }

  private static func signed(_ bytes: [UInt8]) -> (isNegative: Bool, digits: ArraySlice<UInt8>) {
    switch bytes.first {
    case UInt8(ascii: "-"): (true, bytes.dropFirst())
    case UInt8(ascii: "+"): (false, bytes.dropFirst())
    default: (false, bytes[...])
    }
  }

  /// `2008-01-23T04:56:22.5Z`: xsd:dateTime with both a date and a time (RFC 7643 §2.3.5).
  private static func isMoment(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    func number(_ count: Int) -> Int? {
      let digits = rest.prefix(count)
      guard digits.count == count, digits.allSatisfy(\.isDigit) else { return nil }
      rest = rest.dropFirst(count)
      return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
    func take(_ letter: Unicode.Scalar) -> Bool {
      guard rest.first == UInt8(ascii: letter) else { return false }
      rest = rest.dropFirst()
      return true
    }
    guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2),
      take("T"), let hour = number(2), take(":"), let minute = number(2), take(":"),
      let second = number(2), (1...12).contains(month),
      (1...CivilDate.length(ofMonth: month, year: year)).contains(day), hour < 24, minute < 60,
      second < 60
    else { return false }
    if take(".") {
      let digits = rest.prefix(while: \.isDigit)
      guard !digits.isEmpty else { return false }
      rest = rest.dropFirst(digits.count)
    }
    if rest.isEmpty || take("Z") { return rest.isEmpty }
    guard take("+") || take("-"), let hours = number(2), take(":"), let minutes = number(2) else {
      return false
    }
    return rest.isEmpty && (hours < 14 && minutes < 60 || hours == 14 && minutes == 0)
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
