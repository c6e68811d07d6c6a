/// Tells well-formed UTF-8 from anything else (Unicode 16, table 3-7).
///
/// The standard library can do this too, but only for a whole piece at once; the CSV scanner looks
/// at the few 64-byte words that hold anything but ASCII, and nothing else.
package enum UTF8Check {
  /// The offset of the first byte that does not belong to a well-formed character, nil if there is none.
  package static func firstInvalid(in bytes: Span<UInt8>) -> Int? {
    // SAFETY: `advance` reads only below `count`.
    unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return nil }
      let end = unsafe advance(start, from: 0, until: buffer.count, count: buffer.count)
      return end < buffer.count ? end : nil
    }
  }

  /// Steps over whole characters until one ends at or after `stop`.
  ///
  /// - Returns: where the next character begins; below `stop` only if what is there is not UTF-8.
  @inline(__always)
  static func advance(
    _ bytes: UnsafePointer<UInt8>, from start: Int, until stop: Int, count: Int
  ) -> Int {
    var index = start
    while index < stop {
      let lead = unsafe bytes[index]
      if lead < 0x80 {
        index &+= 1
        continue
      }
      let length = unsafe characterLength(bytes + index, left: count &- index)
      if length == 0 { return index }
      index &+= length
    }
    return index
  }

  /// Bytes of the character at `bytes`, whose first byte is not ASCII; 0 when it is malformed.
  @inline(__always)
  static func characterLength(_ bytes: UnsafePointer<UInt8>, left: Int) -> Int {
    let lead = unsafe bytes[0]
    if lead >= 0xC2, lead <= 0xDF {
      return unsafe left >= 2 && isContinuation(bytes[1]) ? 2 : 0
    }
    if lead >= 0xE0, lead <= 0xEF {
      guard left >= 3, unsafe isContinuation(bytes[1]), unsafe isContinuation(bytes[2]) else {
        return 0
      }
      let second = unsafe bytes[1]
      if lead == 0xE0, second < 0xA0 { return 0 }  // overlong
      if lead == 0xED, second > 0x9F { return 0 }  // surrogates
      return 3
    }
    if lead >= 0xF0, lead <= 0xF4 {
      guard left >= 4, unsafe isContinuation(bytes[1]), unsafe isContinuation(bytes[2]),
        unsafe isContinuation(bytes[3])
      else { return 0 }
      let second = unsafe bytes[1]
      if lead == 0xF0, second < 0x90 { return 0 }  // overlong
      if lead == 0xF4, second > 0x8F { return 0 }  // above U+10FFFF
      return 4
    }
    return 0
  }

  @inline(__always)
  private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
