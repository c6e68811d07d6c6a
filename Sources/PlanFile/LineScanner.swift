/// Why a line is not as `LineWriter` would have written it.
package struct LineProblem: Error, Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    /// The text that had to stand here, as it is spelled in the file.
    case expected(String)
    case badText
    case badNumber
    case unknownWord(String)
    case unknownAttribute
    case outOfRange
    /// The line is well-formed, but lines of its kind do not stand here.
    case outOfPlace(PlanLineKind, after: PlanLineKind?)
  }

  package let kind: Kind
  /// Bytes from the start of the line, from 1.
  package let column: Int

  package init(kind: Kind, column: Int) {
    self.kind = kind
    self.column = column
  }
}

/// Reads one line in the spelling of `LineWriter`, and refuses every other.
///
/// Members have a fixed order, so reading is comparing: a million operations are read without a
/// dictionary or a tree of values for each. A byte that differs is a `LineProblem` at its column.
struct LineScanner {
  private let bytes: [UInt8]
  private let start: Int
  private let end: Int
  private var offset: Int
  private let texts: TextPool

  /// Takes a line without its line end.
  init(_ bytes: [UInt8], _ range: Range<Int>, texts: TextPool = TextPool()) {
    self.bytes = bytes
    self.texts = texts
    start = range.lowerBound
    end = range.upperBound
    offset = range.lowerBound
  }

  init(_ bytes: [UInt8]) {
    self.init(bytes, bytes.indices)
  }

  func problem(_ kind: LineProblem.Kind) -> LineProblem {
    LineProblem(kind: kind, column: offset - start + 1)
  }

  var next: UInt8? { offset < end ? bytes[offset] : nil }

  // MARK: Structure

  /// The kind of line, read from its only member; the value comes next.
  mutating func openLine() throws(LineProblem) -> PlanLineKind {
    try expect("{")
    let kind: PlanLineKind = try .read(from: &self)
    try expect(":")
    return kind
  }

  mutating func closeLine() throws(LineProblem) {
    try expect("}")
    guard offset == end else { throw problem(.expected("the end of the line")) }
  }

  mutating func open() throws(LineProblem) {
    try expect("{")
  }

  mutating func close() throws(LineProblem) {
    try expect("}")
  }

  mutating func name(_ name: String) throws(LineProblem) {
    try separate()
    guard take("\""), take(name), take("\":") else { throw problem(.expected("\"\(name)\":")) }
  }

  mutating func member<Value: LineValue>(
    _ name: String, as type: Value.Type = Value.self
  ) throws(LineProblem) -> Value {
    try self.name(name)
    return try Value.read(from: &self)
  }

  /// A text that many lines share; equal ones come out as one piece of memory.
  mutating func sharedText(_ name: String) throws(LineProblem) -> String {
    try self.name(name)
    return texts.shared(try text())
  }

  mutating func array<Element>(
    _ element: (inout LineScanner) throws(LineProblem) -> Element
  ) throws(LineProblem) -> [Element] {
    try expect("[")
    var elements: [Element] = []
    while !take("]") {
      try separate()
      elements.append(try element(&self))
    }
    return elements
  }

  /// The comma before all but the first member or element, as `LineWriter.separate` puts it.
  mutating func separate() throws(LineProblem) {
    let last = bytes[offset - 1]
    guard last != UInt8(ascii: "{"), last != UInt8(ascii: "[") else { return }
    try expect(",")
  }

  mutating func expect(_ text: String) throws(LineProblem) {
    guard take(text) else { throw problem(.expected(text)) }
  }

  /// Steps over `text` if it stands here.
  mutating func take(_ text: String) -> Bool {
    var position = offset
    for byte in text.utf8 {
      guard position < end, bytes[position] == byte else { return false }
      position += 1
    }
    offset = position
    return true
  }

  /// Whether `text` stands here.
  func hasNext(_ text: String) -> Bool {
    var copy = self
    return copy.take(text)
  }

  /// Steps over `text` if it stands here.
  mutating func take(_ text: [UInt8]) -> Bool {
    guard end - offset >= text.count else { return false }
    for index in text.indices where bytes[offset + index] != text[index] { return false }
    offset += text.count
    return true
  }

  // MARK: Values

  /// A decimal integer with no sign but a needed minus and no leading zeros.
  mutating func integer() throws(LineProblem) -> Int {
    let text = numberText()
    guard let value = Int(text), String(value) == text else { throw problem(.badNumber) }
    return value
  }

  /// A number in Swift's shortest spelling that reads back as the same value.
  mutating func double() throws(LineProblem) -> Double {
    let text = numberText()
    guard let value = Double(text), value.isFinite, String(value) == text else {
      throw problem(.badNumber)
    }
    return value
  }

  private mutating func numberText() -> String {
    let first = offset
    while let byte = next, byte &- 0x30 < 10 || "+-.e".utf8.contains(byte) { offset += 1 }
    return String(decoding: bytes[first..<offset], as: UTF8.self)
  }

  mutating func text() throws(LineProblem) -> String {
    guard take("\"") else { throw problem(.expected("\"")) }
    let first = offset
    while offset < end, Self.isPlain(bytes[offset]) { offset += 1 }
    guard next == UInt8(ascii: "\"") else { return try escapedText(from: first) }
    defer { offset += 1 }
    return try checked(bytes.span.extracting(first..<offset))
  }

  private func checked(_ text: Span<UInt8>) throws(LineProblem) -> String {
    guard let text = try? UTF8Span(validating: text) else { throw problem(.badText) }
    return String(copying: text)
  }

  private mutating func escapedText(from first: Int) throws(LineProblem) -> String {
    var unescaped = Array(bytes[first..<offset])
    while let byte = next, byte != UInt8(ascii: "\"") {
      if Self.isPlain(byte) {
        unescaped.append(byte)
        offset += 1
      } else {
        unescaped.append(try escape())
      }
    }
    guard take("\"") else { throw problem(.expected("\"")) }
    return try checked(unescaped.span)
  }

  /// The byte an escape stands for; only the one escape that the writer uses for it is taken.
  private mutating func escape() throws(LineProblem) -> UInt8 {
    guard take("\\"), let letter = next else { throw problem(.badText) }
    offset += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return letter
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "u"):
      guard take("00"), let high = hexDigit(), let low = hexDigit() else { throw problem(.badText) }
      let byte = high << 4 | low
      guard !Self.isPlain(byte), byte < 0x80, !"\"\\\n\r\t".utf8.contains(byte) else {
        throw problem(.badText)
      }
      return byte
    default: throw problem(.badText)
    }
  }

  private mutating func hexDigit() -> UInt8? {
    guard let byte = next else { return nil }
    offset += 1
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): return byte - UInt8(ascii: "a") + 10
    default: return nil
    }
  }

  /// Whether a byte stands for itself in a string.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") && byte != 0x7F
  }
}

/// Texts that stand in very many lines, kept once: rules, exports, file names.
final class TextPool {
  private var texts: Set<String> = []
  /// Hostile files could fill it with texts that never come again.
  private static let limit = 4096

  func shared(_ text: String) -> String {
    if let known = texts.firstIndex(of: text), texts[known].utf8.elementsEqual(text.utf8) {
      return texts[known]
    }
    if texts.count < Self.limit { texts.insert(text) }
    return text
  }
}
