import Testing

@testable import Mapping

/// Regular expressions as .NET reads them.
struct PatternTests {
  /// The first match and its groups; nil where there is none.
  private static func groups(_ pattern: String, in text: String) throws -> [String?]? {
    let pattern = try Pattern(pattern)
    var matcher = PatternMatcher()
    let bytes = Array(text.utf8)
    guard try matcher.find(pattern, in: bytes.span, from: 0) else { return nil }
    return (0...pattern.groupCount).map { slot in
      matcher.range(of: slot).map { String(decoding: bytes[$0], as: UTF8.self) }
    }
  }

  @Test(
    arguments: [
      ("b+", "abbbc", ["bbb"]), ("a|ab", "ab", ["a"]),
      ("(a|ab)(c|bcd)", "abcd", ["abcd", "a", "bcd"]),
      ("a.c", "a\nc abc", ["abc"]), ("(?s)a.c", "a\nc", ["a\nc"]), ("^b$", "a\nb", nil),
      ("(?m)^b$", "a\nb\nc", ["b"]), ("b$", "ab\n", ["b"]), (#"b\z"#, "ab\n", nil),
      (#"\Ab"#, "ab", nil),
      ("[^a-c]+", "abcdef", ["def"]), ("[a-z-[aeiou]]+", "aeioxyz", ["xyz"]),
      (#"[\]\-x]+"#, "a]-x", ["]-x"]),
      ("[]a]+", "b]a", ["]a"]), (#"[\d.]+"#, "v1.2", ["1.2"]), (#"[^\W\d]+"#, "12ab", ["ab"]),
      (#"\w+"#, "–Zoë_1–", ["Zoë_1"]), (#"\p{Lu}\p{Ll}+"#, "éÉte", ["Éte"]),
      (#"\P{L}+"#, "ab12", ["12"]),
      (#"\bfoo\b"#, "xfoo foo", ["foo"]), (#"\Bo"#, "o fo", ["o"]),
      ("(?i)STRASSE", "strasse", ["strasse"]),
      ("(?i:a)b", "Ab", ["Ab"]), ("(?i:a)b", "AB", nil), ("(?i)É", "é", ["é"]),
      ("(?i)[a-c]+", "xABc", ["ABc"]),
      ("a{2,3}", "aaaa", ["aaa"]), ("a{2,3}?", "aaaa", ["aa"]), ("a{2}", "aaa", ["aa"]),
      ("a{,2}", "a{,2}", ["a{,2}"]),
      ("a+?b", "aab", ["aab"]), ("(a+?)(a*)", "aaa", ["aaa", "a", "aa"]), ("x*", "aaa", [""]),
      (#"(\w)\1"#, "abccd", ["cc", "c"]), (#"(?<q>['"]).*?\k<q>"#, #"a "b" 'c'"#, [#""b""#, "\""]),
      ("(?=ab)a", "aab", ["a"]), ("a(?!b)", "abac", ["a"]), ("(?<=€)[0-9]+", "$1 €25", ["25"]),
      ("(?<!a)b", "abb", ["b"]),
      ("(?>a+)ab", "aaab", nil), ("(?>a+)b", "aaab", ["aaab"]), ("(?#note)a", "a", ["a"]),
      ("(?x) a b # c\n d", "abd", ["abd"]),
      ("(?n)(a)(?<x>b)", "ab", ["ab", "b"]), ("(?'x'a)", "a", ["a", "a"]),
      (#"\x41\u0042\t"#, "AB\t", ["AB\t"]),
      ("(a*)*b", "aab", ["aab", "aa"]),
      ("(?<id>.{0,10})$", "0123456789abc", ["3456789abc", "3456789abc"]),
      ("(.)*", "aé", ["aé", "é"]), ("(a)*ab", "aab", ["aab", "a"]), ("(a)*ab", "ab", ["ab", nil]),
      ("((a)*b)*", "aabb", ["aabb", "b", "a"]), ("(a)+a", "aa", ["aa", "a"]),
      ("^a|^b", "cb", nil), ("^a|b", "cb", ["b"]), ("(^a)b", "aab", nil), ("(?>^a)", "ba", nil),
      ("(a)|b", "b", ["b", nil]), ("日+", "x日日", ["日日"]), ("^.$", "😀", ["😀"]),
    ] as [(String, String, [String?]?)])
  func matchesAreThoseOfDotNet(pattern: String, text: String, expected: [String?]?) throws {
    #expect(try Self.groups(pattern, in: text) == expected, "\(pattern)")
  }

  @Test(arguments: [
    ("(a", PatternProblem.Kind.groupNotClosed), ("a)", .groupNotOpened), ("[a", .classNotClosed),
    ("*a", .nothingToRepeat), ("a**", .nothingToRepeat), ("[b-a]", .reversedRange),
    ("a{3,2}", .reversedCount),
    (#"\q"#, .badEscape(#"\q"#)), ("\\", .badEscape("\\")), (#"\k<x>"#, .noSuchGroup("x")),
    (#"(a)\2"#, .noSuchGroup("2")),
    (#"\p{Greek}"#, .unknownCategory("Greek")), ("(?(1)a|b)", .conditional),
    ("(?<n>a)?(?(n)b|c)", .conditional), ("(?(?=a)a|b)", .conditional),
    ("(?<a-b>x)", .balancing("a-b")), ("(?'-b'x)", .balancing("-b")),
    (#"\p{IsGreek}"#, .block("IsGreek")),
    ("a{1001}", .tooLarge), ("((a{1000}){1000}){1000}", .tooLarge),
    (String(repeating: "(", count: 100), .tooDeep),
    ("(?<a b>c)", .badGroup("a b")), ("(?z)a", .badGroup("(?z")),
  ])
  func whatIsNoPatternSaysWhy(text: String, kind: PatternProblem.Kind) {
    #expect(throws: PatternProblem.self) { try Pattern(text) }
    do {
      _ = try Pattern(text)
    } catch {
      #expect(error.kind == kind, "\(text)")
    }
  }

  /// Patterns that take other engines for ever are linear here, or give up.
  @Test(arguments: [
    "(a+)+$", "(a|a)*$", "(a*)*b", "(.*)*x", "^(a?){30}a{30}$", "(a|aa)+$", "([a-z]+)*!",
  ])
  func regularPatternsAreNeverSlow(pattern: String) throws {
    let text = Array((String(repeating: "a", count: 2000) + "!").utf8)
    let compiled = try Pattern(pattern)
    #expect(compiled.isRegular)
    var matcher = PatternMatcher()
    // Throws if it takes more steps than pairs of step and place.
    _ = try matcher.find(compiled, in: text.span, from: 0)
  }

  @Test(arguments: [#"(a+)+\1$"#, "(?=(a+)+$)b", "(?>(a+)+)!(?<=(a+)+b)x"])
  func otherPatternsGiveUp(pattern: String) throws {
    let text = Array((String(repeating: "a", count: 200) + "!").utf8)
    let compiled = try Pattern(pattern)
    var matcher = PatternMatcher()
    #expect(throws: PatternMatcher.TooSlow.self) {
      _ = try matcher.find(compiled, in: text.span, from: 0)
    }
  }

  /// A loop over a group of one letter is done at once; with the letter twice, as two alternatives, it is done turn
  /// by turn, which judges.
  @Test(arguments: UInt64(0)..<300)
  func loopOverGroupIsItsTurns(seed: UInt64) throws {
    var bits = SeededBits(seed: seed)
    func pick(_ texts: [String]) -> String { texts.randomElement(using: &bits) ?? "" }
    func parts(_ depth: Int) -> (fast: String, slow: String) {
      var (fast, slow) = ("", "")
      for _ in 0..<Int.random(in: 1...4, using: &bits) {
        let one = pick(["a", "é", "[ab]", ".", "[^a]", #"\w"#])
        let often = pick(["*", "+", "{2,}", "{0,2}"])
        switch Int.random(in: 0..<(depth > 1 ? 2 : 3), using: &bits) {
        case 0: (fast, slow) = (fast + one, slow + one)
        case 1: (fast, slow) = (fast + "(\(one))\(often)", slow + "(\(one)|\(one))\(often)")
        default:
          let inner = parts(depth + 1)
          let count = pick(["", "?", "*", "|b"])
          (fast, slow) = (fast + "(\(inner.fast))\(count)", slow + "(\(inner.slow))\(count)")
        }
      }
      return (fast, slow)
    }
    let pattern = parts(0)
    let text = (0..<10).map { _ in pick(["a", "b", "é", "日"]) }.joined()
    #expect(
      try Self.groups(pattern.fast, in: text) == Self.groups(pattern.slow, in: text),
      "\(pattern.fast) in \(text), seed \(seed)")
  }

  /// Swift's engine judges where the two dialects agree.
  @Test(arguments: UInt64(0)..<300)
  func agreesWithSwiftsEngine(seed: UInt64) throws {
    var bits = SeededBits(seed: seed)
    // Groups are not repeated without end: an empty turn of a loop means different things to the two.
    func atom(_ depth: Int) -> String {
      switch Int.random(in: 0..<(depth > 2 ? 5 : 7), using: &bits) {
      case 5: "(" + sequence(depth + 1) + ")" + pick(["", "?", "{1,2}"])
      case 6: "(?:" + sequence(depth + 1) + "|" + sequence(depth + 1) + ")" + pick(["", "?"])
      default:
        pick(["a", "b", "[ab]", ".", "[^a]"]) + pick(["", "", "*", "+", "?", "*?", "{1,2}"])
      }
    }
    func pick(_ texts: [String]) -> String { texts.randomElement(using: &bits) ?? "" }
    func sequence(_ depth: Int) -> String {
      (0..<Int.random(in: 1...3, using: &bits)).map { _ in atom(depth) }.joined()
    }
    let pattern = sequence(0)
    let text = String((0..<8).map { _ in "abc".randomElement(using: &bits) ?? "a" })
    let judge = try Regex(pattern)
    let expected = text.firstMatch(of: judge).map { String(text[$0.range]) }
    #expect(
      (try Self.groups(pattern, in: text)?.first ?? nil) == expected,
      "\(pattern) in \(text), seed \(seed)")
  }
}
