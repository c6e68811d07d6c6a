import Identity
import PlanFile
import TestSupport
import Testing

@testable import Reporting

struct CSVReportTests {
  private func rows(_ table: CSVReport.Table, _ source: ReportSource) throws -> [[String]] {
    var bytes: [UInt8] = []
    CSVReport().write(table, of: source) { bytes += $0 }
    let rows = try CSVCells.rows(of: bytes)
    #expect(rows.first == table.columns)
    #expect(rows.allSatisfy { $0.count == table.columns.count })
    return Array(rows.dropFirst())
  }

  @Test func everyOperationAndHoldHasARow() throws {
    let source = SamplePlan().source
    let rows = try rows(.operations, source)
    let decisions = source.plan.decisions
    #expect(rows.count == decisions.operations.count + decisions.holds.count)
    let bob = PlanBuilder.member("bob.lee@contoso.com")
    let row = try #require(rows.first { $0[8] == bob.name })
    #expect(
      Array(row[1...]) == [
        "2026-03-01T02:00:00Z", String(source.planName.prefix(12)), "Update", "Planned", "",
        "not applied yet", "update-member", bob.name, bob.id.description, "", "", "differs", "",
        "members.update", "users.csv:7",
      ])
    let held = try #require(rows.first { $0[8] == "record E1001" })
    #expect(Array(held[3..<6]) == ["Other", "Skipped", "DuplicateSourceEntries"])
  }

  @Test func anAppliedRunIsTheCycle() throws {
    let rows = try rows(.operations, SamplePlan().appliedSource)
    #expect(rows[0][0] == "12-1")
    #expect(rows[0][1...4].joined(separator: " ") == "2026-03-01T02:01:02Z 12 Update Success")
    let refused = try self.rows(.operations, SamplePlan(isRefused: true).source)
    #expect(refused[0][4] == "Skipped")
    #expect(refused[0][6] == "refused by removals")
  }

  @Test func membershipsNameTeamAndMember() throws {
    let row = try #require(
      try rows(.operations, SamplePlan().source).first { $0[7] == "remove-membership" })
    #expect(row[8] == "Finance")
    #expect(row[10] == "bob.lee@contoso.com")
    #expect(row[13] == "removal")
  }

  /// Without the change id the other two tables would say nothing.
  @Test func changeIDsJoinTheTables() throws {
    let source = SamplePlan().source
    let operations = try rows(.operations, source).map { $0[0] }
    #expect(Set(operations).count == operations.count)
    let steps = Dictionary(grouping: try rows(.steps, source)) { $0[0] }
    #expect(Set(steps.keys) == Set(operations))
    let properties = try rows(.properties, source)
    #expect(Set(properties.map { $0[0] }).isSubset(of: operations))
    let decisions = source.plan.decisions
    let expected = decisions.operations.reduce(0) { $0 + $1.changes(in: decisions).count }
    #expect(properties.count == expected)
    #expect(properties.contains { $0[1...].elementsEqual(["title", "Buyer", "Senior buyer"]) })
  }

  @Test func everyOperationHasItsFiveSteps() throws {
    let source = SamplePlan().appliedSource
    let place = try #require(
      source.plan.decisions.operations.firstIndex { $0.kind == .createMember })
    let steps = try rows(.steps, source).filter { $0[0] == "12-\(place + 1)" }
    #expect(steps.map { $0[1] } == ["1", "2", "3", "4", "5"])
    #expect(steps.map { $0[2] } == ["import", "scope", "match", "evaluate", "act"])
    #expect(steps.map { $0[3] } == ["import", "scoping", "matching", "processing", "export"])
    #expect(steps.map { $0[4] } == Array(repeating: "success", count: 5))
    #expect(steps[0][5] == "users.csv:57")
    #expect(steps[4][5] == "create-member, run 12")
  }

  @Test func findingsHaveTheirPlace() throws {
    let rows = try rows(.findings, SamplePlan().source)
    #expect(rows.count == SamplePlan().source.plan.evidence.findings.count)
    let row = try #require(rows.first { $0[1] == "read.ragged-row" })
    #expect(row[0] == "error")
    #expect(Array(row[3...]) == ["users", "users.csv", "180", "0"])
  }

  @Test(arguments: HostileText.own.indices)
  func noCellIsAFormula(number: Int) throws {
    let source = SamplePlan(isRefused: true, word: HostileText.own[number]).source
    for table in CSVReport.Table.allCases {
      let cells = try rows(table, source).joined()
      #expect(cells.count { CSVCells.isFormula($0) } == 0)
    }
  }

  @Test(arguments: HostileText.own.indices)
  func valuesComeBackExactly(number: Int) throws {
    let source = SamplePlan(word: HostileText.own[number]).source
    let rows = try rows(.operations, source).filter { $0[7] != "hold" }
    let names = Set(rows.map { Array(SpreadsheetCell(text: $0[8]).raw.utf8) })
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
