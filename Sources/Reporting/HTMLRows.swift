import Identity
import PlanFile

/// The operations of a plan as the page shows them: members and teams by kind, memberships by team.
struct HTMLRows {
  let isSample: Bool
  let memberGroups: [HTMLPage.Group]
  let teamGroups: [HTMLPage.Group]

  init(_ plan: Plan, _ overview: Overview) {
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
        heading: VisibleText(kind.heading), detail: Self.detail(shown.count, of: count),
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
    let changes = operation.changes(in: decisions).map(change)
    return HTMLPage.Row(
      sign: kind.sign, verb: kind.verb, tone: kind.tone.name,
      who: VisibleText(subject.name, limit: HTMLPage.valueLimit),
      id: VisibleText(subject.id.description), classes: operation.classes.names, changes: changes,
      hasChanges: !changes.isEmpty, situation: operation.situation.words,
      explanation: operation.situation.explanation, rule: VisibleText(operation.rule),
      origins: origins.map { VisibleText($0.place) })
  }

  private static func change(_ change: AttributeChange) -> HTMLPage.Change {
    let attribute = VisibleText(change.attribute.path.description)
    let limit = HTMLPage.valueLimit
    switch (change.before, change.after) {
    case (let before?, let after?):
      let (left, right) = VisibleText.pair(before, after, limit: limit)
      let replacement = HTMLPage.Replacement(before: left, after: right)
      return HTMLPage.Change(
        attribute: attribute, added: [], removed: [], replaced: [replacement])
    case (let before, let after):
      return HTMLPage.Change(
        attribute: attribute, added: after.map { [VisibleText($0, limit: limit)] } ?? [],
        removed: before.map { [VisibleText($0, limit: limit)] } ?? [], replaced: [])
    }
  }
}
