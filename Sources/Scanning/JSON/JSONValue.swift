/// A JSON document in memory (RFC 8259), for small things: plan lines, resources, approvals.
///
/// Numbers keep their text, members their order. Two member names are the same only if their bytes
/// are (Swift's `==` would take composed and decomposed letters for one another).
package enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([JSONMember])

  package static func number(_ value: Int) -> JSONValue { .number(String(value)) }

  /// An object from pairs, in the order given.
  package static func object(_ pairs: KeyValuePairs<String, JSONValue>) -> JSONValue {
    .object(pairs.map { JSONMember(name: $0.key, value: $0.value) })
  }

  /// The value of a member; nil where there is none or this is no object.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  package var text: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  package var boolean: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  package var integer: Int? {
    guard case .number(let text) = self else { return nil }
    return Int(text)
  }

  package var elements: [JSONValue]? {
    guard case .array(let elements) = self else { return nil }
    return elements
  }

  package var members: [JSONMember]? {
    guard case .object(let members) = self else { return nil }
    return members
  }
}

/// One `"name": value` of an object.
package struct JSONMember: Sendable, Hashable {
  package var name: String
  package var value: JSONValue

  package init(name: String, value: JSONValue) {
    self.name = name
    self.value = value
  }
}

// MARK: - Writing

extension JSONValue {
  /// The compact text: no spaces, members in their order, only what must be escaped escaped.
  package var bytes: [UInt8] {
    var out: [UInt8] = []
    write(to: &out)
    return out
  }

  package func write(to out: inout [UInt8]) {
    switch self {
    case .null: out.append(contentsOf: "null".utf8)
    case .bool(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
    case .number(let text): out.append(contentsOf: text.utf8)
    case .string(let text): JSONValue.write(string: text.utf8, to: &out)
    case .array(let elements):
      out.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        element.write(to: &out)
      }
      out.append(UInt8(ascii: "]"))
    case .object(let members):
      out.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        JSONValue.write(string: member.name.utf8, to: &out)
        out.append(UInt8(ascii: ":"))
        member.value.write(to: &out)
      }
      out.append(UInt8(ascii: "}"))
    }
  }

  /// A JSON string with its quotes; control characters become `\u00XX` or their short form.
  package static func write(string: String.UTF8View, to out: inout [UInt8]) {
    write(string: string.span, to: &out)
  }

  /// The same for bytes that are UTF-8.
  package static func write(string: Span<UInt8>, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    escape(string, to: &out)
    out.append(UInt8(ascii: "\""))
  }

  /// Copies runs of bytes that stand for themselves whole: nearly every string is one such run.
  ///
  /// Eight bytes are looked at together, the last eight of them perhaps a second time; only where one of them might
  /// need an escape, one by one.
  private static func escape(_ bytes: Span<UInt8>, to out: inout [UInt8]) {
    if bytes.count >= 8 {
      var isPlain = !mayNeedEscape(word(of: bytes, at: bytes.count - 8))
      var index = 0
      while isPlain, index + 8 < bytes.count {
        isPlain = !mayNeedEscape(word(of: bytes, at: index))
        index += 8
      }
      if isPlain {
        append(bytes, to: &out)
        return
      }
    }
    var start = 0
    var index = 0
    while index < bytes.count {
      if index + 8 <= bytes.count, !mayNeedEscape(word(of: bytes, at: index)) {
        index += 8
        continue
      }
      if isEscaped(bytes[index]) {
        append(bytes.extracting(start..<index), to: &out)
        appendEscape(of: bytes[index], to: &out)
        start = index + 1
      }
      index += 1
    }
    append(bytes.extracting(start..<bytes.count), to: &out)
  }

  /// Appends bytes as they are.
  package static func append(_ bytes: Span<UInt8>, to out: inout [UInt8]) {
    // SAFETY: the bytes are copied within the closure they are lent to.
    unsafe bytes.withUnsafeBufferPointer { unsafe out.append(contentsOf: $0) }
  }

  private static func word(of bytes: Span<UInt8>, at index: Int) -> UInt64 {
    // SAFETY: the caller has seen that eight bytes stand there.
    unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
  }

  /// Whether one of eight bytes is `"`, `\\`, DEL or a control character; may say yes too often, never no.
  static func mayNeedEscape(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    func hasZero(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }
    let found =
      (word &- ones &* 0x20) & ~word | hasZero(word ^ ones &* 0x22) | hasZero(word ^ ones &* 0x5C)
      | hasZero(word ^ ones &* 0x7F)
    return found & ones &* 0x80 != 0
  }

  static func isEscaped(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private static func appendEscape(of byte: UInt8, to out: inout [UInt8]) {
    eachByte(ofEscaped: byte) { out.append($0) }
  }

  /// Calls `write` with what stands for a byte that is escaped: two bytes, or six.
  static func eachByte(ofEscaped byte: UInt8, _ write: (UInt8) -> Void) {
    write(UInt8(ascii: "\\"))
    switch byte {
    case 0x0A: write(UInt8(ascii: "n"))
    case 0x0D: write(UInt8(ascii: "r"))
    case 0x09: write(UInt8(ascii: "t"))
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): write(byte)
    default:
      for letter in "u00".utf8 { write(letter) }
      write(hexDigit(byte >> 4))
      write(hexDigit(byte & 15))
    }
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
