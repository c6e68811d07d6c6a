import Testing

@testable import PlanFile

struct ProtectedPatternTests {
  @Test(arguments: [
    ("breakglass@contoso.com", "BreakGlass@Contoso.COM", true),
    ("breakglass@contoso.com", "breakglass@contoso.com.evil", false),
    ("svc-*", "SVC-backup", true), ("svc-*", "svc-", true), ("svc-*", "asvc-", false),
    ("*@admin.example", "ann@admin.example", true),
    ("*@admin.example", "ann@admin.example.org", false),
    ("a*a", "a", false), ("a*a", "aa", true), ("*ab*ba*", "xabbax", true),
    ("*ab*ba*", "aba", false),
    ("", "", true), ("", "a", false), ("admin", "ad\u{131}min", false),
    ("kim", "\u{212A}im", false),
    ("é", "e\u{301}", false),
  ])
  func patternsMeanWhatTheySay(pattern: String, value: String, matches: Bool) {
    #expect(ProtectedPattern(pattern).matches(value) == matches)
  }

  @Test(arguments: UInt64(1)...20)
  func agreesWithTheSlowTwin(seed: UInt64) {
    var random = SeededNumbers(state: seed)
    func text(_ letters: String, upTo length: Int) -> String {
      let letters = Array(letters)
      let count = Int.random(in: 0...length, using: &random)
      return String(
        (0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] })
    }
    for _ in 0..<200 {
      let pattern = text("abA**", upTo: 6)
      let value = text("aAb", upTo: 8)
      let expected = Self.fits(
        Array(value.lowercased().utf8)[...], Array(pattern.lowercased().utf8)[...])
      #expect(
        ProtectedPattern(pattern).matches(value) == expected, "seed \(seed): \(pattern) \(value)")
    }
  }

  /// Tries every length for every star.
  private static func fits(_ value: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
    guard let first = pattern.first else { return value.isEmpty }
    if first == UInt8(ascii: "*") {
      return (0...value.count).contains { fits(value.dropFirst($0), pattern.dropFirst()) }
    }
    return value.first == first && fits(value.dropFirst(), pattern.dropFirst())
  }
}

private struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 29)
  }
}
