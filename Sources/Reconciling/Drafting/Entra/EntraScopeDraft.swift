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
  private(set) var notes: [String] = []
  /// There is a scope in Entra, and none in the policy.
  private(set) var isLeftOut = false

  init(_ mapping: EntraSchema.ObjectMapping, columns: EntraColumns) {
    self.mapping = mapping
    self.columns = columns
    let scope = mapping.scope.filter { !$0.clauses.isEmpty }
    let input = mapping.inputFilters.filter { !$0.clauses.isEmpty }
    if mapping.hasCategoryFilters {
      refuse(scope + input, "categoryFilterGroups have no counterpart here")
      return
    }
    switch (scope.isEmpty, input.isEmpty) {
    case (true, true): return
    case (false, true): carry(scope, leaving: nil)
    case (true, false):
      carry(input, leaving: "leave              # inputFilterGroups: who leaves is ignored")
    case (false, false):
      // In scope is who is in both; to whom it happens to leave which of them, nothing is done.
      let both = scope.flatMap { group in
        input.map { other in
          EntraSchema.ScopeGroup(name: group.name, clauses: group.clauses + other.clauses)
        }
      }
      notes.append(
        "groups and inputFilterGroups are one scope here; Entra disables who leaves the former, here they stay"
      )
      carry(both, leaving: "leave")
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
    for column in Set(clauses.joined().map(\.column)).sorted() where columns.lacks(column) {
      // Without the column nobody is in scope or out of it, so a run stops; without the scope everybody would count.
      notes.append(
        "the scope needs the column \(column), which the export does not have: add it there")
    }
    exactColumns = clauses.joined().map(\.column)
    lines = ["groups:                     # one group must hold, with all its clauses"]
    lines += written.map { "  " + $0 }
    if let leaving { lines.append("leaving: \(leaving)") }
  }

  /// A part of a scope would be another scope, so it is all or nothing.
  private mutating func refuse(_ groups: [EntraSchema.ScopeGroup], _ reason: String) {
    isLeftOut = true
    left.append(
      "the scope: \(reason). UNTIL IT IS WRITTEN BY HAND NOBODY IS IN SCOPE. It was: "
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
