import Identity
import Mapping
import Matching
import PlanFile
import Planning
import Reading
import Storing

/// Tells of one person what each step of the run came to.
struct PersonExplainer {
  /// Somebody WHO may mean: a member of the state, records of tonight, or both.
  struct Candidate {
    var seat: Int?
    var looks: [RecordLook] = []
    var unreadable: [RecordOrigin] = []
  }

  let lookup: RunLookup
  let details: SeatDetails
  let candidate: Candidate

  var basis: RunBasis { lookup.basis }
  private var people: PeopleStage { lookup.seen.people }
  private var pairing: Pairing { lookup.seen.pairing }
  var attributes: AttributeSet { basis.memberAttributes }
  var rules: PlanningRules { basis.rules }
  private var roster: ExportRoster { lookup.reconciliation.roster }

  func subject() throws(JobFailure) -> Explanation.Subject {
    let planned = operations
    let memberships = try memberships(planned)
    var steps = [importStep, scopeStep, matchStep(planned), evaluateStep(planned, memberships)]
    steps[3].memberships = memberships
    steps.append(actStep(planned))
    if memberships.contains(where: { $0.outcome == .kept }), let seat = candidate.seat {
      steps[4].notes += teamsOfLeaver(seat)
    }
    return Explanation.Subject(
      kind: .person, name: name, id: candidate.seat.flatMap { details.id(of: $0) }, steps: steps)
  }

  // MARK: - Who it is

  /// The drafts of new members say which records they are made of.
  private var draft: MemberDraft? {
    let numbers = Set(candidate.looks.map(\.number))
    return lookup.seen.members.drafts.first { draft in
      candidate.seat.map { draft.seat == $0 } ?? !numbers.isDisjoint(with: draft.records)
    }
  }

  private var name: String {
    let userName = attributes.id(of: .userName)
    if let seat = candidate.seat {
      return userName.flatMap { details[seat].text($0) } ?? details.id(of: seat)?.description
        ?? "member \(seat)"
    }
    if let draft { return draft.subject.name }
    let image = candidate.looks.first?.image
    return userName.flatMap { image?.text($0) } ?? keyText
      ?? candidate.unreadable.first?.place ?? ""
  }

  /// The first key value of the record, which findings and holds call it by.
  private var keyText: String? {
    candidate.looks.lazy.compactMap { look in
      rules.memberKeys.lazy.compactMap { look.image.text($0.id) }.first { !$0.isEmpty }
    }.first
  }

  private var operations: [Explanation.PlannedOperation] {
    let id = candidate.seat.flatMap { details.id(of: $0) } ?? draft?.subject.id
    return id.map { lookup.operations(of: $0) } ?? []
  }

  private var owners: ExportSet {
    candidate.seat.map { people.index.members.owners[$0] } ?? []
  }

  var standing: MemberStanding {
    candidate.seat.map { people.index.members.standings[$0] } ?? []
  }

  /// Records that count: neither set aside nor out of scope, nor the word that somebody has gone.
  var counting: [RecordLook] {
    candidate.looks.filter(\.counts)
  }

  // MARK: - Import

  private var importStep: Explanation.Step {
    var step = Explanation.Step(name: .import, status: .success)
    for look in candidate.looks {
      step.notes.append(.record(look.origin))
      if look.hasLeft { step.notes.append(.saysGone(look.origin)) }
      if let problem = look.problem {
        step.notes.append(.finding(Finding(problem, at: look.origin)))
        step.status = .warning
      }
    }
    for record in candidate.unreadable {
      step.notes.append(.unreadable(record))
      step.status = .warning
    }
    let present = Set(candidate.looks.map(\.export.number))
    let expected = roster.people.filter { owners.isEmpty || owners.contains($0.owner) }
    step.notes += expected.filter { !present.contains($0.number) }.map(lookup.absence(from:))
    let doubts = roster.people.filter {
      present.contains($0.number) || expected.map(\.number).contains($0.number)
    }
    .flatMap(lookup.distrust(of:))
    step.notes += doubts
    if step.status == .success {
      step.status = !doubts.isEmpty ? .warning : candidate.looks.isEmpty ? .skipped : .success
    }
    return step
  }

  // MARK: - Scope

