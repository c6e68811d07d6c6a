import Identity
import PlanFile
import Scanning

/// Creates that follow each other in the journal, in one row of `operation_pack`.
///
/// ```
/// first 641, count 3, kind create-member, situation joiner, classes 0, rule lifecycle.create
/// subjects  16 bytes each    names   ["ann@contoso.com","bob@contoso.com","eve@contoso.com"]
/// digests   32 bytes each    files   [["people","users.csv"],["people","guests.csv"]]
/// salts     16 bytes each    places  001    lines  170291
/// ```
///
/// Names and files are JSON. `places` says in which of the files the record of each stands, `lines` in which line: decimal
/// numbers of one width, so that eve stands in line 91 of guests.csv. What is in a pack is exactly what as many rows of
/// `operation` and `operation_value` would say, and the chain of heads takes it in as such.
struct OperationPack: Sendable {
  /// How many creates make a pack: five packs of the usual length fill a page of the file.
  static let size = 32
  /// Fewer stand in rows of their own.
  static let leastSize = 8
  /// What no pack of ours comes near.
  private static let greatestSize = 4096

  let first: Int
  let count: Int
  let kind: String
  let situation: String
  let classes: Int
  let rule: String
  var subjects: [UInt8] = []
  var names: [UInt8] = []
  var files: [UInt8] = []
  var places: [UInt8] = []
  var lines: [UInt8] = []
  var digests: [UInt8] = []
  var salts: [UInt8] = []

  /// One to be filled.
  init(first: Int, count: Int, of operation: Operation) {
    self.first = first
    self.count = count
    kind = operation.kind.rawValue
    situation = operation.situation.rawValue
    classes = Int(operation.classes.rawValue)
    rule = operation.rule
  }

  // MARK: The row

  static let table = "operation_pack"
  static let columns =
    "first, count, kind, situation, classes, rule, subjects, names, files, places, lines, digests, salts"

  /// From a row of `columns`, as it stands there.
  init(_ row: SQLStatement) {
    first = row.integer(0)
    count = row.integer(1)
    kind = row.text(2)
    situation = row.text(3)
    classes = row.integer(4)
    rule = row.text(5)
    subjects = row.bytes(6)
    names = row.bytes(7)
    files = row.bytes(8)
    places = row.bytes(9)
    lines = row.bytes(10)
    digests = row.bytes(11)
    salts = row.bytes(12)
  }

  func bind(to statement: SQLStatement) {
    statement.bind(first, at: 1).bind(count, at: 2).bind(kind, at: 3).bind(situation, at: 4)
      .bind(classes, at: 5).bind(rule, at: 6).bind(subjects, at: 7).bind(text: names, at: 8)
      .bind(text: files, at: 9).bind(text: places, at: 10).bind(text: lines, at: 11)
      .bind(digests, at: 12).bind(salts, at: 13)
  }

  // MARK: Numbers of one width

  /// Decimal numbers, each as wide as the greatest of them.
  static func text(of numbers: some Collection<Int>) -> [UInt8] {
    var width = 1
    var greatest = (numbers.max() ?? 0) / 10
    while greatest > 0 { (greatest, width) = (greatest / 10, width + 1) }
    var text = [UInt8](repeating: UInt8(ascii: "0"), count: width * numbers.count)
    for (row, number) in numbers.enumerated() {
      var (rest, place) = (number, (row + 1) * width)
      while rest > 0 {
        let (next, digit) = rest.quotientAndRemainder(dividingBy: 10)
        place -= 1
        text[place] += UInt8(digit)
        rest = next
      }
    }
    return text
  }

  /// The numbers of such a text; nil where it is none of `count` numbers.
  static func numbers(_ text: [UInt8], count: Int) -> [Int]? {
    let (width, rest) = text.count.quotientAndRemainder(dividingBy: count)
    guard rest == 0, (1...18).contains(width) else { return nil }
    var numbers: [Int] = []
    numbers.reserveCapacity(count)
    for start in stride(from: 0, to: text.count, by: width) {
      var number = 0
      for byte in text[start..<start + width] {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        number = number * 10 + Int(byte - UInt8(ascii: "0"))
      }
      numbers.append(number)
    }
    return numbers
  }
}

// MARK: - Unpacking

extension OperationPack {
  /// What one row of `operation` and one of `operation_value` would say.
  typealias Entry = (facts: JournaledOperation.Facts, values: JournaledOperation.Values)

  /// Its operations one by one; nil where its columns do not agree.
  func entries() -> [Entry]? {
    guard (1...Self.greatestSize).contains(count), (1...Int(UInt32.max) << 16).contains(first),
      subjects.count == count * 16, digests.count == count * Self.digestSize,
      salts.count == count * SaltSource.saltSize,
      let names = (try? JSONParser.parse(names))?.elements, names.count == count,
      let files = fileTexts(), let places = Self.numbers(places, count: count),
      let lines = Self.numbers(lines, count: count)
    else { return nil }
    var entries: [Entry] = []
    entries.reserveCapacity(count)
    for row in 0..<count {
      guard let name = names[row].text, files.indices.contains(places[row]) else { return nil }
      var origins = files[places[row]]
      origins.append(contentsOf: "\(lines[row])]]".utf8)
      let facts = JournaledOperation.Facts(
        number: first + row, kind: kind, subject: subject(row), other: nil, situation: situation,
        classes: classes, rule: rule, origins: origins, stateBefore: nil,
        digest: Self.part(row, of: digests, size: Self.digestSize))
      let values = JournaledOperation.Values(
        salt: Self.part(row, of: salts, size: SaltSource.saltSize), name: name, otherName: nil,
        before: nil, after: nil)
      entries.append((facts, values))
    }
    return entries
  }

  private static let digestSize = 32

  private static func part(_ row: Int, of column: [UInt8], size: Int) -> [UInt8] {
    Array(column[row * size..<(row + 1) * size])
  }

  private func subject(_ row: Int) -> String {
    var halves: (high: UInt64, low: UInt64) = (0, 0)
    for (place, byte) in subjects[row * 16..<(row + 1) * 16].enumerated() {
      if place < 8 {
        halves.high = halves.high << 8 | UInt64(byte)
      } else {
        halves.low = halves.low << 8 | UInt64(byte)
      }
    }
    return ResourceID(high: halves.high, low: halves.low).description
  }

  /// The journal's text of an origin in each of the files, up to its line.
  private func fileTexts() -> [[UInt8]]? {
    guard let elements = (try? JSONParser.parse(files))?.elements else { return nil }
    var texts: [[UInt8]] = []
    for element in elements {
      guard let parts = element.elements, parts.count == 2, let export = parts[0].text,
        let file = parts[1].text
      else { return nil }
      texts.append(JournalText.start(of: RecordOrigin(export: export, file: file, line: 0)))
    }
    return texts
  }
}
