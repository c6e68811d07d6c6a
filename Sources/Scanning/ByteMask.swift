import CScanning

/// Which of 64 bytes equal one byte: bit i stands for byte i.
///
/// ```
/// bytes    a n n , B u y e r …        equal to ","
/// bits     0 0 0 1 0 0 0 0 0 …        the lowest bit is the first byte
/// ```
package struct ByteMask: Sendable, Hashable {
  /// Bytes one mask stands for.
  package static let width = 64

  package let bits: UInt64

  /// Looks at the 64 bytes from `offset`, all of which must be there.
  package init(_ bytes: Span<UInt8>, at offset: Int, equalTo byte: UInt8) {
    precondition(offset >= 0 && offset + Self.width <= bytes.count)
    // SAFETY: the precondition keeps the 64 bytes that are read inside the span.
    bits = unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return 0 }
      return unsafe rollcall_mask_equal(start + offset, byte)
    }
  }

  /// Looks for bytes that are not ASCII.
  package init(nonASCIIIn bytes: Span<UInt8>, at offset: Int) {
    precondition(offset >= 0 && offset + Self.width <= bytes.count)
    // SAFETY: as above.
    bits = unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return 0 }
      return unsafe rollcall_mask_high(start + offset)
    }
  }
}

extension UInt64 {
  /// Bit i is the exclusive or of bits 0...i: ones from each opening quote up to its closing one.
  @inline(__always)
  var prefixXor: UInt64 {
    var bits = self
    bits ^= bits << 1
    bits ^= bits << 2
    bits ^= bits << 4
    bits ^= bits << 8
    bits ^= bits << 16
    bits ^= bits << 32
    return bits
  }
}
