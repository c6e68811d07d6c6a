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
  private(set) var seatsByKey: [[[UInt8]: KeySeats]] = []
  var intents: [Intent] = []
  var frozen: Set<Int> = []

  /// The teams with one value of a key; hardly ever more than one, and twenty thousand lists of one are a cost.
  struct KeySeats {
    let first: Int
    private(set) var further: [Int] = []

    init(_ seat: Int) { first = seat }

    mutating func append(_ seat: Int) { further.append(seat) }

    var all: [Int] { [first] + further }
  }

  package static func decide(
    _ input: TeamInput, locate: @escaping (RecordNumber) -> RecordOrigin,
    freeID: @escaping (_ export: String, _ sourceKey: [UInt8]) -> ResourceID
  ) -> TeamDecisions {
    var planning = TeamPlanning(input: input, locate: locate, freeID: freeID)
    planning.decisions.isImplicit = input.isImplicit
    // Both take as long as each other.
    let records = Prepared { (input.twinRecords(), input.canonicalRecords) }
    planning.indexCurrent()
    let (twins, canonical) = records.take()
    planning.decideRecords(canonical, twins)
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
    seatsByKey = input.rules.teamKeys.map { key in
      var seats: [[UInt8]: KeySeats] = [:]
      seats.reserveCapacity(input.current.count)
      for seat in input.current.indices {
        guard let value = input.current[seat].image[key.id], !value.isEmpty else { continue }
        let folded = MatchKeyText.folded(value)
        if seats[folded]?.append(seat) == nil { seats[folded] = KeySeats(seat) }
      }
      return seats
    }
    decisions.teams.reserveCapacity(input.current.count)
    for current in input.current {
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

  /// A record that is some team of the state, by one of the keys.
  private struct Claim {
    let record: OpenRecord
    let key: Int
  }

  private func match(_ record: OpenRecord) -> Match {
    for (place, key) in input.rules.teamKeys.enumerated() {
      guard let value = record.image[key.id], !value.isEmpty,
        let seats = seatsByKey[place][MatchKeyText.folded(value)]
      else { continue }
      guard seats.further.isEmpty else { return .ambiguous(seats.all, key: place) }
      let seat = seats.first
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

  private mutating func decideRecords(
    _ records: [OpenRecord], _ twins: [RecordNumber: [RecordNumber]]
  ) {
    var claims = [Claim?](repeating: nil, count: input.current.count)
    var further: [Int: [Claim]] = [:]
    intents.reserveCapacity(input.records.count)
    for record in records {
      let match = match(record)
      if let others = twins[record.number] {
        hold(record, .duplicate, duplicateFinding(record, others: others))
        freeze(match.seats)
        continue
      }
      switch match {
      case .joiner: create(record, conflict: nil)
      case .seat(let seat, let key):
        let claim = Claim(record: record, key: key)
        if claims[seat] == nil {
          claims[seat] = claim
        } else {
          further[seat, default: []].append(claim)
        }
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
      let claims = [claim] + further
      freeze([seat])
      for claim in claims {
        let others = claims.map(\.record.number).filter { $0 != claim.record.number }
        hold(
          claim.record, .contended,
          .contended(
            member: "team " + decisions.teams[seat].subject.name,
            others: others.prefix(10).map(locate)))
      }
      return
    }
    let (record, key) = (claim.record, claim.key)
    decisions.teams[seat].isListed = true
    decisions.teams[seat].isListedReliably = isReliable(record)
    decisions.teams[seat].isByRule = input.ruleRecords[record.number] != nil
    guard input.rules.updatesFromUnreliable || isReliable(record) else {
      decisions.teams[seat].standing = .untouched
      decisions.situations[.withheld, default: 0] += 1
      return
    }
    let isAdoption = decisions.teams[seat].current?.owners.isEmpty ?? true
    guard isAdoption || input.rules.updatesTeams else {
      decisions.teams[seat].standing = .kept
      let isSame = differences(of: seat, record).isEmpty
      decisions.situations[isSame ? .same : .notUpdated, default: 0] += 1
      return
    }
    guard !isAdoption || input.rules.adoptTeams.contains(key) else {
      hold(record, .found, .teamClaimable(team: decisions.teams[seat].subject.name))
      return
    }
    intents.append(
      Intent(
        record: record, seat: seat, isAdoption: isAdoption, changes: changes(of: seat, record),
        conflict: nil))
  }

  /// Implicit teams rest on the name of a file, not on what is in it.
  func isReliable(_ record: OpenRecord) -> Bool {
    if let isReliable = input.ruleRecords[record.number] { return isReliable }
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
    let before = decisions.teams[seat].image
    return record.image.entries.compactMap { entry in
      let after = record.image.bytes[entry.range]
      guard !after.elementsEqual(before[entry.id] ?? []) else { return nil }
      return AttributeChange(
        attribute: set[entry.id], before: before.text(entry.id),
        after: after.isEmpty ? nil : String(decoding: after, as: UTF8.self))
    }
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
  /// Whatever the order of the rows, new teams stand in that of their keys.
  fileprivate var canonicalRecords: [OpenRecord] {
    records.indices.map { place in
      let key = sourceKey(of: records[place])
      return (letters: Self.leadingLetters(of: key), key: key, place: place)
    }.sorted { left, right in
      // Most keys differ in their first letters.
      if left.letters != right.letters { return left.letters < right.letters }
      if left.key != right.key { return left.key.lexicographicallyPrecedes(right.key) }
      return records[left.place].number < records[right.place].number
    }.map { records[$0.place] }
  }

  /// The first eight bytes as a number, in whose order they stand.
  private static func leadingLetters(of key: [UInt8]) -> UInt64 {
    (0..<8).reduce(0) { $0 << 8 | UInt64($1 < key.count ? key[$1] : 0) }
  }

  /// What the source calls this record.
  func sourceKey(of record: OpenRecord) -> [UInt8] { rules.teamKeys.sourceKey(of: record.image) }

  /// Records that share a key value with another record of tonight.
  fileprivate func twinRecords() -> [RecordNumber: [RecordNumber]] {
    var twins: [RecordNumber: Set<RecordNumber>] = [:]
    for key in rules.teamKeys {
      var first: [[UInt8]: RecordNumber] = [:]
      first.reserveCapacity(records.count)
      var shared: [[UInt8]: [RecordNumber]] = [:]
      for record in records {
        guard let value = record.image[key.id], !value.isEmpty else { continue }
        let folded = MatchKeyText.folded(value)
        guard let other = first.updateValue(record.number, forKey: folded) else { continue }
        shared[folded, default: [other]].append(record.number)
      }
      for group in shared.values {
        // Some of them are enough to say: each is reported itself.
        for number in group {
          twins[number, default: []].formUnion(group.lazy.filter { $0 != number }.prefix(10))
        }
      }
    }
    return twins.mapValues { $0.sorted() }
  }
}
