import Mapping
import Testing

@testable import Reconciling

/// Tables for `Lookup` are CSV files with a header and two columns.
struct LookupFileTests {
  private static func table(_ text: String) throws(LookupFileProblem) -> LookupTable {
    try LookupFile.table(named: "t", in: Array(text.utf8))
  }

  @Test(arguments: [
    "k,v\na,1\n\"b,c\",\"say \"\"hi\"\"\"\n", "\u{FEFF}k;v\r\na;1\r\n\"b,c\";\"say \"\"hi\"\"\"",
    "k\tv\na\t1\n\nb,c\t\"say \"\"hi\"\"\"\n",
  ])
  func keysAndValuesAreRead(text: String) throws {
    let expected = LookupTable(
      name: "t",
      values: [Array("a".utf8): Array("1".utf8), Array("b,c".utf8): Array("say \"hi\"".utf8)])
    #expect(try Self.table(text) == expected)
  }

  @Test(arguments: [
    ("k,v\na,1\na,2\n", LookupFileProblem.keyTwice(line: 3, key: "a")),
    ("k,v\na,1,2\n", .columns(line: 2, count: 3)), ("k,v\na\n", .columns(line: 2, count: 1)),
    ("k,v\n\"a,1\n", .openQuote(line: 2)),
  ])
  func whatIsNoTableSaysWhy(text: String, problem: LookupFileProblem) {
    #expect(throws: problem) { try Self.table(text) }
  }

  @Test func bytesThatAreNotTextAreRefused() {
    #expect(throws: LookupFileProblem.notUTF8) {
      try LookupFile.table(named: "t", in: [0x6B, 0x2C, 0xFF, 0x0A])
    }
    #expect(throws: LookupFileProblem.unreadable) {
      try LookupFile.table(named: "t", at: "no/such/file.csv")
    }
  }
}
