import Testing

@testable import Mapping

struct WholePatternTests {
  @Test(arguments: [
    (#"TRL;(\d+)"#, "TRL;00001204", WholePattern.Fit.whole(group: "00001204")),
    (#"TRL;(\d+)"#, "TRL;12x", .none), (#"TRL;(\d+)"#, "xTRL;12", .none),
    ("EOF", "EOF", .whole(group: nil)), ("a|b", "b", .whole(group: nil)), ("a|b", "ab", .none),
    ("(a)?b", "b", .whole(group: nil)), ("", "", .whole(group: nil)),
    (".*", "ü", .whole(group: nil)),
  ])
  func aPatternFitsTheWholeTextOrNot(pattern: String, text: String, fit: WholePattern.Fit) throws {
    #expect(try WholePattern(pattern).fit(text) == fit)
  }

  /// A quarter of an hour to an engine that tries every way.
  @Test(arguments: ["(a+)+$", "(a|a)*c", "(a*)*b", #"(?:(a+)\1?)+c"#])
  func noPatternTakesLong(pattern: String) throws {
    let text = String(repeating: "a", count: 60) + "!"
    #expect(try WholePattern(pattern).fit(text) == .none)
  }

  @Test func whatIsNoPatternIsRefused() {
    #expect(throws: PatternProblem.self) { try WholePattern("(") }
  }
}
