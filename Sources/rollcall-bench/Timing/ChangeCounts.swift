import Foundation

/// How much a contender found to differ.
///
/// Contenders that disagree are not timed against each other.
struct ChangeCounts: Equatable, CustomStringConvertible {
  var created = 0
  var changed = 0
  var removed = 0
  /// New people whom a plan leaves to a person to decide about.
  var heldRecords = 0
  /// Members whose change or removal it leaves to a person.
  var heldMembers = 0

  var description: String {
    let held = heldRecords + heldMembers
    return "\(created) created, \(changed) changed, \(removed) removed"
      + (held > 0 ? ", \(held) held" : "")
  }

  /// Whether both found the same differences, held ones among them.
  func agrees(with other: ChangeCounts) -> Bool {
    guard heldMembers + other.heldMembers == 0 else {
      return created + heldRecords == other.created + other.heldRecords
        && changed + removed + heldMembers == other.changed + other.removed + other.heldMembers
    }
    return created + heldRecords == other.created + other.heldRecords
      && changed == other.changed && removed == other.removed
  }
}

extension ChangeCounts {
  /// Counts a CSV whose first cell says what happened to the key in the second.
  ///
  /// A change may take several records, one per column; records of one key stand together.
  init(ofDifferences file: URL) throws {
    var rows = LeadingCells(file: file)
    _ = try rows.next()
    var last: [UInt8]?
    while let (kind, key) = try rows.next() {
      if key == last { continue }
      last = key
      switch String(decoding: kind, as: UTF8.self).lowercased() {
      case let word where word.hasPrefix("creat") || word == "+": created += 1
      case let word where word.hasPrefix("chang") || word.hasPrefix("updat") || word == "~":
        changed += 1
      case let word where word.hasPrefix("remov") || word == "-": removed += 1
      default: throw BenchFailure.unreadableResult(file)
      }
    }
  }

  /// Reads the counts of members from the first line of a plan.
  init(ofPlan file: URL, creates: String, updates: [String], removals: [String]) throws {
    let handle = try FileHandle(forReadingFrom: file)
    defer { try? handle.close() }
    // The header holds the attributes and a few numbers: far less than this.
    let start = try handle.read(upToCount: 1 << 20) ?? Data()
    guard
      let plan = try? JSONSerialization.jsonObject(with: start.prefix { $0 != 0x0A })
        as? [String: Any],
      let header = plan["rollcall-plan"] as? [String: Any],
      let counts = header["counts"] as? [String: Int]
    else { throw BenchFailure.unreadableResult(file) }
    created = counts[creates, default: 0]
    changed = updates.reduce(0) { $0 + counts[$1, default: 0] }
    removed = removals.reduce(0) { $0 + counts[$1, default: 0] }
    try countHolds(in: file)
  }

  /// Counts holds: they name `record X` or `member X`; of very many, some are only counted.
  ///
  /// A member may be updated while its removal waits: it is counted once.
  private mutating func countHolds(in file: URL) throws {
    let text = try Data(contentsOf: file, options: .mappedIfSafe)
    var updated: Set<String> = []
    for line in text.split(separator: 0x0A) {
      if line.starts(with: Data(#"{"operation":{"kind":"update-member""#.utf8)) {
        updated.insert(try word("name", of: "operation", in: line, file))
      }
      guard line.starts(with: Data(#"{"hold":"#.utf8)) else { continue }
      let subject = try word("subject", of: "hold", in: line, file)
      if subject.hasPrefix("record ") { heldRecords += 1 }
      if subject.hasPrefix("member "), !updated.contains(String(subject.dropFirst(7))) {
        heldMembers += 1
      }
      if subject.hasSuffix(" further members"), let count = Int(subject.prefix { $0 != " " }) {
        heldMembers += count
      }
    }
  }

  private func word(
    _ name: String, of kind: String, in line: Data, _ file: URL
  ) throws -> String {
    let object = (try? JSONSerialization.jsonObject(with: line)) as? [String: Any]
    guard let word = (object?[kind] as? [String: Any])?[name] as? String else {
      throw BenchFailure.unreadableResult(file)
    }
    return word
  }
}

/// Reads the first two cells of each record of a CSV file, in blocks.
private struct LeadingCells {
  let file: URL
  private var handle: FileHandle?
  private var block = Data()
  private var place = 0

  init(file: URL) {
    self.file = file
  }

  mutating func next() throws -> (kind: [UInt8], key: [UInt8])? {
    var cells: [[UInt8]] = [[], []]
    var cell = 0
    var isQuoted = false
    var isEmpty = true
    while let byte = try nextByte() {
      isEmpty = false
      switch byte {
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: ",") where !isQuoted: cell += 1
      case UInt8(ascii: "\n") where !isQuoted: return (cells[0], cells[1])
      default: if cell < 2 { cells[cell].append(byte) }
      }
    }
    return isEmpty ? nil : (cells[0], cells[1])
  }

  private mutating func nextByte() throws -> UInt8? {
    if place == block.endIndex {
      if handle == nil { handle = try FileHandle(forReadingFrom: file) }
      block = try handle?.read(upToCount: 1 << 20) ?? Data()
      place = block.startIndex
    }
    guard place < block.endIndex else { return nil }
    defer { place += 1 }
    return block[place]
  }
}