  private var scopeStep: Explanation.Step {
    var step = Explanation.Step(name: .scope, status: .success)
    for look in candidate.looks {
      let name = look.export.settings.name
      let scope = lookup.reconciliation.policy.exports.people
        .first { $0.settings.name == name }?.scope
      let filter = scope?.shown ?? ""
      switch look.scope {
      case .none: step.notes.append(.noScope(export: name))
      case .inside: step.notes.append(.inScope(export: name, filter: filter))
      case .outside:
        step.notes.append(
          .outOfScope(export: name, filter: filter, isLeaver: scope?.leaving == .leaver))
        step.status = .skipped
      case .unknown:
        step.notes.append(.scopeUnknown(export: name, filter: filter))
        step.status = .warning
      }
    }
    if candidate.looks.isEmpty {
      step.notes = [.nothingToJudge]
      step.status = .skipped
    }
    return step
  }

  // MARK: - Match

  private func matchStep(_ planned: [Explanation.PlannedOperation]) -> Explanation.Step {
    var step = Explanation.Step(name: .match, status: .success)
    if let look = counting.first ?? candidate.looks.first {
      for (place, key) in basis.memberKeys.prefix(basis.matchCount).enumerated() {
        guard let value = look.image.text(key.id), !value.isEmpty else {
          step.notes.append(.keyMissing(name: "\(key.path)"))
          continue
        }
        step.notes.append(
          .key(name: "\(key.path)", value: value, holders: holders(of: look, key, place)))
      }
    }
    if candidate.seat != nil {
      step.notes.append(
        .member(name: name, isActive: standing.contains(.active), owners: ownerNames))
      if !standing.contains(.active), standing.contains(.deactivatedByUs) {
        step.notes.append(.deactivatedByUs(asLeaver: standing.contains(.leaver)))
      }
    } else {
      step.notes.append(.notInState)
    }
    let situation = situation(planned)
    if let situation { step.notes.append(.situation(situation)) }
    step.status = situation.map(\.stepStatus) ?? .skipped
    // Found, and held until the policy says that it may be adopted.
    if situation == .found, planned.isEmpty { step.status = .warning }
    return step
  }

  /// The members that hold the record's value of a key; what matching found, it found among these.
  private func holders(of look: RecordLook, _ key: MatchKey, _ place: Int) -> [String] {
    let userName = attributes.id(of: .userName)
    return people.index.seats(key: place, hash: look.keyHashes[place]).filter { seat in
      MatchKeyText.same(details[seat][key.id] ?? [], look.image[key.id] ?? [])
    }.map { seat in
      userName.flatMap { details[seat].text($0) } ?? details.id(of: seat)?.description ?? ""
    }
  }

  private var ownerNames: [String] { owners.numbers.compactMap { roster.names[$0] } }

  /// What the run found: as an operation says it, or a hold, or as nothing but the pairing does.
  private func situation(_ planned: [Explanation.PlannedOperation]) -> Situation? {
    let own = planned.first { $0.operation.edgeMember == nil }?.operation.situation
    if let own { return own }
    let names = names
    let holds = lookup.plan.decisions.holds.filter { names.contains($0.subject) }
    if let hold = holds.first(where: { $0.situation != .withheld }) ?? holds.first {
      return hold.situation
    }
    if let skipped = lookup.plan.evidence.findings.lazy.compactMap(skippedJoiner).first {
      return skipped
    }
    guard let seat = candidate.seat else { return counting.isEmpty ? nil : .withheld }
    // Its record is there, and says nothing while it is out of scope.
    if people.leftAloneSeats.contains(seat) { return nil }
    if pairing.isPresent(seat) {
      return owners.isEmpty ? .unmanaged : isKeptAsItIs ? .notUpdated : .same
    }
    if owners.isEmpty { return .unmanaged }
    return owners.isDisjoint(with: roster.known) ? .orphaned : .leaver
  }

  /// Whether it differs from its record, and the policy updates nobody.
  private var isKeptAsItIs: Bool {
    !rules.updatesMembers && values([]).contains { $0.outcome == .heldBack }
  }

