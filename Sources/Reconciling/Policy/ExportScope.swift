package import Mapping

/// `scope:` Which records of a people export count.
///
/// ```yaml
/// scope: 'department eq "Sales" and not (userType eq "Guest")'     # a filter of RFC 7644 on columns
/// scope:
///   groups:                                                       # Entra's clauses: one group must hold
///     - [{column: department, operator: EQUALS, value: Sales}, {column: jobTitle, operator: IS NOT NULL}]
///   assigned: [App Users, "SG-App-*"]                             # and one of these teams, nested ones too
///   leaving: leave                                                # who leaves it: leaver (default), leave
/// ```
package struct ExportScope: Sendable, Hashable {
  /// `leaving:` What becomes of a member whose record is out of scope.
  package enum Leaving: String, Sendable, Hashable, CaseIterable {
    /// As if there were no record.
    case leaver
    /// As the member is.
    case leave
  }

  /// `filter:` or `groups:` What must stand in the columns; nil for anything.
  package let filter: ScopeFilter?
  /// `assigned:` Teams, by the names that exports give, of which one must have the person as a member, in itself or
  /// in a team within it; nil where none must.
  package let assigned: [NamePattern]?
  package let leaving: Leaving

  package init(filter: ScopeFilter?, assigned: [NamePattern]? = nil, leaving: Leaving) {
    self.filter = filter
    self.assigned = assigned
    self.leaving = leaving
  }
}

extension ExportScope {
  init?(reading value: PolicyValue) {
    guard value.isMapping else {
      guard let filter = value.scopeFilter() else { return nil }
      self.init(filter: filter, leaving: .leaver)
      return
    }
    guard let section = value.section("filter", "groups", "assigned", "leaving") else { return nil }
    let leaving = section["leaving"]?.word(of: Leaving.self) ?? .leaver
    let assigned = section["assigned"]?.textOrTexts()?.map { NamePattern($0) }
    switch (section["filter"], section["groups"]) {
    case (let filter?, nil):
      guard let filter = filter.scopeFilter() else { return nil }
      self.init(filter: filter, assigned: assigned, leaving: leaving)
    case (nil, let groups?):
      guard let filter = groups.scopeGroups() else { return nil }
      self.init(filter: filter, assigned: assigned, leaving: leaving)
    case (.some, let groups?):
      groups.report(.notTogether("filter", "groups"))
      return nil
    case (nil, nil):
      if section["assigned"] == nil { section.report(.oneOf(["filter", "groups", "assigned"])) }
      guard let assigned else { return nil }
      self.init(filter: nil, assigned: assigned, leaving: leaving)
    }
  }
}

extension PolicyValue {
  func scopeFilter() -> ScopeFilter? {
    guard let text = text() else { return nil }
    do {
      return try ScopeFilter(parsing: text)
    } catch {
      guard let offset = error.offset else {
        report(.scope(error, nil))
        return nil
      }
      problems.report(
        .scope(error, ExpressionExcerpt(of: text, at: offset..<offset + 1)),
        at: problems.place(of: offset, in: text, from: node.place), path: path)
      return nil
    }
  }

  /// A list of groups, each a list of clauses.
  fileprivate func scopeGroups() -> ScopeFilter? {
    guard let groups = items() else { return nil }
    var clauses: [[ScopeClause]] = []
    for group in groups {
      guard let items = group.items() else { continue }
      if items.isEmpty { group.report(.emptyList) }
      clauses.append(items.compactMap { $0.scopeClause() })
    }
    do {
      return try ScopeFilter(groups: clauses)
    } catch {
      report(.scope(error, nil))
      return nil
    }
  }

  private func scopeClause() -> ScopeClause? {
    guard let section = section("column", "operator", "value"),
      let column = section.required("column")?.text(),
      let name = section.required("operator")?.text()
    else { return nil }
    let clause = ScopeClause(
      column: column, operatorName: name, value: section["value"]?.text(allowingEmpty: true))
    do {
      _ = try ScopeFilter(groups: [[clause]])
    } catch {
      report(.scope(error, nil))
      return nil
    }
    return clause
  }
}
