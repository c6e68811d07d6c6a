/// JSON in which nothing can steer a terminal or hide, and that says the same to every reader of JSON.
///
/// ```
/// {"name":"gpj.‮exe"}   → {"name":"gpj.\u202eexe"}
/// {"name":"Zoë"}        → {"name":"Zoë"}
/// ```
///
/// Of what is not ASCII, JSON has nothing outside of its strings, so no string need be found for it; C0 controls are
/// escaped by whoever wrote it (RFC 8259 §7).
enum VisibleJSON {
  /// `bytes` are whole characters of UTF-8; what is none becomes U+FFFD.
  static func escaped(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(where: { $0 >= 0x7F }) else { return bytes }
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count + 64)
    var rest = bytes[...]
    while let start = rest.firstIndex(where: { $0 >= 0x7F }) {
      out.append(contentsOf: rest[..<start])
      let end = rest[start...].firstIndex { $0 < 0x7F } ?? rest.endIndex
      for scalar in String(decoding: rest[start..<end], as: UTF8.self).unicodeScalars {
        if isLatinLetter(scalar) || !scalar.mustBeSpelled {
          out.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        } else {
          out.append(contentsOf: scalar.jsonEscape.utf8)
        }
      }
      rest = rest[end...]
    }
    out.append(contentsOf: rest)
    return out
  }

  /// Most of what is not ASCII, told without the tables of Unicode.
  private static func isLatinLetter(_ scalar: Unicode.Scalar) -> Bool {
    0xC0...0x17F ~= scalar.value
  }
}

extension Unicode.Scalar {
  /// `\u202e`; two of them beyond U+FFFF.
  var jsonEscape: String {
    (UTF16.encode(self) ?? UTF16.encodedReplacementCharacter).map { unit in
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
  }
}
