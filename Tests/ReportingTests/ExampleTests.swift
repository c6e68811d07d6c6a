import Foundation
import PlanFile
import TestSupport
import Testing

@testable import Reporting

/// `Reports/Examples` is what the code writes today; `make reports` accepts a change.
struct ExampleTests {
  private static let folder = Repository.root.appending(path: "Reports/Examples")
  private static let isRecording = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"

  @Test(arguments: [
    ("Planned", SamplePlan().source),
    ("Refused", SamplePlan(isRefused: true).source),
    ("Applied", SamplePlan().appliedSource),
    ("NothingToDo", PlanBuilder().source()),
    ("Pseudonymous", SamplePlan().appliedSource.pseudonymous(by: PseudonymsTests.pseudonyms)),
  ])
  func examplesAreUpToDate(name: String, source: ReportSource) throws {
    for (file, bytes) in Self.files(of: source) {
      let place = Self.folder.appending(path: name).appending(path: file)
      if Self.isRecording {
        try FileManager.default.createDirectory(
          at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try OutputFile.write(to: place.path, mode: 0o644) { try $0.append(bytes) }
      }
      let recorded = try? [UInt8](Data(contentsOf: place))
      let isSame = recorded == bytes
      #expect(isSame, "\(name)/\(file) differs; make reports accepts it")
    }
  }

  private static func files(of source: ReportSource) -> [(String, [UInt8])] {
    var json: [UInt8] = []
    JSONReport(planFile: "tonight.plan").write(source) { json += $0 }
    let tables = CSVReport.Table.allCases.map { table in
      var bytes: [UInt8] = []
      CSVReport().write(table, of: source) { bytes += $0 }
      return ("\(table.rawValue).csv", bytes)
    }
    let summary = MarkdownReport(planFile: "tonight.plan").text(of: source)
    return tables + [
      ("summary.txt", Array(TextReportTests.summary(source).utf8)),
      ("show.txt", Array(TextReportTests.listing(source).utf8)),
      ("report.json", json), ("report.md", Array(summary.utf8)),
      ("report.html", Array(HTMLReportTests.page(source, companions: ["report.json"]).utf8)),
    ]
  }
}
