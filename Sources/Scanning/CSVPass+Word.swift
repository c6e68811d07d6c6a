import CScanning

// Sixty-four bytes as masks, and what the quotes among them mean.

extension CSVPass {
  /// The masks of 64 bytes, cut to those that belong to the block.
  struct Word {
    var delimiters: UInt64
    var lineEnds: UInt64
    var quotes: UInt64
    var lineFeeds: UInt64 = 0
    var carriageReturns: UInt64 = 0
    var live: UInt64 = ~0
    var hasNUL: Bool
    let hasHigh: Bool

    @inline(__always)
    init(_ bytes: UnsafePointer<UInt8>, left: Int, dialect: CSVDialect) {
      let isOld = dialect.lineEnd == .carriageReturn
      // SAFETY: the masks read exactly 64 bytes; blocks end with as many bytes of slack (`CSVScanner.slack`).
      let masks = unsafe rollcall_csv_masks(
        bytes, dialect.delimiter, isOld ? ASCII.carriageReturn : ASCII.lineFeed, CSVDialect.quote)
      delimiters = masks.delimiters
      lineEnds = masks.newlines
      quotes = masks.quotes
      hasNUL = masks.has_nul != 0
      hasHigh = masks.has_high != 0
      if isOld {
        carriageReturns = masks.newlines
        lineFeeds = unsafe rollcall_mask_equal(bytes, ASCII.lineFeed)
        lineEnds |= lineFeeds
      }
      guard left < ByteMask.width else { return }
      live = (1 << UInt64(left)) &- 1
      delimiters &= live
      lineEnds &= live
      quotes &= live
      hasNUL = unsafe rollcall_mask_equal(bytes, 0) & live != 0
    }

    /// LFs that belong to a CR.
    func lineFeeds(after carriageReturn: UInt64) -> UInt64 {
      lineFeeds & (carriageReturns << 1 | carriageReturn)
    }
  }

  /// What the quotes of a word mean.
  struct Quoting {
    /// Ones from each opening quote to the byte before its closing one.
    let inside: UInt64
    let closing: UInt64
    let boundaries: UInt64
    /// Second halves of doubled quotes.
    let escapes: UInt64
    /// Quotes that open nothing, and bytes that may not follow a closing quote.
    let suspects: UInt64

    @inline(__always)
    init(_ word: Word, _ insideQuotes: UInt64, _ afterBoundary: UInt64, _ afterClosing: UInt64) {
      inside = word.quotes.prefixXor ^ insideQuotes
      let opening = word.quotes & inside
      closing = word.quotes & ~inside
      let ends = word.delimiters | word.lineEnds
      boundaries = ends & ~inside
      let follows = closing << 1 | afterClosing
      escapes = follows & opening
      suspects =
        (opening & ~(boundaries << 1 | afterBoundary | follows))
        | (follows & ~(ends | word.quotes) & word.live)
    }
  }
}
