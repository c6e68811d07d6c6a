package import Identity
package import Matching
package import PlanFile

/// A team of the state with the values that matching needs.
package struct TeamSeat: Sendable {
  package let team: CurrentTeam
  package let image: AttributeImage

  package init(team: CurrentTeam, image: AttributeImage) {
    self.team = team
    self.image = image
  }
}

/// What deciding about teams needs to know.
package struct TeamInput: Sendable {
  package var rules: PlanningRules
  /// The team exports; numbers in records count over all exports of the run.
  package var exports: [Int: ExportStatus]
  package var current: [TeamSeat]
  package var records: [OpenRecord]
  /// Whether a record stands for a team that only its memberships export names.
  package var isImplicit: Bool

  package init(
    rules: PlanningRules, exports: [Int: ExportStatus], current: [TeamSeat],
    records: [OpenRecord], isImplicit: Bool
  ) {
    self.rules = rules
    self.exports = exports
    self.current = current
    self.records = records
    self.isImplicit = isImplicit
  }
}

/// What was decided about teams.
///
/// Seats are those of the state, then those of new teams.
package struct TeamDecisions: Sendable {
  /// What may happen to a team's memberships.
  package enum Standing: Sendable, Hashable {
    /// Ours: memberships come and go.
    case managed
    /// New, or adopted by this very plan: memberships are only added.
    case addsOnly
    /// Not ours, held, or gone: memberships stay as they are.
    case untouched
  }

  package struct Team: Sendable {
    package let subject: SubjectRef
    package let image: AttributeImage
    /// Nil for a team that this plan creates.
    package let current: CurrentTeam?
    package var standing: Standing
    /// Whether a team export names it tonight.
    package var isListed: Bool

    package init(
      subject: SubjectRef, image: AttributeImage, current: CurrentTeam?, standing: Standing,
      isListed: Bool
    ) {
      self.subject = subject
      self.image = image
      self.current = current
      self.standing = standing
      self.isListed = isListed
    }
  }

  package struct Draft: Sendable {
    package let seat: Int
    package let action: Operation.Action
    package let situation: Situation
    package let classes: ChangeClass
    package let rule: String
    package let records: [RecordNumber]
  }

  package var teams: [Team] = []
  package var drafts: [Draft] = []
  package var holds: [Hold] = []
  package var situations: [Situation: Int] = [:]
  package var findings = FindingLog()
  package var ownerships: [Bookkeeping.Ownership] = []
}

