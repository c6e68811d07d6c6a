package import Identity

extension Plan {
  /// The members whose ids stand among the values that change.
  package var references: Set<ResourceID> {
    guard decisions.memberAttributes.attributes.contains(where: { $0.kind == .reference })
    else { return [] }
    let set = decisions.memberAttributes
    let references = set.ids.filter { set[$0].kind == .reference }
    return Set(
      decisions.operations.lazy.filter { !$0.isOfNewcomerWithout(references) }
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
}

extension ReportSource {
  /// Names the members that values refer to: those of the plan itself, and those that `lookup` knows.
  package mutating func nameReferences(_ lookup: (ResourceID) -> String? = { _ in nil }) {
    var known = ReferenceNames(names)
    known.add(plan.references, in: plan, lookup)
    names = known.byID
  }

  /// The name of the member that a value refers to.
  package func name(of value: String?, _ attribute: ManagedAttribute) -> String? {
    attribute.kind == .reference ? ReferenceNames(names).name(of: value) : nil
  }

  /// The change as people read it.
  package func readable(_ change: AttributeChange) -> AttributeChange {
    ReferenceNames(names).readable(change)
  }
}
