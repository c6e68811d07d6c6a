import Identity
import Testing

@testable import Mapping

/// What is wrong with an expression is said before any record is read, and where it stands.
struct ExpressionCheckTests {
  private static func failure(
    _ text: String, _ surroundings: ExpressionSurroundings = ExpressionSurroundings()
  ) -> [ExpressionProblem] {
    do {
      _ = try ExpressionProgram(compiling: text, in: surroundings)
      return []
    } catch {
      return error.problems
    }
  }

  @Test(arguments: [
    ("", "The expression is empty", 0..<1), ("ToLowr([a])", "Did you mean `ToLower`", 0..<6),
    ("tolower([a])", "Did you mean `ToLower`", 0..<7), ("Nonsense([a])", "{ column: … }", 0..<8),
    ("Join(\"-\", [a]", "`Join(` is never closed", 0..<4),
    ("Left([a])", "Left(source, numChars)", 0..<9),
    ("Left([a], 1, 2)", "3 arguments are given", 0..<15), ("Left([a], \"x\")", "“x”", 10..<13),
    ("Left(Split([a], \",\"), 1)", "this is a list", 5..<20),
    ("Switch([a], \"d\", \"k\", \"v\", \"k2\")", "pairs", 0..<32),
    ("DateAdd(\"q\", 1, [a])", "yyyy, m, d", 8..<11),
    ("DateAdd([a], 1, [b])", "text in quotes", 8..<11),
    ("CDate(12)", "a date", 6..<8), ("CDate(\"soon\")", "“soon”", 6..<12),
    ("ToLower(“a”)", "straight double quotes", 8..<9),
    ("ToLower('a')", "straight double quotes", 8..<9),
    ("ToLower(\"a)", "no closing quote", 8..<9), ("ToLower([a)", "closing `]`", 8..<9),
    ("ToLower([])", "no name", 8..<10), ("1.5", "not a whole number", 0..<3),
    ("[a] [b]", "left over", 4..<7),
    ("99999999999999999999", "too large", 0..<20),
    ("ToLower([a], \"klingon\")", "no culture “klingon”", 13..<22),
    ("ToLower([a],,)", "3 arguments are given", 0..<14),
    ("Join(\"\", [a],", "missing here", 13..<14), ("True", "\"True\"", 0..<4),
    ("vbTextCompare", "InStr", 0..<13),
    ("ToLower(IgnoreAttributeFlow)", "branch", 8..<27),
    ("[a] = [b] = [c]", "Two comparisons", 10..<11),
    ("ToLower(SelectUniqueValue([a], [b]))", "inside another", 8..<35),
    ("SelectUniqueValue([a])", "two rules", 0..<22),
    ("Lookup(\"x\", [a])", "no table “x”", 7..<10), ("DefaultDomain()", "defaultDomain", 0..<15),
    ("Replace([a], , \"(?<x>a\", , \"b\")", "never closed", 16..<17),
    (#"Replace([a], , "x\\\"(?<-y>a)", , "b")"#, "balancing group", 21..<22),
    (#"Replace([a], , "(?<n>a)?(?(n)a|b)", , "b")"#, "a condition", 24..<25),
    (#"Replace([a], , "a\p{IsGreek}", , "b")"#, "block of Unicode", 17..<18),
    ("LCase([a])", "Did you mean `ToLower`", 0..<5), ("Concat([a])", "`Join`", 0..<6),
    ("&HZ", "0 to 9 and A to F", 0..<3), ("&HFFFFFFFFFFFFFFFFFF", "too large", 0..<20),
    ("Replace([a], \"b\")", "five things", 8..<11),
    ("Replace([a], , \"(?<code>a)\", \"cod\", \"b\")", "Did you mean `code`", 29..<34),
    ("FormatDateTime([a], \"yyyy\", \"QQ'\")", "not a date format", 28..<33),
    ("FormatDateTime([a], \"Strict\", \"yyyy\", \"yy\")", "AllowWhiteSpaces", 20..<28),
    ("[a] # [b]", "does not belong", 4..<5),
    ("IIF([a] = \"b\", \"c\")", "IIF(condition, valueIfTrue, valueIfFalse)", 0..<19),
    ("InStr([a], \"b\", 1, \"c\")", "vbTextCompare", 19..<22),
    ("IIF([a] = \"b\", \"c\", vbTextCompare)", "InStr", 20..<33),
  ])
  func aMistakeIsNamedWhereItStands(text: String, sentence: String, range: Range<Int>) {
    let problems = Self.failure(text)
    #expect(problems.first?.message.contains(sentence) == true, "\(problems.map(\.message))")
    #expect(problems.first?.range == range, "\(text)")
  }

  @Test func allMistakesAreToldAtOnce() {
    let problems = Self.failure("Join(\"\", Left([a]), Mid([b], 1), CDate(3))")
    #expect(problems.count == 3)
    #expect(problems.map(\.range.lowerBound) == [9, 20, 39])
  }

  @Test(arguments: [
    "And([a] = \"1\", [b] = \"2\")", "Or(IsNull([a]), IsNull([b]))", "Trim([a])", "[a] & [b]",
    "Join(\"\", [a] = \"b\")",
    "IIF(Not([a] = \"b\"), \"x\", \"y\")",
  ])
  func whatEntraDoesNotHaveIsRefusedWhenStrict(text: String) {
    #expect(Self.failure(text).isEmpty)
    let problems = Self.failure(text, ExpressionSurroundings(isStrict: true))
    #expect(!problems.isEmpty && problems.allSatisfy { $0.message.contains("Entra") }, "\(text)")
  }

  @Test(arguments: [
    "IIF([a] = \"b\", \"x\", \"y\")", "CBool([a] = [b])",
    "Switch([a], , \"1\", \"x\", \"0\", \"y\")", "ToLower([a], )",
    "Replace([a], , \"x\", , \"\", , )", "SelectUniqueValue ( [a], [b] )",
    "Join(\"\",\n [a],\n [b])",
    "InStr([a], \"b\", 3, vbBinaryCompare)", "IIF(IsPresent([a]), IgnoreObjectFlow, [b])",
  ])
  func whatEntraHasIsTakenWhenStrict(text: String) {
    #expect(Self.failure(text, ExpressionSurroundings(isStrict: true)).isEmpty)
  }

  @Test func nestingAndLengthHaveLimits() {
    let deep =
      String(repeating: "ToLower(", count: 200) + "[a]" + String(repeating: ")", count: 200)
    #expect(Self.failure(deep).first?.kind == .tooDeep(limit: 64))
    let long = "\"" + String(repeating: "x", count: 10_000) + "\""
    #expect(Self.failure(long).first?.kind == .tooLong(limit: 10_000))
    let chain = Array(repeating: "[a]", count: 500).joined(separator: "&")
    #expect(Self.failure(chain).first?.kind == .tooDeep(limit: 64))
    #expect(Self.failure(String(repeating: "(", count: 5000)).first?.kind == .tooDeep(limit: 64))
  }

  @Test(
    arguments: [
      ("CDate([a])", .integer, "a date"), ("IsPresent([a])", .integer, "a boolean"),
      ("Count([a])", .boolean, "a number"), ("Split([a], \",\")", .string, "a list"),
      ("Count([a])", .dateTime, "a number"), ("IsNull([a])", .dateTime, "a boolean"),
    ] as [(String, ManagedAttribute.Kind, String)])
  func whatAnAttributeCanNeverHaveIsTold(
    text: String, kind: ManagedAttribute.Kind, found: String
  ) throws {
    let problem = try ExpressionProgram(compiling: text).problem(for: kind, hasWords: false)
    #expect(problem?.message.contains("This comes to \(found)") == true)
    #expect(problem?.range == 0..<text.unicodeScalars.count)
  }

  @Test(
    arguments: [
      ("[a]", .integer), ("Append([a], \"1\")", .integer), ("Count([a])", .decimal),
      ("IsNull([a])", .boolean), ("CDate([a])", .dateTime), ("Now()", .string),
      ("Split([a], \",\")", .list), ("Count([a])", .list), ("IgnoreAttributeFlow", .integer),
      ("IIF(IsNull([a]), 1, [a])", .integer),
    ] as [(String, ManagedAttribute.Kind)])
  func whatAnAttributeMayHaveIsTaken(text: String, kind: ManagedAttribute.Kind) throws {
    #expect(try ExpressionProgram(compiling: text).problem(for: kind, hasWords: false) == nil)
  }

  @Test func wordsOfThePolicyMayBeNumbers() throws {
    let program = try ExpressionProgram(compiling: "Count([a])")
    #expect(program.problem(for: .boolean, hasWords: true) == nil)
  }

  @Test func columnsAreThoseThatAreRead() throws {
    let program = try ExpressionProgram(
      compiling: #"Join("", [b], [addresses[type eq "work"].city], [a], [b])"#)
    #expect(program.columns == ["b", #"addresses[type eq "work"].city"#, "a"])
    #expect(program.text(of: program.range(ofColumn: 2)) == "[a]")
  }

  @Test func theCaretStandsUnderTheMistake() {
    let text = "Join(\"\",\n  ToLowr([a]))"
    let excerpt = ExpressionExcerpt(of: text, at: 11..<17)
    #expect(excerpt.line == "  ToLowr([a]))")
    #expect(excerpt.caret == "  ^~~~~~")
    let long = String(repeating: "x", count: 300)
    let cut = ExpressionExcerpt(of: long, at: 200..<201)
    #expect(cut.line.hasPrefix("…") && cut.line.hasSuffix("…") && cut.line.count <= 92)
    #expect(Array(cut.line)[cut.caret.count - 1] == "x")
  }

  /// Slips, cuts and swaps of every kind: an answer always comes, and never a crash.
  @Test(arguments: UInt64(0)..<400)
  func mutatedExpressionsNeverCrash(seed: UInt64) {
    var bits = SeededBits(seed: seed)
    var text = Array(
      #"IIF(DateDiff("d", Now(), CDate([x])) >= 0, Replace([y], , "(?<a>\d+)", "a", "z"), Join(", ", Split([z], ","), &HF))"#
        .unicodeScalars)
    for _ in 0..<Int.random(in: 1...6, using: &bits) {
      let place = Int.random(in: 0..<text.count, using: &bits)
      switch Int.random(in: 0..<4, using: &bits) {
      case 0: text.remove(at: place)
      case 1:
        text.insert(
          "()[]\",\\&=<>é\u{0}9".unicodeScalars.randomElement(using: &bits) ?? "(", at: place)
      case 2: text.swapAt(place, Int.random(in: 0..<text.count, using: &bits))
      default: text = Array(text[..<place] + text[(place / 2)...].prefix(40))
      }
      if text.isEmpty { text = ["x"] }
    }
    let mutated = String(String.UnicodeScalarView(text))
    guard let program = try? ExpressionProgram(compiling: mutated) else {
      #expect(Self.failure(mutated).allSatisfy { !$0.message.isEmpty }, "seed \(seed)")
      return
    }
    let inputs: [String: ExpressionTrial.Input] = [
      "x": .text("2026-01-01"), "y": .text("a12"), "z": .list(["p"]),
    ]
    switch ExpressionTrial(program, inputs: inputs, now: 0).outcome {
    case .skipped: Issue.record("nothing was run, seed \(seed)")
    case .fault(let fault): #expect(!fault.kind.message.isEmpty, "seed \(seed)")
    case .value, .unknown: break
    }
  }
}
