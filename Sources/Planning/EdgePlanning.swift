package import Identity
package import Matching
package import PlanFile

/// What deciding about memberships needs to know.
package struct EdgeInput: Sendable {
  package var rules: PlanningRules
  package var exports: [ExportStatus]
  /// Which of the exports hold memberships.
  package var membershipExports: Set<Int>
  package var teams: TeamDecisions
  package var table: MembershipTable
  package var members: CurrentMembers
  /// Names of the members that edges may concern: of the state by seat, then of joiners.
  package var memberSubjects: [Int: SubjectRef]
  package var frozenSeats: Set<Int>
  package var absentSeats: Set<Int>
  package var strippedSeats: Set<Int>
  /// Why a member is protected, for those that are and are in a compared team.
  package var protection: [Int: String]
  /// The memberships of every team that `teamsToCompare` named, by team seat.
  package var currentEdges: [Int: [CurrentEdge]]
  /// Membership exports whose every claim counts tonight, as bits of the state.
  package var knownClaims: ExportSet

  package init(
    rules: PlanningRules, exports: [ExportStatus], membershipExports: Set<Int>,
    teams: TeamDecisions, table: MembershipTable, members: CurrentMembers,
    memberSubjects: [Int: SubjectRef], frozenSeats: Set<Int>, absentSeats: Set<Int>,
    strippedSeats: Set<Int>, protection: [Int: String], currentEdges: [Int: [CurrentEdge]],
    knownClaims: ExportSet
  ) {
    self.rules = rules
    self.exports = exports
    self.membershipExports = membershipExports
    self.teams = teams
    self.table = table
    self.members = members
    self.memberSubjects = memberSubjects
    self.frozenSeats = frozenSeats
    self.absentSeats = absentSeats
    self.strippedSeats = strippedSeats
    self.protection = protection
    self.currentEdges = currentEdges
    self.knownClaims = knownClaims
  }
}

/// What was decided about memberships.
package struct EdgeDecisions: Sendable {
  package struct Draft: Sendable {
    package let team: SubjectRef
    package let member: SubjectRef
    package let isAddition: Bool
    package let situation: Situation
    package let classes: ChangeClass
    package let rule: String
    package let records: [RecordNumber]
  }

  package var drafts: [Draft] = []
  package var holds: [Hold] = []
  package var situations: [Situation: Int] = [:]
  package var findings = FindingLog()
  package var claims: [Bookkeeping.Ownership] = []

  package init() {}
}

