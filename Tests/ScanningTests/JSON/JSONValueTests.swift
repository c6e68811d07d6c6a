import Scanning
import Testing

struct JSONValueTests {
  private func written(_ value: JSONValue) -> String {
    String(decoding: value.bytes, as: UTF8.self)
  }

  @Test func aDocumentIsWrittenWithoutSpacesInItsOrder() {
    let value: JSONValue = .object([
      "b": .array([.null, .bool(true), .number(-7), .number("1.50")]), "a": .object([JSONMember]()),
    ])
    #expect(written(value) == #"{"b":[null,true,-7,1.50],"a":{}}"#)
  }

  @Test(arguments: [
    ("", "\"\""), ("a", "\"a\""), ("\"", "\"\\\"\""), ("a\\", "\"a\\\\\""),
    ("\n\r\t", "\"\\n\\r\\t\""),
    ("a\u{0}b\u{1f}\u{7f}", "\"a\\u0000b\\u001f\\u007f\""), ("/é😀\u{2028}", "\"/é😀\u{2028}\""),
  ])
  func onlyWhatMustBeEscapedIs(text: String, json: String) {
    #expect(written(.string(text)) == json)
  }

  /// The writer copies runs; this goes byte by byte.
  @Test func everyByteInEveryPlaceIsWrittenAsTheSlowWriterDoes() {
    for byte in UInt8.min...UInt8.max {
      for place in 0..<4 {
        var bytes = Array("abc".utf8)
        bytes.insert(byte, at: place)
        var out: [UInt8] = []
        JSONValue.write(string: bytes.span, to: &out)
        #expect(out == slowlyWritten(bytes), "byte \(byte) at \(place)")
      }
    }
  }

  private func slowlyWritten(_ bytes: [UInt8]) -> [UInt8] {
    let short: [UInt8: String] = [
      0x22: "\\\"", 0x5C: "\\\\", 0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t",
    ]
    let pieces = bytes.map { byte -> [UInt8] in
      if let escape = short[byte] { return Array(escape.utf8) }
      guard byte < 0x20 || byte == 0x7F else { return [byte] }
      return Array(("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16)).utf8)
    }
    return [0x22] + pieces.joined() + [0x22]
  }

  @Test func aValueIsOnlyWhatItIs() {
    #expect(JSONValue.string("1").integer == nil)
    #expect(JSONValue.number("1.0").integer == nil)
    #expect(JSONValue.number("99999999999999999999").integer == nil)
    #expect(JSONValue.number(1).text == nil)
    #expect(JSONValue.null.boolean == nil)
    #expect(JSONValue.array([])["a"] == nil)
    #expect(JSONValue.object([JSONMember]()).elements == nil)
    #expect(JSONValue.array([]).members == nil)
  }
}
