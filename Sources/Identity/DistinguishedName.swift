/// The name of an entry of a directory (RFC 4514), in a form in which equal names have equal bytes.
///
/// ```
/// CN=Lee\, Ann , OU=Sales+L=Oslo;DC=contoso,DC=com
/// cn=lee\2c ann,l=oslo+ou=sales,dc=contoso,dc=com       its normal form
/// ```
///
/// Attribute names lose their case and their OIDs, values their ASCII case, their spelling of escapes and the
/// spaces that do not count (RFC 4518 §2.6.1); parts of one RDN are put in order. Letters beyond ASCII
/// keep their case, so a name that differs only there is another one: an edge too few is seen, one too
/// many gives access.
package struct DistinguishedName: Sendable, Hashable {
  /// The normal form; the empty name has none.
  package let normal: [UInt8]

  /// - Returns: nil when the text is no distinguished name.
  package init?(parsing text: some Collection<UInt8>) {
    var parser = NameParser(Array(text))
    guard let normal = parser.name() else { return nil }
    self.normal = normal
  }

  package init?(parsing text: String) {
    self.init(parsing: text.utf8)
  }
}

private struct NameParser {
  private let text: [UInt8]
  private var place = 0

  init(_ text: [UInt8]) {
    self.text = text
  }

  private var next: UInt8? { place < text.count ? text[place] : nil }

  mutating func name() -> [UInt8]? {
    skipSpaces()
    if next == nil { return [] }
    var normal: [UInt8] = []
    normal.reserveCapacity(text.count)
    while true {
      guard let relative = relativeName() else { return nil }
      normal += relative
      guard let separator = next else { return normal }
      guard separator == UInt8(ascii: ",") || separator == UInt8(ascii: ";") else { return nil }
      place += 1
      normal.append(UInt8(ascii: ","))
    }
  }

  /// One RDN: `ou=sales+l=oslo`.
  private mutating func relativeName() -> [UInt8]? {
    guard let first = part() else { return nil }
    guard next == UInt8(ascii: "+") else { return first }
    var parts = [first]
    while next == UInt8(ascii: "+") {
      place += 1
      guard let part = part() else { return nil }
      parts.append(part)
    }
    parts.sort { $0.lexicographicallyPrecedes($1) }
    return Array(parts.joined(separator: [UInt8(ascii: "+")]))
  }

  private mutating func part() -> [UInt8]? {
    skipSpaces()
    let start = place
    while let byte = next, byte != UInt8(ascii: "="), byte != UInt8(ascii: " ") {
      guard Self.isNameByte(byte) else { return nil }
      place += 1
    }
    let type = Self.shortName(text[start..<place].map(Self.folded))
    skipSpaces()
    guard !type.isEmpty, next == UInt8(ascii: "=") else { return nil }
    place += 1
    skipSpaces()
    guard let value = next == UInt8(ascii: "\"") ? quotedValue() : value() else { return nil }
    return type + [UInt8(ascii: "=")] + Self.prepared(value)
  }

  /// Up to the next separator, with escapes taken off and spaces at its end that do not count.
  private mutating func value() -> [UInt8]? {
    var value: [UInt8] = []
    var kept = 0
    while let byte = next {
      switch byte {
      case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "+"):
        return Array(value[..<kept])
      case UInt8(ascii: "\""), 0: return nil
      case UInt8(ascii: "\\"):
        guard let escaped = escape() else { return nil }
        value.append(escaped)
        kept = value.count
      default:
        place += 1
        value.append(byte)
        if byte != UInt8(ascii: " ") { kept = value.count }
      }
    }
    return Array(value[..<kept])
  }

  /// The way of RFC 2253, which is still met.
  private mutating func quotedValue() -> [UInt8]? {
    place += 1
    var value: [UInt8] = []
    while let byte = next {
      if byte == UInt8(ascii: "\"") {
        place += 1
        skipSpaces()
        return value
      }
      if byte == UInt8(ascii: "\\") {
        guard let escaped = escape() else { return nil }
        value.append(escaped)
      } else {
        value.append(byte)
        place += 1
      }
    }
    return nil
  }

  /// `\2C` or `\,`.
  private mutating func escape() -> UInt8? {
    guard place + 1 < text.count else { return nil }
    if place + 2 < text.count, let high = Self.digit(text[place + 1]),
      let low = Self.digit(text[place + 2])
    {
      place += 3
      return high << 4 | low
    }
    place += 2
    return text[place - 1]
  }

  private mutating func skipSpaces() {
    while next == UInt8(ascii: " ") { place += 1 }
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."): true
    default: false
    }
  }

  private static func folded(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
  }

  /// The names of RFC 4514 §3, which may be written as their OIDs.
  private static func shortName(_ name: [UInt8]) -> [UInt8] {
    guard name.contains(UInt8(ascii: ".")) else { return name }
    let number = name.starts(with: Array("oid.".utf8)) ? Array(name.dropFirst(4)) : name
    return shortNames[number] ?? number
  }

  private static let shortNames: [[UInt8]: [UInt8]] = {
    let names = [
      "2.5.4.3": "cn", "2.5.4.4": "sn", "2.5.4.5": "serialnumber", "2.5.4.6": "c", "2.5.4.7": "l",
      "2.5.4.8": "st", "2.5.4.9": "street", "2.5.4.10": "o", "2.5.4.11": "ou",
      "0.9.2342.19200300.100.1.25": "dc", "0.9.2342.19200300.100.1.1": "uid",
    ]
    return Dictionary(uniqueKeysWithValues: names.map { (Array($0.utf8), Array($1.utf8)) })
  }()

  /// Folds case and inner spaces, and spells what could be taken for something else as `\2c`.
  private static func prepared(_ value: [UInt8]) -> [UInt8] {
    var normal: [UInt8] = []
    normal.reserveCapacity(value.count)
    var isSpace = true
    for byte in value {
      if byte == UInt8(ascii: " ") {
        if !isSpace { normal.append(byte) }
        isSpace = true
        continue
      }
      isSpace = false
      switch byte {
      case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "+"), UInt8(ascii: "="),
        UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "#"), 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        normal += [UInt8(ascii: "\\"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: normal.append(folded(byte))
      }
    }
    if isSpace, normal.last == UInt8(ascii: " ") { normal.removeLast() }
    return normal
  }
}
