import Scanning

/// The first part of an entry's name, with the values as they are and not in the form in which names are compared.
///
/// ```
/// cn=Lee\, Ann+l=Oslo,dc=contoso,dc=com     cn "Lee, Ann", l "Oslo"; the parent is dc=contoso,dc=com
/// ```
struct RelativeName {
  /// Attributes with their values; each is one of the entry's own (RFC 4512 §2.3.2).
  private(set) var parts: [(type: [UInt8], value: [UInt8])] = []
  /// The rest of the name, as it was spelt; empty where there is none.
  private(set) var parent: ArraySlice<UInt8>

  /// - Returns: nil when the text is no distinguished name, or the empty one.
  init?(_ name: ArraySlice<UInt8>) {
    parent = []
    var type: [UInt8] = []
    var value: [UInt8]?
    var kept = 0
    var place = name.startIndex
    while place < name.endIndex {
      let byte = name[place]
      if byte == UInt8(ascii: ","), value != nil {
        parent = name[(place + 1)...].drop { $0 == UInt8(ascii: " ") }
        break
      }
      place += 1
      switch (byte, value) {
      case (UInt8(ascii: "="), nil): value = []
      case (UInt8(ascii: "+"), let text?):
        parts.append((Self.trimmed(type), Array(text[..<kept])))
        (type, value, kept) = ([], nil, 0)
      case (UInt8(ascii: "\\"), .some):
        guard let (escaped, next) = Self.escape(name, at: place) else { return nil }
        value?.append(escaped)
        kept = value?.count ?? 0
        place = next
      case (UInt8(ascii: " "), let text?) where text.isEmpty: continue
      case (_, .some):
        value?.append(byte)
        if byte != UInt8(ascii: " ") { kept = value?.count ?? 0 }
      default: type.append(byte)
      }
    }
    guard let value else { return nil }
    parts.append((Self.trimmed(type), Array(value[..<kept])))
    guard parts.allSatisfy({ !$0.type.isEmpty }) else { return nil }
  }

  /// `2C` or `,` behind a backslash.
  private static func escape(
    _ name: ArraySlice<UInt8>, at place: Int
  ) -> (byte: UInt8, next: Int)? {
    guard place < name.endIndex else { return nil }
    let digits = name[place...].prefix(2)
    let isHex = digits.allSatisfy {
      (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20)
    }
    if digits.count == 2, isHex,
      let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
    {
      return (byte, place + 2)
    }
    return (name[place], place + 1)
  }

  private static func trimmed(_ type: [UInt8]) -> [UInt8] {
    type.filter { $0 != UInt8(ascii: " ") }
  }
}
