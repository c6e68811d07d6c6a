#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The bytes of a block of LDIF while they are put into shape.
///
/// Ranges and places are the caller's to keep inside the block; `LDIFPass` takes all of them from
/// ranges it was given.
@safe
struct LDIFText {
  private let base: UnsafeMutablePointer<UInt8>

  init(base: UnsafeMutablePointer<UInt8>) {
    unsafe self.base = base
  }

  @inline(__always)
  subscript(index: Int) -> UInt8 {
    // SAFETY: `index` is inside the block, as all that follows.
    unsafe base[index]
  }

  /// The first eight bytes of a word, the first of them lowest, with nothing behind its end.
  func prefix(from start: Int, length: Int) -> UInt64 {
    guard length >= 8 else {
      return (0..<length).reduce(0) { $0 | UInt64(self[start + $1]) << UInt64($1 * 8) }
    }
    // SAFETY: the word has as many bytes.
    return unsafe UInt64(
      littleEndian: UnsafeRawPointer(base + start).loadUnaligned(as: UInt64.self))
  }

  func holdsNUL(in range: Range<Int>) -> Bool {
    // SAFETY: reads the range.
    unsafe !range.isEmpty && memchr(base + range.lowerBound, 0, range.count) != nil
  }

  /// The first byte that is not UTF-8.
  func firstInvalid(in range: Range<Int>) -> Int? {
    // SAFETY: reads below the range's end.
    let stop = unsafe UTF8Check.advance(
      base, from: range.lowerBound, until: range.upperBound, count: range.upperBound)
    return stop < range.upperBound ? stop : nil
  }

  func lineFeed(in range: Range<Int>) -> Int? {
    // SAFETY: reads the range, and answers with an address in it.
    let found = unsafe memchr(base + range.lowerBound, Int32(ASCII.lineFeed), range.count)
    guard let found = unsafe found else { return nil }
    return unsafe UnsafeMutableRawPointer(base).distance(to: found)
  }

  /// Moves bytes toward the start of the block.
  func move(_ range: Range<Int>, to place: Int) {
    // SAFETY: `place` stands before the range.
    unsafe _ = memmove(base + place, base + range.lowerBound, range.count)
  }

  /// Decodes base64 over its own first bytes.
  ///
  /// - Returns: where the value ends; nil when it is not base64.
  func decodeBase64(in range: Range<Int>) -> Int? {
    // SAFETY: writes only in the range.
    unsafe Base64.decode(base + range.lowerBound, count: range.count).map { range.lowerBound + $0 }
  }

  /// Whether a range spells a word, whatever its case.
  func equals(_ range: Range<Int>, _ word: StaticString) -> Bool {
    guard range.count == word.utf8CodeUnitCount else { return false }
    // SAFETY: both have that many bytes.
    return unsafe strncasecmp(
      UnsafeRawPointer(base + range.lowerBound).assumingMemoryBound(to: CChar.self),
      UnsafeRawPointer(word.utf8Start).assumingMemoryBound(to: CChar.self), range.count) == 0
  }

  /// Whether two ranges spell the same word, whatever its case.
  func equals(_ range: Range<Int>, _ other: Range<Int>) -> Bool {
    guard range.count == other.count else { return false }
    // SAFETY: as above.
    return unsafe strncasecmp(
      UnsafeRawPointer(base + range.lowerBound).assumingMemoryBound(to: CChar.self),
      UnsafeRawPointer(base + other.lowerBound).assumingMemoryBound(to: CChar.self),
      range.count) == 0
  }

  /// The digits a range begins with, as a number.
  func leadingNumber(in range: Range<Int>) -> Int? {
    let digits = range.prefix { (0x30...0x39).contains(self[$0]) }.prefix(18)
    return digits.isEmpty ? nil : digits.reduce(0) { $0 * 10 + Int(self[$1] - 0x30) }
  }
}
