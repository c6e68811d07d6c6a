import Identity
import PlanFile

// Roles that a record gives somebody, or no longer gives: they are access, like memberships of teams with roles.

extension MemberPlanning {
  /// Notes what the changes of a draft do to roles, and leaves out those that would take one because of an export that
  /// may take nothing tonight; `isWithheld` says whether something was left out already, and is now.
  mutating func judgeRoles(
    of draft: inout MemberDraft, _ record: UnitedRecord, isWithheld: inout Bool
  ) {
    guard draft.changes.contains(where: { $0.attribute.path.isRole }) else { return }
    let takesRoles = draft.changes.contains { $0.memberRoleClasses.contains(.removal) }
    if takesRoles, !record.mayRemove {
      if !isWithheld {
        withhold(draft.seat, record.isReliable ? .noEarlierRun : .unreliableExport)
        decisions.leaveOpen(record.numbers)
      }
      isWithheld = true
      let kept = draft.changes.filter { !$0.memberRoleClasses.contains(.removal) }
      switch draft.step {
      case .update: draft.step = .update(kept)
      case .reactivate: draft.step = .reactivate(kept)
      case .create, .deactivate, .delete: break
      }
    }
    for change in draft.changes { draft.classes.formUnion(change.memberRoleClasses) }
  }
}

extension AttributePath {
  /// SCIM's `roles` (RFC 7643 §4.1.2), as a whole or one of them.
  fileprivate var isRole: Bool { schema == nil && attribute == "roles" }
}

extension AttributeChange {
  /// Whether a member has more roles after the change, or fewer, or both.
  var memberRoleClasses: ChangeClass {
    guard attribute.path.isRole else { return [] }
    func roles(_ text: String?) -> Set<[UInt8]> {
      guard let text, !text.isEmpty else { return [] }
      let values = attribute.kind == .list ? ListText.values(of: Array(text.utf8)) : [text]
      return Set((values ?? [text]).map { Array($0.utf8) })
    }
    var classes: ChangeClass = []
    if !roles(after).isSubset(of: roles(before)) { classes.insert(.grant) }
    if !roles(before).isSubset(of: roles(after)) { classes.insert(.removal) }
    return classes
  }
}
