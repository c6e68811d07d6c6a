import Identity
import Reading
import TestSupport

/// Everything that a reader of JSON delivered.
struct JSONExport {
  let reader: ExportReader
  /// Values joined by `|`, and `absent` for what is not there.
  let rows: [[String]]
  /// What the cells of each row say that are `true` or `false` and no texts.
  let truths: [[Bool?]]
  let lines: [Int]
  let summary: ReadSummary
  private let folder: TemporaryFolder

  init(
    _ texts: String..., fields: [[String]]? = nil, records: [String]? = nil,
    lists: [String] = [], blockSize: Int = 1 << 20, limits: FormatOptions.Limits = .init()
  ) async throws {
    try await self.init(
      texts.map { Array($0.utf8) }, fields: fields, records: records, lists: lists,
      blockSize: blockSize, limits: limits)
  }

  init(
    _ files: [[UInt8]], fields: [[String]]? = nil, records: [String]? = nil,
    lists: [String] = [], blockSize: Int = 1 << 20, limits: FormatOptions.Limits = .init(),
    format: ExportFormat? = .json, merging: FormatOptions.Merging? = nil
  ) async throws {
    folder = try TemporaryFolder()
    var paths: [String] = []
    for (place, bytes) in files.enumerated() {
      paths.append(try folder.write(bytes, as: "export-\(place)"))
    }
    reader = try ExportReader(
      exportName: "people", paths: paths, options: CSVOptions(blockSize: blockSize),
      format: FormatOptions(
        format: format, fields: fields, records: records, preferredLists: lists, merging: merging,
        limits: limits),
      jobs: 2)
    var rows: [[String]] = []
    var lines: [Int] = []
    var truths: [[Bool?]] = []
    summary = try await reader.read {
      $0
    } collect: { batch, place in
      rows += PairExport.rows(of: batch)
      truths += (0..<batch.count).map { row in
        (0..<batch.columnCount).map { batch.truth(of: batch.cell(row: row, column: $0)) }
      }
      lines += (0..<batch.count).map { place.line(of: $0, in: batch) }
    }
    self.rows = rows
    self.truths = truths
    self.lines = lines
  }

  var codes: [String] { summary.findings.map(\.code) }
}
