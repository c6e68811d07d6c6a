import Identity
import Scanning

/// Members or teams that no plan may remove, demote or rekey.
///
/// ```
/// breakglass@contoso.com     exactly this key value
/// svc-*                      every key value that begins so
/// ```
///
/// ASCII case is folded; `*` stands for any bytes.
package struct ProtectedList: Sendable, Hashable {
  private let patterns: [(text: String, parts: [[UInt8]])]

  package init(_ patterns: [String]) {
    self.patterns = patterns.map { text in
      (
        text,
        MatchKeyText.folded(text.utf8)
          .split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(Array.init)
      )
    }
  }

  package var isEmpty: Bool { patterns.isEmpty }

  /// The first pattern that one of the key values fits.
  package func rule(for values: [some Collection<UInt8>]) -> String? {
    guard !patterns.isEmpty else { return nil }
    let folded = values.map { MatchKeyText.folded($0) }
    return patterns.first { pattern in
      folded.contains { Self.fits($0, pattern.parts) }
    }?.text
  }

  private static func fits(_ value: [UInt8], _ parts: [[UInt8]]) -> Bool {
    guard let first = parts.first, let last = parts.last, parts.count > 1 else {
      return parts.first == value
    }
    guard value.starts(with: first), value.count >= first.count + last.count,
      value.suffix(last.count).elementsEqual(last)
    else { return false }
    var rest = value[first.count..<(value.count - last.count)]
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let end = firstEnd(of: part, in: rest) else { return false }
      rest = rest[end...]
    }
    return true
  }

  private static func firstEnd(of part: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
    guard text.count >= part.count else { return nil }
    return (text.startIndex...(text.endIndex - part.count))
      .first { text[$0..<($0 + part.count)].elementsEqual(part) }
      .map { $0 + part.count }
  }

  package static func == (left: ProtectedList, right: ProtectedList) -> Bool {
    left.patterns.map(\.text) == right.patterns.map(\.text)
  }

  package func hash(into hasher: inout Hasher) {
    for pattern in patterns { hasher.combine(pattern.text) }
  }
}
