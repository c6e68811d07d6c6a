import Scanning
import TestSupport
import Testing

@testable import Reading

/// The fast reader of records against the slow one.
struct JSONFieldReaderTests {
  @Test(arguments: 0..<40 as Range<UInt64>)
  func valuesAreThoseOfThePlainReader(seed: UInt64) throws {
    var random = RandomJSON(seed: seed)
    let records = (0..<30).map { _ in random.record() }
    let texts = records.map(\.bytes)
    let names = Array(Set(records.flatMap { JSONFields(of: $0).all.map(\.name) })).sorted()
    var shape = JSONShape()
    let slots = names.map { shape.slot(for: JSONPath($0)) }
    var reader = JSONFieldReader(shape)
    var learning = JSONFieldReader(JSONShape(), collectingNames: true)
    for (record, text) in zip(records, texts) {
      let bytes = text + [UInt8](repeating: 0x22, count: 64)
      let problem = reader.read(bytes, 0..<text.count)
      #expect(learning.read(bytes, 0..<text.count) == nil)
      #expect(problem == nil, "seed \(seed): \(String(decoding: text, as: UTF8.self))")
      for (name, slot) in zip(names, slots) {
        let expected = Self.values(named: name, of: record)
        let found = reader.values.filter { $0.slot == Int32(slot) }.map { value -> String in
          switch value.form {
          case .nothing: ""
          case .plain: String(decoding: bytes[value.range], as: UTF8.self)
          case .escaped:
            String(
              decoding: JSONText.unescaped(bytes.span.extracting(value.range)), as: UTF8.self)
          }
        }
        #expect(
          found == expected, "seed \(seed), \(name): \(String(decoding: text, as: UTF8.self))")
      }
    }
    let learnt = learning.names.map { String(decoding: $0, as: UTF8.self) }
    #expect(learnt.sorted() == names.filter { !$0.contains("[") }, "seed \(seed)")
  }

  /// Where nothing stands in the place of an object, there is nothing of what could stand in it.
  private static func values(named name: String, of record: JSONValue) -> [String] {
    JSONFields(of: record).all.compactMap { field -> String? in
      if field.name == name { return field.value ?? "" }
      let isAbove = [".", "[", ":"].contains { name.hasPrefix(field.name + $0) }
      return isAbove && field.value == nil ? "" : nil
    }
  }

  @Test(arguments: [
    (#"{"manager":null}"#, [""]), (#"{"manager":[]}"#, [""]), (#"{"manager":{}}"#, []),
    (#"{"manager":{"id":null}}"#, [""]), (#"{"manager":[null,{"id":"1"}]}"#, ["", "1"]), ("{}", []),
    (#"{"manager":false}"#, []),
  ])
  func nothingInThePlaceOfAnObjectEmptiesWhatCouldStandInIt(record: String, expected: [String]) {
    var shape = JSONShape()
    let slot = shape.slot(for: JSONPath("manager.id"))
    var reader = JSONFieldReader(shape)
    let text = Array(record.utf8)
    #expect(reader.read(text + [UInt8](repeating: 0x22, count: 64), 0..<text.count) == nil)
    let found = reader.values.filter { $0.slot == Int32(slot) }
      .map { $0.form == .nothing ? "" : String(decoding: text[$0.range], as: UTF8.self) }
    #expect(found == expected)
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func damagedRecordsAreRefusedByBothOrNeither(seed: UInt64) {
    var random = RandomJSON(seed: seed)
    var reader = JSONFieldReader(JSONShape())
    for _ in 0..<200 {
      var text = random.record().bytes
      let place = Int.random(in: 0..<text.count, using: &random.generator)
      text[place] = random.byte()
      let bytes = text + [UInt8](repeating: 0x22, count: 64)
      let fast = reader.read(bytes, 0..<text.count) == nil
      let slow = (try? JSONParser.parse(text))?.members != nil
      #expect(fast == slow, "seed \(seed): \(String(decoding: text, as: UTF8.self))")
    }
  }
}

/// Random records that are JSON.
struct RandomJSON {
  var generator: SeededGenerator

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
  }

  mutating func record() -> JSONValue { object(depth: 0) }

  /// A byte that matters to the grammar more often than not.
  mutating func byte() -> UInt8 {
    let special = Array("{}[]\",:\\0123456789eE+-.tfn \n\u{1}u".utf8) + [0x80, 0xC3, 0xFF]
    return special.randomElement(using: &generator) ?? 0
  }

  private mutating func object(depth: Int) -> JSONValue {
    var names: [String] = []
    for name in ["id", "userName", "mail", "emails", "n\"x", "ü", "a-rather-long-name"].shuffled(
      using: &generator)
    where Int.random(in: 0..<3, using: &generator) > 0 {
      names.append(name)
    }
    return .object(names.map { JSONMember(name: $0, value: value(depth: depth + 1)) })
  }

  private mutating func value(depth: Int) -> JSONValue {
    switch Int.random(in: 0..<(depth > 3 ? 5 : 7), using: &generator) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &generator))
    case 2:
      return .number(
        ["0", "-1", "12.50", "1e9", "-0.0E-1"].randomElement(using: &generator) ?? "0")
    case 3, 4: return .string(text())
    case 5: return object(depth: depth)
    default:
      let count = Int.random(in: 0..<4, using: &generator)
      // Elements of a list that are lists themselves have no path of their own.
      return .array(
        (0..<count).map { _ in Bool.random(using: &generator) ? .string(text()) : .number("7") })
    }
  }

  private mutating func text() -> String {
    let pieces = ["a", "work", "ann@contoso.com", "ü", "😀", "\"", "\\", "\n", "\u{1}", "/", ""]
    return (0..<Int.random(in: 0..<6, using: &generator))
      .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
  }
}
