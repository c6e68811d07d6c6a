import Crypto
import Scanning

/// The id of a member or team: a UUIDv5 (RFC 9562 §5.5) that nobody has to hand out.
///
/// It is made of the state's lineage, the export that first named the record, the record's source key, and a
/// generation that grows after each delete, so that a reused employee number is a new person. The 16 bytes are
/// kept as they are: a million of them cost no million texts.
package struct ResourceID: Sendable, Hashable, Comparable, CustomStringConvertible {
  private enum Form: Sendable, Hashable {
    /// A UUID in its one spelling: the first eight bytes and the last eight, the first one highest.
    case uuid(high: UInt64, low: UInt64)
    /// Whatever somebody else calls it.
    case text(String)
  }

  private let form: Form

  /// Takes an id that was made before.
  package init(_ text: String) {
    form = Self.uuid(text.utf8.span) ?? .text(text)
  }

  /// The same of its bytes.
  package init(_ text: Span<UInt8>) {
    form = Self.uuid(text) ?? .text(String(decoding: text.indices.map { text[$0] }, as: UTF8.self))
  }

  /// The UUID of these halves, its first byte the highest of `high`.
  package init(high: UInt64, low: UInt64) { form = .uuid(high: high, low: low) }

  package enum Kind: String, Sendable {
    case member
    case team
  }

  package init(
    lineage: String, export: String, kind: Kind, sourceKey: [UInt8], generation: Int
  ) {
    // Lengths keep ("a", "bc") and ("ab", "c") apart.
    let (lineage, export, kind) = (lineage.utf8.span, export.utf8.span, kind.rawValue.utf8)
    let room = lineage.count + export.count + kind.count + sourceKey.count + 128
    let input = [UInt8](capacity: room) { input in
      input.append(part: lineage)
      input.append(part: export)
      input.append(part: kind.span)
      input.append(part: sourceKey.span)
      input.append(part: String(generation).utf8.span)
    }
    var words: (high: UInt64, low: UInt64) = (0, 0)
    for (place, byte) in Insecure.SHA1.hash(data: input).enumerated() {
      if place < 8 {
        words.high = words.high << 8 | UInt64(byte)
      } else if place < 16 {
        words.low = words.low << 8 | UInt64(byte)
      }
    }
    // The version, 5, and the variant stand in fixed places.
    form = .uuid(
      high: words.high & ~0xF000 | 0x5000, low: words.low & ~(3 << 62) | 2 << 62)
  }

  /// `8-4-4-4-12` lower-case hexadecimal digits, or the text that was taken over.
  package var description: String {
    if case .text(let text) = form { return text }
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether its text is made of digits, letters a to f and dashes alone, and so needs no escapes anywhere.
  package var isUUID: Bool {
    if case .uuid = form { true } else { false }
  }

  /// The first eight bytes of a UUID and the last eight, which sort as their text does; nil for other texts.
  package var halves: (high: UInt64, low: UInt64)? {
    if case .uuid(let high, let low) = form { (high, low) } else { nil }
  }

  /// How long the text of a UUID is.
  package static let uuidLength = 36

  /// Appends what `description` says, without making a text of it first.
  package func append(to bytes: inout [UInt8]) {
    switch form {
    case .text(let text): bytes.append(contentsOf: text.utf8)
    case .uuid(let high, let low):
      bytes.append(addingCapacity: Self.uuidLength) { Self.append(high, low, to: &$0) }
    }
  }

  /// Appends the text of a UUID where there is room for `uuidLength` bytes; false, and nothing, for other ids.
  package func appendUUID(to out: inout OutputSpan<UInt8>) -> Bool {
    guard case .uuid(let high, let low) = form else { return false }
    Self.append(high, low, to: &out)
    return true
  }

  private static func append(_ high: UInt64, _ low: UInt64, to out: inout OutputSpan<UInt8>) {
    let dash = UInt8(ascii: "-")
    out.append(littleEndian: digits(UInt32(truncatingIfNeeded: high >> 32)))
    out.append(dash)
    let middle = digits(UInt32(truncatingIfNeeded: high))
    append(middle, 4, to: &out)
    out.append(dash)
    append(middle >> 32, 4, to: &out)
    out.append(dash)
    let next = digits(UInt32(truncatingIfNeeded: low >> 32))
    append(next, 4, to: &out)
    out.append(dash)
    append(next >> 32, 4, to: &out)
    out.append(littleEndian: digits(UInt32(truncatingIfNeeded: low)))
  }

  private static func append(_ digits: UInt64, _ count: Int, to out: inout OutputSpan<UInt8>) {
    for place in 0..<count { out.append(UInt8(truncatingIfNeeded: digits >> UInt64(place * 8))) }
  }

  /// In the order of the texts, which for UUIDs is that of their bytes.
  package static func < (left: ResourceID, right: ResourceID) -> Bool {
    if case .uuid(let high, let low) = left.form,
      case .uuid(let otherHigh, let otherLow) = right.form
    {
      return (high, low) < (otherHigh, otherLow)
    }
    return left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
  }

  // MARK: - Spelling

  /// The eight hexadecimal digits of a number, the first one in the lowest byte.
  private static func digits(_ number: UInt32) -> UInt64 {
    // One digit to a byte, eight at a time.
    var word = UInt64(number)
    word = (word | word << 16) & 0x0000_FFFF_0000_FFFF
    word = (word | word << 8) & 0x00FF_00FF_00FF_00FF
    word = (word | word << 4) & 0x0F0F_0F0F_0F0F_0F0F
    // From "9" to "a" are 39 letters more than from 9 to 10.
    let areLetters = ((word &+ 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101
    return (word &+ 0x3030_3030_3030_3030 &+ areLetters &* 39).byteSwapped
  }

  /// Nil for what `append` would not spell in exactly this way.
  private static func uuid(_ text: Span<UInt8>) -> Form? {
    let dash = UInt8(ascii: "-")
    guard text.count == 36, text[8] == dash, text[13] == dash, text[18] == dash, text[23] == dash
    else { return nil }
    var (high, low, isSpelled) = (UInt64(0), UInt64(0), true)
    append(text.extracting(0..<8), to: &high, &isSpelled)
    append(text.extracting(9..<13), to: &high, &isSpelled)
    append(text.extracting(14..<18), to: &high, &isSpelled)
    append(text.extracting(19..<23), to: &low, &isSpelled)
    append(text.extracting(24..<36), to: &low, &isSpelled)
    return isSpelled ? .uuid(high: high, low: low) : nil
  }

  /// Goes over all digits of a group before anybody asks whether they were any.
  private static func append(
    _ digits: Span<UInt8>, to number: inout UInt64, _ isSpelled: inout Bool
  ) {
    for place in digits.indices {
      let (digit, letter) = (digits[place] &- UInt8(ascii: "0"), digits[place] &- UInt8(ascii: "a"))
      isSpelled = isSpelled && (digit < 10 || letter < 6)
      number = number << 4 | UInt64(digit < 10 ? digit : letter &+ 10)
    }
  }
}

extension OutputSpan<UInt8> {
  /// Adds a part of an id's source with its length.
  fileprivate mutating func append(part: Span<UInt8>) {
    append(decimal: part.count)
    append(UInt8(ascii: ":"))
    append(copying: part)
  }
}
