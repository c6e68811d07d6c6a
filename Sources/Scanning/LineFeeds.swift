/// Counts line ends, 64 bytes at a time.
package enum LineFeeds {
  /// How many line feeds stand in a range.
  package static func count(in bytes: [UInt8], _ range: Range<Int>) -> Int {
    let span = bytes.span
    var place = range.lowerBound
    var count = 0
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
