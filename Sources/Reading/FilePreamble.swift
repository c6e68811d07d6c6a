import Scanning

/// What stands before the records of a file: lead lines and the header, and what they say about it.
///
/// ```
/// version:v1.0                                    lead line: this is a template
/// User name [userPrincipalName] Required,…        header: names, delimiter, line end
/// Example: chris@contoso.com,…                    the first record
/// ```
struct FilePreamble: Sendable, Hashable {
  let encoding: TextEncoding
  let dialect: CSVDialect
  let names: [String]
  let isTemplate: Bool
  /// The header's own bytes, for telling whether two files are written alike.
  let headerBytes: [UInt8]
  /// Where the first record begins, in the file's text.
  let dataStart: Int
  /// Physical lines before it.
  let dataLine: Int

  /// Nothing but a byte order mark or blank lines.
  var isEmpty: Bool { names.isEmpty }

  /// Reads the preamble from the beginning of a file's text.
  ///
  /// - Returns: nil when more bytes are needed.
  /// - Throws: when the header cannot be understood.
  static func read(
    _ bytes: [UInt8], count: Int, isFinal: Bool, path: String, encoding: TextEncoding,
    options: CSVOptions
  ) throws(ReadFailure) -> FilePreamble? {
    var reader = PreambleReader(
      bytes: bytes, count: count, isFinal: isFinal, path: path, options: options)
    guard try reader.read() else {
      guard count <= options.limits.record else {
        throw .headerTooLong(path: path, limit: options.limits.record)
      }
      return nil
    }
    return FilePreamble(
      encoding: encoding, dialect: reader.dialect, names: reader.names,
      isTemplate: reader.isTemplate, headerBytes: reader.headerBytes, dataStart: reader.place,
      dataLine: reader.line)
  }
}

/// Steps through the first lines of a file.
private struct PreambleReader {
  let bytes: [UInt8]
  let count: Int
  let isFinal: Bool
  let path: String
  let options: CSVOptions

  var place = 0
  var line = 0
  var dialect = CSVDialect(delimiter: UInt8(ascii: ","))
  var names: [String] = []
  var isTemplate = false
  var headerBytes: [UInt8] = []
  private var separator: UInt8?

  init(bytes: [UInt8], count: Int, isFinal: Bool, path: String, options: CSVOptions) {
    self.bytes = bytes
    self.count = count
    self.isFinal = isFinal
    self.path = path
    self.options = options
  }

  /// - Returns: false when more bytes are needed.
  mutating func read() throws(ReadFailure) -> Bool {
    if let (encoding, length) = TextEncoding.marked(by: bytes[..<min(3, count)]), encoding == .utf8
    {
      place = length
    } else if count < 3, !isFinal {
      return false
    }
    while true {
      skipBlankLines()
      if place == count { return isFinal }
      guard let lead = leadLine() else { break }
      guard skip(lead) else { return false }
    }
    return try readHeader()
  }

  private mutating func skipBlankLines() {
    while place < count, bytes[place] == ASCII.lineFeed || bytes[place] == ASCII.carriageReturn {
      let isCarriageReturn = bytes[place] == ASCII.carriageReturn
      place += 1
      if isCarriageReturn, place < count, bytes[place] == ASCII.lineFeed { place += 1 }
      line += 1
    }
  }

  private enum LeadLine: CaseIterable {
    case type
    case version
    case separator

    var prefix: String {
      switch self {
      case .type: "#TYPE "
      case .version: "version:"
      case .separator: "sep="
      }
    }
  }

  private func leadLine() -> LeadLine? {
    LeadLine.allCases.first { bytes[place..<count].starts(with: $0.prefix.utf8) }
  }

  private mutating func skip(_ lead: LeadLine) -> Bool {
    let rest = bytes[place..<count]
    let end = rest.firstIndex { $0 == ASCII.lineFeed || $0 == ASCII.carriageReturn }
    guard let end = end ?? (isFinal ? count : nil) else { return false }
    switch lead {
    case .type: break
    case .version: isTemplate = true
    case .separator:
      let sign = place + lead.prefix.utf8.count
      if sign < end { separator = bytes[sign] }
    }
    place = end
    return true
  }

