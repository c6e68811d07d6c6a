import Identity
import Scanning

/// Compares two files row by row, without policy or state: what was created, removed, changed.
///
/// ```
/// let diff = try TableDiff(old: "monday.csv", new: "tuesday.csv", key: ["userPrincipalName"])
/// let changes = try await diff.changes()
/// ```
///
/// Memory holds about 36 bytes per row of the old file, and the rows that differ. The result depends
/// neither on the order of rows nor on `jobs`.
package struct TableDiff: Sendable {
  private let old: ExportReader
  private let new: ExportReader
  private let key: [String]

  /// - Throws: when standard input cannot be kept for a second look.
  package init(
    old: String, new: String, key: [String], options: CSVOptions = CSVOptions(),
    jobs: Int = ExportReader.allCores
  ) throws(ReadFailure) {
    self.old = try ExportReader(
      exportName: "old", paths: [old], options: options, format: FormatOptions(format: .csv),
      jobs: jobs)
    self.new = try ExportReader(
      exportName: "new", paths: [new], options: options, format: FormatOptions(format: .csv),
      jobs: jobs)
    self.key = key
  }

  /// Reads both files and compares them; `progress` is told how many records of both are read, and about how many
  /// there are.
  ///
  /// - Throws: when a file cannot be read to its end, or has no such key column.
  package nonisolated(nonsending) func changes(
    progress: (_ done: Int, _ total: Int?) -> Void = { _, _ in }
  ) async throws(ReadFailure) -> TableChanges {
    for file in [old, new] { try requireTable(file) }
    let oldStart = try beginning(of: old)
    let newStart = try beginning(of: new)
    let columns = try TableColumns(
      key: key, old: (old.inputs[0].path, header(of: oldStart, old)),
      new: (new.inputs[0].path, header(of: newStart, new)))
    let oldLook = QuotingLook(oldStart, limits: old.options.limits)
    let newLook = QuotingLook(newStart, limits: new.options.limits)
    let isRaw =
      columns.areAlike && oldLook.isLike(newLook)
      && oldStart.layout.dialect.delimiter == newStart.layout.dialect.delimiter
    let (oldRows, newRows) = (oldLook.rowCount(of: oldStart), newLook.rowCount(of: newStart))
    while true {
      let comparison = TableComparison(
        old: old, new: new, columns: columns, isRaw: isRaw,
        expectedRows: oldRows)
      let changes = try await comparison.changes { done in
        // Rows that are shorter than the first, or packed, are more than the size tells.
        progress(done, done < oldRows + newRows ? oldRows + newRows : nil)
      }
      if let changes { return changes }
      // Two keys had one digest; under another random key they will not.
    }
  }

  private func requireTable(_ file: ExportReader) throws(ReadFailure) {
    let format = try file.formatOfContent()
    guard format == .csv else { throw .notATable(path: file.inputs[0].path, format) }
  }

  private func beginning(of file: ExportReader) throws(ReadFailure) -> Block {
    guard let block = try file.beginning(upTo: 1 << 18) else {
      throw .noHeader(path: file.inputs[0].path)
    }
    return block
  }

  private func header(of block: Block, _ file: ExportReader) -> ExportHeader {
    ExportHeader(
      block.layout.preamble, export: file.exportName, path: file.inputs[block.file].path)
  }
}
