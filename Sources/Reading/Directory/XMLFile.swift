import Identity
import Scanning

/// Reads one XML file from front to back: DSML, a report of Workday, or anything of the shape of records.
struct XMLFile: RecordScanner {
  private(set) var ending = FileEnding()

  private let source: XMLSource
  private var reader: XMLRecordReader?
  private let options: DirectoryOptions
  private let references: EntryReferences
  private let limits: FormatOptions.Limits
  private let path: [String]?
  private let pieceSize: Int
  private var isFirst = true
  private var isDone = false

  init(
    _ input: InputPath, digest: Bool, table: CSVOptions, format: FormatOptions,
    references: EntryReferences
  ) throws(ReadFailure) {
    var table = table
    // A document ends with its root element, whatever the policy expects.
    table.trailer = nil
    source = XMLSource(try FileFeed(input, options: table, digest: digest))
    options = format.directory
    self.references = references
    limits = format.limits
    path = format.records
    pieceSize = table.blockSize
  }

  var feed: FileFeed {
    get { source.feed }
    set { source.feed = newValue }
  }

  mutating func next() throws(ReadFailure) -> XMLPiece? {
    guard !isDone else { return nil }
    var draft = XMLPieceDraft(size: pieceSize)
    do throws(XMLFailure) {
      if self.reader == nil { self.reader = try open() }
      guard var reader = self.reader else { return nil }
      // Also where the document breaks off: that it is DSML says how its entries are read.
      defer { self.reader = reader }
      repeat {
        let outcome = try reader.next(into: &draft)
        if outcome == .record { continue }
        if outcome == .tooLong { breakOff(atRecordIn: &draft) }
        isDone = true
      } while !isDone && draft.values.byteCount < pieceSize
      if isDone, let reason = reader.unfinishedSearch { ending.morePages.append(reason) }
    } catch {
      try breakOff(error)
      draft.drop()
      isDone = true
    }
    defer { isFirst = false }
    let isDirectory = reader?.isDirectory ?? false
    if isDone, ending.broken == nil, isFirst, draft.records.isEmpty, !isDirectory, path != nil {
      ending.broken = (.brokenDocument(format: "XML", problem: .noRecords, byteOffset: 0), 1)
    }
    guard !draft.records.isEmpty else { return nil }
    let firstLine = draft.firstLine
    let (values, records) = (consume draft).finished()
    return XMLPiece(
      firstLine: firstLine, values: values, records: records,
      isDirectory: isDirectory, options: options,
      references: references)
  }

  private func open() throws(XMLFailure) -> XMLRecordReader {
    XMLRecordReader(try source.open(), path: path, limits: limits)
  }

  private mutating func breakOff(atRecordIn draft: inout XMLPieceDraft) {
    draft.drop()
    ending.broken = (
      .recordTooLong(limit: limits.record, linesSwallowed: 0), source.xml?.line ?? 1
    )
  }

  private mutating func breakOff(_ failure: XMLFailure) throws(ReadFailure) {
    if let failure = source.failure { throw failure }
    let problem: DocumentProblem =
      switch failure.kind {
      case .cut: .cutOff
      case .tooDeep: .tooDeep
      case .tooLong: .valueTooLong
      case .notWellFormed, .input, .outOfMemory: .notWellFormed
      case .documentType: .documentType
      }
    if problem == .documentType {
      throw .documentType(path: feed.path, line: failure.line)
    }
    if problem == .cutOff, isFirst, source.isBlank {
      ending.isEmpty = true
      return
    }
    ending.broken = (
      .brokenDocument(format: "XML", problem: problem, byteOffset: source.xml?.position ?? 0),
      failure.line
    )
  }
}

/// The bytes of one XML file, where libxml2 asks for them.
///
/// Sendable, for the source that hands out pieces keeps it in a `Mutex` and uses it only there.
private final class XMLSource: @unchecked Sendable {
  var feed: FileFeed
  private(set) var xml: XMLReader?
  private(set) var failure: ReadFailure?
  /// Whether nothing but white space has come yet.
  private(set) var isBlank = true
  private var isFirst = true

  private static let step = 1 << 16

  init(_ feed: FileFeed) {
    self.feed = feed
  }

  func open() throws(XMLFailure) -> XMLReader {
    // What was UTF-16 is UTF-8 by now, whatever its declaration says.
    let xml = try XMLReader(isUTF8: feed.encoding != .utf8) { [unowned self] in more(into: &$0) }
    self.xml = xml
    return xml
  }

  private func more(into bytes: inout [UInt8]) -> Int? {
    if feed.isAtEnd { return 0 }
    do throws(ReadFailure) {
      let count = try feed.fill(&bytes, at: 0, upTo: Self.step)
      bytes.removeSubrange(count...)
      if isBlank { isBlank = bytes.allSatisfy(\.isJSONSpace) }
      if isFirst, let line = Self.documentType(in: bytes[...]) {
        failure = .documentType(path: feed.path, line: line)
        return nil
      }
      isFirst = false
      return count
    } catch {
      failure = error
      return nil
    }
  }
}

extension XMLSource {
  /// The line of a document type at the beginning of a text, where nothing but comments and instructions may
  /// stand before it.
  ///
  /// So libxml2 does not even see what it declares; one further on is still found as a node.
  fileprivate static func documentType(in text: ArraySlice<UInt8>) -> Int? {
    var rest = text
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    while true {
      rest = rest.drop(while: \.isJSONSpace)
      if rest.starts(with: "<!DOCTYPE".utf8) {
        return 1 + text[..<rest.startIndex].count { $0 == ASCII.lineFeed }
      }
      let end: String
      if rest.starts(with: "<!--".utf8) {
        end = "-->"
      } else if rest.starts(with: "<?".utf8) {
        end = "?>"
      } else {
        return nil
      }
      guard let place = rest.firstRange(of: Array(end.utf8)) else { return nil }
      rest = rest[place.upperBound...]
    }
  }
}

extension XMLFile {
  /// Whether a text, of which this is the beginning, is XML: `<?xml` or `<` and a name.
  static func isLikely(_ text: ArraySlice<UInt8>) -> Bool {
    var text = text
    if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
    text = text.drop(while: \.isJSONSpace)
    guard text.popFirst() == UInt8(ascii: "<"), let next = text.first else { return false }
    switch next {
    case UInt8(ascii: "?"), UInt8(ascii: "!"), UInt8(ascii: "_"), 0x41...0x5A, 0x61...0x7A:
      return true
    default: return next >= 0x80
    }
  }
}
