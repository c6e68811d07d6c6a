/// What a JSON text means.
package enum JSONText {
  /// Resolves the escapes of a text that has been read before, its quotes left out.
  ///
  /// `M\u00fcller \/ S\u00f8n` → `Müller / Søn`
  package static func unescaped(_ raw: Span<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(raw.count)
    var index = 0
    while index < raw.count {
      let byte = raw[index]
      guard byte == UInt8(ascii: "\\"), index + 1 < raw.count else {
        text.append(byte)
        index += 1
        continue
      }
      index += 2
      switch raw[index - 1] {
      case UInt8(ascii: "b"): text.append(0x08)
      case UInt8(ascii: "f"): text.append(0x0C)
      case UInt8(ascii: "n"): text.append(0x0A)
      case UInt8(ascii: "r"): text.append(0x0D)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "u"): index = append(unitAt: index, in: raw, to: &text)
      default: text.append(raw[index - 1])
      }
    }
    return text
  }

  /// Appends the character whose four digits begin at `place`, or those of both halves of it.
  ///
  /// - Returns: the place after it. Half a character, which the reader has noted, becomes U+FFFD.
  private static func append(
    unitAt place: Int, in raw: Span<UInt8>, to text: inout [UInt8]
  ) -> Int {
    let unit = number(at: place, in: raw)
    var value = unit
    var next = place + 4
    if unit & 0xFC00 == 0xD800, next + 6 <= raw.count, raw[next] == UInt8(ascii: "\\"),
      raw[next + 1] == UInt8(ascii: "u")
    {
      let low = number(at: next + 2, in: raw)
      if low & 0xFC00 == 0xDC00 {
        value = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
        next += 6
      }
    }
    let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
    text.append(contentsOf: Array(String(Character(scalar)).utf8))
    return min(next, raw.count)
  }

  private static func number(at place: Int, in raw: Span<UInt8>) -> UInt32 {
    var value: UInt32 = 0
    for index in place..<min(place + 4, raw.count) {
      let byte = raw[index]
      let digit = byte < 0x40 ? byte &- 0x30 : (byte | 0x20) &- 0x61 &+ 10
      value = value << 4 | UInt32(digit & 15)
    }
    return value
  }
}
