extension PlanComparison {
  /// The same without the values that the policies hide; that two of them differ may be seen.
  package func hiding(_ redaction: Redaction) -> PlanComparison {
    PlanComparison(
      entries: entries.map { $0.hiding(redaction) }, sameCount: sameCount, holds: holds,
      findings: Difference(
        added: findings.added.map(redaction.replacing),
        dropped: findings.dropped.map(redaction.replacing)),
      verdicts: verdicts)
  }
}

extension PlanComparison.Entry {
  fileprivate func hiding(_ redaction: Redaction) -> PlanComparison.Entry {
    PlanComparison.Entry(
      kind: kind, name: name, change: change,
      first: first.map { $0.hiding(redaction, besides: nil) },
      second: second.map { effect in
        effect.hiding(redaction, besides: first.first { $0.isAlike(effect) })
      })
  }
}

extension PlanComparison.Effect {
  /// What the other plan does not write, too, is told from what it does.
  fileprivate func hiding(
    _ redaction: Redaction, besides other: PlanComparison.Effect?
  ) -> PlanComparison.Effect {
    PlanComparison.Effect(
      kind: kind, classes: classes,
      values: values.map { change in
        let hidden = redaction.replacing(change)
        guard hidden != change, let other, !other.values.contains(change) else { return hidden }
        return AttributeChange(
          attribute: change.attribute, before: hidden.before,
          after: hidden.after.map { "\($0) (another value)" })
      }, team: team)
  }
}
