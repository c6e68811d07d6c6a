import CScanning

/// Counts line ends, 64 bytes at a time.
package enum LineFeeds {
  /// The place of the first line feed in a range; nil when there is none.
  package static func first(in bytes: [UInt8], _ range: Range<Int>) -> Int? {
    let span = bytes.span
    var place = range.lowerBound
    while place + ByteMask.width <= range.upperBound {
      let bits = ByteMask(span, at: place, equalTo: ASCII.lineFeed).bits
      if bits != 0 { return place + bits.trailingZeroBitCount }
      place += ByteMask.width
    }
    while place < range.upperBound {
      if span[place] == ASCII.lineFeed { return place }
      place += 1
    }
    return nil
  }

  /// How many line feeds stand in a range.
  package static func count(in bytes: [UInt8], _ range: Range<Int>) -> Int {
    count(in: bytes, range, with: .ofWords)
  }

  /// The same with other instructions.
  static func count(
    in bytes: [UInt8], _ range: Range<Int>, with vectors: VectorInstructions
  ) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
    let span = bytes.span
    var place = range.lowerBound
    var count = 0
    if vectors > .baseline {
      let words = range.count / 64
      // SAFETY: the words lie in the range, and the range in the array.
      count = unsafe bytes.withUnsafeBufferPointer { text in
        guard let text = text.baseAddress else { return 0 }
        return unsafe rollcall_line_feed_count(vectors.inC, text + place, words)
      }
      place += words * 64
    }
    while place + ByteMask.width <= range.upperBound {
      count += ByteMask(span, at: place, equalTo: ASCII.lineFeed).bits.nonzeroBitCount
      place += ByteMask.width
    }
    while place < range.upperBound {
      if span[place] == ASCII.lineFeed { count += 1 }
      place += 1
    }
    return count
  }
}
