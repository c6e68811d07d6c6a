import Testing

/// One name for each thing, and no two things with one name.
struct NamingTests {
  private let checkout = Checkout.this

  /// Otherwise nobody can write `Module.Type` any more.
  @Test func noModuleSharesItsNameWithATypeInIt() {
    for file in checkout.sources {
      #expect(!file.declaredTypes.contains(file.module), "\(file.path) declares \(file.module)")
    }
  }

  @Test func noTwoTypesDifferOnlyByCase() {
    let names = Set(checkout.sources.flatMap(\.declaredTypes))
    for spellings in Dictionary(grouping: names, by: { $0.lowercased() }).values {
      #expect(spellings.count == 1, "\(spellings.sorted())")
    }
  }

  /// Scripts and reports rely on them.
  @Test func everyFindingCodeIsUniqueAndWellFormed() throws {
    let text = try checkout.text(of: "Sources/Identity/Finding+Message.swift")
    let start = try #require(text.range(of: "var code: String {"))
    let end = try #require(text.range(of: "\n  }\n", in: start.upperBound..<text.endIndex))
    let codes = text[start.upperBound..<end.lowerBound]
      .matches(of: #/case [^:]+: "([^"]*)"/#).map { String($0.1) }
    #expect(codes.count > 20)
    for (code, uses) in Dictionary(grouping: codes, by: { $0 }) {
      #expect(uses.count == 1, "\(code) is used \(uses.count) times")
      #expect(code.wholeMatch(of: #/[a-z]+\.[a-z][a-z0-9-]*/#) != nil, "\(code)")
    }
  }
}

extension String {
  fileprivate func range(of text: String, in part: Range<Index>? = nil) -> Range<Index>? {
    self[part ?? startIndex..<endIndex].firstRange(of: text)
  }
}
