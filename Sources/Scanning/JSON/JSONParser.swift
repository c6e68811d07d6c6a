/// Why a text is not one JSON document.
package struct JSONProblem: Error, Sendable, Hashable {
  package enum Kind: String, Sendable {
    case unexpectedEnd
    case unexpectedByte
    case badNumber
    case badEscape
    case loneSurrogate
    case controlCharacter
    case invalidUTF8
    case duplicateName
    case tooDeep
    case trailingText
    case tooLong
    case notAnObject
  }

  package let kind: Kind
  /// Bytes from the start of the text.
  package let offset: Int

  package init(kind: Kind, offset: Int) {
    self.kind = kind
    self.offset = offset
  }
}

/// A strict reader of one JSON document (RFC 8259): what the grammar does not allow is refused.
///
/// Foundation's readers are not used because they disagree with each other on repeated names and
/// accept trailing commas; here a repeated name, a lone surrogate, invalid UTF-8, or nesting deeper
/// than 64 is an error.
package struct JSONParser {
  package static let depthLimit = 64

  private let bytes: [UInt8]
  private var offset = 0

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Reads exactly one document; white space around it is fine.
  package static func parse(_ bytes: [UInt8]) throws(JSONProblem) -> JSONValue {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw JSONProblem(kind: .invalidUTF8, offset: 0)
    }
    var parser = JSONParser(bytes)
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.offset == bytes.count else { throw parser.problem(.trailingText) }
    return value
  }

  private func problem(_ kind: JSONProblem.Kind) -> JSONProblem {
    JSONProblem(kind: offset >= bytes.count ? .unexpectedEnd : kind, offset: offset)
  }

  private mutating func skipSpace() {
    while offset < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[offset]) { offset += 1 }
  }

  private mutating func value(depth: Int) throws(JSONProblem) -> JSONValue {
    guard depth <= Self.depthLimit else { throw JSONProblem(kind: .tooDeep, offset: offset) }
    skipSpace()
    guard offset < bytes.count else { throw problem(.unexpectedEnd) }
    switch bytes[offset] {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func word(_ text: String, _ value: JSONValue) throws(JSONProblem) -> JSONValue {
    for byte in text.utf8 {
      guard offset < bytes.count, bytes[offset] == byte else { throw problem(.unexpectedByte) }
      offset += 1
    }
    return value
  }

  private mutating func expect(_ byte: UInt8) throws(JSONProblem) {
    skipSpace()
    guard offset < bytes.count, bytes[offset] == byte else { throw problem(.unexpectedByte) }
    offset += 1
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard offset < bytes.count, bytes[offset] == byte else { return false }
    offset += 1
    return true
  }

  private mutating func object(depth: Int) throws(JSONProblem) -> JSONValue {
    try expect(UInt8(ascii: "{"))
    var members: [JSONMember] = []
    var names: Set<[UInt8]> = []
    if take(UInt8(ascii: "}")) { return .object([]) }
    repeat {
      skipSpace()
      let start = offset
      guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
        throw problem(.unexpectedByte)
      }
      let name = try string()
      guard names.insert(Array(name.utf8)).inserted else {
        throw JSONProblem(kind: .duplicateName, offset: start)
      }
      try expect(UInt8(ascii: ":"))
      members.append(JSONMember(name: name, value: try value(depth: depth + 1)))
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"))
    return .object(members)
  }

  private mutating func array(depth: Int) throws(JSONProblem) -> JSONValue {
    try expect(UInt8(ascii: "["))
    if take(UInt8(ascii: "]")) { return .array([]) }
    var elements: [JSONValue] = []
    repeat {
      elements.append(try value(depth: depth + 1))
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"))
    return .array(elements)
  }

  private mutating func number() throws(JSONProblem) -> JSONValue {
    let start = offset
    if peek == UInt8(ascii: "-") { offset += 1 }
    guard let first = peek, isDigit(first) else { throw problem(.unexpectedByte) }
    if first == UInt8(ascii: "0") { offset += 1 } else { skipDigits() }
    if peek == UInt8(ascii: ".") {
      offset += 1
      guard skipDigits() > 0 else { throw problem(.badNumber) }
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      offset += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { offset += 1 }
      guard skipDigits() > 0 else { throw problem(.badNumber) }
    }
    return .number(String(decoding: bytes[start..<offset], as: UTF8.self))
  }

  private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  @discardableResult
  private mutating func skipDigits() -> Int {
    let start = offset
    while let byte = peek, isDigit(byte) { offset += 1 }
    return offset - start
  }

  private mutating func string() throws(JSONProblem) -> String {
    offset += 1
    let start = offset
    while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
      offset += 1
    }
    if peek == UInt8(ascii: "\"") {
      defer { offset += 1 }
      return String(decoding: bytes[start..<offset], as: UTF8.self)
    }
    var text = Array(bytes[start..<offset])
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        text.append(contentsOf: Array(String(Character(try escape())).utf8))
      case 0..<0x20: throw problem(.controlCharacter)
      default:
        text.append(byte)
        offset += 1
      }
    }
    throw problem(.unexpectedEnd)
  }

  private mutating func escape() throws(JSONProblem) -> Unicode.Scalar {
    offset += 1
    guard let byte = peek else { throw problem(.unexpectedEnd) }
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default:
      offset -= 1
      throw problem(.badEscape)
    }
  }

  private mutating func unicodeEscape() throws(JSONProblem) -> Unicode.Scalar {
    let high = try hexQuad()
    if let scalar = Unicode.Scalar(high) { return scalar }
    guard high < 0xDC00, peek == UInt8(ascii: "\\"), offset + 1 < bytes.count,
      bytes[offset + 1] == UInt8(ascii: "u")
    else { throw JSONProblem(kind: .loneSurrogate, offset: offset) }
    offset += 2
    let low = try hexQuad()
    guard (0xDC00..<0xE000).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    else { throw JSONProblem(kind: .loneSurrogate, offset: offset) }
    return scalar
  }

  private mutating func hexQuad() throws(JSONProblem) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek else { throw problem(.unexpectedEnd) }
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw problem(.badEscape)
      }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    return value
  }
}
