import Identity

/// A name of teams, or a pattern for several: `*` stands for any text, also none.
///
/// ```
/// SG-App-*          SG-App-Readers     the star is "Readers"
/// ```
///
/// ASCII case is ignored, as where names match; there is no other special character and no escape. Of several ways to
/// fit, each star takes as little as it can, the first one first.
package struct NamePattern: Sendable, Hashable {
  /// The pattern as the policy has it.
  package let text: String
  private let pieces: [[UInt8]]

  package init(_ text: String) {
    self.text = text
    pieces = MatchKeyText.folded(text.utf8)
      .split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map { Array($0) }
  }

  package var starCount: Int { pieces.count - 1 }

  package func matches(_ name: String) -> Bool { stars(in: name) != nil }

  /// What each star stands for; nil where the name does not fit.
  package func stars(in name: String) -> [String]? {
    let letters = Array(name.utf8)
    let folded = MatchKeyText.folded(letters)
    guard folded.starts(with: pieces[0]) else { return nil }
    var place = pieces[0].count
    var stars: [String] = []
    for (number, piece) in pieces.enumerated().dropFirst() {
      let isLast = number == pieces.count - 1
      let start = isLast ? folded.count - piece.count : Self.first(piece, in: folded, from: place)
      guard let start, start >= place, folded[start...].starts(with: piece) else { return nil }
      stars.append(String(decoding: letters[place..<start], as: UTF8.self))
      place = start + piece.count
    }
    return place == folded.count ? stars : nil
  }

  private static func first(_ piece: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    guard start + piece.count <= bytes.count else { return nil }
    return (start...(bytes.count - piece.count)).first { bytes[$0...].starts(with: piece) }
  }
}
