/// A name or pattern of members or teams that no plan may remove, demote or rekey.
///
/// ```
/// breakglass@contoso.com   exactly this one, in any ASCII case
/// svc-*                    everything that begins so
/// *@admin.contoso.com      everything that ends so
/// ```
///
/// `*` stands for any bytes, also none; there is no other special character and no escape. Only
/// ASCII letters fold, so that no look-alike of another script passes for a protected name.
package struct ProtectedPattern: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The pattern as the policy has it.
  package let text: String
  private let pieces: [[UInt8]]

  package init(_ text: String) {
    self.text = text
    pieces = text.utf8.map(Self.folded)
      .split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map { Array($0) }
  }

  package var description: String { text }

  /// Whether it has a `*`, so that it can stand for several.
  package var isWildcard: Bool { pieces.count > 1 }

  package func matches(_ value: String) -> Bool {
    matches(Array(value.utf8))
  }

  /// Whether the whole of `value` fits; linear in its length for each piece of the pattern.
  package func matches(_ value: some Collection<UInt8>) -> Bool {
    let bytes = value.map(Self.folded)
    guard let first = pieces.first, let last = pieces.last, pieces.count > 1 else {
      return bytes == pieces.first ?? []
    }
    guard bytes.count >= first.count + last.count, bytes.starts(with: first),
      bytes.suffix(last.count).elementsEqual(last)
    else { return false }
    // Between two stars the leftmost fit is always a good one: what follows has most room left.
    var rest = bytes[first.count..<(bytes.count - last.count)]
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      guard let end = Self.endOfFirst(piece, in: rest) else { return false }
      rest = rest[end...]
    }
    return true
  }

  package static func < (left: ProtectedPattern, right: ProtectedPattern) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  private static func endOfFirst(_ piece: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    var start = bytes.startIndex
    while start + piece.count <= bytes.endIndex {
      if bytes[start..<(start + piece.count)].elementsEqual(piece) { return start + piece.count }
      start += 1
    }
    return nil
  }

  private static func folded(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