  /// That this person is new and not created, if that is what the finding says.
  private func skippedJoiner(_ finding: Finding) -> Situation? {
    let (key, situation): (String, Situation)
    switch finding.subject {
    case .createdDisabledSkipped(let text): (key, situation) = (text, .disabledJoiner)
    case .notCreated(let text): (key, situation) = (text, .notCreated)
    default: return nil
    }
    let isOwn = key == keyText && finding.origin.map { origins.contains($0) } ?? true
    return isOwn ? situation : nil
  }

  // MARK: - Memberships

  private func memberships(
    _ planned: [Explanation.PlannedOperation]
  ) throws(JobFailure) -> [Explanation.Membership] {
    let seat = candidate.seat ?? draft?.seat
    let teams = lookup.seen.teams.teams
    var asked: [Int: [RecordNumber]] = [:]
    for edge in lookup.edges where Int(edge.member) == seat && !edge.isGone {
      asked[Int(edge.team), default: []].append(edge.record)
    }
    let held = Set(try currentTeams())
    let locator = RecordLocator(lookup.run)
    return Set(asked.keys).union(held).sorted { teams[$0].subject < teams[$1].subject }.map {
      team in
      let operation = planned.first {
        $0.operation.edgeMember != nil && $0.operation.subjectID == teams[team].subject.id
      }?.operation.kind
      let outcome: Explanation.Membership.Outcome =
        switch operation {
        case .addMembership: .joins
        case .removeMembership: .leaves
        default: !held.contains(team) ? .notAdded : asked[team] == nil ? .kept : .stays
        }
      return Explanation.Membership(
        name: teams[team].subject.name, origins: (asked[team] ?? []).map(locator.origin(of:)),
        outcome: outcome)
    }
  }

  /// The teams that the member is in, by their seats in the run.
  private func currentTeams() throws(JobFailure) -> [Int] {
    guard let seat = candidate.seat else { return [] }
    let edges = try JobFailure.storing { () throws(StoreFailure) in
      try lookup.reconciliation.store.teams(ofMembers: [people.index.members.ordinals[seat]])
    }
    let ordinals = Set(edges.joined().map(\.team))
    let teams = lookup.seen.teams.teams
    return teams.indices.filter { place in
      teams[place].current.map { ordinals.contains($0.ordinal) } ?? false
    }
  }

  // MARK: - Act

  private var origins: [RecordOrigin] {
    candidate.looks.map(\.origin) + candidate.unreadable
  }

  /// What findings and holds call this person.
  private var names: Set<String> {
    var names: Set<String> = [name]
    if let keyText { names.insert(keyText) }
    for image in candidate.looks.map(\.image) {
      names.formUnion(rules.memberKeys.compactMap { image.text($0.id) })
    }
    return names.union(names.flatMap { ["member \($0)", "record \($0)"] }).subtracting([""])
  }

  private func actStep(_ planned: [Explanation.PlannedOperation]) -> Explanation.Step {
    var step = Explanation.Step(name: .act, status: .success, operations: planned)
    // What has been said of the record itself is not said again.
    let said = Set(candidate.looks.compactMap(\.problem))
    let notes = lookup.notes(about: names, at: origins).filter { note in
      guard case .finding(let finding) = note else { return true }
      return !said.contains(finding.subject)
    }
    step.notes = notes + reasons(planned, isExplained: !notes.isEmpty)
    if let draft, candidate.seat != nil {
      step.notes += draft.newOwners.map { .owned(newOwner: $0) }
    }
    if planned.isEmpty { step.status = .skipped }
    if !planned.isEmpty { step.notes += lookup.blocks }
    if step.notes.contains(where: \.isWarning) { step.status = .warning }
    return step
  }

  /// Why nothing happens, or no more than does.
  private func reasons(
    _ planned: [Explanation.PlannedOperation], isExplained: Bool
  ) -> [Explanation.Note] {
    let isChanged = planned.contains { $0.operation.edgeMember == nil }
    guard !isChanged else { return [] }
    if !counting.isEmpty { return reasonsOfRecord(isExplained: isExplained) }
    if candidate.looks.contains(where: { $0.problem != nil }) || !candidate.unreadable.isEmpty {
      return [.setAside]
    }
    guard let seat = candidate.seat else { return [] }
    return reasonsOfAbsent(seat, isExplained: isExplained)
  }

