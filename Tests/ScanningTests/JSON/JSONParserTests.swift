import Foundation
import Scanning
import Testing

struct JSONParserTests {
  // MARK: Our own table

  @Test(
    arguments: [
      ("null", .null), (" true ", .bool(true)), ("\t\r\nfalse", .bool(false)),
      ("\"\"", .string("")),
      ("0", .number("0")), ("-0", .number("-0")), ("-0.10e+05", .number("-0.10e+05")),
      ("1E9", .number("1E9")), ("[]", .array([])),
      ("[ 1 , [ ] ]", .array([.number(1), .array([])])),
      ("{ }", .object([JSONMember]())),
      ("{\"a\":{\"b\":[]}}", .object(["a": .object(["b": .array([])])])),
      ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\"", .string("\"\\/\u{8}\u{c}\n\r\tAé")),
      ("\"\\uD83D\\uDE00😀\"", .string("😀😀")), ("\"\\u0000\"", .string("\u{0}")),
      ("\"\u{7f}\u{2028}\"", .string("\u{7f}\u{2028}")),
    ] as [(String, JSONValue)])
  func aDocumentIsRead(text: String, value: JSONValue) throws {
    #expect(try JSONParser.parse(Array(text.utf8)) == value)
  }

  @Test(
    arguments: [
      ("", .unexpectedEnd, 0), (" ", .unexpectedEnd, 1), ("[", .unexpectedEnd, 1),
      ("{\"a\"", .unexpectedEnd, 4), ("\"a", .unexpectedEnd, 2), ("tru", .unexpectedEnd, 3),
      ("[1,]", .unexpectedByte, 3), ("{\"a\":1,}", .unexpectedByte, 7),
      ("{a:1}", .unexpectedByte, 1),
      ("[1 2]", .unexpectedByte, 3), ("nul1", .unexpectedByte, 3), ("'a'", .unexpectedByte, 0),
      ("NaN", .unexpectedByte, 0), ("+1", .unexpectedByte, 0), ("01", .trailingText, 1),
      ("{} {}", .trailingText, 3), ("1.", .unexpectedEnd, 2), ("[1.]", .badNumber, 3),
      ("[1e]", .badNumber, 3), ("\"\\x\"", .badEscape, 2), ("\"\\u12g4\"", .badEscape, 5),
      ("\"\\u１２３４\"", .badEscape, 3), ("\"a\nb\"", .controlCharacter, 2),
      ("\"a\u{0}\"", .controlCharacter, 2), ("\"\\ud800\"", .loneSurrogate, 7),
      ("\"\\udc00\"", .loneSurrogate, 7), ("\"\\ud800\\u0041\"", .loneSurrogate, 13),
      ("{\"a\":1,\"a\":1}", .duplicateName, 7), ("{\"a\":1,\"\\u0061\":1}", .duplicateName, 7),
      ("\u{feff}{}", .unexpectedByte, 0),
    ] as [(String, JSONProblem.Kind, Int)])
  func whatIsNoDocumentIsRefusedAtItsPlace(
    text: String, kind: JSONProblem.Kind, offset: Int
  ) throws {
    let problem = #expect(throws: JSONProblem.self) { try JSONParser.parse(Array(text.utf8)) }
    #expect(problem?.kind == kind)
    #expect(problem?.offset == offset)
  }

  /// Swift's == takes them for one name; they are two, and must not hide one another.
  @Test func composedAndDecomposedNamesAreTwo() throws {
    let value = try JSONParser.parse(Array("{\"é\":1,\"e\u{301}\":2}".utf8))
    #expect(value["é"]?.integer == 1)
    #expect(value["e\u{301}"]?.integer == 2)
  }

  @Test(
    arguments: [
      [0xFF], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xC0, 0x80, 0x22],
    ] as [[UInt8]])
  func invalidUTF8IsRefused(bytes: [UInt8]) {
    let problem = #expect(throws: JSONProblem.self) { try JSONParser.parse(bytes) }
    #expect(problem?.kind == .invalidUTF8)
  }

  @Test func nestingHasALimit() throws {
    func nested(_ depth: Int, _ open: String, _ close: String) -> [UInt8] {
      Array(
        (String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)).utf8)
    }
    _ = try JSONParser.parse(nested(JSONParser.depthLimit, "[", "]"))
    _ = try JSONParser.parse(nested(JSONParser.depthLimit, "{\"a\":", "}"))
    for bytes in [
      nested(JSONParser.depthLimit + 1, "[", "]"), nested(100_000, "[", "]"),
      nested(100_000, "{\"a\":", "}"), Array(repeating: UInt8(ascii: "["), count: 100_000),
    ] {
      let problem = #expect(throws: JSONProblem.self) { try JSONParser.parse(bytes) }
      #expect(problem?.kind == .tooDeep)
    }
  }

  @Test func everyShortenedDocumentIsRefused() {
    let text = Array(#"{"a":[1.5e3,"x\u0041\\",{"b":null}],"c":true}"#.utf8)
    for count in text.indices {
      let problem = #expect(throws: JSONProblem.self) {
        try JSONParser.parse(Array(text[..<count]))
      }
      #expect(problem?.kind == .unexpectedEnd, "\(count) bytes")
    }
  }

  // MARK: The JSONTestSuite

  private static let corpus = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("shared/corpora/json/test_parsing")

  private static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: corpus.path)) ?? []).sorted()

  /// What RFC 8259 leaves open: where the standard lets a parser choose, this is our choice.
  private static let accepted: Set = [
    "i_number_double_huge_neg_exp.json", "i_number_huge_exp.json",
    "i_number_neg_int_huge_exp.json", "i_number_pos_double_huge_exp.json",
    "i_number_real_neg_overflow.json", "i_number_real_pos_overflow.json",
    "i_number_real_underflow.json", "i_number_too_big_neg_int.json",
    "i_number_too_big_pos_int.json", "i_number_very_big_negative_int.json",
  ]

  /// The suite wants these read; two parsers that resolve a repeated name differently are how a
  /// second value slips past a check, so they are refused here.
  private static let refused: Set = [
    "y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json",
  ]

  @Test(.enabled(if: !names.isEmpty, "the JSON corpus is not on this machine"), arguments: names)
  func theTestSuiteIsReadAsItSays(name: String) throws {
    let bytes = [UInt8](try Data(contentsOf: Self.corpus.appendingPathComponent(name)))
    let isAccepted = (try? JSONParser.parse(bytes)) != nil
    let isWanted = name.hasPrefix("y_") && !Self.refused.contains(name)
    #expect(isAccepted == (isWanted || Self.accepted.contains(name)))
  }

  @Test(.enabled(if: !names.isEmpty, "the JSON corpus is not on this machine"), arguments: names)
  func whatIsReadIsWrittenSoThatItReadsTheSame(name: String) throws {
    let bytes = [UInt8](try Data(contentsOf: Self.corpus.appendingPathComponent(name)))
    guard let value = try? JSONParser.parse(bytes) else { return }
    let written = value.bytes
    #expect(try JSONParser.parse(written) == value)
    #expect(try JSONParser.parse(written).bytes == written)
  }
}
