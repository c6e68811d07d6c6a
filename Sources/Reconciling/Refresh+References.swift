import Identity
import Mapping
import Matching
import PlanFile
import Planning
import Storing

// Whom the members of a directory that exists refer to.

extension Refresh {
  private var hasReferences: Bool { !job.policy.referenceKeys.isEmpty }

  /// The ids that references become; none where there are no references.
  func memberIDs(_ members: CurrentMembers) throws(StoreFailure) -> MemberIDs {
    guard hasReferences else { return .none }
    let attributes = basis.memberAttributes.ids
      .filter { basis.memberAttributes[$0].kind == .reference }
    return try MemberIDs(
      of: members, store: store, attributes: attributes, fingerprinter: basis.fingerprinter)
  }

  /// What is to be noted of the members, with the ids of whom they refer to.
  func operations(
    _ drafts: [MemberDraft], _ stage: PeopleStage, _ details: SeatDetails, _ run: inout RunFacts
  ) -> [(Operation, String?)] {
    var decisions = MemberDecisions()
    decisions.drafts = drafts
    if hasReferences {
      let directory = MemberDirectory(
        index: stage.index, hasher: basis.keyHasher, drafts: drafts, left: [])
      let locator = RecordLocator(run)
      decisions = ReferencePlanning.decide(
        decisions,
        ReferenceInput(
          rules: basis.rules, keys: basis.memberKeys.map(\.path), exports: run.statuses,
          members: stage.index.members, details: details, ids: stage.ids.ids, wants: stage.wants,
          displaced: []),
        locate: locator.origin(of:),
        resolve: { ReferenceHit(directory.lookup($1, key: $0)) })
      run.findings.append(contentsOf: decisions.findings.findings)
    }
    let members = stage.index.members
    return decisions.drafts.compactMap { draft in
      guard draft.step != .update([]) else { return nil }
      let before =
        draft.seat < members.count
        ? StateMark.member(
          basis.fingerprinter.fingerprint(of: details[draft.seat]), members.standings[draft.seat])
        : nil
      let isManaged = draft.seat < members.count && !members.owners[draft.seat].isEmpty
      return (
        Operation(
          subject: draft.subject, action: draft.operation.action, situation: .unmanaged,
          classes: isManaged ? classes(of: draft.step) : [], rule: "refresh"), before
      )
    }
  }
}