  private func reasonsOfRecord(isExplained: Bool) -> [Explanation.Note] {
    let doubted = counting.filter { lookup.run.health[$0.export.number]?.isReliable == false }
    if !doubted.isEmpty, !rules.updatesFromUnreliable {
      return [.nothingFromUnreliable(exports: doubted.map(\.export.settings.name))]
    }
    if candidate.seat != nil, isKeptAsItIs { return [.neverUpdated] }
    let isSame = values([]).allSatisfy { $0.outcome != .heldBack }
    return !isExplained && candidate.seat != nil && isSame ? [.agrees] : []
  }

  /// The ladder of leavers, and what keeps somebody from it.
  private func reasonsOfAbsent(_ seat: Int, isExplained: Bool) -> [Explanation.Note] {
    if candidate.looks.contains(where: { $0.scope == .outside }),
      people.leftAloneSeats.contains(seat)
    {
      return [.leftAloneOutOfScope]
    }
    guard !owners.isEmpty else { return [.unmanaged] }
    let living = roster.people.filter { owners.contains($0.owner) }
    guard !living.isEmpty else { return [] }
    let deltas = living.filter { $0.settings.content == .delta }
    if !deltas.isEmpty, candidate.looks.isEmpty {
      return [.deltaIsSilent(exports: deltas.map(\.settings.name))]
    }
    if people.shieldedSeats.contains(seat) { return isExplained ? [] : [.maybeUnreadable] }
    let unreliable = living.contains { lookup.run.health[$0.number]?.isReliable == false }
    return unreliable ? [] : reasonsOfLadder(seat)
  }

  private func reasonsOfLadder(_ seat: Int) -> [Explanation.Note] {
    let count = absences(of: seat)
    if standing.contains(.active) {
      if rules.ladder.deactivatesNobody { return [.neverDeactivated] }
      return count < rules.ladder.deactivate
        ? [.absences(count: count, needed: rules.ladder.deactivate)] : []
    }
    guard let limit = rules.ladder.delete else { return [.alreadyInactive, .neverDeleted] }
    return [.alreadyInactive] + (count < limit ? [.deletedLater(count: count, needed: limit)] : [])
  }

  /// Why somebody who has left is still in teams.
  private func teamsOfLeaver(_ seat: Int) -> [Explanation.Note] {
    guard lookup.seen.members.absentSeats.contains(seat), !people.leftAloneSeats.contains(seat)
    else { return [] }
    guard let limit = rules.ladder.stripTeams else { return [.teamsKept] }
    let count = absences(of: seat)
    return count < limit ? [.teamsStrippedLater(count: count, needed: limit)] : []
  }

  /// Tonight's included.
  private func absences(of seat: Int) -> Int {
    let tonight = lookup.plan.evidence.bookkeeping.absences
      .first { $0.member == details.id(of: seat) }?.count
    return tonight
      ?? lookup.reconciliation.book.absences[people.index.members.ordinals[seat]]?.count ?? 0
  }
}

extension ExportScope {
  /// What a record must say, and in which teams its person must be.
  fileprivate var shown: String {
    let teams = (assigned ?? []).map(\.text)
    let membership = teams.isEmpty ? nil : "assigned to " + teams.joined(separator: " or ")
    return [filter?.shown, membership].compactMap(\.self).joined(separator: " and ")
  }
}

extension ScopeFilter {
  /// On one line: clauses of groups stand between tabs and line ends.
  var shown: String {
    text.replacing("\n\n", with: " or ").replacing("\n", with: " and ").replacing("\t", with: " ")
  }
}

extension Situation {
  /// Whether matching went as it should.
  fileprivate var stepStatus: Explanation.Status {
    switch self {
    case .same, .differs, .joiner, .moved, .leaver, .sourceDisabled, .returner, .found, .emptied,
      .listed, .unlisted:
      .success
    case .disabledJoiner, .notCreated, .notUpdated, .unmanaged, .orphaned, .gone: .skipped
    case .inactiveNotByUs, .duplicate, .ambiguous, .contended, .conflictingKeys, .valueTaken,
      .probableRename, .quarantined, .withheld, .protected:
      .warning
    }
  }
}
