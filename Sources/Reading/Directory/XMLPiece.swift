import Identity
import Scanning

/// One value of a record: its name and its text, as places in the piece's bytes.
struct XMLItem: Sendable {
  let name: Range<Int>
  let value: Range<Int>
  var isBinary = false
  /// A value that stands elsewhere (`xsd:anyURI`), which is never read.
  var isUnknown = false
}

/// One record of an XML document, read but not yet laid into columns.
struct XMLRecord: Sendable {
  let line: Int
  /// The distinguished name of a directory's entry.
  var entryName = 0..<0
  let items: Range<Int>
  /// What keeps it from being delivered.
  var problem: DocumentProblem?
}

/// Some whole records of one XML file.
struct XMLPiece: RecordPiece {
  let firstLine: Int
  var bytes: [UInt8]
  var items: [XMLItem]
  var records: [XMLRecord]
  /// Whether the records are entries of a directory, as in DSML.
  let isDirectory: Bool
  /// About where in the file the piece ends.
  let offset: Int
  let options: DirectoryOptions
  let references: EntryReferences

  func read(_ fields: FieldTable, collectingNames: Bool) -> FieldBuilder {
    isDirectory
      ? readEntries(fields, collectingNames: collectingNames)
      : readRecords(fields, collectingNames: collectingNames)
  }

  private func readRecords(_ fields: FieldTable, collectingNames: Bool) -> FieldBuilder {
    var builder = FieldBuilder(fields, text: bytes, collectingNames: collectingNames)
    var known: [ArraySlice<UInt8>: [FieldTable.Target]] = [:]
    for record in records {
      builder.begin(line: record.line)
      for item in items[record.items] {
        let name = bytes[item.name]
        builder.note(name: name)
        let targets = known[name] ?? fields.targets(of: name)
        if known.count < 1000 { known[name] = targets }
        for target in targets { builder.add(item.value, to: target) }
      }
      if let problem = record.problem {
        builder.setAside(subject(problem))
      } else {
        builder.end()
      }
    }
    return builder
  }

  private func readEntries(_ fields: FieldTable, collectingNames: Bool) -> FieldBuilder {
    var writer = EntryWriter(
      fields, text: bytes, options: options, references: references,
      collectingNames: collectingNames)
    var names = EntryFields(fields)
    for record in records {
      if let problem = record.problem {
        writer.builder.begin(line: record.line)
        writer.builder.setAside(subject(problem))
        continue
      }
      let attributes = items[record.items].map { item in
        EntryAttribute(
          field: names.field(item.name, in: bytes), value: item.value, isBinary: item.isBinary,
          isUnknown: item.isUnknown)
      }
      let classes = attributes.filter { $0.field.syntax == .objectClass }.map(\.value)
      guard writer.counts(classes: classes, in: bytes) else { continue }
      let problem = writer.write(
        name: record.entryName, attributes, in: bytes, line: record.line,
        change: options.isDelta ? "add" : nil)
      if let problem {
        writer.builder.setAside(subject(problem.problem), unreadable: [problem.column])
      } else {
        writer.end()
      }
    }
    return writer.builder
  }

  private func subject(_ problem: DocumentProblem) -> Finding.Subject {
    .badRecord(format: isDirectory ? "DSML" : "XML", problem: problem, byteOffset: offset)
  }
}
