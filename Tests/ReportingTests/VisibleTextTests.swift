import Testing

@testable import Reporting

/// Hostile texts are never arguments of a test: its log would print them.
struct VisibleTextTests {
  private static let examples = [
    ("ann@contoso.com", "ann@contoso.com"),
    ("Zoë Müller", "Zoë Müller"),
    ("山田　太郎", "山田　太郎"),
    ("ann\u{1b}[2J", #"ann\u{1b}[2J"#),
    ("a\r\nb", #"a\u{d}\u{a}b"#),
    ("\u{202e}fdp.exe", #"\u{202e}fdp.exe"#),
    ("a\u{2028}b\u{2029}", #"a\u{2028}b\u{2029}"#),
    ("e\u{301}", "e\u{301}"),
    ("\u{301}slo", #"\u{301}slo"#),
    ("\u{1b}\u{301}", #"\u{1b}\u{301}"#),
    ("a\u{a0}b", #"a\u{a0}b"#),
    (#"C:\users"#, #"C:\users"#),
    (#"\u{1b}"#, #"\u{5c}u{1b}"#),
    ("\\\u{1b}", #"\\u{1b}"#),
    ("\u{600}1", "\u{600}1"),
    ("", ""),
  ]

  @Test(arguments: examples.indices)
  func whatCannotBeSeenIsSpelledOut(number: Int) {
    let (text, expected) = Self.examples[number]
    #expect(VisibleText(text).description.unicodeScalars.elementsEqual(expected.unicodeScalars))
  }

  @Test func hostileTextsAreShownExactly() {
    for (number, text) in HostileText.all.enumerated() {
      let shown = VisibleText(text).description
      let isClean = shown.unicodeScalars.allSatisfy { !Unseen.contains($0) }
      let isExact = Self.decoded(shown).unicodeScalars.elementsEqual(text.unicodeScalars)
      #expect(isClean, "text \(number)")
      #expect(isExact, "text \(number)")
    }
  }

  @Test func randomTextsAreShownExactly() {
    for seed in UInt64(0)..<3_000 {
      let text = HostileText.random(seed: seed)
      let shown = VisibleText(text).description
      #expect(shown.unicodeScalars.allSatisfy { !Unseen.contains($0) }, "seed \(seed)")
      #expect(
        Self.decoded(shown).unicodeScalars.elementsEqual(text.unicodeScalars), "seed \(seed)")
    }
  }

  @Test func marksBeyondTheEighthAreSpelledOut() {
    let shown = VisibleText("a" + String(repeating: "\u{301}", count: 10)).description
    #expect(
      shown.unicodeScalars.elementsEqual(
        ("a" + String(repeating: "\u{301}", count: 8) + #"\u{301}\u{301}"#).unicodeScalars))
  }

  @Test func longTextsAreCutAndSaySo() {
    #expect(VisibleText("abcdef", limit: 4).description == "abcd… (2 more characters)")
    #expect(VisibleText("abcd", limit: 4).description == "abcd")
    #expect(VisibleText("éééé", limit: 4).description == "éééé")
  }

  @Test func textsThatDifferOnlyInCompositionAreToldApart() {
    let (left, right) = VisibleText.pair("Zo\u{eb}", "Zoe\u{308}")
    #expect(left.description == #"Zo\u{eb}"#)
    #expect(right.description == #"Zoe\u{308}"#)
    let (before, after) = VisibleText.pair("Zoë", "Zoe")
    #expect(before.description == "Zoë")
    #expect(after.description == "Zoe")
  }

  @Test func aDifferenceBeyondTheLimitIsShownWithWhatIsAroundIt() {
    let same = String(repeating: "y", count: 100)
    let around = String(repeating: "y", count: 40)
    let (left, right) = VisibleText.pair(same + "1" + same, same + "22" + same, limit: 90)
    #expect(
      left.description
        == "(60 equal characters before) …\(around)1\(around)… (60 more characters)")
    #expect(
      right.description
        == "(60 equal characters before) …\(around)22\(around)… (60 more characters)")
    let (whole, longer) = VisibleText.pair(same, same + "1", limit: 90)
    #expect(whole.description == "(60 equal characters before) …\(around)")
    #expect(longer.description == "(60 equal characters before) …\(around)1")
  }

  @Test func aDifferenceNearTheBeginningIsShownFromTheBeginning() {
    let (left, right) = VisibleText.pair("a1" + same, "a2" + same, limit: 100)
    #expect(left.description == VisibleText("a1" + same, limit: 100).description)
    #expect(right.description == VisibleText("a2" + same, limit: 100).description)
    let (before, after) = VisibleText.pair(same, same, limit: 100)
    #expect(before == VisibleText(same, limit: 100))
    #expect(after == before)
  }

  private let same = String(repeating: "y", count: 200)

  /// Whatever the two texts are: where they differ, what is shown differs.
  @Test func textsThatDifferAreNeverShownAlike() {
    for seed in UInt64(0)..<2_000 {
      var generator = SplitMix(state: seed)
      let common = String(repeating: "é\u{202e}", count: Int.random(in: 0...60, using: &generator))
      let (left, right) = (HostileText.random(seed: seed), HostileText.random(seed: seed &+ 99_991))
      let end = String(repeating: "z", count: Int.random(in: 0...80, using: &generator))
      let (old, new) = (common + left + end, common + right + end)
      guard !old.utf8.elementsEqual(new.utf8) else { continue }
      let (before, after) = VisibleText.pair(old, new, limit: 60)
      #expect(
        !before.description.utf8.elementsEqual(after.description.utf8), "seed \(seed)")
      #expect(before.description.unicodeScalars.allSatisfy { !Unseen.contains($0) }, "seed \(seed)")
    }
  }

  @Test func aLongTextThatDiffersInCompositionAloneIsToldApart() {
    let (left, right) = VisibleText.pair(same + "Zo\u{eb}", same + "Zoe\u{308}", limit: 100)
    #expect(left.description.hasSuffix(#"yyZo\u{eb}"#))
    #expect(right.description.hasSuffix(#"yyZoe\u{308}"#))
  }

  /// The way back, written the obvious way.
  private static func decoded(_ shown: String) -> String {
    var text = String.UnicodeScalarView()
    var rest = shown.unicodeScalars[...]
    while let scalar = rest.first {
      if scalar == "\\", rest.dropFirst().starts(with: "u{".unicodeScalars),
        let end = rest.firstIndex(of: "}"),
        let value = UInt32(String(rest[rest.index(rest.startIndex, offsetBy: 3)..<end]), radix: 16),
        let decoded = Unicode.Scalar(value)
      {
        text.append(decoded)
        rest = rest[rest.index(after: end)...]
      } else {
        text.append(scalar)
        rest = rest.dropFirst()
      }
    }
    return String(text)
  }
}

/// What must never reach a terminal or a page, as ranges from the Unicode tables and not from the code.
enum Unseen {
  static func contains(_ scalar: Unicode.Scalar) -> Bool {
    !(0x20..<0x7F).contains(scalar.value) && ranges.contains { $0.contains(scalar.value) }
  }

  /// How many of them a text has, line feeds aside.
  static func count(in text: String) -> Int {
    text.unicodeScalars.count { $0 != "\n" && contains($0) }
  }

  private static let ranges: [ClosedRange<UInt32>] = [
    0x00...0x1F, 0x7F...0x9F, 0xA0...0xA0, 0xAD...0xAD, 0x34F...0x34F, 0x61C...0x61C,
    0x115F...0x1160, 0x1680...0x1680, 0x17B4...0x17B5, 0x180B...0x180F, 0x2000...0x200F,
    0x2028...0x202F, 0x205F...0x206F, 0x2800...0x2800, 0x3164...0x3164, 0xFDD0...0xFDEF,
    0xFE00...0xFE0F, 0xFEFF...0xFEFF, 0xFFA0...0xFFA0, 0xFFF0...0xFFFB, 0xFFFE...0xFFFF,
    0x1BCA0...0x1BCA3, 0x1D173...0x1D17A, 0xE0000...0xE0FFF,
  ]
}
