#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Objects and texts: where names are found again, and bytes become characters.
extension JSONFieldReader {
  /// A text between its quotes.
  struct Text {
    let start: Int
    let end: Int
    let isEscaped: Bool
    /// It has no form in UTF-8.
    let isBad: Bool
  }

  /// Which names an object has had.
  private struct Seen {
    /// Names with a number below `JSONShape.learntNames`, a bit for each.
    private var words = InlineArray<4, UInt64>(repeating: 0)
    /// All others; mostly there are none, and nothing to release.
    private var others: Set<[UInt8]>?

    /// Whether the name comes for the first time.
    @inline(__always)
    mutating func insert(_ ordinal: Int32) -> Bool {
      let word = Int(ordinal >> 6)
      let bit: UInt64 = 1 &<< UInt64(ordinal & 63)
      defer { words[word] |= bit }
      return words[word] & bit == 0
    }

    /// The same for a name without such a number.
    mutating func insert(_ name: [UInt8]) -> Bool {
      others = others ?? []
      return others?.insert(name).inserted ?? true
    }
  }

  mutating func object(
    _ bytes: UnsafePointer<UInt8>, node: Int32, depth: Int
  ) throws(JSONProblem) {
    guard unsafe try enter(bytes, depth) else { return }
    at += 1
    unsafe skipSpace(bytes)
    if unsafe at < end && bytes[at] == UInt8(ascii: "}") {
      at += 1
      return
    }
    let mark = values.count
    var seen = Seen()
    var before: Int32 = -1
    while true {
      unsafe skipSpace(bytes)
      guard unsafe at < end && bytes[at] == UInt8(ascii: "\"") else { throw unexpected() }
      let name = unsafe try text(bytes)
      let child = unsafe child(bytes, of: node, named: name, before: &before, &seen)
      unsafe skipSpace(bytes)
      guard unsafe at < end && bytes[at] == UInt8(ascii: ":") else { throw unexpected() }
      at &+= 1
      unsafe skipSpace(bytes)
      unsafe try value(bytes, node: child, depth: depth)
      unsafe skipSpace(bytes)
      guard at < end else { throw unexpected() }
      let byte = unsafe bytes[at]
      guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") else { throw unexpected() }
      at &+= 1
      if byte == UInt8(ascii: "}") { break }
    }
    if node >= 0, shape.nodes[Int(node)].filters >= 0 {
      unsafe applyFilters(of: node, from: mark, bytes)
    }
  }

  // MARK: - Names

  /// The place that a name leads to; a name that came before in the object is noted.
  @inline(__always)
  private mutating func child(
    _ bytes: UnsafePointer<UInt8>, of node: Int32, named name: Text, before: inout Int32,
    _ seen: inout Seen
  ) -> Int32 {
    guard node >= 0, !name.isEscaped else {
      return unsafe rareChild(bytes, of: node, named: name, before: &before, &seen)
    }
    let length = name.end &- name.start
    let prefix = unsafe Self.prefix(bytes + name.start, length)
    let hint = before < 0 ? shape.nodes[Int(node)].hint : shape.entries[Int(before)].hint
    var entry = hint
    if unsafe entry < 0 || !matches(entry, prefix, bytes + name.start, length) {
      entry = shape.nodes[Int(node)].firstEntry
      while entry >= 0, unsafe !matches(entry, prefix, bytes + name.start, length) {
        entry = shape.entries[Int(entry)].sibling
      }
      guard entry >= 0 || shape.nodes[Int(node)].entryCount < JSONShape.learntNames else {
        return unsafe rareChild(bytes, of: node, named: name, before: &before, &seen)
      }
      if entry < 0 { entry = shape.append(unsafe Self.copy(bytes, name), to: node) }
      if before < 0 {
        shape.nodes[Int(node)].hint = entry
      } else {
        shape.entries[Int(before)].hint = entry
      }
    }
    before = entry
    let ordinal = shape.entries[Int(entry)].ordinal
    guard ordinal < JSONShape.learntNames else {
      return unsafe rareChild(bytes, of: node, named: name, before: &before, &seen)
    }
    if !seen.insert(ordinal) { noteDuplicate(entry, at: name.start) }
    return shape.entries[Int(entry)].node
  }

  /// Names with escapes, and those of objects with more names than are kept account of.
  private mutating func rareChild(
    _ bytes: UnsafePointer<UInt8>, of node: Int32, named name: Text, before: inout Int32,
    _ seen: inout Seen
  ) -> Int32 {
    let raw = unsafe Self.copy(bytes, name)
    let plain = name.isEscaped ? JSONText.unescaped(raw.span) : raw
    var entry = node < 0 ? -1 : shape.nodes[Int(node)].firstEntry
    while entry >= 0 {
      let known = shape.entries[Int(entry)]
      let range = Int(known.start)..<Int(known.start + known.length)
      if shape.names[range].elementsEqual(plain) { break }
      entry = known.sibling
    }
    if entry < 0, node >= 0, shape.nodes[Int(node)].entryCount < JSONShape.learntNames {
      entry = shape.append(plain, to: node)
    }
    if entry >= 0, shape.entries[Int(entry)].ordinal < JSONShape.learntNames {
      if !seen.insert(shape.entries[Int(entry)].ordinal) {
        noteDuplicate(entry, at: name.start)
      }
    } else if !seen.insert(plain) {
      noteDuplicate(entry, at: name.start)
    }
    return entry >= 0 ? shape.entries[Int(entry)].node : JSONShape.nowhere
  }