  private mutating func readHeader() throws(ReadFailure) -> Bool {
    dialect.lineEnd = .carriageReturn
    dialect.delimiter = delimiter()
    let record = firstRecord(dialect.delimiter)
    switch record.outcome {
    case .complete: break
    case .insideQuotes(let openedLine) where isFinal:
      if options.headerNames == nil {
        throw .headerNotClosed(path: path, line: line + 1 + openedLine)
      }
    case .insideQuotes, .unfinished: return false
    }
    guard decideLineEnd(at: record.lineEnd) else { return false }
    if let names = options.headerNames {
      self.names = names
      return true
    }
    try takeNames(record)
    headerBytes = Array(bytes[place..<record.lineEnd])
    line += record.quotedLines + 1
    place = record.lineEnd
    if place < count {
      let isPair = bytes[place] == ASCII.carriageReturn && dialect.lineEnd == .lineFeed
      place += isPair ? 2 : 1
    }
    return true
  }

  /// LF and CRLF are one kind of file, CR alone the other.
  private mutating func decideLineEnd(at end: Int) -> Bool {
    guard end < count, bytes[end] == ASCII.carriageReturn else {
      dialect.lineEnd = .lineFeed
      return true
    }
    guard end + 1 < count else {
      // A CR at the very end of a file: no record follows, either will do.
      return isFinal
    }
    dialect.lineEnd = bytes[end + 1] == ASCII.lineFeed ? .lineFeed : .carriageReturn
    return true
  }

  /// The candidate that stands most often outside quotes; a quote opens a cell of any of them.
  private func delimiter() -> UInt8 {
    if let known = options.delimiter ?? separator { return known }
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), ASCII.tab, UInt8(ascii: "|")]
    var counts = [0, 0, 0, 0]
    var isQuoted = false
    var isCellStart = true
    for byte in bytes[place..<count] {
      if byte == CSVDialect.quote, isQuoted || isCellStart { isQuoted.toggle() }
      if isQuoted { continue }
      if byte == ASCII.lineFeed || byte == ASCII.carriageReturn { break }
      let candidate = candidates.firstIndex(of: byte)
      if let candidate { counts[candidate] += 1 }
      isCellStart = candidate != nil || byte == CSVDialect.quote
    }
    let most = counts.max() ?? 0
    return candidates[counts.firstIndex(of: most) ?? 0]
  }

  private func firstRecord(_ delimiter: UInt8) -> CSVFirstRecord {
    CSVFirstRecord(
      in: bytes, from: place, to: count, isFinal: isFinal,
      dialect: CSVDialect(delimiter: delimiter, lineEnd: .carriageReturn),
      limit: options.limits.columns)
  }

  private mutating func takeNames(_ record: CSVFirstRecord) throws(ReadFailure) {
    let bytes = bytes
    let span = bytes.span
    let whole = place..<record.lineEnd
    guard !bytes[whole].contains(0) else { throw .nulInHeader(path: path, line: line + 1) }
    if let offset = UTF8Check.firstInvalid(in: span.extracting(whole)) {
      throw .headerNotText(path: path, line: line + 1, byteOffset: place + offset)
    }
    if let column = record.textAfterQuote {
      throw .textAfterQuoteInHeader(path: path, line: line + 1, column: column + 1)
    }
    guard record.cellCount <= options.limits.columns else {
      throw .tooManyColumns(
        path: path, columns: record.cellCount, limit: options.limits.columns)
    }
    for cell in record.cells {
      let text = String(decoding: CSVCell.value(of: cell, in: span), as: UTF8.self)
      let header = HeaderName(cell: text)
      if header.isFromTemplate { isTemplate = true }
      names.append(header.name)
    }
  }
}
