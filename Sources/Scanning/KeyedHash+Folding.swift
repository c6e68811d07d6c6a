// Match keys are compared with ASCII letters folded and every other byte exact: wider folds would
// let look-alikes (ſ, K, …) into somebody else's account.

extension KeyedHash {
  /// The digest of `message` with `A`–`Z` taken as `a`–`z`.
  @inlinable
  public func foldedDigest(_ message: Span<UInt8>) -> Digest128 {
    KeyedHash.foldedDigest(message, keyWords: words.span)
  }

  /// The same under `keyWordCount` key words that stand in somebody else's memory.
  @inlinable
  public static func foldedDigest(
    _ message: Span<UInt8>, keyWords words: Span<UInt64>
  ) -> Digest128 {
    let count = message.count
    guard count > 0 else { return .zero }
    // SAFETY: `word(_:at:of:)` reads below `count` only; `key` has `keyWordCount` words.
    return unsafe message.withUnsafeBytes { bytes in
      guard count <= pieceSize, let raw = bytes.baseAddress else {
        return unsafe foldedLongDigest(bytes, keyWords: words)
      }
      var digest = Digest128(low: UInt64(count), high: 0)
      var offset = 0
      var slot = 2
      while offset < count {
        let first = unsafe KeyedHash.word(raw, at: offset, of: count).asciiFolded
        let second =
          offset + 8 < count
          ? unsafe KeyedHash.word(raw, at: offset + 8, of: count).asciiFolded : 0
        KeyedHash.add(&digest, first &+ words[slot], second &+ words[slot + 1])
        offset += 16
        slot += 2
      }
      return digest
    }
  }

  /// Keys are short; one that is not is copied.
  @usableFromInline
  static func foldedLongDigest(
    _ bytes: UnsafeRawBufferPointer, keyWords words: Span<UInt64>
  ) -> Digest128 {
    let folded = unsafe bytes.map(\.asciiFolded)
    return digest(folded.span, keyWords: words)
  }
}

extension UInt64 {
  /// Eight bytes, each with `A`–`Z` as `a`–`z`.
  ///
  /// For a byte below 0x80, adding 0x3F sets its high bit from `A` on and adding 0x25 from `[` on; where the two
  /// differ it is a capital, and 0x80 shifted by two is the 0x20 between the cases.
  @inlinable
  public var asciiFolded: UInt64 {
    let low = self & 0x7F7F_7F7F_7F7F_7F7F
    let fromA = low &+ 0x3F3F_3F3F_3F3F_3F3F
    let afterZ = low &+ 0x2525_2525_2525_2525
    let capitals = (fromA ^ afterZ) & ~self & 0x8080_8080_8080_8080
    return self | capitals >> 2
  }
}

extension UInt8 {
  /// `A`–`Z` as `a`–`z`, any other byte as it is.
  @inlinable
  public var asciiFolded: UInt8 {
    self &- UInt8(ascii: "A") < 26 ? self | 0x20 : self
  }
}

extension KeyedHash {
  /// The digest of one number, fit for sums that stand for whole sets of numbers.
  ///
  /// Such sums all use one key, so the digest must not be linear in the number: of `(x + k) × k'`, the
  /// sets {5, 11} and {8, 8} have the same sum. Each half is a product folded, and folded again.
  @inlinable
  public func digest(of number: UInt64) -> Digest128 {
    Digest128(low: mixed(number, slot: 0), high: mixed(number, slot: 4))
  }

  /// The sum of the digests of many numbers, each `base` higher than it says.
  package func sum(of numbers: Span<UInt32>, above base: UInt32) -> Digest128 {
    var sum = Digest128.zero
    for place in numbers.indices { sum &+= digest(of: UInt64(numbers[place] &+ base)) }
    return sum
  }

  @inlinable
  func mixed(_ number: UInt64, slot: Int) -> UInt64 {
    let first = (number ^ words[slot]).multipliedFullWidth(by: words[slot + 1] | 1)
    let second = (first.low ^ first.high ^ words[slot + 2])
      .multipliedFullWidth(by: (first.low &+ words[slot + 3]) | 1)
    return second.low ^ second.high
  }
}
