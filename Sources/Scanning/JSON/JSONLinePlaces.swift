import CScanning

/// Where line feeds, quotes and backslashes stand in a window of lines of JSON.
///
/// ```
/// {"a":"\"}"}␤      quotes 1, 3, 5, 9     backslash 6     line feed 11
/// ```
///
/// Quotes with a backslash before them are left out. What was found is known until the window is passed: no line
/// depends on the one before it.
struct JSONLinePlaces: Sendable {
  /// Where there are more of a kind, the window is shorter.
  static let limit = JSONPlainRecords.window / 4
  private static let room = limit + 80

  private var feeds = [UInt32](repeating: 0, count: room)
  private var quotes = [UInt32](repeating: 0, count: room)
  private var slashes = [UInt32](repeating: 0, count: room)
  private var counts = rollcall_json_words_t()
  private var known = 0..<0
  /// The first of each that has not been passed.
  private var (feed, quote, slash) = (0, 0, 0)

  /// Words of 64 bytes that were looked at, and what was found in them.
  var wordCount: Int { counts.words }
  var foundFeeds: ArraySlice<UInt32> { feeds[..<counts.feeds] }
  var foundQuotes: ArraySlice<UInt32> { quotes[..<counts.quotes] }
  var foundSlashes: ArraySlice<UInt32> { slashes[..<counts.slashes] }

  /// Whether a whole line is known that has not been passed.
  var hasLine: Bool { feed < counts.feeds }

  /// Calls with the index as C reads it.
  mutating func withIndex<Result>(
    _ body: (UnsafeMutablePointer<rollcall_json_index_t>) -> Result
  ) -> Result {
    // SAFETY: the pointers are used by `body` alone.
    unsafe feeds.withUnsafeBufferPointer { feeds in
      unsafe quotes.withUnsafeBufferPointer { quotes in
        unsafe slashes.withUnsafeBufferPointer { slashes in
          var index = unsafe rollcall_json_index_t(
            feeds: feeds.baseAddress, quotes: quotes.baseAddress, slashes: slashes.baseAddress,
            feed_count: counts.feeds, feed: feed, quote: quote, slash: slash)
          let result = unsafe body(&index)
          unsafe (feed, quote, slash) = (index.feed, index.quote, index.slash)
          return result
        }
      }
    }
  }

  /// Sees to it that places from `start` on are known, as far as they can be.
  ///
  /// Three bytes stand before `start`, and 64 follow `stop`. All calls are about the same text.
  mutating func look(_ text: UnsafePointer<UInt8>, from start: Int, to stop: Int) {
    if known.contains(start) {
      while feed < counts.feeds, feeds[feed] < start { feed += 1 }
      while quotes[quote] < start { quote += 1 }
      while slashes[slash] < start { slash += 1 }
      if hasLine { return }
    }
    unsafe find(text, start, (stop - start) / 64, with: .ofWords)
    known = start..<start + counts.words * 64
    quotes[counts.quotes] = UInt32.max
    slashes[counts.slashes] = UInt32.max
    (feed, quote, slash) = (0, 0, 0)
  }

  /// Finds the places in words of 64 bytes, up to one that is not UTF-8 or holds a control character that ends no line.
  mutating func find(
    _ text: UnsafePointer<UInt8>, _ start: Int, _ words: Int, with vectors: VectorInstructions
  ) {
    // SAFETY: the caller sees to it that the words are there, with three bytes before them and 64 behind; the
    // arrays have room for 80 places more than the limit.
    if vectors > .baseline {
      counts = unsafe rollcall_json_words(
        vectors.inC, text, start, words, Self.limit, &feeds, &quotes, &slashes)
      return
    }
    var found = rollcall_json_words_t()
    var (character, isOpen) = (start, Int32(0))
    while found.words < words, max(found.feeds, found.quotes, found.slashes) < Self.limit {
      let place = start + found.words * 64
      character = unsafe UTF8Check.advance(
        text, from: character, until: place + 64, count: place + 67)
      let masks = unsafe rollcall_json_masks(text + place)
      let ends = unsafe rollcall_mask_equal(text + place, ASCII.lineFeed)
      let returns = unsafe rollcall_mask_equal(text + place, UInt8(ascii: "\r"))
      let next: UInt64 = unsafe text[place + 64] == ASCII.lineFeed ? 1 << 63 : 0
      let controls = unsafe rollcall_mask_control(text + place) & ~ends
      guard character >= place + 64, controls & ~(returns & (ends >> 1 | next)) == 0 else { break }
      let escaped = unsafe rollcall_escaped(masks.backslashes, &isOpen)
      found.feeds = Self.write(ends, place, to: &feeds, at: found.feeds)
      found.quotes = Self.write(masks.quotes & ~escaped, place, to: &quotes, at: found.quotes)
      found.slashes = Self.write(masks.backslashes, place, to: &slashes, at: found.slashes)
      found.words += 1
    }
    counts = found
  }

  private static func write(
    _ bits: UInt64, _ place: Int, to places: inout [UInt32], at start: Int
  ) -> Int {
    var (left, count) = (bits, start)
    while left != 0 {
      places[count] = UInt32(place + left.trailingZeroBitCount)
      count += 1
      left &= left - 1
    }
    return count
  }
}
