import Identity
import Scanning
import TestSupport
import Testing

@testable import Reading

/// Lines taken in one go, held to the same lines read one by one, which is what happens where the names of all fields
/// are wanted.
struct JSONPlainRecordsTests {
  private static let fields = FieldTable([
    ["userName"], ["displayName", "title"], ["emails.value"],
    ["emails[type eq \"work\"].value", "emails[primary eq \"true\"].value"], ["name.givenName"],
    ["active", "count"], ["tags[1]"], ["groups.value"], ["tags"], ["emails[kind eq \"x\"]"],
  ])

  @Test(arguments: 0..<12)
  func theyAreWhatTheyAreOneByOne(group: Int) {
    for seed in UInt64(group * 20)..<UInt64(group * 20 + 20) {
      var lively = LivelyJSON(seed: seed)
      // A quarter of the files have more than one window.
      expectTheSame(lively.lines(seed % 4 == 0 ? 400 : 40), "seed \(seed)")
    }
  }

  @Test func theyAreTheSameWhereverAWindowEnds() {
    var lively = LivelyJSON(seed: 4711)
    let text = lively.lines(160)
    for length in 0..<66 {
      let first = Array("{\"id\":\"\(String(repeating: "x", count: length))\"}\n".utf8)
      expectTheSame(first + text, "\(length) bytes before")
    }
  }

  @Test func theyAreTheSameWhereverTheTextEnds() {
    var lively = LivelyJSON(seed: 99)
    let text = lively.lines(8)
    for count in 0...text.count { expectTheSame(Array(text[..<count]), "\(count) bytes") }
  }

  @Test func theyAreTheSameWhateverBitIsWrong() {
    var random = SeededGenerator(seed: 3)
    var lively = LivelyJSON(seed: 8)
    let text = lively.lines(20)
    for _ in 0..<600 {
      var flipped = text
      let bit = Int.random(in: 0..<text.count * 8, using: &random)
      flipped[bit / 8] ^= 1 << (bit % 8)
      expectTheSame(flipped, "bit \(bit)")
    }
  }

  @Test func theyAreTheSameWhateverByteIsWrong() {
    var random = SeededGenerator(seed: 4)
    var lively = LivelyJSON(seed: 9)
    let text = lively.lines(20)
    let marks = Array("\"\\{}[]:,0-. \r\n\t\u{0}eE+u".utf8)
    for _ in 0..<600 {
      var changed = text
      let place = Int.random(in: 0..<text.count, using: &random)
      let mark = marks[Int.random(in: 0..<marks.count, using: &random)]
      if Bool.random(using: &random) {
        changed[place] = mark
      } else {
        changed.insert(mark, at: place)
      }
      expectTheSame(changed, "\(mark) at \(place)")
    }
  }

  @Test(arguments: [
    #"{"userName":"a","tags":["x","y"],"userName":"b"}"#,
    #"{"tags":["x"],"tags":["y"],"active":1}"#,
    #"{"userName":"a"} "#, #" {"userName":"a"}"#, #"{"userName":1"active":"b"}"#,
    #"{"userName":"a","tags":["x",]}"#, #"{"active":true,"userName":"a"}{"#, #"{"active":01}"#,
    #"{"active":-}"#, #"{"active":1.}"#, #"{"active":1e}"#, #"{"active":truely}"#,
    #"{"userName":"\ud83d\ude00"}"#, #"{"userName":"\ud83d"}"#, #"{"userName":"\u0000"}"#,
    #"{"userName":"\x"}"#, #"{"userName":"a\\"}"#, #"{"userName":"a\\\"}"#, #"{"userName":"\\\""}"#,
    #"{"userName":"\u00e"}"#, #"{"userName":""}"#, #"{"userName":null}"#, #"{"userName":[]}"#,
    #"{"userName":"a","name":null,"emails":[],"active":true}"#,
    #"{"userName":"a","emails":null,"name":null}"#, #"{"name":null}"#, #"{"emails":[null]}"#,
    #"{"name":true,"userName":"a"}"#, #"{"name":nulL,"userName":"a"}"#,
    #"{"name":null"userName":"a"}"#,
    #"{"name":null,"name":null}"#, #"{"name":[null,{"givenName":"b"}]}"#,
    #"{"userName":{}}"#, #"{"user\u004eame":"a"}"#, #"{"USERNAME":"a","userName":"b"}"#, #"[1]"#,
    #"{"emails":[{"type":"WORK","value":"a"},{"value":"b","type":"work"}],"active":true}"#,
    #"{"emails":[{"type":"work","type":"home","value":"a"}]}"#,
  ])
  func theyAreTheSameAmongRecordsThatAreLearnt(line: String) {
    let plain = #"{"userName":"a","tags":["x","y"],"active":true}"#
    let other = #"{"active":1,"userName":"a","emails":[{"type":"work","value":"a"}]}"#
    let lines = [plain, other, line, plain, line, line, plain, other]
    let text = Array((lines.joined(separator: "\n") + "\n").utf8)
    for length in [0, 40] {
      let end = Array(String(repeating: plain + "\n", count: length).utf8)
      expectTheSame(text + end, line)
    }
  }

