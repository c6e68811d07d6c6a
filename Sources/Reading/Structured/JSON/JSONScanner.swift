import Identity
import Scanning

/// Cuts a JSON file into pieces of whole records: documents, lists, pages, or a record to a line.
struct JSONScanner: RecordScanner {
  var feed: FileFeed
  private(set) var ending = FileEnding()

  private let path: String
  private let limits: FormatOptions.Limits
  private let blockSize: Int
  private let each: String?
  private let isLines: Bool
  private let isBulk: Bool
  /// Whether groups have groups in them: those of a Keycloak realm.
  private let isNested: Bool
  private let preferredLists: [String]
  private let resource: SCIMResource?
  private var outline: JSONOutline
  private var buffer: [UInt8] = []
  private var count = 0
  /// Where in the file `buffer[0]` stands.
  private var offset: Int
  /// The line on which it stands, from 1.
  private var line = 1
  private var isFinished = false

  init(
    _ input: InputPath, options: CSVOptions, format: FormatOptions, digest: Bool
  ) throws(ReadFailure) {
    path = input.path
    limits = format.limits
    blockSize = options.blockSize
    each = format.each
    feed = try FileFeed(input, options: options, digest: digest)
    offset = feed.markLength
    count = try feed.fill(&buffer, at: 0, upTo: max(blockSize, 1 << 12))
    let look = JSONLook(buffer, to: count)
    let envelope = JSONEnvelope(look, stated: format.records, preferred: format.preferredLists)
    isBulk = envelope.isBulk
    ending.isChanges = isBulk
    isNested = look["realm"] != nil || look["subGroups"] != nil
    preferredLists = format.preferredLists
    resource = format.resource
    isLines = look.isLines && envelope.path.isEmpty
    outline = JSONOutline(path: envelope.path.map { Array($0.utf8) })
    addSlack()
  }

  mutating func next() throws(ReadFailure) -> JSONPiece? {
    guard !isFinished else { return nil }
    if isBulk { return try nextOperations() }
    return isLines ? try nextLines() : try nextRecords()
  }

  // MARK: - Operations

  /// The whole of a BulkRequest, for any of its operations may name any other.
  private mutating func nextOperations() throws(ReadFailure) -> JSONPiece? {
    var operations: [SCIMBulk.Operation] = []
    var length = 0
    // What breaks off is not gone on with, or another reason would be found behind the first.
    while !isFinished, let piece = try nextRecords() {
      guard case .records(let ranges) = piece.layout else { continue }
      length += piece.text.count
      guard length <= limits.record else {
        ending.broken = (.recordTooLong(limit: limits.record, linesSwallowed: 1), line)
        break
      }
      for range in ranges {
        // What cannot be read is no object, and so no operation that can be followed.
        let value = (try? JSONParser.parse(Array(piece.text[range]))) ?? .null
        operations.append(
          SCIMBulk.Operation(
            value: value,
            line: piece.firstLine + LineFeeds.count(in: piece.text, 0..<range.lowerBound),
            offset: piece.fileOffset(range.lowerBound)))
      }
    }
    isFinished = true
    return operations.isEmpty ? nil : piece(SCIMBulk(operations).records(of: wantedResource))
  }

  private var wantedResource: SCIMBulk.Resource? {
    preferredLists.first.map { $0.lowercased() == "users" ? .users : .groups }
  }

  private func piece(_ records: [SCIMBulk.Record]) -> JSONPiece {
    var text: [UInt8] = []
    var layout: [(range: Range<Int>?, line: Int, offset: Int)] = []
    for record in records {
      let start = text.count
      record.value?.write(to: &text)
      layout.append(
        (record.value == nil ? nil : start..<text.count, record.line, record.offset))
    }
    return JSONPiece(
      text: text + JSONPiece.slack, layout: .operations(layout),
      firstLine: records.first?.line ?? 1, offset: records.first?.offset ?? 0, encoding: .utf8,
      limits: limits, each: each)
  }

  // MARK: - Documents

  private mutating func nextRecords() throws(ReadFailure) -> JSONPiece? {
    var records: [Range<Int>] = []
    while true {
      switch outline.next(in: buffer, to: count) {
      case .record(let range):
        records.append(range)
        if outline.place - (records.first?.lowerBound ?? 0) >= blockSize { return piece(records) }
      case .envelope(let text, let hasList):
        try note(envelope: text, hasList: hasList)
        if isFinished { return records.isEmpty ? nil : piece(records) }
      case .broken(let problem):
        breakOff(problem)
        return records.isEmpty ? nil : piece(records)
      case .needsMore:
        if !records.isEmpty { return piece(records) }
        guard try fillOn() else { return nil }
      }
    }
  }

  /// Reads on; false at the end of the file, or where a record is too long.
  private mutating func fillOn() throws(ReadFailure) -> Bool {
    drop(outline.openRecord ?? outline.place)
    if count > limits.record {
      ending.broken = (.recordTooLong(limit: limits.record, linesSwallowed: lineFeeds), line)
      isFinished = true
      return false
    }
    guard feed.isAtEnd else {
      try fill()
      return true
    }
    // A number at the end of the text needs something after it to be seen to end.
    if outline.place < count, buffer[count - 1] != ASCII.lineFeed {
      buffer[count] = ASCII.lineFeed
      count += 1
      addSlack()
      return true
    }
    isFinished = true
    let isAtEnd = outline.place == count
    ending.isEmpty = outline.isBlank && isAtEnd
    if !outline.isComplete || !isAtEnd {
      breakOff(JSONProblem(kind: .unexpectedEnd, offset: count))
    }
    return false
  }

