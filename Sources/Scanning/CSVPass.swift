import CScanning

/// The scanner's state between two words of 64 bytes, and its loop.
///
/// The masks that carry over are the last bit of the word before: whether it ended inside quotes, on
/// a boundary, or on a closing quote.
struct CSVPass: ~Copyable {
  /// How many ends are written at once.
  private static var flattened: Int { 8 }

  private let dialect: CSVDialect
  private let limits: CSVLimits
  private let vectors: VectorInstructions
  /// Records above this length get a second look.
  private let plainLength: Int
  private let columns: Int
  private let end: Int
  private let isFinal: Bool

  private var position: Int
  private var recordStart: Int
  private var firstEnd = 0
  private var quotedLines = 0
  private var shape: ScannedRecord.Shape = []
  private var insideQuotes: UInt64 = 0
  private var afterBoundary: UInt64 = 1
  private var afterClosing: UInt64 = 0
  private var afterCarriageReturn: UInt64 = 0
  /// Up to here the bytes are known to be UTF-8.
  private var validated: Int
  /// Before this place words are taken one by one.
  private var wideFrom: Int

  private(set) var recordCount = 0
  private(set) var endCount = 0
  /// Physical lines before the record that begins at `recordStart`.
  private(set) var line = 0
  private(set) var problems: [CSVProblem] = []
  private(set) var rest: ScannedBlock.Rest?
  private(set) var isStopped = false
  private(set) var sawNUL = false
  private(set) var sawInvalidText = false

  init(scanner: CSVScanner, columns: Int, start: Int, end: Int, isFinal: Bool) {
    dialect = scanner.dialect
    limits = scanner.limits
    plainLength = min(scanner.limits.field, scanner.limits.record)
    self.columns = columns
    self.end = end
    self.isFinal = isFinal
    position = start
    recordStart = start
    validated = start
    vectors = scanner.vectors
    let isWide = vectors > .baseline && dialect.lineEnd == .lineFeed
    wideFrom = isWide ? start &+ 3 : .max
  }

  /// Goes on until the block or the room for results ends.
  ///
  /// - Returns: true when the block is done.
  mutating func run(
    _ buffer: UnsafeBufferPointer<UInt8>, records: UnsafeMutableBufferPointer<ScannedRecord>,
    ends: UnsafeMutableBufferPointer<UInt32>, lines: UnsafeMutableBufferPointer<UInt32>
  ) -> Bool {
    guard let bytes = buffer.baseAddress, let lines = lines.baseAddress else { return true }
    while position < end, !isStopped {
      guard endCount &+ ByteMask.width &+ Self.flattened &+ columns < ends.count,
        recordCount &+ ByteMask.width < records.count
      else { return false }
      let isPlain = insideQuotes | afterClosing == 0
      if isPlain, position >= wideFrom, unsafe takePlainWords(bytes, records, ends, lines) {
        continue
      }
      unsafe step(bytes, records, ends)
    }
    unsafe finish(bytes, records, ends)
    return true
  }

  // MARK: - Many words at once

  /// Words that are taken at once.
  private static let wideCount = 64
  /// So many line feeds may stand in them.
  static let wideLines = wideCount * ByteMask.width

