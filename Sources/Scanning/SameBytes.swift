import Glibc

extension Span<UInt8> {
  /// Whether both are the same bytes; many at a time, where a loop would look at each.
  package func isSame(as other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    // SAFETY: both have `count` bytes, and nobody keeps the pointers.
    return unsafe withUnsafeBytes { mine in
      unsafe other.withUnsafeBytes { theirs in
        guard let one = mine.baseAddress, let another = theirs.baseAddress else { return true }
        return unsafe memcmp(one, another, mine.count) == 0
      }
    }
  }
}
