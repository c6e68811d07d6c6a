package import Identity
package import Matching
package import PlanFile
import Scanning

/// Everything that deciding about members needs to know; a value, made by `Reconciling`.
package struct MemberInput: Sendable {
  package var rules: PlanningRules
  package var keyHasher: KeyHasher
  package var exports: [ExportStatus]
  package var index: MemberIndex
  package var pairing: Pairing
  /// Ids and values of every seat that is paired, held, or absent.
  package var details: SeatDetails
  /// Members whom an unreadable record may be: nothing is done to them.
  package var shieldedSeats: Set<Int>
  /// Shielded members whose records were left out on purpose: there is nothing to tell of them.
  package var leftAloneSeats: Set<Int>
  /// Records of delta exports that say their member has gone.
  package var departures: Set<RecordNumber>
  /// What records that turn out to be somebody new get besides.
  package var initialValues: [RecordNumber: [InitialValue]]
  /// Earlier absences, by seat.
  package var absences: [Int: Bookkeeping.Absence]
  /// All owners that the policy still has, as bits.
  package var knownOwners: ExportSet
  package var ownerNames: [Int: String]
  /// Seconds since 1970.
  package var now: Int
  package var lineage: String
  /// Whether records name other members, which is decided later (`ReferencePlanning`).
  package var hasReferences = false
  /// How many joiners a thread looks at in one go; with few there are many blocks of few people, too.
  package var joinersPerBlock = 4096
  /// The attribute that says who is active, if any does.
  let activeID: AttributeID?
  /// The attribute that members are called by, if there is one.
  let userNameID: AttributeID?

  package init(
    rules: PlanningRules, keyHasher: KeyHasher, exports: [ExportStatus], index: MemberIndex,
    pairing: Pairing,
    details: SeatDetails, shieldedSeats: Set<Int>, leftAloneSeats: Set<Int> = [],
    departures: Set<RecordNumber>,
    initialValues: [RecordNumber: [InitialValue]] = [:],
    absences: [Int: Bookkeeping.Absence], knownOwners: ExportSet, ownerNames: [Int: String],
    now: Int, lineage: String
  ) {
    self.rules = rules
    self.keyHasher = keyHasher
    self.exports = exports
    self.index = index
    self.pairing = pairing
    self.details = details
    self.shieldedSeats = shieldedSeats
    self.leftAloneSeats = leftAloneSeats
    self.departures = departures
    self.initialValues = initialValues
    self.absences = absences
    self.knownOwners = knownOwners
    self.ownerNames = ownerNames
    self.now = now
    self.lineage = lineage
    activeID = rules.memberAttributes.id(of: .active)
    userNameID = rules.memberAttributes.id(of: .userName)
  }
}

/// What was decided about members.
package struct MemberDecisions: Sendable {
  package var drafts: [MemberDraft] = []
  package var holds: [Hold] = []
  package var situations: [Situation: Int] = [:]
  package var findings = FindingLog()
  package var bookkeeping = Bookkeeping()
  /// Members that gain and lose no memberships tonight, and why nobody may be removed.
  package var frozenSeats: Set<Int> = []
  /// Members that are absent: their memberships stay until the ladder strips them.
  package var absentSeats: Set<Int> = []
  /// Leavers whose memberships the ladder takes tonight.
  package var strippedSeats: Set<Int> = []
  /// Members that this plan adopts.
  package var adoptedSeats: Set<Int> {
    Set(drafts.lazy.filter { $0.situation == .found }.map(\.seat))
  }
  /// Exports, by number, of which a record is held: a delta that says it is read again.
  package var unsettledExports: Set<Int> = []
  /// Withheld removals beyond those that are named one by one.
  package var unnamedWithheld = 0

  package init() {}

  mutating func count(_ situation: Situation, _ amount: Int = 1) {
    guard amount > 0 else { return }
    situations[situation, default: 0] += amount
  }

  mutating func hold(_ subject: String, _ situation: Situation, isRemoval: Bool = false) {
    holds.append(Hold(subject: subject, situation: situation, isRemoval: isRemoval))
  }

  /// Notes that something of these records waits for another night.
  mutating func leaveOpen(_ records: some Sequence<RecordNumber>) {
    for record in records { unsettledExports.insert(Int(record.export)) }
  }

  /// Adds what was decided about others meanwhile.
  mutating func add(joiners others: MemberDecisions) {
    // A first load has nobody else.
    if drafts.isEmpty { drafts = others.drafts } else { drafts += others.drafts }
    holds += others.holds
    situations.merge(others.situations, uniquingKeysWith: +)
    findings.append(contentsOf: others.findings.findings)
    frozenSeats.formUnion(others.frozenSeats)
    unsettledExports.formUnion(others.unsettledExports)
  }
}

