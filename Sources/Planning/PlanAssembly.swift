package import Identity
package import PlanFile

/// Puts the decisions about members, teams and memberships together into one plan.
package struct PlanAssembly {
  /// An operation with what it rests on, before the order is known.
  private struct Entry {
    let operation: Operation
    let records: [RecordNumber]
    let stateBefore: String?
  }

  private let rules: PlanningRules
  private let locate: (RecordNumber) -> RecordOrigin
  private var entries: [Entry] = []
  private var holds: [Hold] = []
  private var situations: [Situation: Int] = [:]
  private var findings = FindingLog()
  private var bookkeeping = Bookkeeping()

  package init(
    rules: PlanningRules, locate: @escaping (RecordNumber) -> RecordOrigin
  ) {
    self.rules = rules
    self.locate = locate
  }

  /// Adds members; `stateBefore` gives what the plan saw of a seat of the state.
  package mutating func add(
    _ members: MemberDecisions, stateBefore: (_ seat: Int) -> String
  ) {
    for draft in members.drafts {
      let isNew = draft.situation == .joiner
      bookkeeping.ownerships += draft.newOwners.map {
        Bookkeeping.Ownership(kind: .member, subject: draft.subject.id, export: $0)
      }
      // An owner more is bookkeeping; an adoption is an operation even if no value changes.
      let isOwnershipOnly = draft.step == .update([]) && draft.situation != .found
      situations[isOwnershipOnly ? .moved : draft.situation, default: 0] += 1
      guard !isOwnershipOnly else { continue }
      entries.append(
        Entry(
          operation: draft.operation, records: draft.records,
          stateBefore: isNew ? nil : stateBefore(draft.seat)))
    }
    if members.unnamedWithheld > 0 {
      holds.append(
        Hold(
          subject: "\(members.unnamedWithheld) further members", situation: .withheld,
          isRemoval: true))
    }
    bookkeeping.absences = members.bookkeeping.absences
    bookkeeping.presences = members.bookkeeping.presences
    take(members.holds, members.situations, members.findings)
  }

  /// Adds teams; `stateBefore` gives what the plan saw of a team of the state.
  package mutating func add(_ teams: TeamDecisions, stateBefore: (_ seat: Int) -> String) {
    for draft in teams.drafts {
      let team = teams.teams[draft.seat]
      entries.append(
        Entry(
          operation: Operation(
            subject: team.subject, action: draft.action, situation: draft.situation,
            classes: draft.classes, rule: draft.rule),
          records: draft.records, stateBefore: team.current == nil ? nil : stateBefore(draft.seat)))
      situations[draft.situation, default: 0] += 1
    }
    bookkeeping.ownerships += teams.ownerships
    take(teams.holds, teams.situations, teams.findings)
  }

  package mutating func add(_ edges: EdgeDecisions) {
    for draft in edges.drafts {
      entries.append(
        Entry(
          operation: Operation(
            subject: draft.team,
            action: draft.isAddition
              ? .addMembership(draft.member) : .removeMembership(draft.member),
            situation: draft.situation, classes: draft.classes, rule: draft.rule),
          records: draft.records, stateBefore: draft.isAddition ? nil : StateMark.present))
      situations[draft.situation, default: 0] += 1
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
    let order = OperationOrder(keys: keys).order(entries.map(\.operation))
    let operations = order.map { entries[$0].operation }
    let holds = Set(holds).sorted { left, right in
      (left.subject, left.situation.rawValue, left.isRemoval ? 1 : 0)
        < (right.subject, right.situation.rawValue, right.isRemoval ? 1 : 0)
    }
    noteAges(of: holds, since: heldSince, now: base.now)
    var evidence = base
    evidence.verdicts = judge(operations)
    evidence.findings = findings.findings
    evidence.grounds = order.enumerated().map { place, entry in
      Evidence.Grounds(
        operation: place, origins: entries[entry].records.map(locate).sorted(),
        stateBefore: entries[entry].stateBefore)
    }
    evidence.bookkeeping = bookkeeping
    return Plan(
      decisions: Decisions(
        memberAttributes: rules.memberAttributes, teamAttributes: rules.teamAttributes,
        operations: operations, holds: holds, situations: situations.filter { $0.value > 0 },
        lowerBound: PlanAssembly.lowerBound(operations)),
      evidence: evidence)
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
  private static func lowerBound(_ operations: [Operation]) -> Int {
    var subjects: Set<ResourceID> = []
    var edges: Set<[ResourceID]> = []
    for operation in operations {
      switch operation.action {
      case .addMembership(let member), .removeMembership(let member):
        edges.insert([operation.subject.id, member.id])
      default: subjects.insert(operation.subject.id)
      }
    }
    return subjects.count + edges.count
  }
}