  private mutating func noteDuplicate(_ entry: Int32, at place: Int) {
    note(.duplicateName, at: place)
    if entry >= 0 { unreadable += shape.slots(below: shape.entries[Int(entry)].node) }
  }

  @inline(__always)
  private func matches(
    _ entry: Int32, _ prefix: UInt64, _ name: UnsafePointer<UInt8>, _ length: Int
  ) -> Bool {
    let known = shape.entries[Int(entry)]
    guard known.prefix == prefix, Int(known.length) == length else { return false }
    guard length > 8 else { return true }
    // SAFETY: a known name lies within `names`, and the other one within the record.
    return unsafe shape.names.withUnsafeBufferPointer { names in
      guard let start = names.baseAddress else { return false }
      return unsafe memcmp(start + Int(known.start) + 8, name + 8, length - 8) == 0
    }
  }

  /// The first eight bytes of a name; 64 bytes can be read from here.
  @inline(__always)
  private static func prefix(_ name: UnsafePointer<UInt8>, _ length: Int) -> UInt64 {
    // SAFETY: the caller sees to it that eight bytes are there.
    let word = unsafe UInt64(
      littleEndian: UnsafeRawPointer(name).loadUnaligned(as: UInt64.self))
    return length >= 8 ? word : word & ((1 &<< UInt64(length &* 8)) &- 1)
  }

  private static func copy(_ bytes: UnsafePointer<UInt8>, _ text: Text) -> [UInt8] {
    // SAFETY: a text lies within the record.
    unsafe Array(UnsafeBufferPointer(start: bytes + text.start, count: text.end - text.start))
  }

  // MARK: - Texts

  /// Reads the text that begins here, quotes and all, eight bytes at a time.
  @inline(__always)
  mutating func text(_ bytes: UnsafePointer<UInt8>) throws(JSONProblem) -> Text {
    let start = at &+ 1
    at = start
    var high: UInt64 = 0
    while at < end {
      // SAFETY: 64 bytes follow the end.
      let word = unsafe UInt64(
        littleEndian: UnsafeRawPointer(bytes + at).loadUnaligned(as: UInt64.self))
      let special = Self.special(in: word)
      if special == 0 {
        high |= word
        at &+= 8
        continue
      }
      let count = special.trailingZeroBitCount / 8
      high |= word & ((1 &<< UInt64(count &* 8)) &- 1)
      at &+= count
      break
    }
    guard at < end else {
      at = end
      throw JSONProblem(kind: .unexpectedEnd, offset: end)
    }
    if unsafe bytes[at] == UInt8(ascii: "\""), high & 0x8080_8080_8080_8080 == 0 {
      defer { at &+= 1 }
      return Text(start: start, end: at, isEscaped: false, isBad: false)
    }
    return unsafe try rareText(bytes, start)
  }

  /// The highest bit of each byte that is a quote, a backslash or a control character.
  ///
  /// Only the lowest of them is exact, which is all that counts.
  @inline(__always)
  private static func special(in word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
    let slashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
    let found =
      ((quotes &- ones) & ~quotes) | ((slashes &- ones) & ~slashes)
      | ((word &- (ones &* 0x20)) & ~word)
    return found & 0x8080_8080_8080_8080
  }

  /// A text with escapes or letters beyond ASCII.
  private mutating func rareText(
    _ bytes: UnsafePointer<UInt8>, _ start: Int
  ) throws(JSONProblem) -> Text {
    var isEscaped = false
    var isBad = false
    while at < end {
      let byte = unsafe bytes[at]
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        isEscaped = true
        if unsafe try !escape(bytes) { isBad = true }
      } else if byte < 0x20 {
        throw unexpected(.controlCharacter)
      } else {
        at &+= 1
      }
    }
    guard at < end else { throw JSONProblem(kind: .unexpectedEnd, offset: end) }
    // SAFETY: the text lies within the record.
    let valid = unsafe UTF8Check.advance(bytes, from: start, until: at, count: at)
    if valid < at {
      note(.invalidUTF8, at: valid)
      isBad = true
    }
    defer { at &+= 1 }
    return Text(start: start, end: at, isEscaped: isEscaped, isBad: isBad)
  }

  /// Steps over an escape; false for half of a surrogate pair without the other.
  private mutating func escape(_ bytes: UnsafePointer<UInt8>) throws(JSONProblem) -> Bool {
    let start = at
    at &+= 1
    guard at < end else { throw unexpected() }
    switch unsafe bytes[at] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      at &+= 1
      return true
    case UInt8(ascii: "u"): break
    default: throw unexpected(.badEscape)
    }
    let unit = unsafe try fourDigits(bytes)
    guard unit & 0xF800 == 0xD800 else { return true }
    if unit < 0xDC00, at &+ 1 < end, unsafe bytes[at] == UInt8(ascii: "\\"),
      unsafe bytes[at + 1] == UInt8(ascii: "u")
    {
      let second = at
      at &+= 1
      if unsafe try fourDigits(bytes) & 0xFC00 == 0xDC00 { return true }
      at = second
    }
    note(.loneSurrogate, at: start)
    return false
  }

  /// Reads `uXXXX`.
  private mutating func fourDigits(_ bytes: UnsafePointer<UInt8>) throws(JSONProblem) -> UInt32 {
    var value: UInt32 = 0
    at &+= 1
    for _ in 0..<4 {
      guard at < end else { throw unexpected() }
      let byte = unsafe bytes[at]
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x46, 0x61...0x66: digit = (byte | 0x20) - 0x61 + 10
      default: throw unexpected(.badEscape)
      }
      value = value << 4 | UInt32(digit)
      at &+= 1
    }
    return value
  }
}