/// Decides which team record is which team, and what changes about the team itself.
package struct TeamPlanning {
  private let input: TeamInput
  private let locate: (RecordNumber) -> RecordOrigin
  private let freeID: (_ export: String, _ sourceKey: [UInt8]) -> ResourceID
  private var decisions = TeamDecisions()
  private var seatsByKey: [[[UInt8]: [Int]]] = []

  package static func decide(
    _ input: TeamInput, locate: @escaping (RecordNumber) -> RecordOrigin,
    freeID: @escaping (_ export: String, _ sourceKey: [UInt8]) -> ResourceID
  ) -> TeamDecisions {
    var planning = TeamPlanning(input: input, locate: locate, freeID: freeID)
    planning.indexCurrent()
    planning.decideRecords()
    planning.reportGone()
    return planning.decisions
  }

  private init(
    input: TeamInput, locate: @escaping (RecordNumber) -> RecordOrigin,
    freeID: @escaping (_ export: String, _ sourceKey: [UInt8]) -> ResourceID
  ) {
    self.input = input
    self.locate = locate
    self.freeID = freeID
  }

  private func name(of image: AttributeImage) -> String {
    input.rules.teamAttributes.id(of: .displayName).flatMap { image.text($0) } ?? ""
  }

  private mutating func indexCurrent() {
    seatsByKey = input.rules.teamKeys.map { _ in [:] }
    for (seat, current) in input.current.enumerated() {
      for (place, key) in input.rules.teamKeys.enumerated() {
        guard let value = current.image[key.id], !value.isEmpty else { continue }
        seatsByKey[place][MatchKeyText.folded(value), default: []].append(seat)
      }
      decisions.teams.append(
        TeamDecisions.Team(
          subject: SubjectRef(id: current.team.resource.id, name: name(of: current.image)),
          image: current.image, current: current.team,
          standing: current.team.owners.isEmpty ? .untouched : .managed, isListed: false))
    }
  }

  private enum Match {
    case seat(Int, key: Int)
    case joiner
    case conflict(Int, key: Int)
    case ambiguous([Int], key: Int)
  }

  private func match(_ record: OpenRecord) -> Match {
    for (place, key) in input.rules.teamKeys.enumerated() {
      guard let value = record.image[key.id], !value.isEmpty,
        let seats = seatsByKey[place][MatchKeyText.folded(value)]
      else { continue }
      guard seats.count == 1, let seat = seats.first else { return .ambiguous(seats, key: place) }
      let differs = input.rules.teamKeys[..<place].contains { higher in
        guard let mine = record.image[higher.id], !mine.isEmpty,
          let theirs = input.current[seat].image[higher.id], !theirs.isEmpty
        else { return false }
        return !MatchKeyText.same(mine, theirs)
      }
      return differs ? .conflict(seat, key: place) : .seat(seat, key: place)
    }
    return .joiner
  }

  private mutating func decideRecords() {
    let twins = twinRecords()
    var claims: [Int: [(record: OpenRecord, key: Int)]] = [:]
    var joiners: [OpenRecord] = []
    for record in input.records {
      if let others = twins[record.number] {
        hold(record, .duplicate, duplicateFinding(record, others: others))
        if case .seat(let seat, _) = match(record) { freeze(seat) }
        continue
      }
      switch match(record) {
      case .joiner: joiners.append(record)
      case .seat(let seat, let key): claims[seat, default: []].append((record, key))
      case .conflict(let seat, let key):
        hold(record, .conflictingKeys, conflictFinding(record, seat: seat, key: key))
        freeze(seat)
      case .ambiguous(let seats, let key):
        let names = seats.map { decisions.teams[$0].subject.name }
        hold(
          record, .ambiguous,
          .ambiguous(key: keyName(key), value: name(of: record.image), members: names))
        seats.forEach { freeze($0) }
      }
    }
    for (seat, claims) in claims.sorted(by: { $0.key < $1.key }) {
      settle(seat, claims)
    }
    for record in joiners.sorted(by: {
      sourceKey(of: $0).lexicographicallyPrecedes(sourceKey(of: $1))
    }) {
      create(record)
    }
  }

  private func keyName(_ place: Int) -> String { "\(input.rules.teamKeys[place].path)" }

  private func sourceKey(of record: OpenRecord) -> [UInt8] {
    input.rules.teamKeys.lazy.compactMap { record.image[$0.id] }.first { !$0.isEmpty }
      .map { MatchKeyText.folded($0) } ?? []
  }

  /// Records that share a key value with another record of tonight.
  private func twinRecords() -> [RecordNumber: [RecordNumber]] {
    var twins: [RecordNumber: Set<RecordNumber>] = [:]
    for key in input.rules.teamKeys {
      var byValue: [[UInt8]: [RecordNumber]] = [:]
      for record in input.records {
        guard let value = record.image[key.id], !value.isEmpty else { continue }
        byValue[MatchKeyText.folded(value), default: []].append(record.number)
      }
      for group in byValue.values where group.count > 1 {
        for number in group { twins[number, default: []].formUnion(group.filter { $0 != number }) }
      }
    }
    return twins.mapValues { $0.sorted() }
  }

  private func duplicateFinding(
    _ record: OpenRecord, others: [RecordNumber]
  ) -> Finding.Subject {
    .duplicate(key: "team key", value: name(of: record.image), others: others.map(locate))
  }

  private func conflictFinding(_ record: OpenRecord, seat: Int, key: Int) -> Finding.Subject {
    let higher = input.rules.teamKeys[..<key].first { record.image[$0.id]?.isEmpty == false }
    return .conflictingKeys(
      member: "team " + decisions.teams[seat].subject.name,
      key: higher.map { "\($0.path)" } ?? keyName(0),
      recordValue: higher.flatMap { record.image.text($0.id) } ?? "",
      memberValue: higher.flatMap { decisions.teams[seat].image.text($0.id) } ?? "")
  }

  private mutating func hold(
    _ record: OpenRecord, _ situation: Situation, _ finding: Finding.Subject
  ) {
    decisions.findings.note(finding, at: locate(record.number))
    decisions.holds.append(Hold(subject: "team \(name(of: record.image))", situation: situation))
    decisions.situations[situation, default: 0] += 1
  }

  private mutating func freeze(_ seat: Int) {
    decisions.teams[seat].standing = .untouched
    decisions.teams[seat].isListed = true
  }

  private mutating func settle(_ seat: Int, _ claims: [(record: OpenRecord, key: Int)]) {
    decisions.teams[seat].isListed = true
    guard claims.count == 1, let (record, key) = claims.first else {
      freeze(seat)
      for claim in claims {
        let others = claims.map(\.record.number).filter { $0 != claim.record.number }
        hold(
          claim.record, .contended,
          .contended(
            member: "team " + decisions.teams[seat].subject.name, others: others.map(locate)))
      }
      return
    }
    let owners = decisions.teams[seat].current?.owners ?? []
    let isAdoption = owners.isEmpty
    if isAdoption {
      guard input.rules.adoptTeams.contains(key) else {
        hold(record, .found, .teamClaimable(team: decisions.teams[seat].subject.name))
        return
      }
      decisions.teams[seat].standing = .addsOnly
    }
    update(seat, record, isAdoption: isAdoption)
    if let export = input.exports[Int(record.number.export)], !owners.contains(export.owner) {
      own(decisions.teams[seat].subject.id, export.name)
    }
  }

  private mutating func own(_ id: ResourceID, _ export: String) {
    decisions.ownerships.append(
      Bookkeeping.Ownership(kind: .team, subject: id, export: export))
  }

  private mutating func update(_ seat: Int, _ record: OpenRecord, isAdoption: Bool) {
    let set = input.rules.teamAttributes
    let before = decisions.teams[seat].image
    var changes: [AttributeChange] = record.image.entries.compactMap { entry in
      let after = record.image.bytes[entry.range]
      guard !after.elementsEqual(before[entry.id] ?? []) else { return nil }
      return AttributeChange(
        attribute: set[entry.id], before: before.text(entry.id),
        after: after.isEmpty ? nil : String(decoding: after, as: UTF8.self))
    }
    let values = input.rules.teamKeys.compactMap { before[$0.id] }
    let isKeyChange = { (change: AttributeChange) in
      self.input.rules.teamKeys.contains { $0.path == change.attribute.path }
    }
    if let rule = input.rules.protectedTeams.rule(for: values), changes.contains(where: isKeyChange)
    {
      changes.removeAll(where: isKeyChange)
      decisions.findings.note(
        .protected(
          subject: "team " + decisions.teams[seat].subject.name, change: "rekey", rule: rule))
      decisions.situations[.protected, default: 0] += 1
    }
    guard isAdoption || !changes.isEmpty else {
      decisions.situations[.same, default: 0] += 1
      return
    }
    decisions.drafts.append(
      TeamDecisions.Draft(
        seat: seat, action: .updateTeam(changes), situation: isAdoption ? .found : .differs,
        classes: changes.contains(where: isKeyChange) ? .rekey : [],
        rule: isAdoption ? "matching.adopt" : "mapping", records: [record.number]))
  }

  private mutating func create(_ record: OpenRecord) {
    let name = name(of: record.image)
    guard !name.isEmpty, let export = input.exports[Int(record.number.export)] else {
      hold(record, .quarantined, .noKey)
      return
    }
    let seat = decisions.teams.count
    let subject = SubjectRef(id: freeID(export.name, sourceKey(of: record)), name: name)
    decisions.teams.append(
      TeamDecisions.Team(
        subject: subject, image: record.image, current: nil, standing: .addsOnly, isListed: true))
    decisions.drafts.append(
      TeamDecisions.Draft(
        seat: seat, action: .createTeam(record.image), situation: .joiner, classes: [],
        rule: input.isImplicit ? "memberships.team" : "lifecycle.create", records: [record.number]))
    own(subject.id, export.name)
  }

  /// Managed teams that a full set of team exports no longer names: reported, never touched.
  private mutating func reportGone() {
    let statuses = input.exports.values
    // Without a team export, a team is known by its memberships alone.
    guard !input.isImplicit, !statuses.isEmpty else { return }
    for seat in input.current.indices {
      let team = decisions.teams[seat]
      guard !team.isListed, let owners = team.current?.owners, !owners.isEmpty else { continue }
      decisions.teams[seat].standing = .untouched
      let exports = statuses.filter { owners.contains($0.owner) }
      if exports.allSatisfy({ $0.isFull }) {
        decisions.findings.note(.teamGone(team: team.subject.name))
        decisions.situations[.gone, default: 0] += 1
      }
    }
  }
}
