import Identity
import Matching
import PlanFile
import Planning

// What becomes of each attribute of one person.

extension PersonExplainer {
  func evaluateStep(
    _ planned: [Explanation.PlannedOperation], _ memberships: [Explanation.Membership]
  ) -> Explanation.Step {
    var step = Explanation.Step(name: .evaluate, status: .success)
    // Of somebody without a record, only what happens to roles is told.
    step.values =
      values(planned)
      + roles(planned, memberships).filter { !counting.isEmpty || $0.outcome != .same }
    if counting.isEmpty {
      step.notes.append(.nothingToEvaluate)
      step.status = .skipped
    } else if counting.count > 1, rules.merge != nil {
      step.notes.append(.merged(exports: counting.map(\.export.settings.name)))
    }
    return step
  }

  func values(_ planned: [Explanation.PlannedOperation]) -> [Explanation.Value] {
    var changes: [AttributePath: AttributeChange] = [:]
    var isNew = false
    for operation in planned.map(\.operation) where operation.edgeMember == nil {
      switch operation.action {
      case .updateMember(let list), .reactivateMember(let list):
        for change in list { changes[change.attribute.path] = change }
      case .createMember(let image):
        isNew = true
        for id in attributes.ids {
          guard let value = image.text(id) else { continue }
          changes[attributes[id].path] = AttributeChange(
            attribute: attributes[id], before: nil, after: value)
        }
      default: break
      }
    }
    let current = candidate.seat.map { details[$0] } ?? AttributeImage()
    let roles = Set(lookup.reconciliation.policy.teams.memberRoleAttributes.map(\.path))
    return attributes.ids.filter { !roles.contains(attributes[$0].path) }.compactMap { id in
      value(of: id, changes[attributes[id].path], isNew: isNew, current)
    }
  }

  /// The roles that somebody has from teams: no export has a say in them.
  private func roles(
    _ planned: [Explanation.PlannedOperation], _ memberships: [Explanation.Membership]
  ) -> [Explanation.Value] {
    let settings = lookup.reconciliation.policy.teams
    let image = candidate.seat.map { details[$0] } ?? AttributeImage()
    let teams = memberships.filter { $0.outcome != .leaves && $0.outcome != .notAdded }
    let granted = Set(teams.flatMap { settings.roles(of: $0.name) })
    let changed = Set(
      planned.flatMap { planned -> [AttributePath] in
        switch planned.operation.action {
        case .updateMember(let list), .reactivateMember(let list): list.map(\.attribute.path)
        case .createMember: settings.memberRoleAttributes.map(\.path)
        default: []
        }
      })
    let isNew = candidate.seat == nil
    return settings.memberRoleAttributes.compactMap { role, path in
      let current = attributes.id(of: path).flatMap { image.text($0) }
      let asked = granted.contains(role) ? role : nil
      guard asked != nil || current != nil else { return nil }
      let outcome: Explanation.Value.Outcome =
        changed.contains(path) && (asked == nil) != (current == nil)
        ? isNew ? .new : .changes : (asked == nil) == (current == nil) ? .same : .heldBack
      return Explanation.Value(
        attribute: path, source: RunLookup.rolesOfPolicy, export: asked ?? "", current: current,
        outcome: outcome)
    }
  }

  /// The id of the member whom the records name, or what they name nobody by for certain; nil where they name nobody.
  private func referredID(_ id: AttributeID) -> String? {
    guard let reference = counting.lazy.compactMap({ $0.references[id] }).first else { return nil }
    let key = basis.memberKeys[reference.key].id
    let seats = lookup.seats(of: reference).filter {
      MatchKeyText.same(details[$0][key] ?? [], reference.value[...])
    }
    return seats.count == 1
      ? details.id(of: seats[0])?.description : String(decoding: reference.value, as: UTF8.self)
  }

  private func value(
    of id: AttributeID, _ change: AttributeChange?, isNew: Bool, _ image: AttributeImage
  ) -> Explanation.Value? {
    let path = attributes[id].path
    // Of merged exports, the one that has the say is the one whose value is, or is to be, the member's.
    let decided = change.map { $0.after ?? "" } ?? currentText(of: id, image)
    let asking =
      counting.first { $0.image[id]?.elementsEqual((decided ?? "").utf8) == true }
      ?? counting.first { $0.image[id] != nil }
    let asked = asking?.image.text(id) ?? referredID(id)
    let source = (asking ?? counting.first)?.sources[id]
    let current = currentText(of: id, image)
    if let change {
      return Explanation.Value(
        attribute: path, source: source, export: change.after ?? "", current: change.before,
        outcome: isNew ? .new : .changes)
    }
    guard asked?.isEmpty == false || current != nil else { return nil }
    guard let asked else {
      return Explanation.Value(
        attribute: path, source: source, export: nil, current: current,
        outcome: isInitial(path) ? .onCreate : .leftAlone)
    }
    // Swift calls texts equal that differ in their bytes.
    let isSame = asked.utf8.elementsEqual((current ?? "").utf8)
    return Explanation.Value(
      attribute: path, source: source, export: asked, current: current,
      outcome: isSame ? .same : .heldBack)
  }

  /// Whether the exports that have the person give the attribute only to somebody new.
  private func isInitial(_ path: AttributePath) -> Bool {
    let names = counting.map(\.export.settings.name)
    let rules = lookup.reconciliation.policy.exports.people
      .filter { names.contains($0.settings.name) }
      .compactMap { $0.mapping.first { $0.path == path } }
    return !rules.isEmpty && rules.allSatisfy(\.isInitial)
  }

  /// What the member has; whether it is active stands with the member, not among its values.
  private func currentText(of id: AttributeID, _ image: AttributeImage) -> String? {
    guard attributes[id].path == .active, candidate.seat != nil else { return image.text(id) }
    return standing.contains(.active) ? "true" : "false"
  }
}
