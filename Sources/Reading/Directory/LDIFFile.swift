import Identity
import Scanning

/// Cuts one LDIF file into pieces that hold whole records.
///
/// A blank line ends a record, and no record has one in it, so a piece ends after the last blank line of
/// what was read. What follows goes to the next one.
struct LDIFFile: RecordScanner {
  var feed: FileFeed
  private(set) var ending = FileEnding()

  private let options: DirectoryOptions
  private let references: EntryReferences
  private let limits: FormatOptions.Limits
  private let blockSize: Int
  /// What stood after the last blank line of the piece before.
  private var carry: [UInt8] = []
  private var line = 1
  private var offset: Int
  private var isFirst = true
  /// What the pieces so far rename.
  private var renames = EntryRenames()
  /// The last record, where nothing says that it is whole.
  private var unclosed: [UInt8]?

  init(
    _ input: InputPath, digest: Bool, table: CSVOptions, format: FormatOptions,
    references: EntryReferences
  ) throws(ReadFailure) {
    feed = try FileFeed(input, options: table, digest: digest)
    options = format.directory
    self.references = references
    ending.isChanges = format.directory.isDelta
    limits = format.limits
    blockSize = table.blockSize
    offset = feed.markLength
  }

  mutating func next() throws(ReadFailure) -> LDIFPiece? {
    if let rest = unclosed {
      unclosed = nil
      return unclosedPiece(rest)
    }
    guard ending.broken == nil, !feed.isAtEnd else { return nil }
    var bytes = carry
    var searched = 0
    while true {
      let count = try feed.fill(&bytes, at: bytes.count, upTo: blockSize)
      bytes.removeSubrange(count...)
      if feed.isAtEnd { return lastPiece(bytes) }
      if let end = LDIFScanner.lastBoundary(in: bytes, 0..<count, searched: searched) {
        carry = Array(bytes[end...])
        bytes.removeSubrange(end...)
        return piece(consume bytes)
      }
      searched = count
      if count > limits.record {
        let lines = LineFeeds.count(in: bytes, 0..<count)
        ending.broken = (
          .recordTooLong(limit: limits.record, linesSwallowed: lines), line
        )
        return nil
      }
    }
  }

  private mutating func piece(_ bytes: consuming [UInt8]) -> LDIFPiece {
    let lineEnds = LineFeeds.count(in: bytes, 0..<bytes.count)
    let length = Transcoder.originalLength(of: bytes.span, in: feed.encoding)
    var text = consume bytes
    var start = 0
    if isFirst, let (_, length) = TextEncoding.marked(by: text.prefix(3)), length == 3 {
      start = length
      text.removeFirst(length)
    }
    let count = text.count
    let original = feed.encoding == .utf8 ? nil : text
    text.append(contentsOf: repeatElement(0, count: LDIFPlainRecords.slack))
    var piece = LDIFPiece(
      firstLine: line, text: text, count: count, original: original, offset: offset + start,
      encoding: feed.encoding, isFirst: isFirst, options: options, references: references,
      limits: limits)
    piece.renames = renames
    if options.isDelta { noteRenames(in: text, count: count) }
    line += lineEnds
    offset += length
    isFirst = false
    return piece
  }

  /// Pieces are read in any order, but a name may be one that a piece before gave.
  private mutating func noteRenames(in text: [UInt8], count: Int) {
    guard LDIFScanner.mayRename(text) else { return }
    var text = text
    var block = LDIFBlock()
    let scanner = LDIFScanner(
      limits: LDIFLimits(value: limits.field, record: limits.record),
      allowsURLs: options.allowsURLs)
    scanner.scan(&text, from: 0, to: count, isFirst: isFirst, into: &block)
    for record in block.records {
      guard let rename = EntryRename(record, block.lines[record.lines], text) else { continue }
      renames.note(from: rename.old, to: rename.new)
    }
  }

  /// What comes at the end of a file, and what its end says.
  private mutating func lastPiece(_ bytes: [UInt8]) -> LDIFPiece? {
    let isBlank = bytes.allSatisfy { $0 == 0x0A || $0 == 0x0D || $0 == 0x20 }
    if isBlank {
      ending.isEmpty = isFirst
      return nil
    }
    let end = LDIFScanner.lastBoundary(in: bytes, 0..<bytes.count) ?? 0
    guard !Self.isClosed(bytes[end...]) else { return piece(bytes) }
    let rest = Array(bytes[end...])
    guard end > 0 else { return unclosedPiece(rest) }
    unclosed = rest
    return piece(Array(bytes[..<end]))
  }

  /// A record that may have been cut in the middle of a value: it is set aside, and the file is not whole.
  private mutating func unclosedPiece(_ bytes: [UInt8]) -> LDIFPiece {
    var piece = piece(bytes)
    piece.isUnclosed = true
    ending.broken = (
      .brokenDocument(format: "LDIF", problem: .noClosingLine, byteOffset: offset), line
    )
    return piece
  }

  /// Whether nothing but comments follows the last blank line.
  ///
  /// Every tool that writes LDIF ends a record with a blank line; one without may have been cut.
  private static func isClosed(_ rest: ArraySlice<UInt8>) -> Bool {
    rest.split(separator: ASCII.lineFeed).allSatisfy { line in
      line.first == UInt8(ascii: "#") || line.first == UInt8(ascii: " ")
        || line.elementsEqual([ASCII.carriageReturn])
    }
  }
}

extension LDIFFile {
  /// Whether a text, of which this is the beginning, is LDIF.
  ///
  /// Its first line that is no comment is `dn:` or `version: 1`; a bulk template of Entra has `version:v1.0`.
  static func isLikely(_ text: ArraySlice<UInt8>) -> Bool {
    var text = text
    if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
    let lines = text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D })
    guard
      let first = lines.first(where: {
        $0.first != UInt8(ascii: "#") && $0.first != UInt8(ascii: " ")
      })
    else { return false }
    let word = MatchKeyText.folded(first.prefix(40))
    if word.starts(with: Array("dn:".utf8)) { return true }
    guard word.starts(with: Array("version:".utf8)) else { return false }
    let rest = word.dropFirst("version:".utf8.count).drop { $0 == 0x20 }
    return !rest.isEmpty && rest.allSatisfy { (0x30...0x39).contains($0) }
  }
}