/// Decides what happens to every member: the table of situations in one place.
///
/// `locate` turns record numbers into places for people, `freeID` gives a joiner the id that its source key has
/// in this state; both look things up and decide nothing. `progress` is told how many joiners are dealt with.
package struct MemberPlanning: Sendable {
  let input: MemberInput
  let locate: @Sendable (RecordNumber) -> RecordOrigin
  let freeID: @Sendable (_ export: String, _ sourceKey: [UInt8]) -> ResourceID
  let progress: @Sendable (Int) -> Void
  /// By record: the member that holds a key value of a joiner but is somebody else.
  let conflicts: [RecordNumber: Pairing.Conflict]
  var decisions = MemberDecisions()
  /// What records want that come to no draft; nobody else may have it either.
  var bystanders = Bystanders()
  /// Places of the joiners that are not created, as those disabled at the source; they want their values, too.
  var skipped: [Int] = []
  /// What no choice may give: stated by a record of tonight, or chosen for one before.
  var taken = TakenValues()
  /// By seat: who was held because a key of theirs is that member's, though a higher one is not.
  var pretenders: [Int: [AttributeImage]] = [:]
  /// Leavers whom the ladder keeps for some more nights.
  var waitingLeavers: [Int] = []

  package static func decide(
    _ input: MemberInput, locate: @escaping @Sendable (RecordNumber) -> RecordOrigin,
    freeID: @escaping @Sendable (_ export: String, _ sourceKey: [UInt8]) -> ResourceID,
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) -> MemberDecisions {
    var planning = MemberPlanning(
      input: input, locate: locate, freeID: freeID, progress: progress,
      conflicts: input.pairing.conflicts)
    planning.decideHeld()
    planning.decidePresent()
    planning.decideAbsent()
    // What is blocked frees nothing, so it comes before the question who may take what.
    planning.blockProtected()
    planning.holdTakenValues()
    planning.holdProbableRenames()
    planning.withholdWaitingLeavers()
    planning.countSame()
    return planning.decisions
  }

  /// Pairs and joiners, side by side: which of them may have a value that both want is asked when all want something.
  private mutating func decidePresent() {
    var other = self
    other.decisions = MemberDecisions()
    other.bystanders = Bystanders()
    // Another thread knows nothing of this task's.
    let listed = FindingLog.listedPerCode
    let joiners = Prepared { [other] in
      var other = other
      FindingLog.$listedPerCode.withValue(listed) { other.decideJoiners() }
      return other
    }
    decidePairs()
    let joined = joiners.take()
    decisions.add(joiners: joined.decisions)
    bystanders.ofNobody.merge(joined.bystanders.ofNobody, uniquingKeysWith: +)
    bystanders.ofMembers.merge(joined.bystanders.ofMembers, uniquingKeysWith: +)
    skipped = joined.skipped
    taken = joined.taken
  }

  // MARK: - Names

  func name(ofSeat seat: Int) -> String {
    if let id = input.userNameID, let name = input.details[seat].text(id) { return name }
    return input.details.id(of: seat)?.description ?? "member \(seat)"
  }

  func subject(ofSeat seat: Int) -> SubjectRef {
    SubjectRef(id: input.details.id(of: seat) ?? ResourceID(""), name: name(ofSeat: seat))
  }

  /// The first key value a record has: what a person would call it by.
  func keyText(of record: OpenRecord) -> String {
    for key in input.rules.memberKeys {
      if let text = record.image.text(key.id), !text.isEmpty { return text }
    }
    return "record \(record.number.number)"
  }

  func keyName(_ place: Int) -> String { "\(input.rules.memberKeys[place].path)" }

  // MARK: - Held records

  private mutating func decideHeld() {
    for held in input.pairing.held {
      decisions.leaveOpen([held.number] + held.others)
      let origin = locate(held.number)
      let others = held.others.map(locate)
      let seat = held.seats.first
      let value = held.record.map(keyText) ?? seat.map(name(ofSeat:)) ?? origin.place
      // Whoever is held is called by the first key, but what is shared is the value of another one, maybe.
      let key = input.rules.memberKeys[held.key].id
      let shared =
        held.record?.image.text(key) ?? seat.flatMap { input.details[$0].text(key) } ?? value
      switch held.situation {
      case .duplicate:
        decisions.findings.note(
          .duplicate(key: keyName(held.key), value: shared, others: others), at: origin)
        decisions.hold("record \(value)", .duplicate)
        decisions.count(.duplicate)
      case .contended:
        decisions.findings.note(
          .contended(member: seat.map(name(ofSeat:)) ?? value, others: others), at: origin)
        decisions.hold("record \(value)", .contended)
        decisions.count(.contended)
      case .ambiguous:
        decisions.findings.note(
          .ambiguous(
            key: keyName(held.key), value: shared, members: held.seats.map(name(ofSeat:)).sorted()),
          at: origin)
        decisions.hold("record \(value)", .ambiguous)
        decisions.count(.ambiguous)
      }
    }
    decisions.frozenSeats.formUnion(input.pairing.heldSeats)
    decisions.frozenSeats.formUnion(input.shieldedSeats)
  }

  private mutating func countSame() {
    // A held record without values was *same* until another one claimed its member, too.
    let contended = Set(input.pairing.held.filter { $0.record == nil }.flatMap(\.seats))
    decisions.count(.same, input.pairing.attendance.sameCount - contended.count)
  }
}
