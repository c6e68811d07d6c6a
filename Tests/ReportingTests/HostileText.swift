import Foundation

/// Texts that have broken terminals, spreadsheets, templates and pages before.
enum HostileText {
  static let own = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'><svg/onload=alert(1)>",
    "{{mustache}}", "{{{triple}}}", "{{#section}}", "{{/rows}}", "{{% CONTENT_TYPE:TEXT}}",
    "{{> partial}}", "{{=<% %>=}}", "</style><b>", "</title><b>", "<!--", "-->", "<![CDATA[",
    "&lt;b&gt;", "&#60;b>", "\0", "a\0b", "\u{1b}[2J\u{1b}[31mred", "\u{9b}2J", "\r\nfake: line",
    "\u{202e}fdp.exe", "\u{2066}\u{2069}", "\u{301}lone", "\"\u{301}><b>", "<\u{338}b>",
    "a\u{2028}b\u{2029}c", "zero\u{200b}width", "\u{feff}bom", "\u{e0041}tag", "\u{fe0f}",
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", "  =1", "＝1", "'=1", "''=1", "'t Hooft",
    "\\u{1b}", "\\", "\u{85}next", "\u{7f}", "\u{ad}", "\u{fff9}\u{fffa}\u{fffb}", "\u{fffe}",
    "\u{a0}nbsp", "\u{2800}", String(repeating: "\u{489}", count: 50), "", " ", "→", "\" → \"",
  ]

  /// The Big List of Naughty Strings, where it lies beside the repository; else empty.
  static let naughty: [String] = {
    let file = Repository.root.appending(path: "../shared/corpora/text/blns.json")
    guard let data = try? Data(contentsOf: file) else { return [] }
    return (try? JSONDecoder().decode([String].self, from: data)) ?? []
  }()

  static let all = own + naughty

  /// A short text of the scalars that matter most, the same for the same seed.
  static func random(seed: UInt64) -> String {
    var generator = SplitMix(state: seed)
    let alphabet = Array(
      "ab =+-@'\\u{1}\t\r\n\0＝\u{1b}\u{301}\u{202e}\u{200d}é<>&\"".unicodeScalars)
    let count = Int.random(in: 0...9, using: &generator)
    var text = String.UnicodeScalarView()
    for _ in 0..<count { text.append(alphabet.randomElement(using: &generator) ?? "a") }
    return String(text)
  }
}

enum Repository {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
