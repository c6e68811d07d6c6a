import Identity
import Reading
import TestSupport

/// Everything a reader delivered, in a form tests can compare.
struct ReadExport {
  struct Record: Hashable {
    let number: Int
    let file: Int
    /// From 1.
    let line: Int
    let cells: [[UInt8]]
  }

  let reader: ExportReader
  let records: [Record]
  let summary: ReadSummary

  init(
    _ paths: [String], options: CSVOptions = CSVOptions(), jobs: Int = 2
  ) async throws {
    reader = try ExportReader(exportName: "people", paths: paths, options: options, jobs: jobs)
    var records: [Record] = []
    summary = try await reader.read {
      Self.records(in: $0)
    } collect: { batch, place in
      records += batch.map { $0.placed(at: place) }
    }
    self.records = records
  }

  var texts: [[String]] {
    records.map { $0.cells.map { String(decoding: $0, as: UTF8.self) } }
  }

  var codes: [String] { summary.findings.map(\.code) }

  /// `read.ragged-row users.csv:3` and so on.
  var codesWithLines: [String] {
    summary.findings.map { "\($0.code):\($0.origin?.line ?? 0)" }
  }

  /// The same records, looked up again.
  func again(_ numbers: [Int]) throws -> [Record] {
    try reader.records(numbered: numbers, places: summary.places).flatMap { batch, place in
      Self.records(in: batch).map { $0.placed(at: place) }
    }
  }

  static func records(in batch: RecordBatch) -> [Record] {
    (0..<batch.count).map { row in
      Record(
        number: Int(batch.numbers[row]), file: 0, line: Int(batch.lines[row]),
        cells: (0..<batch.columnCount).map {
          Array(batch.bytes[batch.cell(row: row, column: $0).range])
        })
    }
  }
}

extension ReadExport.Record {
  func placed(at place: BatchPlace) -> Self {
    Self(
      number: place.firstNumber + number, file: place.file, line: place.firstLine + line,
      cells: cells)
  }
}
