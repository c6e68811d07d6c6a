package import Identity

/// One record of a file, by the line it stands on.
///
/// ```
/// let record = try await RecordOnLine(42, of: "users.csv")
/// record.cells       [("givenName", "Ann"), …]
/// ```
///
/// A record of several lines stands on each of them.
package struct RecordOnLine: Sendable, Hashable {
  /// Why there is no such record.
  package enum Problem: Error, Sendable, Hashable {
    case failure(ReadFailure)
    /// The record on that line could not be read.
    case setAside(Finding)
    /// It is the header, a blank line, or past the end.
    case noRecord(line: Int)
  }

  package let columns: [String]
  /// The values, column by column.
  package let cells: [String]

  nonisolated(nonsending) package init(
    _ line: Int, of path: String, options: CSVOptions = CSVOptions()
  ) async throws(Problem) {
    var found: (first: Int, cells: [String])?
    let header: ExportHeader
    let summary: ReadSummary
    do throws(ReadFailure) {
      let reader = try ExportReader(exportName: path, paths: [path], options: options, jobs: 1)
      header = try reader.header()
      summary = try await reader.read(digest: false) {
        $0
      } collect: { batch, place in
        let row = (0..<batch.count).last { place.line(of: $0, in: batch) <= line }
        guard let row else { return }
        found = (
          place.line(of: row, in: batch),
          (0..<batch.columnCount).map { batch.text(row: row, column: $0) }
        )
      }
    } catch {
      throw .failure(error)
    }
    if let finding = summary.findings.first(where: { $0.origin?.line == line }),
      finding.severity == .error
    {
      throw .setAside(finding)
    }
    // A line feed inside quotes makes a record a line longer.
    let feeds = found?.cells.reduce(0) { $0 + $1.utf8.count { $0 == 0x0A } } ?? 0
    guard let found, line <= found.first + feeds else { throw .noRecord(line: line) }
    columns = header.names
    cells = found.cells
  }
}