  /// Without this the tests above could hold the slow way to itself.
  @Test(arguments: VectorInstructions.ofWords.known)
  func linesThatLookAlikeAreTakenInOneGo(vectors: VectorInstructions) {
    let line = #"{"id":"7","name":{"givenName":"A\"nn"},"tags":["a","b"],"on":true}"#
    let text = Array(String(repeating: line + "\n", count: 20).utf8)
    var shape = JSONShape()
    _ = shape.slot(for: JSONPath("name.givenName"))
    _ = shape.slot(for: JSONPath("tags"))
    var reader = JSONFieldReader(shape)
    let target = JSONLineShape.Target(column: 0, rank: 0, isFirst: false)
    let other = JSONLineShape.Target(column: 1, rank: 0, isFirst: false)
    var lines = JSONLineShape(
      reader, targets: [[target], [other]], columnCount: 2, valueLimit: 60)
    var plain = JSONPlainRecords(columnCount: 2, vectors: vectors)
    let bytes = [0, 0, 0] + text + [UInt8](repeating: 0, count: JSONPlainRecords.slack)
    #expect(reader.read(bytes, 3..<3 + line.utf8.count) == nil)
    lines.learn(bytes, 3..<3 + line.utf8.count, from: reader)
    var cells = [RecordBatch.Cell](repeating: .absent, count: 2 * JSONPlainRecords.rowLimit)
    plain.take(bytes, from: 3, to: 3 + text.count, shape: &lines, cells: &cells, at: 0)
    // The last few bytes make no whole word, so that the records in them are left to the reader.
    #expect(plain.rowCount >= 19)
    #expect(plain.escaped.count == plain.rowCount)
    #expect(plain.further.count == plain.rowCount)
    #expect(cells[1].range.map { bytes[$0] } == Array("a".utf8))
  }

  /// What stands between values may be longer than any word.
  @Test(arguments: VectorInstructions.ofWords.known)
  func whatStandsBetweenValuesIsComparedToItsEnd(vectors: VectorInstructions) {
    for length in 0..<150 {
      let name = String(repeating: "n", count: length)
      let record = "{\"\(name)\":1,\"a\":\"b\"}"
      var lines = [record, record]
      for place in 0...length {
        let other = String(repeating: "n", count: place) + "m" + name.dropFirst(place + 1)
        lines.append("{\"\(other)\":1,\"a\":\"b\"}")
      }
      let text = lines.flatMap { Array("\($0)\n".utf8) }
      let bytes = [0, 0, 0] + text + [UInt8](repeating: 0, count: JSONPlainRecords.slack)
      var reader = JSONFieldReader(JSONShape())
      #expect(reader.read(bytes, 3..<3 + record.utf8.count) == nil)
      var shape = JSONLineShape(reader, targets: [], columnCount: 0, valueLimit: 60)
      shape.learn(bytes, 3..<3 + record.utf8.count, from: reader)
      var plain = JSONPlainRecords(columnCount: 0, vectors: vectors)
      var cells: [RecordBatch.Cell] = []
      plain.take(
        bytes, from: 3, to: 3 + text.count, shape: &shape, cells: &cells, at: 0)
      #expect(plain.rowCount <= 2, "\(length)")
      #expect(plain.rowCount == 2 || text.count < 64 * 2, "\(length)")
    }
  }

