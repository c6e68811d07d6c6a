import Identity
import Scanning

/// Some whole records of one LDIF file.
struct LDIFPiece: RecordPiece {
  let firstLine: Int
  /// The text, and `LDIFPlainRecords.slack` zeros behind it, until somebody takes it.
  private(set) var text: [UInt8]
  /// Without the zeros.
  let count: Int
  /// The text once more, where its bytes are not those of the file; nil for UTF-8.
  let original: [UInt8]?
  /// Where in the file it begins, and how that is written.
  let offset: Int
  let encoding: TextEncoding
  /// The first piece of its file.
  let isFirst: Bool
  let options: DirectoryOptions
  let references: EntryReferences
  let limits: FormatOptions.Limits
  /// What the pieces before it rename.
  var renames = EntryRenames()
  /// It is one record that no blank line ends, so nobody knows whether its last value is whole.
  var isUnclosed = false

  consuming func read(_ fields: FieldTable, collectingNames: Bool) -> FieldBuilder {
    var work = LDIFWork(self, fields, collectingNames: collectingNames)
    work.run()
    return work.writer.builder
  }

  /// Gives the text away, so that whoever has it can write to it without copying it.
  mutating func takeText() -> [UInt8] {
    var taken: [UInt8] = []
    swap(&taken, &text)
    return taken
  }

  /// Lays the records that were found in a part of the text, `line` lines into the piece, into columns.
  func write(
    _ block: borrowing LDIFBlock, line: Int, _ text: [UInt8], _ names: inout EntryFields,
    _ writer: inout EntryWriter
  ) {
    var problems = block.problems[...]
    for record in block.records {
      while let problem = problems.first, problem.number < record.number {
        setAside(problem.moved(by: line), in: &writer)
        problems = problems.dropFirst()
      }
      guard !isUnclosed else {
        setAside(.noClosingLine, record, at: record.start, &writer)
        continue
      }
      write(record.moved(by: line), block, text, &names, &writer)
    }
    for problem in problems { setAside(problem.moved(by: line), in: &writer) }
  }

  // MARK: - Records

  private func write(
    _ record: LDIFRecord, _ block: borrowing LDIFBlock, _ text: [UInt8],
    _ names: inout EntryFields, _ writer: inout EntryWriter
  ) {
    switch record.change {
    case .content where writer.builder.names == nil:
      writeContent(record, block, text, &names, &writer)
    case .content where writer.fields.columnCount == 0 && !options.isDelta:
      noteContent(record, block, text, &names, &writer)
    case .content, .add:
      var attributes: [EntryAttribute] = []
      attributes.reserveCapacity(record.lines.count)
      var classes: [Range<Int>] = []
      for line in block.lines[record.lines] {
        let attribute = attribute(line, text, &names)
        if attribute.field.syntax == .objectClass { classes.append(line.value) }
        attributes.append(attribute)
      }
      guard writer.counts(classes: classes, in: text) else { return }
      let change: StaticString? = options.isDelta ? "add" : nil
      finish(record, attributes, text, change: change, &writer)
    case .delete, .modify, .rename:
      guard options.isDelta else {
        setAside(.changeInFullExport, record, at: record.start, &writer)
        return
      }
      if record.change == .rename {
        rename(record, block, text, &writer)
      } else if record.change == .delete {
        // A leaver whom nobody finds must not go unsaid.
        guard !writer.remarkIfUnknown(text[record.name.value], line: record.line, change: "delete")
        else { return }
        finish(record, [], text, change: "delete", &writer)
      } else {
        modify(record, block, text, &names, &writer)
      }
    }
  }

  private func attribute(
    _ line: LDIFLine, _ text: [UInt8], _ names: inout EntryFields
  ) -> EntryAttribute {
    EntryAttribute(
      field: names.field(line.name, in: text), value: line.value, isBinary: line.form == .base64,
      isUnknown: line.form == .url)
  }

  /// An entry as it is; nearly all are, so its values go to their columns without a list of them being made.
  private func writeContent(
    _ record: LDIFRecord, _ block: borrowing LDIFBlock, _ text: [UInt8],
    _ names: inout EntryFields, _ writer: inout EntryWriter
  ) {
    writer.begin(name: record.name.value, line: record.line)
    var classes: [Range<Int>] = []
    var problem: (problem: DocumentProblem, place: Int, column: Int)?
    for index in record.lines {
      let line = block.lines[index]
      if line.isPlain {
        switch names.way(of: line, in: text) {
        case .column(let target):
          writer.builder.add(line.value, to: target)
          continue
        case .nowhere: continue
        case .look: break
        }
      }
      let attribute = attribute(line, text, &names)
      if attribute.field.syntax == .objectClass { classes.append(line.value) }
      let found = writer.add(attribute, of: record.name.value, in: text)
      problem = problem ?? found
    }
    guard writer.counts(classes: classes, in: text) else { return writer.builder.discard() }
    conclude(problem, &writer)
  }

  /// An entry of which nothing but the names of its attributes is wanted.
  private func noteContent(
    _ record: LDIFRecord, _ block: borrowing LDIFBlock, _ text: [UInt8],
    _ names: inout EntryFields, _ writer: inout EntryWriter
  ) {
    var classes: [Range<Int>] = []
    var isNew = false
    for index in record.lines {
      let line = block.lines[index]
      guard let place = names.keptPlace(line.name, in: text) else {
        isNew = true
        continue
      }
      if names.isClass(place) { classes.append(line.value) }
      if !names.isNoted(place) { isNew = true }
    }
    guard writer.counts(classes: classes, in: text) else { return }
    writer.begin(name: record.name.value, line: record.line)
    // That an attribute has come is noted once, and not with every entry.
    for index in isNew ? record.lines : 0..<0 {
      let line = block.lines[index]
      writer.note(names.field(line.name, in: text))
      if let place = names.keptPlace(line.name, in: text) { names.setNoted(place) }
    }
    writer.end()
  }