  /// Takes the words before the next one that wants a closer look; false when that is the next one.
  ///
  /// What stands behind a record that is not as it should be is looked at again, word by word for a while, so
  /// that a file of nothing but such records takes no longer than others.
  private mutating func takePlainWords(
    _ bytes: UnsafePointer<UInt8>, _ records: UnsafeMutableBufferPointer<ScannedRecord>,
    _ ends: UnsafeMutableBufferPointer<UInt32>, _ lines: UnsafeMutablePointer<UInt32>
  ) -> Bool {
    let room = min(ends.count &- endCount &- columns, records.count &- recordCount)
    let words = min(
      Self.wideCount, (end &- position) / ByteMask.width, room / ByteMask.width &- 1)
    guard words > 0, let free = ends.baseAddress else { return false }
    // SAFETY: all words lie before `end`, and at least three bytes of the block before the first of them; the rooms
    // are as long as words of nothing but boundaries need.
    let found = unsafe rollcall_csv_words(
      vectors.inC, bytes, position, words, dialect.delimiter, CSVDialect.quote, free + endCount,
      lines)
    guard found.words > 0 else { return false }
    let behind = position &+ found.words &* ByteMask.width
    let base = endCount
    var line = 0
    while line < found.lines {
      let next = unsafe takeGoodRecords(
        bytes, records, ends, lines, line..<found.lines, from: base)
      guard next == line else {
        line = next
        continue
      }
      let (problemsBefore, recordsBefore) = (problems.count, recordCount)
      endCount = base &+ (unsafe Int(lines[line]))
      let place = unsafe Int(ends[endCount])
      unsafe finishRecord(bytes, records, ends, at: place)
      shape = []
      line &+= 1
      let isGood = recordCount == recordsBefore &+ 1 && problems.count == problemsBefore
      guard !isGood || isStopped else { continue }
      position = place &+ 1
      wideFrom = position &+ Self.wideLines
      afterBoundary = 1
      return true
    }
    endCount = base &+ found.ends
    position = behind
    let last = unsafe bytes[behind &- 1]
    afterBoundary = last == dialect.delimiter || last == ASCII.lineFeed ? 1 : 0
    return true
  }

