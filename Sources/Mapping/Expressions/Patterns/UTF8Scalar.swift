// Texts are UTF-8 that reading has checked; these step through it scalar by scalar.

extension Span<UInt8> {
  /// How many bytes the scalar that begins here has.
  @inline(__always)
  func scalarLength(at place: Int) -> Int {
    let byte = self[place]
    let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
    return Swift.min(length, count - place)
  }

  /// The scalar that begins here; U+FFFD where no scalar does.
  func scalar(at place: Int) -> Unicode.Scalar {
    let length = scalarLength(at: place)
    var value = UInt32(self[place])
    guard length > 1 else { return Unicode.Scalar(value < 0x80 ? value : 0xFFFD) ?? "\u{FFFD}" }
    value &= 0x7F >> UInt32(length)
    for offset in 1..<length { value = value << 6 | UInt32(self[place + offset] & 0x3F) }
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }
}
