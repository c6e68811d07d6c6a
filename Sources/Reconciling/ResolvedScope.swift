import Identity
import Mapping
import Matching
import Reading

/// The scope of one export with its columns found.
struct ResolvedScope: Sendable {
  /// What the scope says of the records of a batch.
  struct Rows {
    var outside: [Int] = []
    /// Records of which it cannot be told, because a cell holds a type name.
    var unknown: [Int] = []
  }

  let leaving: ExportScope.Leaving
  private let filter: ScopeFilter?
  private let columns: [Int]
  /// Who is in the teams that count; nil where none must be.
  private let assignment: Assignment?

  /// - Throws: `JobFailure.unreadable` when a column is missing: without it everybody would be out of scope.
  init(
    _ scope: ExportScope, assignment: Assignment? = nil, header: ExportHeader, file: String
  ) throws(JobFailure) {
    filter = scope.filter
    leaving = scope.leaving
    self.assignment = assignment
    var columns: [Int] = []
    for name in scope.filter?.columns ?? [] {
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

  func rows(of batch: RecordBatch, _ mapped: MappedBatch) -> Rows {
    var rows = Rows()
    for row in 0..<batch.count {
      let fits = filter.map { accepts(row, of: batch, $0) } ?? true
      // Who is out by the one question is out whatever the other one comes to.
      if fits == false {
        rows.outside.append(row)
        continue
      }
      let isAssigned = assignment.map { $0.contains(row, of: mapped) } ?? true
      switch isAssigned {
      case false?: rows.outside.append(row)
      case true? where fits == true: continue
      default: rows.unknown.append(row)
      }
    }
    return rows
  }

  private func accepts(_ row: Int, of batch: RecordBatch, _ filter: ScopeFilter) -> Bool? {
    filter.accepts { batch.scopeValues(row: row, column: columns[$0]) }
  }
}