  /// Ends a record, or sets it aside.
  private func conclude(
    _ problem: (problem: DocumentProblem, place: Int, column: Int)?, _ writer: inout EntryWriter
  ) {
    if let problem {
      writer.builder.setAside(
        subject(problem.problem, at: problem.place), unreadable: [problem.column])
    } else {
      writer.end()
    }
  }

  /// Later records call the entry by its new name.
  private func rename(
    _ record: LDIFRecord, _ block: borrowing LDIFBlock, _ text: [UInt8],
    _ writer: inout EntryWriter
  ) {
    guard let rename = EntryRename(record, block.lines[record.lines], text) else {
      setAside(.badChange, record, at: record.start, &writer)
      return
    }
    if writer.changesKey(rename) {
      setAside(.unsupportedChange, record, at: record.start, &writer)
    } else if !writer.remarkIfUnknown(
      text[record.name.value], line: record.line, change: "modrdn")
    {
      writer.write(
        rename, name: text[record.name.value], line: record.line, change: "modify")
      writer.end()
    }
    writer.renames.note(from: rename.old, to: rename.new)
  }

  /// One change of a modify record, and what it is about.
  private struct Change {
    let operation: LDIFLine
    let attribute: Range<Int>
    var values: [LDIFLine] = []
  }

  private func changes(
    _ record: LDIFRecord, _ block: borrowing LDIFBlock
  ) -> [Change] {
    var changes: [Change] = []
    var isOpen = false
    for line in block.lines[record.lines] {
      if line.form == .separator {
        isOpen = false
      } else if isOpen, !changes.isEmpty {
        changes[changes.count - 1].values.append(line)
      } else {
        changes.append(Change(operation: line, attribute: line.value))
        isOpen = true
      }
    }
    return changes
  }

  /// A list's changes are rows of their own, in their order; all others are one row that holds the new values,
  /// and nothing where a value goes.
  private func modify(
    _ record: LDIFRecord, _ block: borrowing LDIFBlock, _ text: [UInt8],
    _ names: inout EntryFields, _ writer: inout EntryWriter
  ) {
    let changes = changes(record, block)
    if options.needsAllFields {
      for change in changes { modifyList(change, of: record, text, &names, &writer) }
      return
    }
    var single: [EntryAttribute] = []
    for change in changes {
      let word = MatchKeyText.folded(text[change.operation.name])
      let isDelete = word == Array("delete".utf8)
      let values = change.values.map { attribute($0, text, &names) }
      let field = names.field(change.attribute, in: text)
      if isDelete || values.isEmpty {
        single.append(
          EntryAttribute(field: field, value: 0..<0, isBinary: false, isUnknown: false))
      } else {
        single += values
      }
    }
    finish(record, single, text, change: "modify", &writer)
  }

  /// Whoever replaces a list, or deletes all of it, takes everybody out of it who is not named then.
  private func modifyList(
    _ change: Change, of record: LDIFRecord, _ text: [UInt8], _ names: inout EntryFields,
    _ writer: inout EntryWriter
  ) {
    let field = names.field(change.attribute, in: text)
    guard field.isWanted else { return }
    let values = change.values.map { attribute($0, text, &names) }
    switch String(decoding: MatchKeyText.folded(text[change.operation.name]), as: UTF8.self) {
    case "delete" where !values.isEmpty:
      finish(record, values, text, change: "delete", &writer)
    case "delete", "replace":
      writer.writeEmptied(field, name: record.name.value, in: text, line: record.line)
      writer.end()
      guard !values.isEmpty else { return }
      finish(record, values, text, change: "add", &writer)
    default:
      guard !values.isEmpty else {
        setAside(.badChange, record, at: change.operation.name.lowerBound, &writer)
        return
      }
      finish(record, values, text, change: "add", &writer)
    }
  }

  private func finish(
    _ record: LDIFRecord, _ attributes: [EntryAttribute], _ text: [UInt8],
    change: StaticString?, _ writer: inout EntryWriter
  ) {
    conclude(
      writer.write(
        name: record.name.value, attributes, in: text, line: record.line, change: change), &writer)
  }

  // MARK: - Problems

  private func setAside(
    _ problem: DocumentProblem, _ record: LDIFRecord, at place: Int, _ writer: inout EntryWriter
  ) {
    writer.builder.begin(line: record.line)
    writer.builder.setAside(subject(problem, at: place))
  }

  private func setAside(_ problem: LDIFProblem, in writer: inout EntryWriter) {
    writer.builder.begin(line: problem.line)
    writer.builder.setAside(
      subject(problem.kind.problem, at: problem.place), lineCount: problem.lineCount)
  }

  private func subject(_ problem: DocumentProblem, at place: Int) -> Finding.Subject {
    // Only the bytes as they came tell how long the text before was in the file.
    let length =
      original.map { original in
        Transcoder.originalLength(
          of: original.span.extracting(0..<min(place, count)), in: encoding)
      } ?? min(place, count)
    return .badRecord(format: "LDIF", problem: problem, byteOffset: offset + length)
  }
}

extension LDIFProblem.Kind {
  fileprivate var problem: DocumentProblem {
    switch self {
    case .noName: .noEntryName
    case .secondName: .secondEntryName
    case .nothingToFold: .nothingToFold
    case .noAttribute: .noAttribute
    case .badBase64: .badBase64
    case .url: .urlValue
    case .unknownChange: .unknownChange
    case .badChange: .badChange
    case .nul: .nulByte
    case .invalidText: .invalidUTF8
    case .valueTooLong: .valueTooLong
    }
  }
}
