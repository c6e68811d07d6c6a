/// What a plan may be too much of; each has one limit in the policy.
///
/// The raw value is the key under `guards:` in the policy file, in plans and in reports.
/// Amounts are counted over the whole plan before the first write; the population is what the
/// target holds now (managed members, teams or edges), never what the export holds.
package enum GuardName: String, Sendable, Hashable, CaseIterable {
  /// Members that are not there yet.
  case creates
  /// Members whose attributes change, whatever the attribute.
  case updates
  /// Everything that lessens access: deactivation by absence or by value, deletion.
  case removals
  /// Everything that widens access beyond an ordinary joiner: reactivation, an edge into a
  /// protected team, a role.
  case grants
  /// Linked members whose match key or e-mail changes.
  case rekeys
  /// Unmanaged members that become managed.
  case memberAdoptions
  /// Unmanaged teams that become managed.
  case teamAdoptions
  /// Edges added, over all teams.
  case membershipsAdded
  /// Edges removed, over all teams.
  case membershipsRemoved
  /// Edges removed from one team, judged for each; the population is that team.
  case membershipsRemovedPerTeam
}

extension GuardName {
  /// The guards that an operation counts for, but for the one that judges each team by itself.
  package static func names(
    of kind: Operation.Kind, _ classes: ChangeClass, _ situation: Situation
  ) -> [GuardName] {
    var names: [GuardName] = []
    switch kind {
    case .createMember, .createTeam: names.append(.creates)
    case .updateMember, .reactivateMember, .updateTeam:
      names.append(.updates)
      if situation == .found {
        names.append(kind == .updateTeam ? .teamAdoptions : .memberAdoptions)
      }
    case .deactivateMember, .deleteMember: break
    case .addMembership: names.append(.membershipsAdded)
    case .removeMembership: names.append(.membershipsRemoved)
    }
    if classes.contains(.removal), kind != .removeMembership { names.append(.removals) }
    if classes.contains(.grant) { names.append(.grants) }
    if classes.contains(.rekey) { names.append(.rekeys) }
    return names
  }
}

extension Operation {
  /// The guards that it counts for, but for the one that judges each team by itself.
  package var guards: [GuardName] { GuardName.names(of: kind, classes, situation) }
}
