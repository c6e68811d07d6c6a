import Testing

/// The judge is judged.
struct SwiftTextTests {
  @Test(arguments: [
    ("a // b", ["a "]),
    ("a /* b /* c */ d */ e", ["a  e"]),
    ("let a = \"x // y\" // z", ["let a = \"\" "]),
    ("\"a\\\"b\" + c", ["\"\" + c"]),
    ("#\"a\"b\"# + c", ["\"\" + c"]),
    ("a\n\"\"\"\nunsafe\n\"\"\" + b", ["a", "", "", "\" + b"]),
    ("// a\nb", ["", "b"]),
    ("\"open\nb", ["\"", "b"]),
  ])
  func onlyCodeIsLeft(text: String, expected: [String]) {
    #expect(SwiftText(text).codeLines == expected)
  }

  @Test func importsAreFoundWhateverStandsBefore() {
    let text = """
      package import Identity
      @testable import Reading
      import struct Foundation.Data
      // import Nothing
      let word = "import Text"
      """
    #expect(
      SourceFile(path: "Sources/A/B.swift", text: text).imports
        == ["Identity", "Reading", "Foundation"])
  }

  @Test func wordsAreWholeWords() {
    #expect("try unsafe read()".containsWord("unsafe"))
    #expect(!"withUnsafe(unsafely)".containsWord("unsafe"))
    #expect("x as! Y".containsWord("as!"))
    #expect(!"canvas! = 1".containsWord("as!"))
  }
}
