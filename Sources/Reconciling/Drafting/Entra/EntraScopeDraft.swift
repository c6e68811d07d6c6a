import Mapping

/// Entra's scoping filters as the `scope:` of an export.
struct EntraScopeDraft {
  let mapping: EntraSchema.ObjectMapping
  let columns: EntraColumns

  /// The lines below `scope:`, as they stand under an export; empty for none.
  private(set) var lines: [String] = []
  /// What is not carried over.
  private(set) var left: [String] = []
  private(set) var exactColumns: [String] = []

  init(_ mapping: EntraSchema.ObjectMapping, columns: EntraColumns) {
    self.mapping = mapping
    self.columns = columns
    let scope = mapping.scope.filter { !$0.clauses.isEmpty }
    let input = mapping.inputFilters.filter { !$0.clauses.isEmpty }
    if mapping.hasCategoryFilters {
      left.append("categoryFilterGroups: there is nothing like it here")
    }
    switch (scope.isEmpty, input.isEmpty) {
    case (true, true): return
    case (false, true): carry(scope, leaving: nil)
    case (true, false):
      carry(input, leaving: "leave       # inputFilterGroups: who leaves is ignored")
    case (false, false):
      carry(scope, leaving: nil)
      left.append(
        "inputFilterGroups besides groups: an export has one scope. "
          + input.map(Self.text).joined(separator: " or "))
    }
  }

  private mutating func carry(_ groups: [EntraSchema.ScopeGroup], leaving: String?) {
    var written: [String] = []
    var clauses: [[ScopeClause]] = []
    for group in groups {
      if !group.name.isEmpty { written.append("# \(EntraAttributeDraft.oneLine(group.name))") }
      var names: [ScopeClause] = []
      for clause in group.clauses {
        guard let carried = clause.carried(columns) else {
          refuse(groups, "“\(Self.text(clause))” cannot be said here")
          return
        }
        names.append(carried)
      }
      clauses.append(names)
      written.append("- [" + names.map(Self.yaml).joined(separator: ", ") + "]")
    }
    do {
      _ = try ScopeFilter(groups: clauses)
    } catch {
      refuse(groups, error.message)
      return
    }
    if let missing = clauses.joined().first(where: { columns.lacks($0.column) }) {
      refuse(groups, "the export has no column \(missing.column)")
      return
    }
    exactColumns = clauses.joined().map(\.column)
    lines = ["groups:                     # one group must hold, with all its clauses"]
    lines += written.map { "  " + $0 }
    if let leaving { lines.append("leaving: \(leaving)") }
  }

  /// A part of a scope would be another scope, so it is all or nothing.
  private mutating func refuse(_ groups: [EntraSchema.ScopeGroup], _ reason: String) {
    left.append(
      "the scope: \(reason). WITHOUT IT EVERY RECORD COUNTS. It was: "
        + groups.map(Self.text).joined(separator: " or "))
  }

  private static func yaml(_ clause: ScopeClause) -> String {
    let value = clause.value.map { ", value: \(EntraYAML(quoting: $0))" } ?? ""
    return
      "{column: \(EntraYAML(clause.column)), operator: \(EntraYAML(quoting: clause.operatorName))\(value)}"
  }

  private static func text(_ group: EntraSchema.ScopeGroup) -> String {
    "(" + group.clauses.map(text).joined(separator: " and ") + ")"
  }

  private static func text(_ clause: EntraSchema.Clause) -> String {
    EntraAttributeDraft.oneLine(
      ([clause.attribute, clause.operatorName] + clause.values).joined(separator: " "))
  }
}

extension EntraSchema.Clause {
  /// The same clause on a column of the export; nil where it is none.
  fileprivate func carried(_ columns: EntraColumns) -> ScopeClause? {
    let texts = values + [attribute, operatorName]
    guard values.count <= 1, !texts.contains(where: EntraAttributeDraft.hasEnvironmentReference)
    else { return nil }
    let value = values.first.flatMap { $0.isEmpty ? nil : $0 }
    let column = columns.column(for: attribute) ?? attribute
    // Both spellings stand in files: `IS_NOT_NULL` of Graph is the portal's `IS NOT NULL`.
    let names = [operatorName, operatorName.replacing("_", with: " ")]
    return names.lazy.map {
      ScopeClause(column: column, operatorName: $0, value: value)
    }.first { (try? ScopeFilter(groups: [[$0]])) != nil }
  }
}
