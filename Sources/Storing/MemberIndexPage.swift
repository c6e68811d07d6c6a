import Identity
import Scanning

/// What `member_index` knows of 256 neighbouring members: one row of the table, column by column.
///
/// ```
/// page 3 of a state with two match keys, which has the ordinals 768…1023:
///
///     0  standings      256 × 1    128 + the standing, or 0 where no member has the ordinal
///   256  owners         256 × 8    export bits
///  2304  fingerprints   256 × 16   low word, high word
///  6400  key hashes     256 × 8    of the first key
///  8448  key hashes     256 × 8    of the second key
/// 10496  end
/// ```
///
/// Numbers are little-endian. Member 770 has place 2: its standing is byte 2, its second hash begins at byte
/// 8464. Whatever does not depend on the match keys stands in front, so it can be read under any basis.
/// Columns, not entries: all members are loaded by copying each column as it stands.
struct MemberIndexPage {
  /// What is known of one member.
  struct Entry: Equatable {
    var standing: MemberStanding
    var owners: ExportSet
    var fingerprint = Fingerprint.zero
    /// In matching order.
    var keyHashes: [UInt64] = []
  }

  /// How many ordinals a page has.
  static let places = 256
  /// In the byte of a standing: there is such a member.
  static let presence: UInt8 = 0x80
  static let ownersStart = places
  static let fingerprintsStart = ownersStart + places * 8
  static let keysStart = fingerprintsStart + places * 16

  static func number(ofOrdinal ordinal: UInt32) -> Int { Int(ordinal) / places }
  static func place(ofOrdinal ordinal: UInt32) -> Int { Int(ordinal) % places }
  static func ordinals(ofPage number: Int) -> ClosedRange<Int> {
    number * places...number * places + places - 1
  }

  static func byteCount(keyCount: Int) -> Int { keysStart + keyCount * places * 8 }

  /// How many keys a page of this length has; nil when it is no page.
  static func keyCount(byteCount: Int) -> Int? {
    let (count, rest) = (byteCount - keysStart).quotientAndRemainder(dividingBy: places * 8)
    return rest == 0 && count >= 0 ? count : nil
  }

  static func ownersOffset(_ place: Int) -> Int { ownersStart + place * 8 }
  static func fingerprintOffset(_ place: Int) -> Int { fingerprintsStart + place * 16 }
  static func keyOffset(_ place: Int, key: Int) -> Int { keysStart + (key * places + place) * 8 }

  /// The next places behind each other that have members, none of them before `place`; nil when there are none.
  static func run(in bytes: Span<UInt8>, from place: Int) -> Range<Int>? {
    var start = place
    while start < places, bytes[start] & presence == 0 { start += 1 }
    guard start < places else { return nil }
    var end = start + 1
    while end < places, bytes[end] & presence != 0 { end += 1 }
    return start..<end
  }

  let keyCount: Int
  private(set) var bytes: [UInt8]

  /// A page without members.
  init(keyCount: Int) {
    self.keyCount = keyCount
    bytes = [UInt8](repeating: 0, count: Self.byteCount(keyCount: keyCount))
  }

  /// A page as it is stored; nil when its length is wrong.
  init?(_ bytes: [UInt8]) {
    guard let keyCount = Self.keyCount(byteCount: bytes.count) else { return nil }
    self.keyCount = keyCount
    self.bytes = bytes
  }

  /// The member at a place, or nil where there is none.
  subscript(place: Int) -> Entry? { Self.entry(at: place, in: bytes.span, keyCount: keyCount) }

  /// The member at a place of a stored page.
  static func entry(at place: Int, in bytes: Span<UInt8>, keyCount: Int) -> Entry? {
    let standing = bytes[place]
    guard standing & presence != 0 else { return nil }
    let fingerprint = fingerprintOffset(place)
    return Entry(
      standing: MemberStanding(rawValue: standing & ~presence),
      owners: ExportSet(rawValue: word(bytes, ownersOffset(place))),
      fingerprint: Fingerprint(low: word(bytes, fingerprint), high: word(bytes, fingerprint + 8)),
      keyHashes: (0..<keyCount).map { word(bytes, keyOffset(place, key: $0)) })
  }

  /// Puts a member at a place; hashes are as many as the page has keys.
  mutating func set(
    _ place: Int, _ standing: MemberStanding, _ owners: ExportSet, _ fingerprint: Fingerprint,
    _ keyHashes: ArraySlice<UInt64>
  ) {
    precondition(keyHashes.count == keyCount, "the page is of other keys")
    bytes[place] = standing.rawValue | Self.presence
    var target = bytes.mutableSpan
    // SAFETY: every byte of an array of bytes may have any value, and each store checks its place.
    var words = unsafe target.mutableBytes
    Self.put(owners.rawValue, at: Self.ownersOffset(place), in: &words)
    Self.put(fingerprint.low, at: Self.fingerprintOffset(place), in: &words)
    Self.put(fingerprint.high, at: Self.fingerprintOffset(place) + 8, in: &words)
    for (key, hash) in keyHashes.enumerated() {
      Self.put(hash, at: Self.keyOffset(place, key: key), in: &words)
    }
  }

  mutating func set(_ place: Int, to entry: Entry) {
    set(place, entry.standing, entry.owners, entry.fingerprint, entry.keyHashes[...])
  }

  private static func put(_ word: UInt64, at offset: Int, in words: inout MutableRawSpan) {
    words.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
  }

  private static func word(_ bytes: Span<UInt8>, _ offset: Int) -> UInt64 {
    var word: UInt64 = 0
    for index in (offset..<offset + 8).reversed() { word = word << 8 | UInt64(bytes[index]) }
    return word
  }
}
