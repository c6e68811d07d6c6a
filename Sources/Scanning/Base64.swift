/// Base64 (RFC 4648, section 4) with its padding, and nothing else in between.
package enum Base64 {
  /// The bytes a text stands for; nil when it is not base64.
  ///
  /// ```
  /// Base64.decoded(Array("QW5u".utf8))       // "Ann"
  /// ```
  package static func decoded(_ text: [UInt8]) -> [UInt8]? {
    var bytes = text
    // SAFETY: decoding writes only over bytes that were read before.
    let count = unsafe bytes.withUnsafeMutableBufferPointer { buffer -> Int? in
      guard let base = buffer.baseAddress else { return 0 }
      return unsafe decode(base, count: buffer.count)
    }
    return count.map { Array(bytes[..<$0]) }
  }

  /// Decodes `count` bytes over themselves.
  ///
  /// - Returns: how many bytes there are now; nil when it is not base64.
  static func decode(_ bytes: UnsafeMutablePointer<UInt8>, count: Int) -> Int? {
    guard count % 4 == 0 else { return nil }
    guard count > 0 else { return 0 }
    let padding = unsafe bytes[count - 1] != equals ? 0 : bytes[count - 2] == equals ? 2 : 1
    var from = 0
    var to = 0
    while from < count {
      // SAFETY: `from` goes up in fours to `count`, and `to` in threes behind it.
      let isLast = from + 4 == count
      let a = unsafe values[Int(bytes[from])]
      let b = unsafe values[Int(bytes[from + 1])]
      let c = unsafe isLast && padding == 2 ? 0 : values[Int(bytes[from + 2])]
      let d = unsafe isLast && padding > 0 ? 0 : values[Int(bytes[from + 3])]
      guard (a | b | c | d) < 64 else { return nil }
      let word = UInt32(a) << 18 | UInt32(b) << 12 | UInt32(c) << 6 | UInt32(d)
      unsafe bytes[to] = UInt8(truncatingIfNeeded: word >> 16)
      unsafe bytes[to + 1] = UInt8(truncatingIfNeeded: word >> 8)
      unsafe bytes[to + 2] = UInt8(truncatingIfNeeded: word)
      from += 4
      to += 3
    }
    return to - padding
  }

  private static let equals = UInt8(ascii: "=")

  /// The six bits of each letter; 64 for what is none.
  private static let values: [UInt8] = {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    var values = [UInt8](repeating: 64, count: 256)
    for (value, letter) in letters.utf8.enumerated() { values[Int(letter)] = UInt8(value) }
    return values
  }()
}