  /// Most of the lines the tests above make up are taken in one go, too, but for those with something wrong.
  @Test func livelyLinesAreMostlyTakenInOneGo() {
    var lively = LivelyJSON(seed: 12, isQuiet: true)
    let piece = Self.piece(lively.lines(2000))
    var work = JSONRecordWork(piece, Self.fields, collectingNames: false)
    work.readLines(0..<piece.text.count - JSONPiece.slack.count, isLast: true)
    #expect((work.plain?.takenCount ?? 0) > 1000)
  }

  /// Names are taken from one of the records that have the same skeleton, so all of them must have the same names.
  @Test(arguments: UInt64(0)..<40)
  func theNamesAreThoseOfEveryRecord(seed: UInt64) {
    var lively = LivelyJSON(seed: seed)
    let text = lively.lines(60)
    var known = FieldNames()
    let isMarked = text.starts(with: [0xEF, 0xBB, 0xBF])
    for line in text.dropFirst(isMarked ? 3 : 0).split(separator: 10) {
      guard let value = try? JSONParser.parse(Array(line)) else { continue }
      for field in JSONFields(of: value).all { known.insert(Array(field.name.utf8)) }
    }
    let piece = JSONPiece(
      text: text + JSONPiece.slack, layout: .lines(isLast: true), firstLine: 1, offset: 0,
      encoding: .utf8, limits: FormatOptions.Limits(field: 60, record: 1 << 20), each: nil)
    let names = piece.read(Self.fields, collectingNames: true).names
    #expect(names?.ordered.starts(with: known.ordered) ?? false, "seed \(seed)")
  }

  private static func piece(_ text: [UInt8]) -> JSONPiece {
    // Only at the beginning of a file there is a mark; and there the slow way is slower still.
    let offset = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 0 : 1 << 20
    return JSONPiece(
      text: text + JSONPiece.slack, layout: .lines(isLast: true), firstLine: 1, offset: offset,
      encoding: .utf8, limits: FormatOptions.Limits(field: 60, record: 1 << 20), each: nil)
  }

  private func expectTheSame(_ text: [UInt8], _ comment: String) {
    let piece = Self.piece(text)
    let fast = Outcome(piece.read(Self.fields, collectingNames: false))
    let slow = Outcome(piece.read(Self.fields, collectingNames: true))
    #expect(fast == slow, "\(comment)")
  }

  private struct Outcome: Equatable {
    let rows: [[String]]
    let lines: [UInt32]
    let numbers: [UInt32]
    let presence: [Int]
    let problems: [String]

    init(_ builder: FieldBuilder) {
      presence = builder.presence
      problems = builder.problems.map {
        """
        \($0.subject) \($0.number) \($0.line) \($0.lineCount) \(String(describing: $0.cells)) \
        \($0.breaksFile)
        """
      }
      let batch = builder.batch()
      rows = PairExport.rows(of: batch)
      lines = batch.lines
      numbers = batch.numbers
    }
  }
}

/// Seeded lines of JSON of which most look alike, and every one may have something that makes readers stumble.
private struct LivelyJSON {
  private var random: SeededGenerator
  private let isQuiet: Bool

  init(seed: UInt64, isQuiet: Bool = false) {
    random = SeededGenerator(seed: seed)
    self.isQuiet = isQuiet
  }

  mutating func lines(_ count: Int) -> [UInt8] {
    var text: [UInt8] = chance(0.2) && !isQuiet ? [0xEF, 0xBB, 0xBF] : []
    let end = chance(0.2) ? "\r\n" : "\n"
    for number in 0..<count {
      if !isQuiet, chance(0.02) {
        text += one(of: Self.oddLines)
      } else {
        text += record(number)
      }
      text += Array((chance(0.01) ? "\r\n" : end).utf8)
      if chance(0.02) { text += Array((chance(0.5) ? end : "  \(end)").utf8) }
    }
    if chance(0.3), !isQuiet { text += Array("{\"userName\":\"cut".utf8) }
    return text
  }

