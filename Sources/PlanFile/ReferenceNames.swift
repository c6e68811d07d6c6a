package import Identity

/// The names of the members that values refer to, beside whose ids people read them.
///
/// ```
/// 0c43fbf0-…   →   bob@contoso.com (0c43fbf0-…)
/// ```
package struct ReferenceNames: Sendable {
  package private(set) var byID: [ResourceID: String]

  package init(_ byID: [ResourceID: String] = [:]) {
    self.byID = byID
  }

  /// Names the members that are wanted: those of the plan itself, and those that `lookup` knows.
  package mutating func add(
    _ wanted: Set<ResourceID>, in plan: Plan, _ lookup: (ResourceID) -> String? = { _ in nil }
  ) {
    guard !wanted.isEmpty else { return }
    for operation in plan.decisions.operations
    where !operation.kind.isAboutTeam && wanted.contains(operation.subjectID) {
      byID[operation.subjectID] = operation.subject.name
    }
    for id in wanted where byID[id] == nil { byID[id] = lookup(id) }
  }

  package func name(of value: String?) -> String? { value.flatMap { byID[ResourceID($0)] } }

  /// A value as people read it.
  package func readable(_ value: String?) -> String? {
    guard let value, let name = name(of: value) else { return value }
    return "\(name) (\(value))"
  }

  package func readable(_ change: AttributeChange) -> AttributeChange {
    guard change.attribute.kind == .reference else { return change }
    return AttributeChange(
      attribute: change.attribute, before: readable(change.before), after: readable(change.after))
  }
}
