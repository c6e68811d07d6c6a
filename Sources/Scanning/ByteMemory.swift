#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A growing text that is added to in whole pieces, its own among them.
///
/// ```swift
/// memory.append(copying: cell)           // bytes of a batch
/// memory.append(copyOf: 3..<8)           // what stands in the memory already
/// ```
///
/// The ways of `Array` copy byte by byte, or copy everything where a piece of the same array is added.
extension [UInt8] {
  /// Adds a copy of bytes that stand elsewhere.
  package mutating func append(copying bytes: Span<UInt8>) {
    let start = count
    append(contentsOf: repeatElement(0, count: bytes.count))
    // SAFETY: as many bytes as are copied have been added behind `start`, and a span of another memory cannot overlap
    // an array that is being changed.
    unsafe bytes.withUnsafeBufferPointer { source in
      unsafe withUnsafeMutableBufferPointer { target in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        unsafe memcpy(to + start, from, source.count)
      }
    }
  }

  /// Adds a copy of bytes that stand in this array.
  package mutating func append(copyOf range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    let start = count
    append(contentsOf: repeatElement(0, count: range.count))
    // SAFETY: the range ends at or before `start`, and as many bytes have been added behind it.
    unsafe withUnsafeMutableBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      unsafe memcpy(base + start, base + range.lowerBound, range.count)
    }
  }
}
