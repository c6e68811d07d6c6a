import CScanning

/// Ways in which the first eight bytes of a value may look that somebody wants to see before it is hashed.
///
/// ```
/// let wanted = ValueBeginnings(["?System.", "Deserial"])     a question mark stands for any byte
/// wanted.fit(word)                                           of eight bytes, little-endian
/// ```
package struct ValueBeginnings: Sendable {
  let ways: rollcall_beginnings

  package static let none = ValueBeginnings([])

  /// Takes up to four texts of eight ASCII letters each.
  package init(_ texts: [StaticString]) {
    precondition(texts.count <= 4)
    var (words, masks): ([UInt64], [UInt64]) = ([0, 0, 0, 0], [0, 0, 0, 0])
    for (place, text) in texts.enumerated() {
      let letters = Array("\(text)".utf8)
      precondition(letters.count == 8)
      for (byte, letter) in letters.enumerated() where letter != UInt8(ascii: "?") {
        words[place] |= UInt64(letter) << UInt64(byte * 8)
        masks[place] |= 0xFF << UInt64(byte * 8)
      }
    }
    ways = rollcall_beginnings(
      words: (words[0], words[1], words[2], words[3]),
      masks: (masks[0], masks[1], masks[2], masks[3]), live: UInt8((1 << texts.count) - 1))
  }

  /// Whether eight bytes are one of these.
  @inline(__always)
  package func fit(_ word: UInt64) -> Bool {
    let (words, masks) = (ways.words, ways.masks)
    return ways.live & 1 != 0 && word & masks.0 == words.0
      || ways.live & 2 != 0 && word & masks.1 == words.1
      || ways.live & 4 != 0 && word & masks.2 == words.2
      || ways.live & 8 != 0 && word & masks.3 == words.3
  }
}
