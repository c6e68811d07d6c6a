import Testing

@testable import Reconciling

struct FileNamePatternTests {
  @Test(arguments: [
    (#"delta-(\d+)\.csv"#, "delta-0041.csv", "0041"),
    (#"exportGroupMembers_(.*)\.csv"#, "exportGroupMembers_R&D (old).csv", "R&D (old)"),
    (#"(?:a|b)-(?<serial>\d+)"#, "b-7", "7"),
    (#"\((\d+)\)"#, "(7)", "7"),
    (#"[(](\d+)[)]"#, "(7)", "7"),
  ])
  func theGroupFindsItsPart(pattern: String, name: String, part: String) throws {
    #expect(try FileNamePattern(pattern).capture(in: name) == part)
  }

  @Test(arguments: ["delta-41.csv.bak", "old-delta-41.csv", "delta-.csv", ""])
  func thePatternMustFitTheWholeName(name: String) throws {
    #expect(try FileNamePattern(#"delta-(\d+)\.csv"#).capture(in: name) == nil)
  }

  @Test func anEmptyPartIsNone() throws {
    #expect(try FileNamePattern("a(.*)").capture(in: "a") == nil)
  }

  @Test(arguments: ["a", "(a)(b)", "(?:a)", "(a", "a)", "a)|(b", "[", "(?x) (a) (b) # x"])
  func whatHasNotExactlyOneGroupIsRefused(pattern: String) {
    #expect(throws: FileNamePattern.Problem.self) { _ = try FileNamePattern(pattern) }
  }
}