  /// Writes down records that end at these line feeds and are as they should be, up to one that is not, or that began
  /// before these words with quotes: what `finishRecord` does, with all that changes at hand.
  ///
  /// - Returns: the line feed after them.
  private mutating func takeGoodRecords(
    _ bytes: UnsafePointer<UInt8>, _ records: UnsafeMutableBufferPointer<ScannedRecord>,
    _ ends: UnsafeMutableBufferPointer<UInt32>, _ lines: UnsafeMutablePointer<UInt32>,
    _ numbers: Range<Int>, from base: Int
  ) -> Int {
    guard quotedLines == 0, shape == [], !isStopped else { return numbers.lowerBound }
    let bad = problems.count
    var (start, firstEnd, count, line) = (recordStart, self.firstEnd, recordCount, self.line)
    var number = numbers.lowerBound
    while number < numbers.upperBound {
      let lastEnd = base &+ (unsafe Int(lines[number]))
      let place = unsafe Int(ends[lastEnd])
      let hasReturn = unsafe place > start && bytes[place &- 1] == ASCII.carriageReturn
      let last = hasReturn ? place &- 1 : place
      guard lastEnd &+ 1 &- firstEnd == columns, place &- start <= plainLength, last > start else {
        break
      }
      unsafe ends[lastEnd] = UInt32(truncatingIfNeeded: last)
      unsafe records[count] = ScannedRecord(
        start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: last),
        line: UInt32(truncatingIfNeeded: line), number: UInt32(truncatingIfNeeded: count &+ bad),
        shape: [])
      count &+= 1
      line &+= 1
      number &+= 1
      firstEnd = lastEnd &+ 1
      start = place &+ 1
    }
    (recordStart, self.firstEnd, recordCount, self.line) = (start, firstEnd, count, line)
    endCount = firstEnd
    return number
  }

  // MARK: - Word by word

  /// One word.
  @inline(__always)
  private mutating func step(
    _ bytes: UnsafePointer<UInt8>, _ records: UnsafeMutableBufferPointer<ScannedRecord>,
    _ ends: UnsafeMutableBufferPointer<UInt32>
  ) {
    let word = unsafe Word(bytes + position, left: end &- position, dialect: dialect)
    if word.hasNUL { sawNUL = true }
    if word.hasHigh { unsafe checkText(bytes) }
    var lineEnds = word.lineEnds
    var wordShape: ScannedRecord.Shape = []
    let boundaries: UInt64
    if word.quotes | insideQuotes | afterClosing == 0 {
      boundaries = word.delimiters | word.lineEnds
    } else {
      let quoting = Quoting(word, insideQuotes, afterBoundary, afterClosing)
      if dialect.lineEnd == .carriageReturn, quoting.inside & lineEnds != 0 {
        // CRLF inside quotes is one line.
        lineEnds &= ~(quoting.inside & word.lineFeeds(after: afterCarriageReturn))
      }
      if quoting.suspects != 0,
        let irregular = unsafe firstIrregular(bytes, quoting.suspects, word)
      {
        let below: UInt64 = (1 << UInt64(irregular)) &- 1
        unsafe place(
          bytes, records, ends, boundaries: quoting.boundaries & below, lineEnds: lineEnds,
          shape: [.quoted, .escaped])
        if !isStopped { unsafe walk(bytes, records, ends) }
        return
      }
      boundaries = quoting.boundaries
      wordShape = quoting.escapes == 0 ? [.quoted] : [.quoted, .escaped]
      insideQuotes = 0 &- (quoting.inside >> 63)
      afterClosing = quoting.closing >> 63
    }
    unsafe place(
      bytes, records, ends, boundaries: boundaries, lineEnds: lineEnds, shape: wordShape)
    afterBoundary = boundaries >> 63
    afterCarriageReturn = word.carriageReturns >> 63
    position &+= ByteMask.width
  }

  /// Writes down the boundaries of one word, and the records that end in it.
  @inline(__always)
  private mutating func place(
    _ bytes: UnsafePointer<UInt8>, _ records: UnsafeMutableBufferPointer<ScannedRecord>,
    _ ends: UnsafeMutableBufferPointer<UInt32>, boundaries: UInt64, lineEnds: UInt64,
    shape wordShape: ScannedRecord.Shape
  ) {
    shape.formUnion(wordShape)
    var recordEnds = boundaries & lineEnds
    var quoted = lineEnds & ~boundaries
    var left = boundaries
    while recordEnds != 0 {
      let below = (recordEnds & (0 &- recordEnds)) &- 1
      unsafe flatten(left & below, into: ends)
      if quoted != 0 {
        quotedLines &+= (quoted & below).nonzeroBitCount
        quoted &= ~below
      }
      unsafe finishRecord(bytes, records, ends, at: position &+ recordEnds.trailingZeroBitCount)
      shape = wordShape
      left &= ~(below << 1 | 1)
      recordEnds &= recordEnds &- 1
    }
    unsafe flatten(left, into: ends)
    if quoted != 0 { quotedLines &+= quoted.nonzeroBitCount }
  }

  /// Writes down where the bits stand, eight at a time: the few too many are overwritten.
  ///
  /// A loop that ends with the last bit ends after another number of rounds in every word, which no processor guesses.
  @inline(__always)
  private mutating func flatten(_ bits: UInt64, into ends: UnsafeMutableBufferPointer<UInt32>) {
    let count = bits.nonzeroBitCount
    var bits = bits
    var written = 0
    while written < count {
      for place in 0..<Self.flattened {
        unsafe ends[endCount &+ written &+ place] =
          UInt32(truncatingIfNeeded: position &+ bits.trailingZeroBitCount)
        bits &= bits &- 1
      }
      written &+= Self.flattened
    }
    endCount &+= count
  }

  /// The line end at `place` ends the record that began at `recordStart`.
  @inline(__always)
  private mutating func finishRecord(
    _ bytes: UnsafePointer<UInt8>, _ records: UnsafeMutableBufferPointer<ScannedRecord>,
    _ ends: UnsafeMutableBufferPointer<UInt32>, at place: Int
  ) {
    var last = place
    if unsafe CSVWalk.endsWithCarriageReturn(bytes, recordStart..<place, dialect) { last &-= 1 }
    unsafe ends[endCount] = UInt32(truncatingIfNeeded: last)
    endCount &+= 1
    if endCount &- firstEnd == columns, place &- recordStart <= plainLength, last > recordStart,
      !isStopped
    {
      unsafe records[recordCount] = record(to: last, shape: shape)
      recordCount &+= 1
      firstEnd = endCount
      line &+= 1 &+ quotedLines
    } else {
      unsafe finishOddRecord(
        bytes, records, ends, at: place, last: last, cells: endCount &- firstEnd)
    }
    quotedLines = 0
    recordStart = place &+ 1
  }

  @inline(__always)
  private func record(to last: Int, shape: ScannedRecord.Shape) -> ScannedRecord {
    ScannedRecord(
      start: UInt32(truncatingIfNeeded: recordStart), end: UInt32(truncatingIfNeeded: last),
      line: UInt32(truncatingIfNeeded: line),
      number: UInt32(truncatingIfNeeded: recordCount &+ problems.count), shape: shape)
  }

  /// A blank line, a record of the wrong width, a long one.
  @inline(never)
  private mutating func finishOddRecord(
    _ bytes: UnsafePointer<UInt8>, _ records: UnsafeMutableBufferPointer<ScannedRecord>,
    _ ends: UnsafeMutableBufferPointer<UInt32>, at place: Int, last: Int, cells: Int
  ) {
    defer { firstEnd = endCount }
    guard !isStopped else {
      endCount = firstEnd
      return
    }
    if cells == 1, last == recordStart {
      endCount = firstEnd
      if place == end || (unsafe CSVWalk.endsLine(bytes, at: place, dialect: dialect)) { line += 1 }
      return
    }
    let own = unsafe UnsafeBufferPointer(
      rebasing: ends[firstEnd..<firstEnd + min(cells, columns)])
    if place - recordStart > limits.record {
      unsafe stop(bytes)
    } else if cells != columns {
      note(.ragged(columns: cells), ends: [])
    } else if let column = unsafe tooLong(own) {
      unsafe note(.fieldTooLong(column: column), ends: Array(own))
    } else {
      unsafe records[recordCount] = record(to: last, shape: shape)
      recordCount += 1
      line += 1 + quotedLines
      return
    }
    endCount = firstEnd
    line += 1 + quotedLines
  }

  private func tooLong(_ own: UnsafeBufferPointer<UInt32>) -> Int? {
    var start = recordStart
    for column in own.indices {
      let end = unsafe Int(own[column])
      if end - start > limits.field { return column }
      start = end + 1
    }
    return nil
  }

  private mutating func note(_ kind: CSVProblem.Kind, ends: [UInt32], lineCount: Int? = nil) {
    problems.append(
      CSVProblem(
        kind: kind, number: recordCount + problems.count, line: line,
        lineCount: lineCount ?? 1 + quotedLines, start: recordStart, ends: ends))
  }

  /// The record goes beyond the limit; what it swallowed is counted up to there.
  private mutating func stop(_ bytes: UnsafePointer<UInt8>) {
    let looked = recordStart..<min(recordStart + limits.record, end)
    let lines = looked.count { unsafe CSVWalk.endsLine(bytes, at: $0, dialect: dialect) }
    note(.recordTooLong, ends: [], lineCount: lines + 1)
    isStopped = true
  }

  /// The place of the first quote that only `CSVWalk` understands, as a bit of the word.
  ///
  /// A closing quote before CRLF is suspect, since the masks know no CR, but in order.
  private func firstIrregular(
    _ bytes: UnsafePointer<UInt8>, _ suspects: UInt64, _ word: Word
  ) -> Int? {
    var suspects = suspects
    while suspects != 0 {
      let bit = suspects.trailingZeroBitCount
      let place = position + bit
      let isLineEnd =
        unsafe bytes[place] == ASCII.carriageReturn
        && (place + 1 < end ? (unsafe bytes[place + 1]) == ASCII.lineFeed : isFinal)
      guard isLineEnd else { return bit }
      suspects &= suspects &- 1
    }
    return nil
  }

  /// Takes the current record byte by byte, and leaves the scan after it.
  @inline(never)
  private mutating func walk(
    _ bytes: UnsafePointer<UInt8>, _ records: UnsafeMutableBufferPointer<ScannedRecord>,
    _ ends: UnsafeMutableBufferPointer<UInt32>
  ) {
    // SAFETY: `run` keeps room for `columns` more ends than a word can hold.
    let room = unsafe UnsafeMutableBufferPointer(
      rebasing: ends[firstEnd..<firstEnd + columns + 1])
    let walk = unsafe CSVWalk(
      bytes, from: recordStart, count: end, isFinal: isFinal, dialect: dialect, ends: room)
    endCount = firstEnd
    quotedLines = walk.quotedLines
    guard case .record = walk.outcome else {
      unsafe runOut(bytes, walk.outcome)
      return
    }
    unsafe checkWalked(bytes, to: walk.end)
    position = walk.next
    insideQuotes = 0
    afterBoundary = 1
    afterClosing = 0
    let last = unsafe bytes[walk.next - 1]
    afterCarriageReturn = last == ASCII.carriageReturn ? 1 : 0
    if let column = walk.textAfterQuote, walk.lineEnd - recordStart <= limits.record {
      let ends = walk.cells == columns ? unsafe Array(room.prefix(columns)) : []
      note(.textAfterClosingQuote(column: column), ends: ends)
      line += 1 + quotedLines
    } else {
      shape = walk.shape
      endCount = firstEnd + min(walk.cells, room.count)
      unsafe finishOddRecord(
        bytes, records, ends, at: walk.lineEnd, last: walk.end, cells: walk.cells)
    }
    shape = []
    quotedLines = 0
    recordStart = walk.next
  }

  /// The bytes ended before the record did.
  private mutating func runOut(_ bytes: UnsafePointer<UInt8>, _ outcome: CSVWalk.Outcome) {
    position = end
    if end - recordStart > limits.record {
      unsafe stop(bytes)
    } else if case .insideQuotes(let openedLine) = outcome {
      if isFinal {
        let isOpenLine = unsafe end > 0 && !CSVWalk.endsLine(bytes, at: end - 1, dialect: dialect)
        let lines = quotedLines + (isOpenLine ? 1 : 0)
        note(.unterminatedQuote(openedLine: line + openedLine), ends: [], lineCount: lines)
        line += lines
      } else {
        rest = ScannedBlock.Rest(start: recordStart, isInsideQuotes: true)
      }
    } else {
      rest = ScannedBlock.Rest(start: recordStart, isInsideQuotes: false)
    }
    recordStart = end
    quotedLines = 0
    insideQuotes = 0
  }

  /// What is left when all words have been looked at.
  private mutating func finish(
    _ bytes: UnsafePointer<UInt8>, _ records: UnsafeMutableBufferPointer<ScannedRecord>,
    _ ends: UnsafeMutableBufferPointer<UInt32>
  ) {
    guard !isStopped, recordStart < end, rest == nil else { return }
    if insideQuotes != 0 || !isFinal {
      unsafe walk(bytes, records, ends)
    } else {
      unsafe finishRecord(bytes, records, ends, at: end)
      recordStart = end
    }
  }

  /// Checks the characters of the current word, and of those before it that reach into it.
  ///
  /// Goes from one non-ASCII character to the next by their bits.
  @inline(__always)
  private mutating func checkText(_ bytes: UnsafePointer<UInt8>) {
    let stop = min(position &+ ByteMask.width, end)
    var high = unsafe rollcall_mask_high(bytes + position)
    if validated > position { high &= ~0 << UInt64(validated &- position) }
    while high != 0 {
      let place = position &+ high.trailingZeroBitCount
      guard place < stop, !sawInvalidText else { return }
      let length = unsafe UTF8Check.characterLength(bytes + place, left: end &- place)
      validated = place &+ length
      if length == 0 { sawInvalidText = true }
      high &= ~0 << UInt64(place &- position &+ length)
    }
  }

  /// Does for a walked record what `step` does for words.
  private mutating func checkWalked(_ bytes: UnsafePointer<UInt8>, to end: Int) {
    if (recordStart..<end).contains(where: { unsafe bytes[$0] == 0 }) { sawNUL = true }
    guard !sawInvalidText else { return }
    validated = unsafe UTF8Check.advance(bytes, from: recordStart, until: end, count: end)
    if validated < end { sawInvalidText = true }
  }
}
