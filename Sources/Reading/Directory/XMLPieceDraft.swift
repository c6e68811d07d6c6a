import Identity
import Scanning

/// A piece that is being filled with records.
struct XMLPieceDraft {
  private(set) var values: XMLValues
  private(set) var records: [XMLRecord] = []
  /// The line of the first record.
  private(set) var firstLine = 1

  private var line = 0
  private var firstItem = 0
  private var start = 0
  private var problem: DocumentProblem?

  /// Makes an empty piece of about `size` bytes.
  init(size: Int) {
    values = XMLValues(capacity: size + size / 8)
  }

  /// Bytes of the record that was begun.
  var recordLength: Int { values.byteCount - start }

  mutating func begin(line: Int) {
    if records.isEmpty { firstLine = line }
    self.line = line
    firstItem = values.itemCount
    start = values.byteCount
    problem = nil
  }

  mutating func add(name: [UInt8], value: some Collection<UInt8>) {
    values.add(name: name, value: value)
  }

  /// Only the first reason counts.
  mutating func fail(_ problem: DocumentProblem) {
    if self.problem == nil { self.problem = problem }
  }

  /// Ends the record; `xml` stands at its end.
  ///
  /// Where that is in the file is asked only if somebody may want to know.
  mutating func end(_ xml: XMLReader, entryName: Range<Int> = 0..<0, hasBase64: Bool = false) {
    records.append(
      XMLRecord(
        line: max(0, line - firstLine), entryName: entryName,
        items: firstItem..<values.itemCount, problem: problem,
        offset: problem != nil || hasBase64 ? xml.position : 0))
    firstItem = values.itemCount
  }

  /// Reads the entry at which `xml` stands.
  ///
  /// - Returns: false when it does not end within the limit.
  mutating func addEntry(
    of xml: XMLReader, limits: FormatOptions.Limits
  ) throws(XMLFailure) -> Bool {
    begin(line: xml.line)
    let entry = try xml.entry(
      into: &values, valueLimit: limits.field, recordLimit: limits.record)
    guard let entry else { return false }
    switch entry.problem {
    case .noName: fail(.noEntryName)
    case .valueTooLong: fail(.valueTooLong)
    case .elementInValue: fail(.elementInValue)
    case nil: break
    }
    end(xml, entryName: entry.name, hasBase64: entry.hasBase64)
    return true
  }

  /// Forgets the record that was begun and did not end.
  mutating func drop() {
    values.dropItems(from: firstItem)
    problem = nil
  }

  /// The records, and the values that belong to them.
  consuming func finished() -> (values: XMLValues, records: [XMLRecord]) {
    values.finish()
    return (values, records)
  }
}
