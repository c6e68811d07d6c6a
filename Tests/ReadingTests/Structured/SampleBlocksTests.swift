import Foundation
import Identity
import Reading
import TestSupport
import Testing

/// Where a file is cut into blocks must not be seen in what comes out of it; the fuzzer asks the same of damaged
/// files, and what it has found stands among these.
struct SampleBlocksTests {
  private static let samples = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Samples")

  static let names: [String] = ["Formats", "Hostile"].flatMap { folder in
    let files = try? FileManager.default.contentsOfDirectory(
      atPath: samples.appending(path: folder).path)
    return (files ?? []).filter { !$0.hasSuffix(".md") }.map { "\(folder)/\($0)" }.sorted()
  }

  private static let fields = [
    ["id"], ["uid"], ["cn"], ["userName", "userPrincipalName"], ["mail"], ["name.givenName"],
    ["emails[type eq \"work\"].value"], ["member"],
  ]

  private struct Outcome: Equatable {
    var failure: String?
    var rows: [[String]] = []
    var codes: [String] = []
    var isWhole = true
  }

  private static func outcome(_ path: String, _ blockSize: Int) async -> Outcome {
    do throws(ReadFailure) {
      let reader = try ExportReader(
        exportName: "samples", paths: [path], options: CSVOptions(blockSize: blockSize),
        format: FormatOptions(fields: fields), jobs: 2)
      var outcome = Outcome()
      let summary = try await reader.read {
        $0
      } collect: { batch, _ in
        outcome.rows += (0..<batch.count).map { LDIFExport.row($0, of: batch) }
      }
      outcome.codes = summary.findings.map(\.code)
      outcome.isWhole = summary.endedProperly && !summary.isIncomplete
      return outcome
    } catch {
      return Outcome(failure: error.message)
    }
  }

  @Test func thereAreSamples() { #expect(Self.names.count > 35) }

  @Test(arguments: names)
  func blocksOfAnySizeGiveTheSame(name: String) async {
    let path = Self.samples.appending(path: name).path
    let whole = await Self.outcome(path, 1 << 20)
    // Two failures would be alike, too; changes are no records of a full export.
    if name.hasPrefix("Formats/"), !name.hasSuffix(".md"), !name.contains("changes") {
      #expect(whole.failure == nil && !whole.rows.isEmpty, "\(name)")
    }
    for size in [1, 2, 3, 5, 8, 13, 21, 34, 42, 55, 89, 144, 233, 377, 610, 987] {
      let pieces = await Self.outcome(path, size)
      #expect(pieces == whole, "\(name) in blocks of \(size)")
    }
  }
}
