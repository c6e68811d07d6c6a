import Identity
import PlanFile
import Planning
import Storing

// What a file of the target may change of members that are managed already. Taking note of strangers does no harm;
// a file that is cut or shifted, noted of members that exports own, would be acted on by the next plan.

extension Refresh {
  /// What guards see in a change of a managed member.
  func classes(of step: MemberDraft.Step) -> ChangeClass {
    guard case .update(let changes) = step else { return [] }
    let keys = basis.rules.memberKeys.map(\.path) + [.userName]
    return changes.reduce(into: []) { classes, change in
      let path = change.attribute.path
      if path == .active { classes.insert(change.after == "false" ? .removal : .grant) }
      if keys.contains(path) { classes.insert(.rekey) }
    }
  }

  /// Judges what is noted of managed members by the guards of the policy; `lets` is what a person lets pass.
  func verdicts(
    on operations: [Operation], _ members: CurrentMembers
  ) throws(StoreFailure) -> [GuardVerdict] {
    var touched: [Operation] = []
    for operation in operations where operation.kind == .updateMember {
      guard let ordinal = try store.ordinal(ofMember: operation.subjectID),
        let seat = members.seat(ofOrdinal: ordinal), !members.owners[seat].isEmpty
      else { continue }
      touched.append(operation)
    }
    guard !touched.isEmpty else { return [] }
    return GuardRound(limits: job.policy.guards.limits, lets: lets)
      .judge(touched, Populations(members, teams: try store.teams().map(\.facts)))
  }
}
