import Identity
import Scanning

/// Some whole records of a JSON file.
struct JSONPiece: RecordPiece {
  enum Layout: Sendable {
    /// Where each record stands.
    case records([Range<Int>])
    /// A record to a line; the last line of a file may have no end.
    case lines(isLast: Bool)
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

  func read(_ fields: FieldTable, collectingNames: Bool) -> FieldBuilder {
    var work = JSONRecordWork(self, fields, collectingNames: collectingNames)
    switch layout {
    case .records(let ranges):
      for range in ranges { work.read(range) }
    case .lines(let isLast):
      let end = text.count - Self.slack.count
      var start = 0
      while start < end {
        let stop = text[start..<end].firstIndex(of: ASCII.lineFeed) ?? end
        if !text[start..<stop].allSatisfy(\.isJSONSpace) {
          work.read(start..<stop, isLine: true, isOpen: isLast && stop == end)
        }
        start = stop + 1
      }
    }
    return work.builder
  }

  /// Where in the file a byte of the text stands.
  func fileOffset(_ place: Int) -> Int {
    offset
      + Transcoder.originalLength(
        of: text.span.extracting(0..<min(place, text.count)), in: encoding)
  }
}

/// Reads the records of one piece into a builder.
private struct JSONRecordWork: ~Copyable {
  var builder: FieldBuilder
  private let piece: JSONPiece
  private let isCollectingNames: Bool
  private var reader: JSONFieldReader
  /// Where the values of each slot go.
  private var targets: [[FieldTable.Target]] = []
  private var line = 0
  private var counted = 0

  init(_ piece: JSONPiece, _ fields: FieldTable, collectingNames: Bool) {
    self.piece = piece
    isCollectingNames = collectingNames
    builder = FieldBuilder(fields, text: piece.text, collectingNames: collectingNames)
    var shape = JSONShape()
    for (column, names) in fields.alternatives.enumerated() {
      for (rank, name) in names.prefix(FieldTable.mostAlternatives).enumerated() {
        let slot = shape.slot(for: JSONPath(name))
        while targets.count <= slot { targets.append([]) }
        targets[slot].append(FieldTable.Target(column: column, rank: UInt8(rank)))
      }
    }
    reader = JSONFieldReader(shape)
  }

  /// Reads one record.
  ///
  /// - Parameters:
  ///   - isLine: it stands alone on its line, so that the next one can be read whatever is wrong with it.
  ///   - isOpen: its line has no end: it may have been cut off.
  mutating func read(_ range: Range<Int>, isLine: Bool = false, isOpen: Bool = false) {
    line += LineFeeds.count(in: piece.text, counted..<range.lowerBound)
    counted = range.lowerBound
    builder.begin(line: line)
    let problem = reader.read(piece.text, range)
    let badValue = layValues()
    if isCollectingNames { noteNames(range) }
    if let problem {
      setAside(range, problem, isLine: isLine, isOpen: isOpen)
    } else if let badValue {
      builder.setAside(
        badValue.subject, lineCount: lineCount(range), unreadable: [badValue.column])
    } else {
      builder.end()
    }
  }

  private mutating func setAside(
    _ range: Range<Int>, _ problem: JSONProblem, isLine: Bool, isOpen: Bool
  ) {
    let breaksFile = problem.kind.breaksGrammar && (!isLine || isOpen)
    let problem =
      isOpen && breaksFile ? JSONProblem(kind: .unexpectedEnd, offset: problem.offset) : problem
    let unreadable: Set<Int>?
    switch problem.kind {
    case .duplicateName, .loneSurrogate, .invalidUTF8:
      unreadable = Set(reader.unreadable.flatMap { targets(of: $0).map(\.column) })
    default: unreadable = nil
    }
    builder.setAside(
      subject(of: problem, breaksFile), lineCount: lineCount(range), unreadable: unreadable,
      breaksFile: breaksFile)
  }

  private func lineCount(_ range: Range<Int>) -> Int {
    1 + LineFeeds.count(in: piece.text, range)
  }

  private func targets(of slot: Int) -> [FieldTable.Target] {
    slot < targets.count ? targets[slot] : []
  }

  /// Lays the values of the record into the builder.
  ///
  /// - Returns: a column whose value no column may have, and why.
  private mutating func layValues() -> (subject: Finding.Subject, column: Int)? {
    var bad: (subject: Finding.Subject, column: Int)?
    for value in reader.values where Int(value.slot) < targets.count {
      let range = value.range
      for target in targets[Int(value.slot)] {
        switch value.form {
        case .plain: builder.add(range, to: target)
        case .escaped:
          let text = JSONText.unescaped(piece.text.span.extracting(range))
          builder.add(copying: text, to: target)
          if text.contains(0) { bad = (.nulByte(column: name(of: target.column)), target.column) }
        case .nothing: builder.addNothing(to: target)
        }
        if range.count > piece.limits.field {
          bad = (
            .fieldTooLong(column: name(of: target.column), limit: piece.limits.field), target.column
          )
        }
      }
    }
    return bad
  }

  private func name(of column: Int) -> String { builder.fields.alternatives[column].first ?? "" }

  private mutating func noteNames(_ range: Range<Int>) {
    guard let value = try? JSONParser.parse(Array(piece.text[range])) else { return }
    for field in JSONFields(of: value).all { builder.note(name: field.name.utf8) }
  }

  private func subject(of problem: JSONProblem, _ breaksFile: Bool) -> Finding.Subject {
    let offset = piece.fileOffset(problem.offset)
    switch problem.kind {
    case .duplicateName:
      return .duplicateName(name: name(at: problem.offset), byteOffset: offset)
    default:
      let kind = DocumentProblem(problem.kind)
      return breaksFile
        ? .brokenDocument(format: JSONPiece.formatName, problem: kind, byteOffset: offset)
        : .badRecord(format: JSONPiece.formatName, problem: kind, byteOffset: offset)
    }
  }

  private func name(at place: Int) -> String {
    let rest = piece.text[place...]
    let end = rest.firstIndex(of: UInt8(ascii: "\"")) ?? rest.endIndex
    return String(decoding: rest[..<end].prefix(200), as: UTF8.self)
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
