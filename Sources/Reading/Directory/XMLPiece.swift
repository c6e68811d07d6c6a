import Identity
import Scanning

/// One record of an XML document, read but not yet laid into columns.
struct XMLRecord: Sendable {
  let line: Int
  /// The distinguished name of a directory's entry.
  var entryName = 0..<0
  let items: Range<Int>
  /// What keeps it from being delivered.
  var problem: DocumentProblem?
  /// About where in the file it ends; of one that has a problem, or may turn out to have one.
  var offset = 0
}

/// Some records of one XML file.
struct XMLPiece: RecordPiece {
  let firstLine: Int
  private(set) var values: XMLValues
  let records: [XMLRecord]
  /// Whether the records are entries of a directory, as in DSML.
  let isDirectory: Bool
  let options: DirectoryOptions
  let references: EntryReferences

  consuming func read(_ fields: FieldTable, collectingNames: Bool) -> FieldBuilder {
    isDirectory
      ? readEntries(fields, collectingNames: collectingNames)
      : readRecords(fields, collectingNames: collectingNames)
  }

  private func readRecords(_ fields: FieldTable, collectingNames: Bool) -> FieldBuilder {
    var builder = FieldBuilder(fields, text: values.bytes, collectingNames: collectingNames)
    var known = [[FieldTable.Target]?](repeating: nil, count: values.nameCount)
    for record in records {
      builder.begin(line: record.line)
      for place in record.items {
        let item = values[place]
        if collectingNames { builder.note(name: values.bytes[values.name(at: item.name)]) }
        let targets = known[item.name] ?? targets(of: item.name, in: fields)
        known[item.name] = targets
        for target in targets { builder.add(item.value, to: target) }
      }
      if let problem = record.problem {
        builder.setAside(subject(problem, of: record))
      } else {
        builder.end()
      }
    }
    return builder
  }

  private func targets(of name: Int, in fields: FieldTable) -> [FieldTable.Target] {
    fields.targets(of: values.bytes[values.name(at: name)])
  }

  // MARK: - Entries

  private consuming func readEntries(_ fields: FieldTable, collectingNames: Bool) -> FieldBuilder {
    let undecoded = decode()
    let text = values.bytes
    var writer = EntryWriter(
      fields, text: text, options: options, references: references,
      collectingNames: collectingNames)
    var names = XMLEntryFields(fields, count: values.nameCount)
    for (place, record) in records.enumerated() {
      if let problem = record.problem ?? (undecoded.contains(place) ? .badBase64 : nil) {
        writer.builder.begin(line: record.line)
        writer.builder.setAside(subject(problem, of: record))
      } else if collectingNames || options.isDelta {
        write(record, text, &names, &writer)
      } else {
        writeContent(record, text, &names, &writer)
      }
    }
    return writer.builder
  }

  /// Decodes what is written in base64.
  ///
  /// - Returns: the records in which there is something that is not.
  private mutating func decode() -> Set<Int> {
    var undecoded: Set<Int> = []
    for (place, record) in records.enumerated() where record.problem == nil {
      for item in record.items where values[item].form == .base64 && !values.decode(at: item) {
        undecoded.insert(place)
      }
    }
    return undecoded
  }

  private func attribute(
    _ item: XMLValues.Item, _ text: [UInt8], _ names: inout XMLEntryFields
  ) -> EntryAttribute {
    EntryAttribute(
      field: names.field(item.name, values.name(at: item.name), in: text), value: item.value,
      isBinary: item.form == .base64, isUnknown: item.form == .location)
  }

  private func write(
    _ record: XMLRecord, _ text: [UInt8], _ names: inout XMLEntryFields, _ writer: inout EntryWriter
  ) {
    let attributes = record.items.map { attribute(values[$0], text, &names) }
    let classes = attributes.filter { $0.field.syntax == .objectClass }.map(\.value)
    guard writer.counts(classes: classes, in: text) else { return }
    let problem = writer.write(
      name: record.entryName, attributes, in: text, line: record.line,
      change: options.isDelta ? "add" : nil)
    conclude(record, problem?.problem, column: problem?.column, &writer)
  }

  /// An entry as it is; nearly all are, so its values go to their columns without a list of them being made.
  private func writeContent(
    _ record: XMLRecord, _ text: [UInt8], _ names: inout XMLEntryFields, _ writer: inout EntryWriter
  ) {
    writer.begin(name: record.entryName, line: record.line)
    var classes: [Range<Int>] = []
    var problem: (problem: DocumentProblem, column: Int)?
    for place in record.items {
      let item = values[place]
      if item.form == .text {
        switch names.way(item.name, values.name(at: item.name), in: text) {
        case .column(let target):
          writer.builder.add(item.value, to: target)
          continue
        case .nowhere: continue
        case .look: break
        }
      }
      let attribute = attribute(item, text, &names)
      if attribute.field.syntax == .objectClass { classes.append(item.value) }
      let found = writer.add(attribute, of: record.entryName, in: text)
      problem = problem ?? found.map { ($0.problem, $0.column) }
    }
    guard writer.counts(classes: classes, in: text) else { return writer.builder.discard() }
    conclude(record, problem?.problem, column: problem?.column, &writer)
  }

  /// Ends an entry, or sets it aside.
  private func conclude(
    _ record: XMLRecord, _ problem: DocumentProblem?, column: Int?, _ writer: inout EntryWriter
  ) {
    if let problem {
      writer.builder.setAside(subject(problem, of: record), unreadable: column.map { [$0] })
    } else {
      writer.end()
    }
  }

  private func subject(_ problem: DocumentProblem, of record: XMLRecord) -> Finding.Subject {
    .badRecord(format: isDirectory ? "DSML" : "XML", problem: problem, byteOffset: record.offset)
  }
}

/// What the names of a piece's entries mean, found by their places.
private struct XMLEntryFields {
  private let table: FieldTable
  private var fields: [EntryField?]
  private var ways: [EntryFields.Way?]

  init(_ table: FieldTable, count: Int) {
    self.table = table
    fields = [EntryField?](repeating: nil, count: count)
    ways = [EntryFields.Way?](repeating: nil, count: count)
  }

  mutating func field(_ place: Int, _ name: Range<Int>, in bytes: [UInt8]) -> EntryField {
    if let known = fields[place] { return known }
    let field = EntryField(bytes[name], in: table)
    fields[place] = field
    return field
  }

  mutating func way(_ place: Int, _ name: Range<Int>, in bytes: [UInt8]) -> EntryFields.Way {
    if let known = ways[place] { return known }
    let way = field(place, name, in: bytes).way
    ways[place] = way
    return way
  }
}
