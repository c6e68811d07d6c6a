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
    guard !book.awaitedReferences.isEmpty || sources.contains(where: \.mapping.hasReferences)
    else { return .none }
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
    let left = pairing.joiners.filter { !created.contains($0.number) }
    let active = basis.memberAttributes.id(of: .active)
    let isDisabled = { (record: OpenRecord) in
      !basis.rules.createsDisabled
        && active.flatMap { record.image[$0] }?.elementsEqual("false".utf8) == true
    }
    return MemberDirectory(
      index: people.index, hasher: basis.keyHasher, drafts: members.drafts,
      left: left.filter { !isDisabled($0) } + pairing.held.compactMap(\.record),
      disabled: left.filter(isDisabled), outsiders: people.outsiders)
  }

  /// Adds to the decisions whom the members refer to.
  func settleReferences(
    _ members: inout MemberDecisions, _ people: PeopleStage, _ directory: MemberDirectory,
    _ details: inout SeatDetails, _ run: RunFacts, _ locator: RecordLocator
  ) async throws(JobFailure) {
    let displaced = displaced(people, directory)
    let awaited = awaited(people)
    let seats = Set(displaced.map(\.seat) + awaited.map(\.seat))
    try await add(seats, to: &details, people.index)
    let input = ReferenceInput(
      rules: basis.rules, keys: basis.memberKeys.map(\.path), exports: run.statuses,
      members: people.index.members, details: details,
      ids: people.ids.ids, wants: people.wants, displaced: displaced, awaited: awaited)
    members = ReferencePlanning.decide(
      members, input, locate: locator.origin(of:),
      resolve: { ReferenceHit(directory.lookup($1, key: $0)) })
  }

  // MARK: - Whom members wait for

  /// The numbers by which the origins of records of earlier nights are found, behind those of rules.
  private func awaitedRecord(_ place: Int) -> RecordNumber? {
    let name = book.awaitedReferences[place].wanted.origin.export
    let number = Int(UInt32.max) - policy.teams.rules.count - place
    return roster.people.first { $0.settings.name == roster.renamed[name] ?? name }
      .map { RecordNumber(export: $0.number, number: number) }
  }

  /// Lets these origins be found.
  func noteAwaited(_ run: inout RunFacts) {
    for place in book.awaitedReferences.indices {
      guard let number = awaitedRecord(place) else { continue }
      run.stated[number] = book.awaitedReferences[place].wanted.origin
    }
  }

  /// Whoever waits, as far as the policy still has the attribute, the key and the export.
  private func awaited(_ people: PeopleStage) -> [ReferenceInput.Awaited] {
    book.awaitedReferences.enumerated().compactMap { place, reference in
      let wanted = reference.wanted
      guard let seat = people.index.members.seat(ofOrdinal: reference.member),
        let attribute = basis.memberAttributes.id(of: reference.attribute),
        basis.memberAttributes[attribute].kind == .reference,
        let key = basis.memberKeys.firstIndex(where: { $0.path == wanted.key }),
        let record = awaitedRecord(place)
      else { return nil }
      let target = people.targets[attribute]?[seat] ?? ReferenceColumns.nobody
      return ReferenceInput.Awaited(
        seat: seat, attribute: attribute, key: key,
        hash: basis.keyHasher.hash(Array(wanted.value.utf8).span, key: key), record: record,
        isSame: people.attendance.isTicked(seat), isStated: target != ReferenceColumns.nobody)
    }
  }

  // MARK: - Whom members mean who have not changed

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
      case .notAMember, .disabled: .notAMember
      case .outOfScope: .outOfScope
      case .several: .several
      case .unknown: .unknown
      }
  }
}
