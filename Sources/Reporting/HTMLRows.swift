import Identity
import PlanFile

/// The operations of a plan as the page shows them: members and teams by kind, memberships by team.
struct HTMLRows {
  let isSample: Bool
  let memberGroups: [HTMLPage.Group]
  let teamGroups: [HTMLPage.Group]

  init(_ plan: Plan, _ overview: Overview, isApplied: Bool) {
    let operations = plan.decisions.operations
    isSample = operations.count > HTMLReport.operationLimit
    let places = Self.places(in: operations, limit: isSample ? HTMLReport.sampleSize : .max)
    let grounds = GroundsIndex(plan)
    func row(_ index: Int) -> HTMLPage.Row {
      Self.row(operations[index], in: plan.decisions, origins: grounds.origins(index))
    }

    memberGroups = overview.counts.filter { !$0.kind.isMembership }.map { kind, count in
      let shown = places[kind] ?? []
      return HTMLPage.Group(
        heading: VisibleText(kind.heading(isApplied: isApplied)),
        detail: Self.detail(shown.count, of: count),
        rows: shown.map(row))
    }
    let edges = (places[.addMembership] ?? []) + (places[.removeMembership] ?? [])
    teamGroups = TeamChanges.all(edges.sorted(), in: operations).map { group in
      HTMLPage.Group(
        heading: VisibleText(group.team.name),
        detail: "\(group.joining) in, \(group.leaving) out", rows: group.operations.map(row))
    }
  }

  /// The first `limit` operations of each kind.
  private static func places(
    in operations: [Operation], limit: Int
  ) -> [Operation.Kind: [Int]] {
    var places: [Operation.Kind: [Int]] = [:]
    for (index, operation) in operations.enumerated() {
      let kind = operation.kind
      if places[kind, default: []].count < limit { places[kind, default: []].append(index) }
    }
    return places
  }

  private static func detail(_ shown: Int, of count: Int) -> String {
    shown == count ? "\(Quantity(count))" : "\(Quantity(shown)) of \(Quantity(count)) shown"
  }

  private static func row(
    _ operation: Operation, in decisions: Decisions, origins: [RecordOrigin]
  ) -> HTMLPage.Row {
    let kind = operation.kind
    let subject = operation.edgeMember ?? operation.subject
    let changes = operation.changes(in: decisions).map { change($0, isNew: kind.isCreation) }
    return HTMLPage.Row(
      sign: kind.sign, verb: kind.verb, tone: kind.tone.name,
      who: VisibleText(subject.name, limit: HTMLPage.valueLimit),
      id: VisibleText(subject.id.description), classes: operation.classes.names, changes: changes,
      hasChanges: !changes.isEmpty, situation: operation.situation.words,
      explanation: operation.situation.explanation, rule: VisibleText(operation.rule),
      origins: origins.map { VisibleText($0.place) })
  }

  private static func change(_ change: AttributeChange, isNew: Bool) -> HTMLPage.Change {
    let path = change.attribute.path
    let (before, after) = change.visible(limit: HTMLPage.valueLimit)
    let name = AttributePath(
      attribute: path.attribute, filter: path.filter, subAttribute: path.subAttribute)
    let replacement = HTMLPage.Replacement(
      before: before.map { [$0] } ?? [], after: after.map { [$0] } ?? [])
    return HTMLPage.Change(
      schema: path.schema.map { [VisibleText($0 + ":")] } ?? [],
      attribute: VisibleText(name.description),
      added: isNew ? replacement.after : [], replaced: isNew ? [] : [replacement])
  }
}
