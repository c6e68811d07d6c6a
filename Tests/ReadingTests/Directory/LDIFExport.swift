import Identity
import Reading
import TestSupport

/// Everything a reader of LDIF or DSML delivered, as texts.
struct LDIFExport {
  let reader: ExportReader
  /// Values joined by `|`, and `absent` for what is not there.
  let rows: [[String]]
  let lines: [Int]
  let summary: ReadSummary
  private let folder: TemporaryFolder

  init(
    _ text: some Sequence<UInt8>, fields: [[String]]?, directory: DirectoryOptions = .init(),
    references: EntryReferences = EntryReferences(), blockSize: Int = 1 << 20, jobs: Int = 2,
    records: [String]? = nil, limits: FormatOptions.Limits = .init()
  ) async throws {
    folder = try TemporaryFolder()
    let path = try folder.write(text, as: "export")
    var reader = try ExportReader(
      exportName: "people", paths: [path], options: CSVOptions(blockSize: blockSize),
      format: FormatOptions(
        fields: fields, records: records, directory: directory, limits: limits), jobs: jobs)
    reader.references = references
    self.reader = reader
    var rows: [[String]] = []
    var lines: [Int] = []
    summary = try await reader.read {
      $0
    } collect: { batch, place in
      rows += (0..<batch.count).map { Self.row($0, of: batch) }
      lines += (0..<batch.count).map { place.line(of: $0, in: batch) }
    }
    self.rows = rows
    self.lines = lines
  }

  init(
    _ text: String, fields: [[String]]?, directory: DirectoryOptions = .init(),
    references: EntryReferences = EntryReferences(), blockSize: Int = 1 << 20
  ) async throws {
    try await self.init(
      text.utf8, fields: fields, directory: directory, references: references,
      blockSize: blockSize)
  }

  var codes: [String] { summary.findings.map(\.code) }

  var problems: [DocumentProblem] {
    summary.findings.compactMap { finding in
      switch finding.subject {
      case .badRecord(_, let problem, _), .brokenDocument(_, let problem, _): problem
      default: nil
      }
    }
  }

  static func row(_ row: Int, of batch: RecordBatch) -> [String] {
    (0..<batch.columnCount).map { column in
      if batch.isAbsent(row: row, column: column) { return "absent" }
      let further = batch.furtherValues(row: row, column: column).map {
        String(decoding: batch.bytes[$0.range], as: UTF8.self)
      }
      return ([batch.text(row: row, column: column)] + further).joined(separator: "|")
    }
  }
}
