package import Identity
package import PlanFile
import Scanning

/// Puts the decisions about members, teams and memberships together into one plan.
package struct PlanAssembly {
  /// What an operation rests on.
  private enum Basis: Sendable {
    /// The one record of a newcomer, told by its place among them.
    case newcomer(UInt32)
    /// Something that is not there yet.
    case new([RecordNumber])
    indirect case known([RecordNumber], stateBefore: String)
  }

  private let rules: PlanningRules
  private let locate: @Sendable (RecordNumber) -> RecordOrigin
  /// Those about members and teams.
  private var operations: [Operation] = []
  /// By operation, before the order is known.
  private var bases: [Basis] = []
  private var memberships = Memberships()
  /// What memberships rest on, by their places.
  private var edges: [EdgeDecisions.Draft] = []
  private var newcomers: Newcomers?
  private var holds: [Hold] = []
  private var unnamedWithheld = 0
  private var situations: [Situation: Int] = [:]
  private var findings = FindingLog()
  private var bookkeeping = Bookkeeping()

  package init(
    rules: PlanningRules, locate: @escaping @Sendable (RecordNumber) -> RecordOrigin
  ) {
    self.rules = rules
    self.locate = locate
  }

  /// Adds members; `stateBefore` gives what the plan saw of a seat of the state.
  package mutating func add(
    _ members: MemberDecisions, stateBefore: (_ seat: Int) -> String
  ) {
    operations.reserveCapacity(members.drafts.count)
    bases.reserveCapacity(members.drafts.count)
    var joining = 0
    for draft in members.drafts {
      if let (newcomers, place) = draft.newcomer {
        add(newcomers, place)
        joining += 1
        continue
      }
      let isNew = draft.situation == .joiner
      bookkeeping.ownerships += draft.newOwners.map {
        Bookkeeping.Ownership(kind: .member, subject: draft.subject.id, export: $0)
      }
      // An owner more is bookkeeping; an adoption is an operation even if no value changes.
      let isOwnershipOnly = draft.step == .update([]) && draft.situation != .found
      situations[isOwnershipOnly ? .moved : draft.situation, default: 0] += 1
      guard !isOwnershipOnly else { continue }
      operations.append(draft.operation)
      bases.append(
        isNew
          ? .new(draft.records) : .known(draft.records, stateBefore: stateBefore(draft.seat)))
    }
    situations[.joiner, default: 0] += joining
    unnamedWithheld += members.unnamedWithheld
    bookkeeping.absences = members.bookkeeping.absences
    bookkeeping.presences = members.bookkeeping.presences
    bookkeeping.awaitedReferences = members.bookkeeping.awaitedReferences
    take(members.holds, members.situations, members.findings)
  }

  private mutating func add(_ newcomers: Newcomers, _ place: Int) {
    self.newcomers = newcomers
    operations.append(Operation(of: newcomers, at: place))
    bases.append(.newcomer(UInt32(place)))
    bookkeeping.ownerships.append(newcomers, at: place)
  }

  /// Adds teams; `stateBefore` gives what the plan saw of a team of the state.
  package mutating func add(_ teams: TeamDecisions, stateBefore: (_ seat: Int) -> String) {
    for draft in teams.drafts {
      let team = teams.teams[draft.seat]
      operations.append(
        Operation(
          subject: team.subject, action: draft.action, situation: draft.situation,
          classes: draft.classes, rule: draft.rule))
      bases.append(
        team.current == nil
          ? .new(draft.records) : .known(draft.records, stateBefore: stateBefore(draft.seat)))
      situations[draft.situation, default: 0] += 1
    }
    bookkeeping.ownerships += teams.ownerships
    take(teams.holds, teams.situations, teams.findings)
  }

  package mutating func add(_ edges: EdgeDecisions) {
    memberships = edges.memberships
    self.edges = edges.drafts
    var counts = [Int](repeating: 0, count: memberships.groups.count)
    for member in memberships.members { counts[Int(member.group)] += 1 }
    for (group, count) in zip(memberships.groups, counts) {
      situations[group.situation, default: 0] += count
    }
    bookkeeping.ownerships += edges.claims
    take(edges.holds, edges.situations, edges.findings)
  }

  package mutating func add(_ log: FindingLog) {
    findings.append(contentsOf: log.findings)
  }

  /// Records that were set aside before matching.
  package mutating func addQuarantined(_ count: Int, holds quarantined: [Hold]) {
    if count > 0 { situations[.quarantined, default: 0] += count }
    holds += quarantined
  }

  package mutating func setBookkeeping(_ edit: (inout Bookkeeping) -> Void) {
    edit(&bookkeeping)
  }

  private mutating func take(
    _ newHolds: [Hold], _ newSituations: [Situation: Int], _ log: FindingLog
  ) {
    holds += newHolds
    situations.merge(newSituations, uniquingKeysWith: +)
    findings.append(contentsOf: log.findings)
  }

  /// The plan, in canonical order, with everything judged.
  ///
  /// `heldSince` holds the ages of earlier holds; `base` the facts of the run, whose lists of verdicts, grounds,
  /// findings and bookkeeping are filled here.
  package consuming func plan(
    base: Evidence, heldSince: [String: Int],
    judge: @escaping @Sendable ([Operation]) -> [GuardVerdict]
  ) -> Plan {
    let keys = Set(rules.memberKeys.map(\.path) + rules.teamKeys.map(\.path) + [.userName])
    let references = rules.memberAttributes.ids
      .filter { rules.memberAttributes[$0].kind == .reference }
    // Looking origins up takes as long as putting operations in order.
    let grounds = Prepared { [bases, newcomers, locate] in Self.grounds(bases, newcomers, locate) }
    bases = []
    let membershipOrder = Prepared { [memberships] in MembershipOrder(memberships) }
    let edgeGrounds = Prepared { [edges, locate] in Self.grounds(edges, locate) }
    edges = []
    let order = OperationOrder(
      keys: keys, members: rules.memberAttributes, references: references
    ).order(operations)
    let places = membershipOrder.take()
    let lowerBound = Self.lowerBound(operations) + places.edgeCount
    operations =
      places.removals.map { Operation(of: memberships, at: $0) }
      + order.map { operations[$0] }
      + places.additions.map { Operation(of: memberships, at: $0) }
    let verdicts = Prepared { [operations] in judge(operations) }
    let holds = Set(holds).sorted { left, right in
      (left.subject, left.situation.rawValue, left.isRemoval ? 1 : 0)
        < (right.subject, right.situation.rawValue, right.isRemoval ? 1 : 0)
    }
    noteAges(of: holds, since: heldSince, now: base.now)
    var evidence = base
    evidence.findings = findings.findings
    evidence.grounds = Self.ordered(grounds.take(), order, edgeGrounds.take(), places)
    evidence.verdicts = verdicts.take()
    evidence.bookkeeping = bookkeeping
    return Plan(
      decisions: Decisions(
        memberAttributes: rules.memberAttributes, teamAttributes: rules.teamAttributes,
        operations: operations, holds: holds, unnamedWithheld: unnamedWithheld,
        situations: situations.filter { $0.value > 0 }, lowerBound: lowerBound),
      evidence: evidence)
  }

  /// What each operation rests on, as they stand before they are ordered.
  private static func grounds(
    _ bases: [Basis], _ newcomers: Newcomers?,
    _ locate: @escaping (RecordNumber) -> RecordOrigin
  ) -> [Evidence.Grounds] {
    // A map that may not keep `locate` is not lazy: it would make forty bytes a record.
    let origins = SharedOrigins((newcomers?.records ?? []).lazy.map(locate))
    return bases.enumerated().map { place, basis in
      switch basis {
      case .newcomer(let newcomer):
        Evidence.Grounds(operation: place, origins, at: Int(newcomer))
      case .new(let records):
        Evidence.Grounds(
          operation: place, origins: records.map(locate).sorted(), stateBefore: nil)
      case .known(let records, let stateBefore):
        Evidence.Grounds(
          operation: place, origins: records.map(locate).sorted(), stateBefore: stateBefore)
      }
    }
  }

  /// What memberships rest on, by their places in the columns.
  private static func grounds(
    _ edges: [EdgeDecisions.Draft], _ locate: @escaping (RecordNumber) -> RecordOrigin
  ) -> [Evidence.Grounds] {
    let singles = edges.compactMap(\.singleRecord)
    let origins = SharedOrigins(singles.lazy.map(locate))
    // Nearly all that goes is what no record names.
    let unlisted = Evidence.Grounds(operation: 0, origins: [], stateBefore: StateMark.present)
    var next = 0
    return edges.map { edge in
      if edge.singleRecord != nil {
        defer { next += 1 }
        return Evidence.Grounds(operation: 0, origins, at: next)
      }
      let records = edge.records.all
      guard edge.isAddition || !records.isEmpty else { return unlisted }
      return Evidence.Grounds(
        operation: 0, origins: records.map(locate).sorted(),
        stateBefore: edge.isAddition ? nil : StateMark.present)
    }
  }

  /// All grounds in the order of the plan: memberships that go, members and teams, memberships that come.
  private static func ordered(
    _ grounds: [Evidence.Grounds], _ order: [Int], _ edges: [Evidence.Grounds],
    _ places: MembershipOrder
  ) -> [Evidence.Grounds] {
    var ordered: [Evidence.Grounds] = []
    ordered.reserveCapacity(grounds.count + edges.count)
    for place in places.removals { ordered.append(edges[place].of(operation: ordered.count)) }
    for place in order { ordered.append(grounds[place].of(operation: ordered.count)) }
    for place in places.additions { ordered.append(edges[place].of(operation: ordered.count)) }
    return ordered
  }

  private mutating func noteAges(of holds: [Hold], since: [String: Int], now: Int) {
    let day = 86_400
    for subject in Set(holds.map(\.subject)).sorted() {
      let start = since[subject] ?? now
      bookkeeping.holds.append(Bookkeeping.HoldAge(subject: subject, since: start))
      if now - start > rules.maxHeld {
        findings.note(
          .holdTooOld(subject: subject, days: (now - start) / day, limit: rules.maxHeld / day))
      }
    }
  }

  /// Every member or team that differs needs one operation; every differing membership is another one.
  private static func lowerBound(_ operations: [Operation]) -> Int {
    var subjects: Set<ResourceID> = []
    var created = 0
    let span = operations.span
    for place in span.indices {
      if span[place].isOfNewcomer {
        created += 1
        continue
      }
      let operation = span[place]
      switch operation.kind {
      // Nothing else is done to what is new, and no two new ones have one id.
      case .createMember, .createTeam: created += 1
      default: subjects.insert(operation.subjectID)
      }
    }
    return created + subjects.count
  }
}

extension EdgeDecisions.Draft {
  /// The one record that asks for an addition; nil where it is several, or something goes.
  fileprivate var singleRecord: RecordNumber? {
    if isAddition, case .one(let record) = records { record } else { nil }
  }
}
