import Identity
import Scanning

/// Some whole records of a JSON file.
struct JSONPiece: RecordPiece {
  enum Layout: Sendable {
    /// Where each record stands.
    case records([Range<Int>])
    /// A record to a line; the last line of a file may have no end.
    case lines(isLast: Bool)
    /// Where each record stands, nil for one that cannot be understood, and its place in the file.
    case operations([(range: Range<Int>?, line: Int, offset: Int)])
  }

  static let formatName = "JSON"
  /// What must follow the text.
  static let slack = [UInt8](repeating: 0, count: 64)

  let text: [UInt8]
  let layout: Layout
  let firstLine: Int
  /// Where in the file it begins.
  let offset: Int
  let encoding: TextEncoding
  let limits: FormatOptions.Limits
  /// The list in each record whose elements are the records.
  let each: String?
  /// Whether records may stand in a list of the record that they belong to.
  var isNested = false
  /// The only resources that count; nil: whatever comes.
  var resource: SCIMResource?

  consuming func read(_ fields: FieldTable, collectingNames: Bool) -> FieldBuilder {
    var work = JSONRecordWork(self, fields, collectingNames: collectingNames)
    switch work.piece.layout {
    case .records(let ranges):
      for range in ranges { work.read(range) }
    case .operations(let operations):
      for operation in operations { work.read(operation) }
    case .lines(let isLast):
      // The byte order mark that Windows tools write is no part of the first record.
      let isMarked = work.piece.offset == 0 && work.piece.text.starts(with: [0xEF, 0xBB, 0xBF])
      let end = work.piece.text.count - Self.slack.count
      work.readLines((isMarked ? 3 : 0)..<end, isLast: isLast)
    }
    work.noteNames()
    return work.builder
  }

  /// Where in the file a byte of the text stands.
  func fileOffset(_ place: Int) -> Int {
    offset
      + Transcoder.originalLength(
        of: text.span.extracting(0..<min(place, text.count)), in: encoding)
  }
}

extension JSONProblem.Kind {
  /// Whether nobody can tell any more what follows.
  var breaksGrammar: Bool {
    switch self {
    case .unexpectedEnd, .unexpectedByte, .badNumber, .badEscape, .controlCharacter, .trailingText,
      .tooLong:
      true
    case .loneSurrogate, .invalidUTF8, .duplicateName, .tooDeep, .notAnObject: false
    }
  }
}

extension DocumentProblem {
  init(_ kind: JSONProblem.Kind) {
    switch kind {
    case .unexpectedEnd: self = .cutOff
    case .unexpectedByte, .trailingText, .duplicateName: self = .unexpectedByte
    case .badNumber: self = .badNumber
    case .badEscape: self = .badEscape
    case .loneSurrogate: self = .loneSurrogate
    case .controlCharacter: self = .controlCharacter
    case .invalidUTF8: self = .invalidUTF8
    case .tooDeep, .tooLong: self = .tooDeep
    case .notAnObject: self = .notAnObject
    }
  }
}
