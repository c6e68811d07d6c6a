import Identity
import Mapping
import Matching
import PlanFile
import Planning
import Reading
import Storing

extension Reconciliation {
  /// The ids that references become; none where no export has a column with references, whatever presets propose.
  func memberIDs(
    _ members: CurrentMembers, for sources: [PeopleStage.Source]
  ) throws(JobFailure) -> MemberIDs {
    guard sources.contains(where: \.mapping.hasReferences) else { return .none }
    let attributes = basis.memberAttributes.ids
      .filter { basis.memberAttributes[$0].kind == .reference }
    return try JobFailure.storing { () throws(StoreFailure) in
      try MemberIDs(
        of: members, store: store, attributes: attributes, fingerprinter: basis.fingerprinter)
    }
  }

  /// The members by every key, as this plan will leave them.
  func directory(
    _ people: PeopleStage, _ pairing: Pairing, _ members: MemberDecisions
  ) -> MemberDirectory {
    let created = Set(members.drafts.filter { $0.situation == .joiner }.flatMap(\.records))
    let left =
      pairing.joiners.map(\.record).filter { !created.contains($0.number) }
      + pairing.held.compactMap(\.record)
    return MemberDirectory(
      index: people.index, hasher: basis.keyHasher, drafts: members.drafts, left: left)
  }

  /// Adds to the decisions whom the members refer to.
  func settleReferences(
    _ members: inout MemberDecisions, _ people: PeopleStage, _ directory: MemberDirectory,
    _ details: inout SeatDetails, _ run: RunFacts, _ locator: RecordLocator
  ) async throws(JobFailure) {
    let displaced = displaced(people, directory)
    try await add(Set(displaced.map(\.seat)), to: &details, people.index)
    let input = ReferenceInput(
      rules: basis.rules, exports: run.statuses, members: people.index.members, details: details,
      ids: people.ids.ids, wants: people.wants, displaced: displaced)
    members = ReferencePlanning.decide(
      members, input, locate: locator.origin(of:),
      resolve: { ReferenceHit(directory.lookup($1, key: $0)) })
  }

  /// Members whose records were *same*, but the key value that these name belongs to somebody else from now on.
  private func displaced(
    _ people: PeopleStage, _ directory: MemberDirectory
  ) -> [ReferenceInput.Displaced] {
    var displaced: [ReferenceInput.Displaced] = []
    for key in basis.memberKeys.indices
    where policy.referenceKeys.contains(basis.memberKeys[key].path) {
      let hits = directory.displaced(key: key)
      guard !hits.isEmpty else { continue }
      for (attribute, targets) in people.targets.sorted(by: { $0.key < $1.key }) {
        for (seat, target) in targets.enumerated() where target != ReferenceColumns.nobody {
          guard let hit = hits[Int(target)], let record = people.attendance.record(at: seat),
            people.referenceKeys[Int(record.export)]?[attribute] == key
          else { continue }
          displaced.append(
            ReferenceInput.Displaced(
              seat: seat, record: record, attribute: attribute, hit: ReferenceHit(hit)))
        }
      }
    }
    return displaced
  }
}

extension ReferenceHit {
  init(_ hit: MemberDirectory.Hit) {
    self =
      switch hit {
      case .seat(let seat): .seat(seat)
      case .notAMember: .notAMember
      case .several: .several
      case .unknown: .unknown
      }
  }
}
