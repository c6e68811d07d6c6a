// Public for the reason given in ScannedBlock.swift.

/// A 128-bit number that stands for a value; sums wrap around.
public struct Digest128: Sendable, Hashable, BitwiseCopyable {
  public var low: UInt64
  public var high: UInt64

  public static let zero = Digest128(low: 0, high: 0)

  @inlinable
  public init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  // Written out, so that other modules inline it.
  @inlinable
  public static func == (left: Digest128, right: Digest128) -> Bool {
    left.low == right.low && left.high == right.high
  }

  @inlinable
  public static func &+ (left: Digest128, right: Digest128) -> Digest128 {
    let (low, carry) = left.low.addingReportingOverflow(right.low)
    return Digest128(low: low, high: left.high &+ right.high &+ (carry ? 1 : 0))
  }

  @inlinable
  public static func &- (left: Digest128, right: Digest128) -> Digest128 {
    let (low, borrow) = left.low.subtractingReportingOverflow(right.low)
    return Digest128(low: low, high: left.high &- right.high &- (borrow ? 1 : 0))
  }

  @inlinable
  public static func &+= (left: inout Digest128, right: Digest128) {
    left = left &+ right
  }

  @inlinable
  public static func &-= (left: inout Digest128, right: Digest128) {
    left = left &- right
  }

  /// Sixty-four well-mixed bits of it, for hash tables.
  @inlinable
  public var folded: UInt64 {
    var mixed = low ^ (high &* 0x9E37_79B9_7F4A_7C15)
    mixed = (mixed ^ (mixed >> 32)) &* 0xD6E8_FEB8_6659_FD93
    mixed = (mixed ^ (mixed >> 29)) &* 0xD6E8_FEB8_6659_FD93
    return mixed ^ (mixed >> 32)
  }
}

/// A keyed universal hash of byte strings: fast, and proof against crafted collisions.
///
/// The message is cut into 8-byte little-endian words (the last one padded with zeros), and words
/// are taken in pairs: `sum += (m0 + k0) × (m1 + k1)` with a full 128-bit product, then the length
/// is added. This is NH of UMAC (Black, Halevi, Krawczyk, Krovetz, Rogaway, CRYPTO '99): over a
/// random key, two different messages differ by any chosen amount with probability at most 2⁻⁶⁴.
/// Whoever writes the export does not know the key, so choosing names does not help.
///
/// Sums of digests under *independent* keys keep that property, which is what lets a fingerprint
/// be a plain sum over attributes: one attribute can be taken out again by subtraction.
///
/// ```
/// message  "Sales"               m0 = 0x73656c6153, m1 = 0
/// digest   (m0 + k0) × (m1 + k1) + 5
/// ```
///
/// Messages above 240 bytes go piece by piece, the digest so far being the first two words of the
/// next piece, under the same key words.
public struct KeyedHash: Sendable {
  /// Key words per hash: 2 for the running digest, 30 for a piece of the message.
  public static let keyWordCount = 32

  /// Bytes that one pass over the key words takes in.
  @usableFromInline static let pieceSize = 240

  public let words: [UInt64]

  /// Takes exactly `keyWordCount` random words.
  public init(keyWords: [UInt64]) {
    precondition(keyWords.count == Self.keyWordCount)
    words = keyWords
  }

  /// A hash under a key nobody has seen, for one run of the program.
  public static func random() -> KeyedHash {
    var source = SystemRandomNumberGenerator()
    return KeyedHash(keyWords: (0..<keyWordCount).map { _ in source.next() })
  }

  /// The digest of all bytes of `message`.
  @inlinable
  public func digest(_ message: Span<UInt8>) -> Digest128 {
    Self.digest(message, keyWords: words.span)
  }

  /// The digest under key words that stand somewhere else.
  ///
  /// Counting references to a key costs as much as a short digest, and more when several threads do
  /// it; a loop with many keys keeps them in one array and passes spans of it.
  @inlinable
  public static func digest(_ message: Span<UInt8>, keyWords: Span<UInt64>) -> Digest128 {
    precondition(keyWords.count == keyWordCount)
    // SAFETY: both closures end before the spans do; `digest(start:count:)` reads only
    // `count` bytes of the message and `keyWordCount` words of the key.
    return unsafe message.withUnsafeBufferPointer { bytes in
      unsafe keyWords.withUnsafeBufferPointer { key in
        unsafe KeyedHash.digest(bytes.baseAddress, count: bytes.count, key: key.baseAddress)
      }
    }
  }

  @inlinable
  static func digest(
    _ start: UnsafePointer<UInt8>?, count: Int, key: UnsafePointer<UInt64>?
  ) -> Digest128 {
    guard count > 0, let start = unsafe start, let key = unsafe key else { return .zero }
    let raw = unsafe UnsafeRawPointer(start)
    var digest = Digest128(low: 0, high: 0)
    if count <= 16 {
      let first = unsafe word(raw, at: 0, of: count)
      let second = count > 8 ? unsafe word(raw, at: 8, of: count) : 0
      unsafe add(&digest, (first &+ key[2]), (second &+ key[3]))
    } else {
      var offset = 0
      while offset < count {
        let end = min(offset + pieceSize, count)
        var next = Digest128(low: 0, high: 0)
        if offset > 0 { unsafe add(&next, digest.low &+ key[0], digest.high &+ key[1]) }
        var slot = 2
        while offset + 16 <= end {
          let first = unsafe raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
          let second = unsafe raw.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
          unsafe add(
            &next, UInt64(littleEndian: first) &+ key[slot],
            UInt64(littleEndian: second) &+ key[slot + 1])
          offset += 16
          slot += 2
        }
        if offset < end {
          let first = unsafe word(raw, at: offset, of: end)
          let second = offset + 8 < end ? unsafe word(raw, at: offset + 8, of: end) : 0
          unsafe add(&next, first &+ key[slot], second &+ key[slot + 1])
          offset = end
        }
        digest = next
      }
    }
    return digest &+ Digest128(low: UInt64(count), high: 0)
  }

  /// Up to eight bytes from `offset`, zero-padded, little-endian; never reads at or past `count`.
  @inlinable
  static func word(_ raw: UnsafeRawPointer, at offset: Int, of count: Int) -> UInt64 {
    let left = count - offset
    if left >= 8 {
      return unsafe UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    if left >= 4 {
      let low = unsafe raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
      let high = unsafe raw.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
      return UInt64(UInt32(littleEndian: low))
        | UInt64(UInt32(littleEndian: high)) << UInt64((left - 4) * 8)
    }
    var word: UInt64 = 0
    var index = 0
    while index < left {
      word |=
        unsafe UInt64(raw.load(fromByteOffset: offset + index, as: UInt8.self)) << UInt64(index * 8)
      index += 1
    }
    return word
  }

  @inlinable
  static func add(_ digest: inout Digest128, _ left: UInt64, _ right: UInt64) {
    let product = left.multipliedFullWidth(by: right)
    digest &+= Digest128(low: product.low, high: product.high)
  }
}
