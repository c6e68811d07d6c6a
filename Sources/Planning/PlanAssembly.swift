package import Identity
package import PlanFile
import Scanning

/// Puts the decisions about members, teams and memberships together into one plan.
package struct PlanAssembly {
  /// What an operation rests on.
  private enum Basis: Sendable {
    /// The one record of a newcomer, told by its place among them.
    case newcomer(UInt32)
    /// Something that is not there yet, asked for by one record, told by its place among `singles`.
    case single(UInt32)
    /// Something that is not there yet.
    case new([RecordNumber])
    indirect case known([RecordNumber], stateBefore: String)
  }

  private let rules: PlanningRules
  private let locate: @Sendable (RecordNumber) -> RecordOrigin
  private var operations: [Operation] = []
  /// By operation, before the order is known.
  private var bases: [Basis] = []
  /// The records of those that rest on one alone.
  private var singles: [RecordNumber] = []
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
    operations.reserveCapacity(operations.count + edges.drafts.count)
    bases.reserveCapacity(bases.count + edges.drafts.count)
    for draft in edges.drafts {
      operations.append(draft.operation)
      switch (draft.isAddition, draft.records) {
      case (true, .one(let record)):
        bases.append(.single(UInt32(singles.count)))
        singles.append(record)
      case (true, .list(let records)): bases.append(.new(records))
      case (false, let records):
        bases.append(.known(records.all, stateBefore: StateMark.present))
      }
      situations[draft.operation.situation, default: 0] += 1
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
    base: Evidence, heldSince: [String: Int], judge: ([Operation]) -> [GuardVerdict]
  ) -> Plan {
    let keys = Set(rules.memberKeys.map(\.path) + rules.teamKeys.map(\.path) + [.userName])
    let references = rules.memberAttributes.ids
      .filter { rules.memberAttributes[$0].kind == .reference }
    // Looking origins up takes as long as putting operations in order.
    let grounds = Prepared { [bases, singles, newcomers, locate] in
      Self.grounds(bases, singles, newcomers, locate)
    }
    (bases, singles) = ([], [])
    let order = OperationOrder(
      keys: keys, members: rules.memberAttributes, references: references
    ).order(operations)
    operations = order.map { operations[$0] }
    let lowerBound = Prepared { [operations] in Self.lowerBound(operations) }
    let holds = Set(holds).sorted { left, right in
      (left.subject, left.situation.rawValue, left.isRemoval ? 1 : 0)
        < (right.subject, right.situation.rawValue, right.isRemoval ? 1 : 0)
    }
    noteAges(of: holds, since: heldSince, now: base.now)
    var evidence = base
    evidence.verdicts = judge(operations)
    evidence.findings = findings.findings
    let unordered = grounds.take()
    evidence.grounds = order.enumerated().map { unordered[$1].of(operation: $0) }
    evidence.bookkeeping = bookkeeping
    return Plan(
      decisions: Decisions(
        memberAttributes: rules.memberAttributes, teamAttributes: rules.teamAttributes,
        operations: operations, holds: holds, unnamedWithheld: unnamedWithheld,
        situations: situations.filter { $0.value > 0 }, lowerBound: lowerBound.take()),
      evidence: evidence)
  }

  /// What each operation rests on, as they stand before they are ordered.
  private static func grounds(
    _ bases: [Basis], _ singles: [RecordNumber], _ newcomers: Newcomers?,
    _ locate: @escaping (RecordNumber) -> RecordOrigin
  ) -> [Evidence.Grounds] {
    // A map that may not keep `locate` is not lazy: it would make forty bytes a record.
    let origins = SharedOrigins((newcomers?.records ?? []).lazy.map(locate))
    let ofSingles = SharedOrigins(singles.lazy.map(locate))
    return bases.enumerated().map { place, basis in
      switch basis {
      case .newcomer(let newcomer):
        Evidence.Grounds(operation: place, origins, at: Int(newcomer))
      case .single(let single):
        Evidence.Grounds(operation: place, ofSingles, at: Int(single))
      case .new(let records):
        Evidence.Grounds(
          operation: place, origins: records.map(locate).sorted(), stateBefore: nil)
      case .known(let records, let stateBefore):
        Evidence.Grounds(
          operation: place, origins: records.map(locate).sorted(), stateBefore: stateBefore)
      }
    }
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

  /// Every member or team that differs needs one operation, every differing membership another.
  ///
  /// `operations` are in order: those that add one membership would follow each other, so that of millions of
  /// additions none is remembered.
  private static func lowerBound(_ operations: [Operation]) -> Int {
    struct Edge: Hashable {
      let team: ResourceID
      let member: ResourceID
    }
    var subjects: Set<ResourceID> = []
    var removed: Set<Edge> = []
    var last: Edge?
    var (created, added) = (0, 0)
    let span = operations.span
    for place in span.indices {
      if span[place].isOfNewcomer {
        created += 1
        continue
      }
      let operation = span[place]
      switch operation.kind {
      case .removeMembership:
        removed.insert(Edge(team: operation.subjectID, member: operation.otherID))
      case .addMembership:
        let edge = Edge(team: operation.subjectID, member: operation.otherID)
        guard edge != last, removed.isEmpty || !removed.contains(edge) else { continue }
        last = edge
        added += 1
      // Nothing else is done to what is new, and no two new ones have one id.
      case .createMember, .createTeam: created += 1
      default: subjects.insert(operation.subjectID)
      }
    }
    return created + subjects.count + removed.count + added
  }
}
