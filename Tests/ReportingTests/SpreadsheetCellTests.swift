import Testing

@testable import Reporting

struct SpreadsheetCellTests {
  private static let examples = [
    ("Buyer", "Buyer"), ("", ""), ("=1+1", "'=1+1"), ("+49 30", "'+49 30"), ("-1", "'-1"),
    ("@SUM(A1)", "'@SUM(A1)"), ("  =1", "'  =1"), ("\t1", "'\t1"), ("\r\n1", "'\r\n1"),
    ("\0=1", #"\u{0}=1"#), ("＝1", "'＝1"), ("＋1", "'＋1"), ("－1", "'－1"), ("＠x", "'＠x"),
    ("\u{a0}=1", "'\u{a0}=1"), ("\u{200b}=1", #"\u{200b}=1"#), ("\u{feff}=1", #"\u{feff}=1"#),
    ("\u{200d}=1", "'\u{200d}=1"),
    ("'=1", "''=1"), ("''=1", "'''=1"), ("'t Hooft", "'t Hooft"), ("a=1", "a=1"),
    ("=\u{338}1", "'=\u{338}1"),
  ]

  @Test(arguments: examples.indices)
  func formulasAreMadeText(number: Int) {
    let (raw, expected) = Self.examples[number]
    let cell = SpreadsheetCell(raw)
    #expect(cell.text.utf8.elementsEqual(expected.utf8))
    #expect(cell.raw.utf8.elementsEqual(raw.utf8))
  }

  private static let unseen = [
    ("Team\u{1b}]0;pwn\u{7}One", #"Team\u{1b}]0;pwn\u{7}One"#), ("a\u{9b}2J", #"a\u{9b}2J"#),
    ("gpj.\u{202e}exe", #"gpj.\u{202e}exe"#), ("a\u{200b}b", #"a\u{200b}b"#),
    ("a\u{7f}", #"a\u{7f}"#), ("a\u{2028}b", #"a\u{2028}b"#), (#"C:\u{1b}"#, #"C:\u{5c}u{1b}"#),
    (#"C:\users"#, #"C:\users"#), ("one\r\ntwo\tthree", "one\r\ntwo\tthree"),
  ]

  @Test(arguments: unseen.indices)
  func whatSteersATerminalOrIsNotSeenIsSpelled(number: Int) {
    let (raw, expected) = Self.unseen[number]
    let cell = SpreadsheetCell(raw)
    #expect(cell.text.utf8.elementsEqual(expected.utf8))
    #expect(cell.raw.utf8.elementsEqual(raw.utf8))
  }

  /// Tables are joined by names, and these are how names are written.
  @Test(arguments: [
    "Zoë Müller", "می\u{200c}خواهم", "👩\u{200d}💻", "☺\u{fe0f}", "a\u{a0}b", "a\u{ad}b",
  ])
  func whatOrdinaryTextIsWrittenWithStays(raw: String) {
    #expect(SpreadsheetCell(raw).text.utf8.elementsEqual(raw.utf8))
  }

  @Test func textThatOnlyLooksSpelledIsItself() {
    for raw in [#"\u{zz}"#, #"\u{}"#, #"\u{110000}"#, #"\u{d800}"#, #"\u{1b"#, #"\u{5c}u{1b}"#] {
      #expect(SpreadsheetCell(SpreadsheetCell(raw).text).text.contains("5c"), "\(raw)")
      #expect(SpreadsheetCell(raw).raw == raw, "\(raw)")
    }
  }

  @Test func anyValueComesBackExactly() {
    for seed in UInt64(0)..<5_000 {
      let raw = HostileText.random(seed: seed)
      let cell = SpreadsheetCell(raw)
      #expect(SpreadsheetCell(text: cell.text).raw.utf8.elementsEqual(raw.utf8), "seed \(seed)")
      #expect(!CSVCells.isFormula(cell.text), "seed \(seed)")
      let steers = cell.text.unicodeScalars.contains {
        $0.properties.generalCategory == .control && !"\t\r\n".unicodeScalars.contains($0)
      }
      #expect(!steers, "seed \(seed)")
    }
  }

  @Test func hostileValuesComeBackExactly() {
    for (number, raw) in HostileText.all.enumerated() {
      let cell = SpreadsheetCell(raw)
      let isExact = cell.raw.utf8.elementsEqual(raw.utf8)
      let isFormula = CSVCells.isFormula(cell.text)
      #expect(isExact, "text \(number)")
      #expect(!isFormula, "text \(number)")
    }
  }

  @Test func quotesInsideAreDoubled() {
    var bytes: [UInt8] = []
    SpreadsheetCell("say \"hi\", then\r\ngo").write(to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == "\"say \"\"hi\"\", then\r\ngo\"")
  }
}
