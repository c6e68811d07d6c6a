/// What a part of an expression comes to for one record; texts and lists are places in the machine's memory.
enum ExpressionValue {
  case null
  case text(ByteRange)
  case number(Int)
  case boolean(Bool)
  case date(DateMoment)
  /// A range of the machine's items.
  case list(Range<Int32>)

  /// A piece of the machine's memory.
  struct ByteRange {
    var start: Int32
    var end: Int32

    var range: Range<Int> { Int(start)..<Int(end) }

    var count: Int { Int(end - start) }

    var isEmpty: Bool { start == end }
  }
}

/// What an expression came to, on its own.
package enum ExpressionResult: Sendable, Hashable {
  case null
  case text(String)
  case number(Int)
  case boolean(Bool)
  case date(String)
  case list([String])
  /// The attribute is left as it is.
  case ignoreAttribute
  /// The record is left out.
  case ignoreObject
  /// Shown instead of a value that nobody should see.
  case redacted

  package var typeName: String {
    switch self {
    case .null: "null"
    case .text, .redacted: "text"
    case .number: "number"
    case .boolean: "boolean"
    case .date: "date"
    case .list: "list"
    case .ignoreAttribute, .ignoreObject: "flow"
    }
  }
}

/// `true` and `false` as texts, ASCII case ignored.
enum BooleanText {
  private static let yes = Array("true".utf8)
  private static let no = Array("false".utf8)

  static func word(of text: Span<UInt8>) -> Bool? {
    text.folds(to: yes) ? true : text.folds(to: no) ? false : nil
  }

  /// The same, or a number, of which only zero is false.
  static func value(of text: Span<UInt8>) -> Bool? {
    if let word = word(of: text) { return word }
    return NumberText.value(of: text).map { $0 != 0 }
  }
}

/// Whole numbers as texts: digits, perhaps after a minus.
enum NumberText {
  /// Whether it is a whole number, if perhaps one that no program can work with.
  static func isNumber(_ text: Span<UInt8>) -> Bool {
    var rest = text.indices.map { text[$0] }[...]
    while rest.first == UInt8(ascii: " ") { rest.removeFirst() }
    while rest.last == UInt8(ascii: " ") { rest.removeLast() }
    if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    return !rest.isEmpty && rest.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
  }

  static func value(of text: Span<UInt8>) -> Int? {
    var place = 0
    var end = text.count
    while place < end, text[place] == UInt8(ascii: " ") { place += 1 }
    while end > place, text[end - 1] == UInt8(ascii: " ") { end -= 1 }
    let isNegative = place < end && text[place] == UInt8(ascii: "-")
    if isNegative { place += 1 }
    guard place < end, end - place <= 19 else { return nil }
    var number = 0
    while place < end {
      let digit = text[place] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      let (product, overflows) = number.multipliedReportingOverflow(by: 10)
      let (sum, passes) = product.addingReportingOverflow(Int(digit))
      guard !overflows, !passes else { return nil }
      number = sum
      place += 1
    }
    return isNegative ? -number : number
  }
}

extension Span<UInt8> {
  /// Whether it is this word of small ASCII letters, in any case.
  fileprivate func folds(to word: [UInt8]) -> Bool {
    guard word.count == count else { return false }
    for index in indices where self[index] | 0x20 != word[index] { return false }
    return true
  }
}
