package import Identity
import Matching
import PlanFile
import Scanning

/// Decides which team record is which team, and what changes about the team itself.
package struct TeamPlanning {
  let input: TeamInput
  private let locate: (RecordNumber) -> RecordOrigin
  private let freeID: (_ export: String, _ sourceKey: [UInt8]) -> ResourceID
  var decisions = TeamDecisions()
  /// The teams of the state by their keys.
  let index: TeamKeyIndex
  var intents: [Intent] = []
  var frozen: Set<Int> = []
  /// Teams of which a record says what is known.
  private var sameCount = 0

  package static func decide(
    _ input: TeamInput, locate: @escaping (RecordNumber) -> RecordOrigin,
    freeID: @escaping (_ export: String, _ sourceKey: [UInt8]) -> ResourceID
  ) -> TeamDecisions {
    // Both take as long as each other.
    let order = Prepared { TeamRecordOrder(input.records, keys: input.rules.teamKeys) }
    var planning = TeamPlanning(input: input, locate: locate, freeID: freeID)
    planning.decisions.isImplicit = input.isImplicit
    planning.noteCurrent()
    planning.decideRecords(order.take())
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
    index = TeamKeyIndex(input.current.map(\.image), keys: input.rules.teamKeys.map(\.id))
  }

  private func name(of image: AttributeImage) -> String {
    input.rules.teamAttributes.id(of: .displayName).flatMap { image.text($0) } ?? ""
  }

  private mutating func noteCurrent() {
    let display = input.rules.teamAttributes.id(of: .displayName)
    decisions.teams.reserveCapacity(input.current.count)
    for current in input.current {
      let name = display.flatMap { current.image.text($0) } ?? ""
      decisions.teams.append(
        TeamDecisions.Team(
          subject: SubjectRef(id: current.team.id, name: name), image: current.image,
          current: current.team, standing: current.team.owners.isEmpty ? .untouched : .managed,
          isListed: false))
    }
  }

  private enum Match {
    case seat(Int, key: Int)
    case joiner
    case conflict(Int, key: Int)
    case ambiguous([Int], key: Int)

    /// The teams it may be; a conflicting one it is not.
    var seats: [Int] {
      switch self {
      case .seat(let seat, _): [seat]
      case .ambiguous(let seats, _): seats
      case .joiner, .conflict: []
      }
    }
  }

  /// What a record would come to, unless a value it needs is taken.
  struct Intent {
    let record: OpenRecord
    /// Nil for a team that is not there yet.
    let seat: Int?
    let isAdoption: Bool
    let changes: [AttributeChange]
    /// The team that has a key value of the record but is, by a higher key, another one.
    let conflict: (seat: Int, key: Int)?
  }

  /// A record that is some team of the state, by one of the keys; both as numbers.
  private struct Claim: BitwiseCopyable {
    let record: Int
    let key: Int
  }

  private func match(_ record: OpenRecord) -> Match {
    for (place, key) in input.rules.teamKeys.enumerated() {
      guard let value = record.image[key.id], !value.isEmpty else { continue }
      let seat: Int
      switch index.lookup(value, key: place) {
      case .none: continue
      case .several(let seats): return .ambiguous(seats, key: place)
      case .one(let only): seat = only
      }
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

  private mutating func decideRecords(_ order: TeamRecordOrder) {
    var claims = [Claim?](repeating: nil, count: input.current.count)
    var further: [Int: [Claim]] = [:]
    func claim(_ seat: Int, _ claim: Claim) {
      if claims[seat] == nil {
        claims[seat] = claim
      } else {
        further[seat, default: []].append(claim)
      }
    }
    // Nearly all are some team by their first key, which is found out for all of them at once.
    let onlyOnes =
      order.twins.isEmpty ? index.onlyOnes(of: input.records.map(\.image)) : []
    for place in order.places {
      if !onlyOnes.isEmpty, onlyOnes[place] >= 0 {
        claim(Int(onlyOnes[place]), Claim(record: place, key: 0))
        continue
      }
      let record = input.records[place]
      let match = match(record)
      if !order.twins.isEmpty, let others = order.twins[record.number] {
        hold(record, .duplicate, duplicateFinding(record, others: others))
        freeze(match.seats)
        continue
      }
      switch match {
      case .joiner: create(record, conflict: nil)
      case .seat(let seat, let key): claim(seat, Claim(record: place, key: key))
      case .conflict(let seat, let key): create(record, conflict: (seat, key))
      case .ambiguous(let seats, let key):
        let names = seats.map { decisions.teams[$0].subject.name }.sorted()
        hold(
          record, .ambiguous,
          .ambiguous(key: keyName(key), value: name(of: record.image), members: names))
        freeze(seats)
      }
    }
    for seat in claims.indices {
      if let claim = claims[seat] { settle(seat, claim, further[seat] ?? []) }
    }
    holdTakenValues()
    for intent in intents { carryOut(intent) }
    if sameCount > 0 { decisions.situations[.same, default: 0] += sameCount }
  }

  private func keyName(_ place: Int) -> String { "\(input.rules.teamKeys[place].path)" }

  private func duplicateFinding(
    _ record: OpenRecord, others: [RecordNumber]
  ) -> Finding.Subject {
    .duplicate(key: "team key", value: name(of: record.image), others: others.map(locate))
  }

  func conflictFinding(_ record: OpenRecord, seat: Int, key: Int) -> Finding.Subject {
    let higher = input.rules.teamKeys[..<key].first { record.image[$0.id]?.isEmpty == false }
    return .conflictingKeys(
      member: "team " + decisions.teams[seat].subject.name,
      key: higher.map { "\($0.path)" } ?? keyName(0),
      recordValue: higher.flatMap { record.image.text($0.id) } ?? "",
      memberValue: higher.flatMap { decisions.teams[seat].image.text($0.id) } ?? "")
  }

  mutating func hold(
    _ record: OpenRecord, _ situation: Situation, _ finding: Finding.Subject
  ) {
    decisions.findings.note(finding, at: locate(record.number))
    decisions.holds.append(Hold(subject: "team \(name(of: record.image))", situation: situation))
    decisions.situations[situation, default: 0] += 1
  }

  /// Leaves teams alone that a held record may be.
  mutating func freeze(_ seats: [Int]) {
    for seat in seats {
      decisions.teams[seat].standing = .untouched
      decisions.teams[seat].isListed = true
      frozen.insert(seat)
    }
  }

  private mutating func settle(_ seat: Int, _ claim: Claim, _ further: [Claim]) {
    guard further.isEmpty, !frozen.contains(seat) else {
      contend(for: seat, ([claim] + further).map { input.records[$0.record] })
      return
    }
    let record = input.records[claim.record]
    let isBelieved = isReliable(record)
    decisions.teams[seat].isListed = true
    decisions.teams[seat].isListedReliably = isBelieved
    decisions.teams[seat].isByRule = isByRule(record)
    guard input.rules.updatesFromUnreliable || isBelieved else {
      decisions.teams[seat].standing = .untouched
      decisions.situations[.withheld, default: 0] += 1
      return
    }
    let isAdoption = decisions.teams[seat].current?.owners.isEmpty ?? true
    let isSame = !record.image.differs(from: decisions.teams[seat].image)
    guard isAdoption || input.rules.updatesTeams else {
      decisions.teams[seat].standing = .kept
      decisions.situations[isSame ? .same : .notUpdated, default: 0] += 1
      return
    }
    guard !isAdoption || input.rules.adoptTeams.contains(claim.key) else {
      hold(record, .found, .teamClaimable(team: decisions.teams[seat].subject.name))
      return
    }
    // What changes nothing wants nothing, and frees nothing.
    if isSame, !isAdoption, !isNew(record, to: seat) {
      sameCount += 1
      return
    }
    intents.append(
      Intent(
        record: record, seat: seat, isAdoption: isAdoption, changes: changes(of: seat, record),
        conflict: nil))
  }

  /// Several records that are one team, or one that is a team which a held record may be.
  private mutating func contend(for seat: Int, _ records: [OpenRecord]) {
    freeze([seat])
    for record in records {
      let others = records.map(\.number).filter { $0 != record.number }
      hold(
        record, .contended,
        .contended(
          member: "team " + decisions.teams[seat].subject.name,
          others: others.prefix(10).map(locate)))
    }
  }

  private func isByRule(_ record: OpenRecord) -> Bool {
    !input.ruleRecords.isEmpty && input.ruleRecords[record.number] != nil
  }

  /// Whether the export of a record comes to own its team tonight; one that is not there owns nothing.
  private func isNew(_ record: OpenRecord, to seat: Int) -> Bool {
    guard let owner = input.exports[Int(record.number.export)]?.owner else { return true }
    return decisions.teams[seat].current?.owners.contains(owner) != true
  }

  /// Implicit teams rest on the name of a file, not on what is in it.
  func isReliable(_ record: OpenRecord) -> Bool {
    if isByRule(record), let isReliable = input.ruleRecords[record.number] { return isReliable }
    return input.isImplicit || input.exports[Int(record.number.export)]?.isReliable == true
  }

  /// Whether a record may lessen what somebody has.
  func mayTakeAway(_ record: OpenRecord) -> Bool {
    guard isReliable(record) else { return false }
    return input.isImplicit || input.ruleRecords[record.number] != nil
      || input.exports[Int(record.number.export)]?.mayRemove == true
  }

  private mutating func own(_ id: ResourceID, _ export: String) {
    decisions.ownerships.append(
      Bookkeeping.Ownership(kind: .team, subject: id, export: export))
  }

  func isKeyChange(_ change: AttributeChange) -> Bool {
    change.attribute.path == .displayName
      || input.rules.teamKeys.contains { $0.path == change.attribute.path }
  }

  /// What a record changes about its team; of a protected one never what it is called by.
  private mutating func changes(of seat: Int, _ record: OpenRecord) -> [AttributeChange] {
    permitted(differences(of: seat, record), seat: seat, record)
  }

  private func differences(of seat: Int, _ record: OpenRecord) -> [AttributeChange] {
    let set = input.rules.teamAttributes
    let (current, desired) = (decisions.teams[seat].image, record.image)
    var changes: [AttributeChange] = []
    desired.forEachDifference(from: current) { id, before, after in
      changes.append(
        AttributeChange(
          attribute: set[id], before: before.map { current.text(at: $0) },
          after: after.isEmpty ? nil : desired.text(at: after)))
    }
    return changes
  }

  private mutating func create(_ record: OpenRecord, conflict: (seat: Int, key: Int)?) {
    guard !name(of: record.image).isEmpty, !input.sourceKey(of: record).isEmpty,
      input.exports[Int(record.number.export)] != nil
    else {
      hold(record, .quarantined, .noKey)
      return
    }
    guard input.rules.updatesFromUnreliable || isReliable(record) else {
      decisions.situations[.withheld, default: 0] += 1
      return
    }
    guard input.rules.createsTeams else {
      decisions.findings.note(
        .teamNotCreated(team: name(of: record.image)), at: locate(record.number))
      decisions.notCreated.append(record.image)
      decisions.situations[.notCreated, default: 0] += 1
      return
    }
    intents.append(
      Intent(record: record, seat: nil, isAdoption: false, changes: [], conflict: conflict))
  }

  // MARK: - Drafts

  private mutating func carryOut(_ intent: Intent) {
    guard let export = input.exports[Int(intent.record.number.export)] else { return }
    guard let seat = intent.seat else {
      create(intent.record, from: export)
      return
    }
    if intent.isAdoption { decisions.teams[seat].standing = .addsOnly }
    if decisions.teams[seat].current?.owners.contains(export.owner) != true {
      own(decisions.teams[seat].subject.id, export.name)
    }
    guard intent.isAdoption || !intent.changes.isEmpty else {
      decisions.situations[.same, default: 0] += 1
      return
    }
    decisions.drafts.append(
      TeamDecisions.Draft(
        seat: seat, action: .updateTeam(intent.changes),
        situation: intent.isAdoption ? .found : .differs,
        classes: classes(of: intent.changes),
        rule: intent.isAdoption ? "matching.adopt" : "mapping", records: [intent.record.number]))
  }

  private mutating func create(_ record: OpenRecord, from export: ExportStatus) {
    let subject = SubjectRef(
      id: freeID(export.name, input.sourceKey(of: record)), name: name(of: record.image))
    let image = record.image.withoutClears
    decisions.teams.append(
      TeamDecisions.Team(
        subject: subject, image: image, current: nil, standing: .addsOnly, isListed: true))
    decisions.drafts.append(
      TeamDecisions.Draft(
        seat: decisions.teams.count - 1, action: .createTeam(image), situation: .joiner,
        classes: hasRoles(image) ? .grant : [], rule: createRule(record),
        records: [record.number]))
    decisions.teams[decisions.teams.count - 1].isByRule = input.ruleRecords[record.number] != nil
    own(subject.id, export.name)
  }

  /// Managed teams that all their exports, full and believed, no longer name: reported, never touched.
  private mutating func reportGone() {
    for seat in input.current.indices {
      let team = decisions.teams[seat]
      guard !team.isListed, let owners = team.current?.owners, !owners.isEmpty else { continue }
      let owning = input.exports.filter { owners.contains($0.value.owner) }
      // Without a team export, a team is known by its memberships or by its rule alone.
      let isByRule = owning.contains { input.peopleExports.contains($0.key) }
      guard !input.isImplicit || isByRule else { continue }
      let exports = owning.values
      guard exports.allSatisfy({ $0.isFull && $0.isReliable }) else { continue }
      decisions.teams[seat].standing = .untouched
      decisions.findings.note(.teamGone(team: team.subject.name))
      decisions.situations[.gone, default: 0] += 1
    }
  }
}

extension TeamInput {
  /// What the source calls this record.
  func sourceKey(of record: OpenRecord) -> [UInt8] { rules.teamKeys.sourceKey(of: record.image) }
}
