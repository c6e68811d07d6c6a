// Match keys are compared with ASCII letters folded and every other byte exact: wider folds would
// let look-alikes (ſ, K, …) into somebody else's account.

extension KeyedHash {
  /// The digest of `message` with `A`–`Z` taken as `a`–`z`.
  package func foldedDigest(_ message: Span<UInt8>) -> Digest128 {
    let count = message.count
    // SAFETY: `folded` has room for `count` bytes, all of which are written before it is read, and
    // it is not used after the closure.
    return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { folded in
      for index in 0..<count {
        unsafe folded.initializeElement(at: index, to: message[index].asciiFolded)
      }
      return unsafe digest(UnsafeBufferPointer(folded).span)
    }
  }
}

extension UInt8 {
  /// `A`–`Z` as `a`–`z`, any other byte as it is.
  @inlinable
  package var asciiFolded: UInt8 {
    self &- UInt8(ascii: "A") < 26 ? self | 0x20 : self
  }
}

extension KeyedHash {
  /// The digest of one number, as of its eight little-endian bytes.
  @inlinable
  package func digest(of number: UInt64) -> Digest128 {
    let (high, low) = (number &+ words[2]).multipliedFullWidth(by: words[3])
    return Digest128(low: low, high: high) &+ Digest128(low: 8, high: 0)
  }
}
