import Testing

@testable import Reporting

struct SpreadsheetCellTests {
  private static let examples = [
    ("Buyer", "Buyer"), ("", ""), ("=1+1", "'=1+1"), ("+49 30", "'+49 30"), ("-1", "'-1"),
    ("@SUM(A1)", "'@SUM(A1)"), ("  =1", "'  =1"), ("\t1", "'\t1"), ("\r\n1", "'\r\n1"),
    ("\0=1", "'\0=1"), ("＝1", "'＝1"), ("＋1", "'＋1"), ("－1", "'－1"), ("＠x", "'＠x"),
    ("\u{a0}=1", "'\u{a0}=1"), ("\u{200b}=1", "'\u{200b}=1"), ("\u{feff}=1", "'\u{feff}=1"),
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

  @Test func anyValueComesBackExactly() {
    for seed in UInt64(0)..<5_000 {
      let raw = HostileText.random(seed: seed)
      let cell = SpreadsheetCell(raw)
      #expect(SpreadsheetCell(text: cell.text).raw.utf8.elementsEqual(raw.utf8), "seed \(seed)")
      #expect(!CSVCells.isFormula(cell.text), "seed \(seed)")
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