  private mutating func record(_ number: Int) -> [UInt8] {
    var members = [
      "\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"]",
      "\"userName\":\"ann\(number)\"", "\"name\":{\"familyName\":\"O\",\"givenName\":\"Ann\"}",
      "\"active\":\(one(of: ["true", "false", "1", "null"]))", "\"emails\":[\(emails())]",
      "\"tags\":[\(list(one(of: Self.values)))]",
    ]
    members = members.filter { _ in !chance(0.05) }
    if chance(0.5) { members.append("\"displayName\":\(one(of: Self.values))") }
    if chance(0.2) { members.append("\"title\":\(one(of: Self.values))") }
    if chance(0.2) { members.append("\"groups\":[\(list("{\"value\":\"g\"}"))]") }
    if chance(0.05), members.count > 2 { members.swapAt(1, members.count - 1) }
    if chance(0.02), !isQuiet { members.append(members[0]) }
    if chance(0.05), !isQuiet { members.append(one(of: Self.oddMembers)) }
    let joint = chance(0.02) ? " , " : ","
    var bytes = Array("{\(members.joined(separator: joint))}".utf8)
    if !isQuiet, chance(0.03) {
      bytes.insert(
        one(of: [0, 9, 13, 0x22, 0x5C, 0x80, 0xC3, 0x2C, 0x7D]),
        at: Int.random(in: 0..<bytes.count, using: &random))
    }
    return bytes
  }

  private mutating func emails() -> String {
    (0..<Int.random(in: 0..<3, using: &random)).map { number in
      let value = "\"value\":\"a\(number)@x\""
      let type = "\"type\":\(one(of: ["\"work\"", "\"home\"", "\"Work\"", "null", "[]"]))"
      let primary = chance(0.3) ? ",\"primary\":true" : ""
      return chance(0.8) ? "{\(value),\(type)\(primary)}" : "{\(type),\(value)}"
    }.joined(separator: ",")
  }

  private mutating func list(_ element: String) -> String {
    Array(repeating: element, count: Int.random(in: 0..<4, using: &random)).joined(separator: ",")
  }

  private static let values = [
    "\"Ann\"", "\"Ann\"", "\"Änne\"", "\"東京\"", "\"\"", "\"a \\\"b\\\"\"", "\"\\\\\"",
    "\"\\u00e4\\/\"",
    "\"\\ud83d\\ude00\"", "null", "-1.5e+7", "0", "true", "[]", "{}", "\"\u{7F}\"", "\"\u{1F600}\"",
  ]

  private static let oddMembers = [
    "\"Title\":\"otherwise\"", "\"tag\\u0073\":\"escaped\"", "\"displayName\":\"\\ud800\"",
    "\"title\":\"\\u0000\"", "\"x\":{\"y\":{\"z\":[[1,[2,\"3\"]],[]]}}",
    "\"title\":\"\\q\"", "\"title\":01",
    "\"title\":\"\(String(repeating: "long", count: 20))\"", "\"name.givenName\":\"dotted\"",
    "\"x\":\"\(String(repeating: "long", count: 20))\"", "\"tags\":\"twice\"",
    "\"emails\":{\"value\":\"one\"}",
    "\"deep\":\(String(repeating: "[", count: 200))\(String(repeating: "]", count: 200))",
    "\"x\":{},\"y\":[],\"active\":false", "\"\":\"\"", "\"title\":1\"active\":\"b\"", "",
  ]

  private static let oddLines: [[UInt8]] = [
    Array("[1]".utf8), Array("7".utf8), Array("{}".utf8), Array("{\"userName\":\"a\"".utf8),
    Array("{\"userName\":\"a\\".utf8), Array("\"".utf8), Array("}".utf8), [0xFF],
    Array("{\"userName\":\"".utf8) + [0xC3] + Array("\"}".utf8),
    Array("{\"userName\" :\t\"a\"}".utf8), Array(" {\"userName\":\"a\"} ".utf8),
  ]

  private mutating func one<Element>(of list: [Element]) -> Element {
    list[Int.random(in: 0..<list.count, using: &random)]
  }

  private mutating func chance(_ share: Double) -> Bool {
    Double.random(in: 0..<1, using: &random) < share
  }
}
