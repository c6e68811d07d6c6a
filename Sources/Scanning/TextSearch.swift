/// Looks for a word in a text, at 64 places at once.
package enum TextSearch {
  /// Where the word, of two bytes at least, stands first in a range; nil where it does not.
  package static func first(_ word: [UInt8], in text: [UInt8], _ range: Range<Int>) -> Int? {
    precondition(word.count >= 2)
    let last = range.upperBound - word.count
    let span = text.span
    var place = range.lowerBound
    // Wherever its first two bytes stand, the others are compared one by one.
    while place + ByteMask.width <= last {
      var bits =
        ByteMask(span, at: place, equalTo: word[0]).bits
        & ByteMask(span, at: place + 1, equalTo: word[1]).bits
      while bits != 0 {
        let found = place + bits.trailingZeroBitCount
        if isSame(word, span, at: found) { return found }
        bits &= bits - 1
      }
      place += ByteMask.width
    }
    while place <= last {
      if isSame(word, span, at: place) { return place }
      place += 1
    }
    return nil
  }

  private static func isSame(_ word: [UInt8], _ text: Span<UInt8>, at place: Int) -> Bool {
    for offset in word.indices where text[place + offset] != word[offset] { return false }
    return true
  }
}
