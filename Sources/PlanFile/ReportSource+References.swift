package import Identity

extension ReportSource {
  /// The members whose ids stand among the values that change.
  package var references: Set<ResourceID> {
    guard plan.decisions.memberAttributes.attributes.contains(where: { $0.kind == .reference })
    else { return [] }
    let set = plan.decisions.memberAttributes
    let references = set.ids.filter { set[$0].kind == .reference }
    return Set(
      plan.decisions.operations.lazy.filter { !$0.isOfNewcomerWithout(references) }
        .flatMap { operation -> [String] in
          switch operation.action {
          case .createMember(let image): references.compactMap { image.text($0) }
          case .updateMember(let changes), .reactivateMember(let changes):
            changes.filter { $0.attribute.kind == .reference }.flatMap {
              [$0.before, $0.after].compactMap(\.self)
            }
          default: []
          }
        }.map { ResourceID($0) })
  }

  /// Names the members that values refer to: those of the plan itself, and those that `lookup` knows.
  package mutating func nameReferences(_ lookup: (ResourceID) -> String? = { _ in nil }) {
    let wanted = references
    guard !wanted.isEmpty else { return }
    for operation in plan.decisions.operations
    where !operation.kind.isAboutTeam && wanted.contains(operation.subjectID) {
      names[operation.subjectID] = operation.subject.name
    }
    for id in wanted where names[id] == nil { names[id] = lookup(id) }
  }

  /// The name of the member that a value refers to.
  package func name(of value: String?, _ attribute: ManagedAttribute) -> String? {
    guard attribute.kind == .reference, let value else { return nil }
    return names[ResourceID(value)]
  }

  /// The change as people read it: `bob@contoso.com (0c43fbf0-…)` for the id of a member.
  package func readable(_ change: AttributeChange) -> AttributeChange {
    guard change.attribute.kind == .reference else { return change }
    func text(_ value: String?) -> String? {
      guard let value, let name = name(of: value, change.attribute) else { return value }
      return "\(name) (\(value))"
    }
    return AttributeChange(
      attribute: change.attribute, before: text(change.before), after: text(change.after))
  }
}
