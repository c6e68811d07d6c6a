import Identity

/// One clause of an Entra scoping filter.
///
/// ```
/// {column: department, operator: EQUALS, value: sales}
/// {column: manager, operator: IS NOT NULL}
/// ```
package struct ScopeClause: Sendable, Hashable {
  package let column: String
  /// As the portal or the schema file has it, in any case: `REGEX MATCH`, `Greater_Than`.
  package let operatorName: String
  package let value: String?

  package init(column: String, operatorName: String, value: String?) {
    self.column = column
    self.operatorName = operatorName
    self.value = value
  }

  private static let kinds: [(name: String, kind: ScopeTest.Kind)] = [
    ("EQUALS", .equal), ("NOT EQUALS", .unequal), ("INCLUDES", .contains), ("ENDS_WITH", .ends),
    ("GREATER_THAN", .greater), ("GREATER_THAN_OR_EQUALS", .greaterOrEqual),
    ("REGEX MATCH", .matches), ("NOT REGEX MATCH", .doesNotMatch), ("IS NULL", .absent),
    ("IS NOT NULL", .present), ("IS TRUE", .isTrue), ("IS FALSE", .isFalse), ("&", .within),
    ("!&", .notWithin),
  ]

  func test() throws(ScopeFilter.Problem) -> ScopeTest {
    let wanted = operatorName.uppercased()
    guard let kind = Self.kinds.first(where: { $0.name == wanted })?.kind else {
      let near = Suggestion.nearest(to: wanted, among: Self.kinds.map(\.name))
      throw .unknownOperator(
        operatorName, offset: nil, suggestion: near, known: Self.kinds.map(\.name))
    }
    switch kind {
    case .present, .absent, .isTrue, .isFalse:
      guard value == nil else { throw .valueNotTaken(operatorName) }
      return ScopeTest(kind, foldsCase: false)
    default:
      guard let value, !value.isEmpty else { throw .valueNeeded(operatorName) }
      return try test(kind, value)
    }
  }

  private func test(
    _ kind: ScopeTest.Kind, _ value: String
  ) throws(ScopeFilter.Problem) -> ScopeTest {
    switch kind {
    case .greater, .greaterOrEqual:
      guard NumberText.value(of: Array(value.utf8).span) != nil else { throw .notANumber(value) }
      return ScopeTest(kind, value, foldsCase: false)
    case .matches, .doesNotMatch:
      do {
        return ScopeTest(kind, value, foldsCase: false, pattern: try Pattern(value))
      } catch {
        throw .badPattern(error)
      }
    default: return ScopeTest(kind, value, foldsCase: false)
    }
  }
}

extension ScopeFilter {
  /// Entra's groups: all clauses of one group must hold, of one group at least.
  package init(groups: [[ScopeClause]]) throws(Problem) {
    var columns: [String] = []
    var nodes: [Node] = []
    for group in groups {
      var tests: [Node] = []
      for clause in group {
        if !columns.contains(clause.column) { columns.append(clause.column) }
        let column = columns.firstIndex(of: clause.column) ?? 0
        tests.append(.test(column: column, try clause.test()))
      }
      nodes.append(.all(tests))
    }
    guard !nodes.isEmpty else { throw .empty }
    let text = groups.map { group in
      group.map {
        [$0.column, $0.operatorName.uppercased(), $0.value ?? ""].joined(separator: "\t")
      }
      .joined(separator: "\n")
    }.joined(separator: "\n\n")
    self.init(text: text, columns: columns, root: nodes.count == 1 ? nodes[0] : .any(nodes))
  }
}
