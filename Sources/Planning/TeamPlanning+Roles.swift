import Identity
import Matching
import PlanFile

// What changes of a team do to access: its key values are what it is known by, and its roles are its members'.

extension TeamPlanning {
  func classes(of changes: [AttributeChange]) -> ChangeClass {
    changes.reduce(into: changes.contains(where: isKeyChange) ? .rekey : []) { classes, change in
      classes.formUnion(change.roleClasses)
    }
  }

  func hasRoles(_ image: AttributeImage) -> Bool {
    input.rules.teamAttributes.id(of: .teamRoles).flatMap { image[$0] }?.isEmpty == false
  }

  func createRule(_ record: OpenRecord) -> String {
    if input.ruleRecords[record.number] != nil { return "teams.rules" }
    return input.isImplicit ? "memberships.team" : "lifecycle.create"
  }

  /// The changes that a record may bring: a protected team keeps its name and its roles, and an export that is not
  /// believed takes no role away.
  mutating func permitted(
    _ changes: [AttributeChange], seat: Int, _ record: OpenRecord
  ) -> [AttributeChange] {
    var permitted = changes
    if changes.contains(where: { $0.roleClasses.contains(.removal) }), !mayTakeAway(record) {
      permitted.removeAll { $0.roleClasses.contains(.removal) }
      decisions.situations[.withheld, default: 0] += 1
    }
    let image = decisions.teams[seat].image
    let blocked = permitted.filter { isKeyChange($0) || $0.roleClasses.contains(.removal) }
    guard !blocked.isEmpty, let rule = input.rules.protection(ofTeam: image) else {
      return permitted
    }
    decisions.findings.note(
      .protected(
        subject: "team " + decisions.teams[seat].subject.name,
        change: classes(of: blocked).subtracting(.grant).names.joined(separator: ", "), rule: rule))
    decisions.situations[.protected, default: 0] += 1
    return permitted.filter { !blocked.contains($0) }
  }
}

extension AttributeChange {
  /// Whether a team's roles, one text with commas, become more or fewer.
  fileprivate var roleClasses: ChangeClass {
    guard attribute.path == .teamRoles else { return [] }
    func roles(_ text: String?) -> Set<String> {
      Set((text ?? "").split(separator: ", ").map(String.init))
    }
    var classes: ChangeClass = []
    if !roles(after).isSubset(of: roles(before)) { classes.insert(.grant) }
    if !roles(before).isSubset(of: roles(after)) { classes.insert(.removal) }
    return classes
  }
}
