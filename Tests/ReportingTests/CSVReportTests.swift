import Identity
import PlanFile
import TestSupport
import Testing

@testable import Reporting

struct CSVReportTests {
  private func operations(_ source: ReportSource) throws -> [[String]] {
    var bytes: [UInt8] = []
    CSVReport().writeOperations(of: source) { bytes += $0 }
    return try CSVCells.rows(of: bytes)
  }

  private func findings(_ source: ReportSource) throws -> [[String]] {
    var bytes: [UInt8] = []
    CSVReport().writeFindings(of: source) { bytes += $0 }
    return try CSVCells.rows(of: bytes)
  }

  @Test func eachChangeHasARow() throws {
    let source = SamplePlan().source
    let rows = try operations(source)
    let decisions = source.plan.decisions
    let expected = decisions.operations.reduce(1) { $0 + max(1, $1.changes(in: decisions).count) }
    #expect(rows.count == expected)
    #expect(rows.first == CSVReport.operationColumns)
    let bob = PlanBuilder.member("bob.lee@contoso.com")
    let row = try #require(rows.first { $0[8] == "Senior buyer" })
    #expect(
      Array(row[1...]) == [
        "update-member", bob.name, bob.id.description, "", "", "title", "Buyer", "Senior buyer",
        "differs", "", "members.update", "users.csv:7",
      ])
  }

  @Test func membershipsNameTeamAndMember() throws {
    let row = try #require(
      try operations(SamplePlan().source).first { $0[1] == "remove-membership" })
    #expect(row[2] == "Finance")
    #expect(row[4] == "bob.lee@contoso.com")
    #expect(row[10] == "removal")
  }

  @Test func findingsHaveTheirPlace() throws {
    let rows = try findings(SamplePlan().source)
    #expect(rows.count == 1 + SamplePlan().source.plan.evidence.findings.count)
    let row = try #require(rows.first { $0[1] == "read.ragged-row" })
    #expect(row[0] == "error")
    #expect(Array(row[3...]) == ["users", "users.csv", "180", "0"])
  }

  @Test(arguments: HostileText.own.indices)
  func noCellIsAFormula(number: Int) throws {
    let source = SamplePlan(isRefused: true, word: HostileText.own[number]).source
    let cells = try (operations(source) + findings(source)).joined()
    #expect(cells.count { CSVCells.isFormula($0) } == 0)
  }

  @Test(arguments: HostileText.own.indices)
  func valuesComeBackExactly(number: Int) throws {
    let source = SamplePlan(word: HostileText.own[number]).source
    let rows = try operations(source).dropFirst()
    let names = Set(rows.map { Array(SpreadsheetCell(text: $0[2]).raw.utf8) })
    #expect(names == Set(source.plan.decisions.operations.map { Array($0.subject.name.utf8) }))
  }
}

/// A strict reader of RFC 4180, one byte at a time, for tests only.
enum CSVCells {
  struct NotCSV: Error {
    let offset: Int
  }

  static func rows(of bytes: [UInt8]) throws -> [[String]] {
    guard bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { throw NotCSV(offset: 0) }
    var rows: [[String]] = []
    var row: [String] = []
    var offset = 3
    while offset < bytes.count {
      guard bytes[offset] == UInt8(ascii: "\"") else { throw NotCSV(offset: offset) }
      offset += 1
      var cell: [UInt8] = []
      while true {
        guard offset < bytes.count else { throw NotCSV(offset: offset) }
        if bytes[offset] != UInt8(ascii: "\"") {
          cell.append(bytes[offset])
          offset += 1
        } else if offset + 1 < bytes.count, bytes[offset + 1] == UInt8(ascii: "\"") {
          cell.append(UInt8(ascii: "\""))
          offset += 2
        } else {
          offset += 1
          break
        }
      }
      row.append(String(decoding: cell, as: UTF8.self))
      if offset < bytes.count, bytes[offset] == UInt8(ascii: ",") {
        offset += 1
      } else if bytes[offset...].starts(with: [0x0D, 0x0A]) {
        rows.append(row)
        row = []
        offset += 2
      } else {
        throw NotCSV(offset: offset)
      }
    }
    guard row.isEmpty else { throw NotCSV(offset: offset) }
    return rows
  }

  /// Whether a spreadsheet would compute the cell.
  static func isFormula(_ cell: String) -> Bool {
    let skipped: Set<Unicode.Scalar> = [" ", "\u{a0}", "\u{200b}", "\u{feff}"]
    let triggers: Set<Unicode.Scalar> = [
      "=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠",
    ]
    return cell.unicodeScalars.first { !skipped.contains($0) }.map(triggers.contains) ?? false
  }
}
