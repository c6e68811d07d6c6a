import Identity
import Scanning

/// A piece that is being filled with records.
struct XMLPieceDraft {
  private(set) var bytes: [UInt8] = [0]
  private(set) var items: [XMLItem] = []
  private(set) var records: [XMLRecord] = []
  /// The line of the first record.
  private(set) var firstLine = 1

  private var names: [[UInt8]: Range<Int>] = [:]
  /// The same in the order in which they came, which is mostly that of every record.
  private var ordered: [(name: [UInt8], place: Range<Int>)] = []
  private var guess = 0
  private var line = 0
  private var firstItem = 0
  private var start = 0
  private var entryName = 0..<0
  private var problem: DocumentProblem?

  /// Bytes of the record that was begun.
  var recordLength: Int { bytes.count - start }

  mutating func begin(line: Int) {
    if records.isEmpty { firstLine = line }
    self.line = line
    firstItem = items.count
    start = bytes.count
    entryName = 0..<0
    problem = nil
  }

  mutating func add(
    name: [UInt8], value: some Collection<UInt8>, isBinary: Bool = false, isUnknown: Bool = false
  ) {
    items.append(
      XMLItem(
        name: place(ofName: name), value: append(value), isBinary: isBinary, isUnknown: isUnknown))
  }

  mutating func setEntryName(_ name: [UInt8]) {
    entryName = append(name)
  }

  /// Only the first reason counts.
  mutating func fail(_ problem: DocumentProblem) {
    if self.problem == nil { self.problem = problem }
  }

  mutating func end() {
    records.append(
      XMLRecord(
        line: max(0, line - firstLine), entryName: entryName, items: firstItem..<items.count,
        problem: problem))
    firstItem = items.count
  }

  /// Forgets the record that was begun and did not end.
  mutating func drop() {
    items.removeSubrange(firstItem...)
    problem = nil
  }

  /// Names repeat with every record.
  private mutating func place(ofName name: [UInt8]) -> Range<Int> {
    if guess < ordered.count, ordered[guess].name == name {
      defer { guess += 1 }
      return ordered[guess].place
    }
    guess = (ordered.firstIndex { $0.name == name } ?? ordered.count) + 1
    if guess <= ordered.count { return ordered[guess - 1].place }
    if let known = names[name] { return known }
    let place = append(name)
    if names.count < FieldNames.limit { names[name] = place }
    if ordered.count < Self.guessed { ordered.append((name, place)) }
    return place
  }

  /// Names beyond these are looked up.
  private static let guessed = 64

  private mutating func append(_ value: some Collection<UInt8>) -> Range<Int> {
    let start = bytes.count
    bytes.append(contentsOf: value)
    return start..<bytes.count
  }
}