/// Decides which memberships come and go: one edge, one operation.
package struct EdgePlanning {
  private let input: EdgeInput
  private let locate: (RecordNumber) -> RecordOrigin
  private var decisions = EdgeDecisions()

  /// The teams of the state whose memberships must be read: those that are not plainly unchanged.
  package static func teamsToCompare(
    teams: TeamDecisions, table: MembershipTable, members: CurrentMembers, hasher: EdgeHasher
  ) -> [Int] {
    teams.teams.indices.filter { seat in
      guard let current = teams.teams[seat].current else { return false }
      return !table.isUnchanged(
        team: seat, fingerprint: current.edgeFingerprint, members: members, hasher: hasher)
    }
  }

  /// The members in whose memberships the compared teams may differ.
  package static func concernedSeats(
    teams: TeamDecisions, table: MembershipTable, currentEdges: [Int: [CurrentEdge]],
    members: CurrentMembers
  ) -> Set<Int> {
    var seats: Set<Int> = []
    for team in teams.teams.indices where isCompared(teams.teams[team], currentEdges[team]) {
      let current = Set(
        (currentEdges[team] ?? []).compactMap { members.seat(ofOrdinal: $0.member) })
      let edges = table.edges(ofTeam: team)
      let desired = Set(edges.filter { !$0.isGone }.map { Int($0.member) })
      seats.formUnion(current.symmetricDifference(desired))
    }
    return seats
  }

  /// The records whose lines additions will name, to look them up in one go.
  package static func recordsOfAdditions(_ input: EdgeInput) -> [RecordNumber] {
    input.teams.teams.indices.flatMap { team -> [RecordNumber] in
      guard isCompared(input.teams.teams[team], input.currentEdges[team]) else { return [] }
      let current = Set(
        (input.currentEdges[team] ?? []).compactMap { input.members.seat(ofOrdinal: $0.member) })
      return input.table.edges(ofTeam: team).filter { !current.contains(Int($0.member)) }
        .map(\.record)
    }
  }

  private static func isCompared(
    _ team: TeamDecisions.Team, _ edges: [CurrentEdge]?
  ) -> Bool {
    team.current == nil || edges != nil
  }

  package static func decide(
    _ input: EdgeInput, locate: @escaping (RecordNumber) -> RecordOrigin
  ) -> EdgeDecisions {
    var planning = EdgePlanning(input: input, locate: locate)
    for seat in input.teams.teams.indices { planning.decide(team: seat) }
    return planning.decisions
  }

  private init(input: EdgeInput, locate: @escaping (RecordNumber) -> RecordOrigin) {
    self.input = input
    self.locate = locate
  }

  private mutating func decide(team seat: Int) {
    let team = input.teams.teams[seat]
    let desired = input.table.edges(ofTeam: seat)
    claim(team, desired)
    guard team.current == nil || input.currentEdges[seat] != nil else { return }
    guard team.standing != .untouched else {
      if !desired.isEmpty { leave(team, desired[0]) }
      return
    }
    let current = (input.currentEdges[seat] ?? []).compactMap { edge in
      input.members.seat(ofOrdinal: edge.member).map { (seat: $0, edge: edge) }
    }
    let present = Dictionary(uniqueKeysWithValues: current.map { ($0.seat, $0.edge) })
    let wanted = desired.filter { !$0.isGone }.chunked(by: \.member)
    for records in wanted where present[Int(records[0].member)] == nil {
      add(Int(records[0].member), to: team, records: records.map(\.record))
    }
    let asked = Set(wanted.map { Int($0[0].member) })
    remove(current.filter { !asked.contains($0.seat) }, from: team, seat: seat, desired: desired)
  }

  /// Memberships of a team that is not ours, or held, stay as they are; a person is told.
  private mutating func leave(_ team: TeamDecisions.Team, _ edge: DesiredEdge) {
    decisions.situations[.withheld, default: 0] += 1
    guard team.current?.owners.isEmpty == true, !team.isListed else { return }
    decisions.findings.note(.teamClaimable(team: team.subject.name), at: locate(edge.record))
    decisions.holds.append(Hold(subject: "team \(team.subject.name)", situation: .found))
  }

  // MARK: - Claims

  /// The exports that claim a team tonight and did not before.
  private mutating func claim(_ team: TeamDecisions.Team, _ desired: [DesiredEdge]) {
    guard team.standing != .untouched else { return }
    for export in Set(desired.map { Int($0.record.export) }).sorted() {
      let status = input.exports[export]
      guard team.current?.claims.contains(status.owner) != true else { continue }
      decisions.claims.append(
        Bookkeeping.Ownership(kind: .teamClaim, subject: team.subject.id, export: status.name))
    }
  }

  // MARK: - Additions

  private mutating func add(
    _ member: Int, to team: TeamDecisions.Team, records: [RecordNumber]
  ) {
    guard let subject = input.memberSubjects[member] else { return }
    guard !input.frozenSeats.contains(member) else {
      decisions.findings.note(
        .edgeWithheld(team: team.subject.name, member: subject.name), at: locate(records[0]))
      return
    }
    let isReliable = records.contains { input.exports[Int($0.export)].isReliable }
    guard input.rules.updatesFromUnreliable || isReliable else { return }
    let isManaged = member >= input.members.count || !input.members.owners[member].isEmpty
    guard isManaged else {
      decisions.findings.note(
        .edgeOfUnmanagedMember(team: team.subject.name, member: subject.name),
        at: locate(records[0]))
      return
    }
    let values = input.rules.teamKeys.compactMap { team.image[$0.id] }
    let isProtected = input.rules.protectedTeams.rule(for: values) != nil
    append(
      team, subject, isAddition: true, situation: .listed, classes: isProtected ? .grant : [],
      rule: "memberships", records: records)
  }

  // MARK: - Removals

  private mutating func remove(
    _ surplus: [(seat: Int, edge: CurrentEdge)], from team: TeamDecisions.Team, seat: Int,
    desired: [DesiredEdge]
  ) {
    let gone = Set(desired.filter(\.isGone).map { Int($0.member) })
    let verdict = removalVerdict(team, desired)
    let isEmptied = input.table.isEmpty(team: seat)
    for (member, edge) in surplus {
      let isExplicit = gone.contains(member)
      let isStripped = input.strippedSeats.contains(member)
      guard let subject = input.memberSubjects[member],
        mayLose(member, edge, team: team, subject: subject, isExplicit: isExplicit || isStripped)
      else { continue }
      if !isExplicit && !isStripped {
        switch verdict {
        case .allowed: break
        case .silent: continue
        case .withheld:
          decisions.situations[.withheld, default: 0] += 1
          let hold = Hold(
            subject: "team \(team.subject.name)", situation: .withheld, isRemoval: true)
          if decisions.holds.last != hold { decisions.holds.append(hold) }
          decisions.findings.note(
            .edgeWithheld(team: team.subject.name, member: subject.name))
          continue
        }
      }
      append(
        team, subject, isAddition: false,
        situation: isStripped ? .leaver : isEmptied ? .emptied : .unlisted, classes: .removal,
        rule: isStripped ? "lifecycle.leavers.stripTeams" : "memberships",
        records: desired.filter { $0.isGone && Int($0.member) == member }.map(\.record))
    }
  }

  private enum RemovalVerdict {
    case allowed
    /// No export says enough; this is normal.
    case silent
    /// An export that ought to say is unreliable tonight.
    case withheld
  }

  /// An edge goes only if every export that ever claimed the team is full and healthy tonight.
  private func removalVerdict(
    _ team: TeamDecisions.Team, _ desired: [DesiredEdge]
  ) -> RemovalVerdict {
    guard team.standing == .managed else { return .silent }
    var claims = team.current?.claims ?? []
    for edge in desired { claims.formUnion(input.exports[Int(edge.record.export)].owner) }
    let living = claims.intersection(input.knownClaims)
    guard !living.isEmpty, team.isListed || !desired.isEmpty else { return .silent }
    let exports = input.membershipExports.map { input.exports[$0] }
      .filter { living.contains($0.owner) }
    guard exports.allSatisfy(\.isFull) else { return .silent }
    return exports.allSatisfy(\.isReliable) ? .allowed : .withheld
  }

  private mutating func mayLose(
    _ member: Int, _ edge: CurrentEdge, team: TeamDecisions.Team, subject: SubjectRef,
    isExplicit: Bool
  ) -> Bool {
    if let rule = input.protection[member] {
      decisions.findings.note(
        .protected(
          subject: subject.name, change: "leaving team \(team.subject.name)", rule: rule))
      decisions.situations[.protected, default: 0] += 1
      return false
    }
    guard !input.members.owners[member].isEmpty else {
      decisions.findings.note(
        .edgeOfUnmanagedMember(team: team.subject.name, member: subject.name))
      return false
    }
    if isExplicit { return edge.isOurs || input.rules.exactTeams.contains(team.subject.name) }
    guard !input.frozenSeats.contains(member), !input.absentSeats.contains(member) else {
      return false
    }
    guard edge.isOurs || input.rules.exactTeams.contains(team.subject.name) else {
      decisions.findings.note(
        .edgeNotWrittenByUs(team: team.subject.name, member: subject.name))
      return false
    }
    return true
  }

  private mutating func append(
    _ team: TeamDecisions.Team, _ member: SubjectRef, isAddition: Bool, situation: Situation,
    classes: ChangeClass, rule: String, records: [RecordNumber]
  ) {
    decisions.drafts.append(
      EdgeDecisions.Draft(
        team: team.subject, member: member, isAddition: isAddition, situation: situation,
        classes: classes, rule: rule, records: records))
  }
}
