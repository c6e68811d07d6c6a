/// One logical line with its folds taken out.
struct LDIFLogicalLine {
  /// Its text; a blank line has none.
  let text: Range<Int>
  /// Where the line after it begins.
  let next: Int
  /// Physical lines it took up.
  let lineCount: Int
}

/// One run over a block.
struct LDIFPass {
  let scanner: LDIFScanner
  let text: LDIFText
  var place: Int
  let end: Int
  var isFirst: Bool
  private var line = 0
  private var draft = LDIFDraft()
  /// Whether the block holds a NUL, or anything that is not UTF-8, so that values must be looked at.
  private let isSuspect: Bool

  init(
    scanner: LDIFScanner, text: LDIFText, place: Int, end: Int, isFirst: Bool
  ) {
    self.scanner = scanner
    self.text = text
    self.place = place
    self.end = end
    self.isFirst = isFirst
    isSuspect = text.holdsNUL(in: place..<end) || text.firstInvalid(in: place..<end) != nil
  }

  mutating func run(into block: inout LDIFBlock) {
    while place < end {
      let start = place
      let first = text[place]
      let logical = logicalLine()
      if logical.text.isEmpty {
        draft.finish(at: line, into: &block)
      } else if first != UInt8(ascii: "#") {
        if draft.isEmpty { draft.begin(at: line, place: start, in: block) }
        take(logical, first, in: &block)
      }
      line += logical.lineCount
      place = logical.next
    }
    draft.finish(at: line, into: &block)
    block.lineCount = line
    block.isBeforeFirst = isFirst
  }

  // MARK: - Lines

  /// The end of the physical line at `start`, and where the next one begins.
  private func lineEnd(from start: Int) -> (text: Int, next: Int) {
    guard let feed = text.lineFeed(in: start..<end) else { return (trimmed(start, end), end) }
    return (trimmed(start, feed), feed + 1)
  }

  private func trimmed(_ start: Int, _ end: Int) -> Int {
    end > start && text[end - 1] == ASCII.carriageReturn ? end - 1 : end
  }

  private func logicalLine() -> LDIFLogicalLine {
    var (stop, next) = lineEnd(from: place)
    var count = 1
    // A blank line ends a record, so nothing can continue it.
    while stop > place, next < end, text[next] == UInt8(ascii: " ") {
      let (foldEnd, after) = lineEnd(from: next + 1)
      text.move(next + 1..<foldEnd, to: stop)
      stop += foldEnd - next - 1
      next = after
      count += 1
    }
    return LDIFLogicalLine(text: place..<stop, next: next, lineCount: count)
  }

  // MARK: - Attributes

  private mutating func take(
    _ logical: LDIFLogicalLine, _ first: UInt8, in block: inout LDIFBlock
  ) {
    if first == UInt8(ascii: " ") {
      draft.fail(.nothingToFold, at: logical.text.lowerBound)
      return
    }
    if isSuspect { lookForDamage(in: logical.text) }
    guard let parsed = attribute(logical.text) else { return }
    if isFirst {
      isFirst = false
      if text.equals(parsed.name, "version") {
        draft.forget()
        return
      }
    }
    draft.take(parsed, text, into: &block)
  }

  private mutating func lookForDamage(in line: Range<Int>) {
    if text.holdsNUL(in: line) { draft.fail(.nul, at: line.lowerBound) }
    if let place = text.firstInvalid(in: line) { draft.fail(.invalidText, at: place) }
  }

  private mutating func attribute(_ line: Range<Int>) -> LDIFLine? {
    if line.count == 1, text[line.lowerBound] == UInt8(ascii: "-") {
      let place = UInt32(line.lowerBound)
      return LDIFLine(
        nameStart: place, nameEnd: place, valueStart: place, valueEnd: place, form: .separator)
    }
    guard let colon = line.first(where: { !isNameByte(text[$0]) }), colon > line.lowerBound,
      text[colon] == UInt8(ascii: ":")
    else {
      draft.fail(.noAttribute, at: line.lowerBound)
      return nil
    }
    var start = colon + 1
    var form = LDIFLine.Form.plain
    if start < line.upperBound, text[start] == UInt8(ascii: ":") { form = .base64 }
    if start < line.upperBound, text[start] == UInt8(ascii: "<") { form = .url }
    if form != .plain { start += 1 }
    while start < line.upperBound, text[start] == UInt8(ascii: " ") { start += 1 }
    var stop = line.upperBound
    if stop - start > scanner.limits.value { draft.fail(.valueTooLong, at: line.lowerBound) }
    if form == .url, !scanner.allowsURLs { draft.fail(.url, at: line.lowerBound) }
    if form == .base64 {
      guard let end = text.decodeBase64(in: start..<stop) else {
        draft.fail(.badBase64, at: line.lowerBound)
        return nil
      }
      stop = end
    }
    return LDIFLine(
      nameStart: UInt32(line.lowerBound), nameEnd: UInt32(colon), valueStart: UInt32(start),
      valueEnd: UInt32(stop), form: form,
      prefix: text.prefix(from: line.lowerBound, length: colon - line.lowerBound))
  }

  /// Letters, digits, and what stands in options, such as `;range=0-*`.
  private func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case UInt8(ascii: "-"), UInt8(ascii: ";"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "="), UInt8(ascii: "*"):
      true
    default: false
    }
  }
}
