import Identity
import Mapping
import Reading

/// Columns that expressions name and no export has: a slip in the policy, told before any record is read.
///
/// ```
/// rollcall.yaml:12:31: mapping: No export has a column “surnme”. Did you mean `[surname]`?
///     Join(" ", [givenName], [surnme])
///                            ^~~~~~~~
/// ```
///
/// A column that some export of the same mapping has is no slip: where it is missing the attribute is unknown, as with
/// any other column.
struct UnknownColumns {
  /// One export: what maps it, and what it has.
  struct Export {
    let mapping: [MappingRule]
    let header: ExportHeader
  }

  let exports: [Export]

  /// The lines to show, nothing where all is well; `policy` is the policy's file.
  func lines(in policy: String) -> [String] {
    var seen: Set<PolicyProblem> = []
    var problems: [PolicyProblem] = []
    for rule in exports.flatMap(\.mapping) {
      guard case .expression(let program) = rule.source else { continue }
      let headers = exports.filter { export in
        !export.header.isEmpty && export.mapping.contains { $0.source == rule.source }
      }.map(\.header)
      for (index, name) in program.columns.enumerated()
      where !headers.isEmpty && headers.allSatisfy({ $0.knowsNo(name) }) {
        let problem = problem(name, at: index, of: rule, program, headers)
        if seen.insert(problem).inserted { problems.append(problem) }
      }
    }
    return problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
      .flatMap { $0.lines(in: policy) }
  }

  private func problem(
    _ name: String, at index: Int, of rule: MappingRule, _ program: ExpressionProgram,
    _ headers: [ExportHeader]
  ) -> PolicyProblem {
    let near = Suggestion.nearest(to: name, among: headers.flatMap(\.names))
    let range = program.range(ofColumn: index)
    let place =
      rule.columnPlaces.indices.contains(index)
      ? rule.columnPlaces[index] : PolicyPlace(line: rule.line ?? 1, column: 1)
    return PolicyProblem(
      line: place.line, column: place.column, path: rule.path.description,
      kind: .expression(
        ExpressionProblem(kind: .unknownColumn(name, suggestion: near), range: range),
        ExpressionExcerpt(of: program.text, at: range)))
  }
}

extension ExportHeader {
  /// Whether no record of the export has the column.
  fileprivate func knowsNo(_ name: String) -> Bool {
    switch column(anyOf: [name]).lookup {
    case .found(let place): lacks(place)
    case .missing: true
    case .ambiguous: false
    }
  }
}

extension Reconciliation {
  /// - Throws: `JobFailure.policy` naming the columns that no export has.
  func refuse(_ columns: UnknownColumns) throws(JobFailure) {
    let lines = columns.lines(in: policy.path)
    guard lines.isEmpty else { throw .policy(lines) }
  }
}
