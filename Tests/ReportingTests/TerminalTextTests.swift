import Foundation
import Identity
import PlanFile
import Scanning
import TestSupport
import Testing

@testable import Reporting

struct TerminalTextTests {
  /// What a terminal gets of bytes that come in pieces of `size`.
  private static func shown(
    _ bytes: [UInt8], as form: TerminalText.Form, piecesOf size: Int
  ) -> String {
    var text = TerminalText(form)
    var out: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      out += text.shown(Array(bytes[start..<min(start + size, bytes.count)]))
    }
    return String(decoding: out + text.end(), as: UTF8.self)
  }

  @Test(arguments: [1, 2, 3, 1000])
  func aCellShowsWhatWouldSteerTheTerminal(size: Int) {
    let csv = "\u{feff}\"a\u{1b}[2J\",\"b\u{7}\"\r\n\"one\r\ntwo\",\"\u{202e}x\u{ad}\"\r\n"
    #expect(
      Self.shown(Array(csv.utf8), as: .csv, piecesOf: size)
        == "\"a\\u{1b}[2J\",\"b\\u{7}\"\n\"one\\u{d}\\u{a}two\",\"\\u{202e}x\\u{ad}\"\n")
  }

  /// What a report spells is shown as it stands there, and the line breaks that it leaves are spelled.
  @Test func aCellOfAReportIsNotSpelledTwice() {
    let csv = "\u{feff}\"a\\u{1b}[2J\",\"one\r\ntwo\u{a0}\"\r\n"
    #expect(
      Self.shown(Array(csv.utf8), as: .spelledCSV, piecesOf: 1)
        == "\"a\\u{1b}[2J\",\"one\\u{d}\\u{a}two\\u{a0}\"\n")
  }

  @Test func bytesThatAreNoUTF8AreReplaced() {
    #expect(Self.shown([0x61, 0x9B, 0x32, 0x4A, 0x0A], as: .csv, piecesOf: 2) == "a\u{fffd}2J\n")
    #expect(Self.shown([0x22, 0x9B, 0x22], as: .json, piecesOf: 1) == "\"\u{fffd}\"")
  }

  @Test func jsonSaysTheSameInEscapes() {
    let json = "{\"name\":\"gpj.\u{202e}exe\u{9b}\u{7f}\u{e0041}é\"}\n"
    #expect(
      Self.shown(Array(json.utf8), as: .json, piecesOf: 1)
        == "{\"name\":\"gpj.\\u202eexe\\u009b\\u007f\\udb40\\udc41é\"}\n")
  }

  /// Every report for programs, with hostile text wherever data can bring it.
  @Test(arguments: HostileText.own.indices)
  func nothingHostileReachesATerminal(number: Int) throws {
    let source = SamplePlan(isRefused: true, word: HostileText.own[number]).source
    let json = JSONReportTests.bytes(source)
    let text = Self.shown(json, as: .json, piecesOf: 100)
    #expect(try JSONParser.parse(Array(text.utf8)) == JSONParser.parse(json))
    Self.check(text)
    for table in CSVReport.Table.allCases {
      var bytes: [UInt8] = []
      CSVReport().write(table, of: source) { bytes += $0 }
      let text = Self.shown(bytes, as: .spelledCSV, piecesOf: 100)
      Self.check(text)
      // A row stays a row.
      #expect(text.split(separator: "\n").count <= CSVRows.count(in: bytes))
    }
  }

  private static func check(_ text: String) {
    for scalar in text.unicodeScalars where scalar != "\n" {
      if scalar.mustBeSpelled { Issue.record("U+\(String(scalar.value, radix: 16))") }
    }
  }
}

/// Rows of quoted CSV, counted the obvious way.
private enum CSVRows {
  static func count(in bytes: [UInt8]) -> Int {
    var isInQuotes = false
    var count = 0
    for byte in bytes {
      if byte == UInt8(ascii: "\"") { isInQuotes.toggle() }
      if byte == UInt8(ascii: "\n"), !isInQuotes { count += 1 }
    }
    return count
  }
}
