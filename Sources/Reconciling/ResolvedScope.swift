import Identity
import Mapping
import Reading

/// The scope of one export with its columns found.
struct ResolvedScope: Sendable {
  /// What the scope says of the records of a batch.
  struct Rows {
    var outside: [Int] = []
    /// Records of which it cannot be told, because a cell holds a type name.
    var unknown: [Int] = []
  }

  let filter: ScopeFilter
  let leaving: ExportScope.Leaving
  private let columns: [Int]

  /// - Throws: `JobFailure.unreadable` when a column is missing: without it everybody would be out of scope.
  init(_ scope: ExportScope, header: ExportHeader, file: String) throws(JobFailure) {
    filter = scope.filter
    leaving = scope.leaving
    var columns: [Int] = []
    for name in scope.filter.columns {
      guard let (column, _) = try ColumnRules.column([name], in: header, file: file) else {
        let near = Suggestion.nearest(to: name, among: header.names)
        throw .unreadable([
          "\(file): there is no column \(name), by which the scope is decided."
            + (near.map { " Did you mean \($0)?" } ?? "")
        ])
      }
      columns.append(column)
    }
    self.columns = columns
  }

  func rows(of batch: RecordBatch) -> Rows {
    var rows = Rows()
    for row in 0..<batch.count {
      let accepts = filter.accepts { place in
        let value = Array(batch.bytes[batch.cell(row: row, column: columns[place]).range])
        return LostValue.typeName(in: value.span) == nil ? value : nil
      }
      switch accepts {
      case true?: continue
      case false?: rows.outside.append(row)
      case nil: rows.unknown.append(row)
      }
    }
    return rows
  }
}
