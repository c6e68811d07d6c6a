import Identity
import Scanning
import Testing

/// Several values in one text, which is the same for the same values.
struct ListTextTests {
  private func text(_ values: [String]) -> String {
    String(decoding: ListText.bytes(of: values.map { Array($0.utf8) }), as: UTF8.self)
  }

  @Test(arguments: [
    (["b", "a"], #"["a","b"]"#), (["a", "", "a"], #"["a"]"#), ([], ""), ([""], ""),
    (["x\"y", "ü"], #"["x\"y","ü"]"#),
  ])
  func orderAndRepetitionMakeNoDifference(values: [String], expected: String) {
    #expect(text(values) == expected)
  }

  @Test func aTextGivesItsValuesBack() {
    #expect(ListText.values(of: Array(#"["a","x\"y"]"#.utf8)) == ["a", "x\"y"])
    for text in ["", "a", "{}", "[1]", "[\"a\"", "null"] {
      #expect(ListText.values(of: Array(text.utf8)) == nil, "\(text)")
    }
  }

  @Test(arguments: [
    (#"["b","a"]"#, #"["a","b"]"#),
    (#"[{"value":"b","type":"work"},{"value":"a"}]"#, #"["a","b"]"#),
    (#""a""#, #"["a"]"#), ("[1,true,null,[]]", #"["1","true"]"#), ("[]", ""), ("{}", ""),
    (#"[{"type":"work"}]"#, ""),
  ])
  func whatStandsInAResourceIsReadAsOne(resource: String, expected: String) throws {
    let node = try JSONParser.parse(Array(resource.utf8))
    #expect(String(decoding: ListText.bytes(of: node), as: UTF8.self) == expected)
  }
}
