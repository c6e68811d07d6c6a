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
    append(addingCapacity: bytes.count) { added in
      // SAFETY: there is room for as many bytes as are copied, and a span of another memory cannot overlap an array
      // that is being changed.
      unsafe added.withUnsafeMutableBufferPointer { target, count in
        unsafe bytes.withUnsafeBufferPointer { source in
          guard let from = source.baseAddress, let to = target.baseAddress else { return }
          unsafe memcpy(to, from, source.count)
          count = source.count
        }
      }
    }
  }

  /// Adds a copy of bytes that stand in this array.
  package mutating func append(copyOf range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    let distance = count - range.lowerBound
    append(addingCapacity: range.count) { added in
      // SAFETY: the room for new elements begins right behind the array's own, in the same piece of memory; the range
      // ends there or before, so that the two do not overlap.
      unsafe added.withUnsafeMutableBufferPointer { target, count in
        guard let to = target.baseAddress else { return }
        unsafe memcpy(to, to - distance, range.count)
        count = range.count
      }
    }
  }
}