  private mutating func piece(_ records: [Range<Int>]) -> JSONPiece {
    let start = records.first?.lowerBound ?? 0
    let end = records.last?.upperBound ?? 0
    var piece = JSONPiece(
      text: text(start..<end),
      layout: .records(records.map { $0.lowerBound - start..<$0.upperBound - start }),
      firstLine: line + LineFeeds.count(in: buffer, 0..<start),
      offset: offset + originalLength(0..<start), encoding: feed.encoding, limits: limits,
      each: each)
    piece.isNested = isNested
    piece.resource = resource
    drop(min(end, outline.openRecord ?? end))
    return piece
  }

  private mutating func note(envelope text: [UInt8], hasList: Bool) throws(ReadFailure) {
    let page: JSONPage
    do throws(JSONProblem) {
      page = JSONPage(try JSONParser.parse(text))
    } catch {
      guard error.kind != .duplicateName else {
        throw .duplicateNameInEnvelope(path: path, line: lineReached)
      }
      breakOff(JSONProblem(kind: error.kind, offset: outline.place))
      return
    }
    if let more = page.more { ending.morePages.append(more) } else { ending.lastPages += 1 }
    if let stated = page.stated { ending.statedCount = max(stated, ending.statedCount ?? 0) }
    guard hasList || page.mayLackList else {
      ending.broken = (
        .brokenDocument(
          format: JSONPiece.formatName, problem: .noRecords, byteOffset: fileOffset(outline.place)),
        lineReached
      )
      isFinished = true
      return
    }
  }

  private mutating func breakOff(_ problem: JSONProblem) {
    isFinished = true
    let place = min(problem.offset, count)
    ending.broken = (
      .brokenDocument(
        format: JSONPiece.formatName, problem: DocumentProblem(problem.kind),
        byteOffset: fileOffset(place)),
      line + LineFeeds.count(in: buffer, 0..<place)
    )
  }

  // MARK: - Lines

  private mutating func nextLines() throws(ReadFailure) -> JSONPiece? {
    while true {
      let end = buffer[..<count].lastIndex(of: ASCII.lineFeed).map { $0 + 1 } ?? 0
      if end > 0 || feed.isAtEnd {
        let stop = end > 0 ? end : count
        isFinished = stop == count && feed.isAtEnd
        if isFinished, line == 1, buffer[..<count].allSatisfy(\.isJSONSpace) {
          ending.isEmpty = true
          return nil
        }
        let (firstLine, start) = (line, offset)
        var piece = JSONPiece(
          text: take(stop), layout: .lines(isLast: isFinished), firstLine: firstLine,
          offset: start, encoding: feed.encoding, limits: limits, each: each)
        piece.resource = resource
        return piece
      }
      if count > limits.record {
        ending.broken = (.recordTooLong(limit: limits.record, linesSwallowed: 1), line)
        isFinished = true
        return nil
      }
      try fill()
    }
  }

  // MARK: - The buffer

  private mutating func fill() throws(ReadFailure) {
    // A long record is read in ever longer strides, so that its bytes are not moved too often.
    count = try feed.fill(&buffer, at: count, upTo: max(blockSize, count / 2))
    addSlack()
  }

  private mutating func addSlack() {
    let missing = count + JSONPiece.slack.count + 1 - buffer.count
    if missing > 0 { buffer.append(contentsOf: repeatElement(0, count: missing)) }
  }

  private mutating func drop(_ length: Int) {
    guard length > 0 else { return }
    line += LineFeeds.count(in: buffer, 0..<length)
    offset += originalLength(0..<length)
    buffer.removeSubrange(0..<length)
    count -= length
    outline.drop(length)
    addSlack()
  }

  /// Hands over the beginning of the buffer with what must follow it, and goes on with the rest in another one.
  private mutating func take(_ length: Int) -> [UInt8] {
    line += LineFeeds.count(in: buffer, 0..<length)
    offset += originalLength(0..<length)
    var text = Array(buffer[length..<count])
    swap(&text, &buffer)
    count -= length
    text.removeSubrange((length + JSONPiece.slack.count)...)
    text.replaceSubrange(length..., with: JSONPiece.slack)
    addSlack()
    return text
  }

  /// A copy of some bytes with what must follow them.
  private func text(_ range: Range<Int>) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(range.count + JSONPiece.slack.count)
    text.append(contentsOf: buffer[range])
    text.append(contentsOf: JSONPiece.slack)
    return text
  }

  /// Where the outline stands; `line` is where the buffer begins.
  private var lineReached: Int { line + LineFeeds.count(in: buffer, 0..<outline.place) }

  private var lineFeeds: Int { 1 + LineFeeds.count(in: buffer, 0..<count) }

  private func fileOffset(_ place: Int) -> Int { offset + originalLength(0..<place) }

  private func originalLength(_ range: Range<Int>) -> Int {
    Transcoder.originalLength(of: buffer.span.extracting(range), in: feed.encoding)
  }
}
