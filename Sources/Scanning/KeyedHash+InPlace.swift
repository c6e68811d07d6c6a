// Public for the reason given in ScannedBlock.swift: mapping hashes every cell with it.
//
// Cells stand side by side in one piece of memory, so the bytes after a short one may be read and masked away:
//
// ```
// bytes   … a n n , B u y e r , T r u e ␤ …       "ann" at 3: load 8 bytes, keep 3
// word    a n n . . . . .                          no branch asks how long it is
// ```
//
// One branch per length that varies from row to row is a branch the processor guesses wrong; 22 million cells of a
// million people took 11 ns each with them and 5 ns without.

extension Span where Element == UInt8 {
  /// Eight bytes from `place` on, little-endian; all of them must be in the span.
  @inlinable @inline(__always)
  public func word(at place: Int) -> UInt64 {
    // SAFETY: the load checks its bounds, and every eight bytes are a number.
    unsafe UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self))
  }

  /// Four bytes from `place` on, likewise.
  @inlinable @inline(__always)
  public func halfWord(at place: Int) -> UInt32 {
    // SAFETY: as above.
    unsafe UInt32(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt32.self))
  }
}

extension KeyedHash {
  /// Bytes that must follow a value for it to be hashed without looking at its length byte by byte.
  @inlinable public static var roomInPlace: Int { 16 }

  /// The digest of `bytes[start..<end]`: what `digest(_:keyWords:)` gives for these bytes alone.
  @inlinable @inline(__always)
  public static func digest(
    of bytes: Span<UInt8>, from start: Int, to end: Int, keyWords: Span<UInt64>
  ) -> Digest128 {
    let count = end &- start
    guard count <= pieceSize, end &+ roomInPlace <= bytes.count, count > 0 else {
      return digest(bytes.extracting(start..<end), keyWords: keyWords)
    }
    precondition(keyWords.count == keyWordCount && start >= 0)
    // SAFETY: of the message, bytes below `end + roomInPlace` are read, which the guard has found to be
    // there; a piece needs no more than `keyWordCount` key words.
    return unsafe bytes.withUnsafeBytes { bytes in
      unsafe keyWords.withUnsafeBufferPointer { key in
        unsafe pieceDigest(bytes, from: start, count: count, key) { $0 }
      }
    }
  }

  /// The same with `A`–`Z` taken as `a`–`z`: what `foldedDigest(_:keyWords:)` gives.
  @inlinable @inline(__always)
  public static func foldedDigest(
    of bytes: Span<UInt8>, from start: Int, to end: Int, keyWords: Span<UInt64>
  ) -> Digest128 {
    let count = end &- start
    guard count <= pieceSize, end &+ roomInPlace <= bytes.count, count > 0 else {
      return foldedDigest(bytes.extracting(start..<end), keyWords: keyWords)
    }
    precondition(keyWords.count == keyWordCount && start >= 0)
    // SAFETY: as in `digest(of:from:to:keyWords:)`.
    return unsafe bytes.withUnsafeBytes { bytes in
      unsafe keyWords.withUnsafeBufferPointer { key in
        unsafe pieceDigest(bytes, from: start, count: count, key) { $0.asciiFolded }
      }
    }
  }

  /// One piece of at least one byte, sixteen at a time, what is read too much masked away.
  @inlinable @inline(__always)
  static func pieceDigest(
    _ bytes: UnsafeRawBufferPointer, from start: Int, count: Int,
    _ key: UnsafeBufferPointer<UInt64>, _ taken: (UInt64) -> UInt64
  ) -> Digest128 {
    var digest = Digest128(low: UInt64(truncatingIfNeeded: count), high: 0)
    var left = count
    var place = start
    var slot = 2
    // SAFETY: see the callers; `slot` grows by two for each sixteen of at most `pieceSize` bytes.
    while left >= 16 {
      let first = unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      let second = unsafe bytes.loadUnaligned(fromByteOffset: place &+ 8, as: UInt64.self)
      unsafe add(
        &digest, taken(UInt64(littleEndian: first)) &+ key[slot],
        taken(UInt64(littleEndian: second)) &+ key[slot &+ 1])
      left &-= 16
      place &+= 16
      slot &+= 2
    }
    guard left > 0 else { return digest }
    let first = unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
    let second = unsafe bytes.loadUnaligned(fromByteOffset: place &+ 8, as: UInt64.self)
    unsafe add(
      &digest, taken(UInt64(littleEndian: first) & firstBytes(left)) &+ key[slot],
      taken(UInt64(littleEndian: second) & firstBytes(max(left &- 8, 0))) &+ key[slot &+ 1])
    return digest
  }

  /// A mask of the first `count` bytes of a word; of all for 8 and more.
  @inlinable @inline(__always)
  static func firstBytes(_ count: Int) -> UInt64 {
    ~(UInt64.max << UInt64(truncatingIfNeeded: count &* 8))
  }
}
