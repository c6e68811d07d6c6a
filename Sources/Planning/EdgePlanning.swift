package import Identity
package import Matching
import PlanFile
import Scanning

/// Decides which memberships come and go: one edge, one operation.
package struct EdgePlanning: Sendable {
  let input: EdgeInput
  private let locate: @Sendable (RecordNumber) -> RecordOrigin
  var decisions = EdgeDecisions()
  /// People exports that cannot be believed tonight, as owners.
  let doubted: ExportSet
  let protectedTeams: [Int: String]
  /// The columns of the memberships that come and go; those of one team follow each other.
  private var teams = SubjectColumn()
  private var groups: [Memberships.Group] = []
  private var members: [Memberships.Member] = []
  /// The seat of the last of the teams.
  private var lastTeam: Int?

  /// What one team's exports and its state do not have in common; nil for a new team and for one that is plainly
  /// unchanged.
  ///
  /// It may be nothing: not every team is asked for its fingerprint.
  ///
  /// `current` reads the memberships of the state, and is asked for them only then. Of a team that is left as it is, all
  /// are kept: one of them is told. `always` compares a team that looks unchanged, too.
  package static func difference<Failure: Error>(
    of seat: Int, in teams: TeamDecisions, always: Bool, with comparison: inout TeamComparison,
    current: () throws(Failure) -> [CurrentEdge]
  ) throws(Failure) -> TeamDifference? {
    guard let held = teams.teams[seat].current else { return nil }
    guard teams.teams[seat].standing != .untouched else {
      guard always || !comparison.isUnchanged(team: seat, held) else { return nil }
      return comparison.whole(team: seat, current: try current())
    }
    guard always || !comparison.looksUnchanged(team: seat, held) else { return nil }
    return comparison.difference(team: seat, current: try current())
  }

  /// The members in whose memberships the compared teams may differ, by ascending seat; those whom the ladder strips
  /// lose theirs although exports still list them.
  package static func concernedSeats(
    _ table: MembershipTable, _ currentEdges: [[CurrentEdge]?], members: CurrentMembers,
    strippedSeats: Set<Int> = []
  ) -> [Int] {
    var isConcerned = [Bool](repeating: false, count: max(table.seatCount, members.count))
    for (team, held) in currentEdges.enumerated() {
      guard let held else { continue }
      let desired = table.edges(ofTeam: team)
      var present = SeatWalk(held)
      for edge in desired where !edge.isGone {
        let seat = Int(edge.member)
        if !present.contains(seat, by: { members.seat(ofOrdinal: $0.member) }) {
          isConcerned[seat] = true
        }
      }
      var asked = SeatWalk(desired)
      for edge in held {
        guard let seat = members.seat(ofOrdinal: edge.member) else { continue }
        if !asked.contains(seat, by: \.askedSeat) || strippedSeats.contains(seat) {
          isConcerned[seat] = true
        }
      }
    }
    return isConcerned.indices.filter { isConcerned[$0] }
  }

  /// The records whose lines additions will name, to look them up in one go.
  package static func recordsOfAdditions(_ input: EdgeInput) -> [RecordNumber] {
    var records: [RecordNumber] = []
    for (team, held) in input.currentEdges.enumerated() {
      guard let held else { continue }
      var present = SeatWalk(held)
      for edge in input.table.edges(ofTeam: team) {
        let isPresent = present.contains(Int(edge.member)) {
          input.members.seat(ofOrdinal: $0.member)
        }
        if !isPresent { records.append(edge.record) }
      }
    }
    return records
  }

  /// Decides about all teams, in two halves where there are many and a second thread is allowed.
  package static func decide(
    _ input: EdgeInput, threads: Int? = nil, parallelSize: Int = 1 << 14,
    locate: @escaping @Sendable (RecordNumber) -> RecordOrigin
  ) -> EdgeDecisions {
    let middle = threads == 1 ? 0 : middle(of: input, parallelSize: parallelSize)
    let listed = FindingLog.listedPerCode
    let start = EdgePlanning(input: input, locate: locate)
    let upper = Prepared {
      FindingLog.$listedPerCode.withValue(listed) {
        start.deciding(middle..<input.teams.teams.count)
      }
    }
    var planning = start.deciding(0..<middle)
    planning.append(upper.take())
    planning.decisions.memberships = Memberships(
      teams: planning.teams, people: input.people.subjects, groups: planning.groups,
      members: planning.members)
    return planning.decisions
  }

  /// The team before which half of all differences are; the first one where there are few.
  private static func middle(of input: EdgeInput, parallelSize: Int) -> Int {
    let weights = input.currentEdges.enumerated().map { seat, held in
      held.map { $0.count + input.table.edges(ofTeam: seat).count } ?? 0
    }
    let total = weights.reduce(0, +)
    guard total >= parallelSize else { return 0 }
    var sum = 0
    return weights.firstIndex { weight in
      sum += weight
      return 2 * sum > total
    } ?? 0
  }

  private func deciding(_ seats: Range<Int>) -> EdgePlanning {
    var planning = self
    for seat in seats { planning.decide(team: seat) }
    return planning
  }

  /// Appends what was decided about teams behind these.
  private mutating func append(_ other: EdgePlanning) {
    let (team, group) = (teams.count, groups.count)
    teams.append(contentsOf: other.teams)
    groups += other.groups.map { $0.moved(by: team) }
    members += other.members.map { $0.moved(by: group) }
    decisions.append(other.decisions)
  }

  private init(input: EdgeInput, locate: @escaping @Sendable (RecordNumber) -> RecordOrigin) {
    self.input = input
    self.locate = locate
    doubted = ExportSet(
      input.exports.indices.filter { !input.membershipExports.contains($0) }
        .map { input.exports[$0] }.filter { !$0.isReliable }.map(\.owner))
    protectedTeams = Self.protectedTeams(input)
  }

  /// The teams that are protected, by the name they have or get tonight.
  private static func protectedTeams(_ input: EdgeInput) -> [Int: String] {
    guard !input.rules.protectedTeams.isEmpty else { return [:] }
    var rules: [Int: String] = [:]
    for (seat, team) in input.teams.teams.enumerated() {
      rules[seat] = input.rules.protection(ofTeam: team.image)
    }
    for draft in input.teams.drafts {
      guard case .updateTeam(let changes) = draft.action, rules[draft.seat] == nil else { continue }
      rules[draft.seat] = input.rules.protectedTeams.rule(
        for: changes.compactMap { $0.after.map { Array($0.utf8) } })
    }
    return rules
  }

  private mutating func decide(team seat: Int) {
    // Asked for once, and not for each of its memberships.
    let team = input.teams.teams[seat]
    claim(seat, team)
    guard let held = input.currentEdges[seat] else { return }
    let desired = input.table.edges(ofTeam: seat)
    guard team.standing != .untouched else {
      if !desired.isEmpty { leave(team, desired[0]) }
      return
    }
    var present = SeatWalk(held)
    let missing = desired.filter { edge in
      !edge.isGone
        && !present.contains(Int(edge.member)) { input.members.seat(ofOrdinal: $0.member) }
    }
    guard team.standing != .kept else {
      if !missing.isEmpty || !surplus(of: held, desired, stripped: []).isEmpty {
        decisions.situations[.notUpdated, default: 0] += 1
      }
      return
    }
    add(missing, to: (seat, team))
    let surplus = surplus(of: held, desired, stripped: input.strippedSeats)
    guard team.standing == .managed, !surplus.isEmpty else { return }
    remove(surplus, from: (seat, team), desired: desired)
  }

  /// The memberships of the state that no export asks for, or that the ladder takes, with the seats of their members.
  private func surplus(
    of held: [CurrentEdge], _ desired: [DesiredEdge], stripped: Set<Int>
  ) -> [(seat: Int, edge: CurrentEdge)] {
    var asked = SeatWalk(desired)
    return held.compactMap { edge in
      guard let seat = input.members.seat(ofOrdinal: edge.member) else { return nil }
      let isSurplus = !asked.contains(seat, by: \.askedSeat) || stripped.contains(seat)
      return isSurplus ? (seat, edge) : nil
    }
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
  private mutating func claim(_ seat: Int, _ team: TeamDecisions.Team) {
    guard team.standing != .untouched, team.standing != .kept else { return }
    let claims = team.current?.claims
    for export in input.table.exports(ofTeam: seat) {
      guard claims?.contains(input.exports[export].owner) != true else { continue }
      decisions.claims.append(
        Bookkeeping.Ownership(
          kind: .teamClaim, subject: team.subject.id, export: input.exports[export].name))
    }
  }

  // MARK: - Additions

  /// A team and its seat.
  typealias SeatedTeam = (seat: Int, team: TeamDecisions.Team)

  /// Adds members to a team; those of one member follow each other.
  private mutating func add(_ missing: [DesiredEdge], to team: SeatedTeam) {
    guard !missing.isEmpty else { return }
    let isGrant = protectedTeams[team.seat] != nil || input.roles[team.seat] != nil
    var start = 0
    while start < missing.count {
      let member = missing[start].member
      let end = missing[start...].firstIndex { $0.member != member } ?? missing.count
      add(
        Int(member), to: team, isGrant: isGrant,
        .init(missing[start..<end].lazy.map(\.record)))
      start = end
    }
  }

  private mutating func add(
    _ member: Int, to team: SeatedTeam, isGrant: Bool, _ records: EdgeDecisions.Draft.Records
  ) {
    guard let person = input.people.place(ofSeat: member) else { return }
    // Who has left, or may have, gains nothing.
    guard !isFrozen(member), !input.absentSeats.contains(member) else {
      if isFrozen(member) { decisions.leaveOpen(records.all) }
      decisions.findings.note(
        .edgeWithheld(team: team.team.subject.name, member: name(person)), at: locate(records.first)
      )
      return
    }
    let isReliable = records.contains { input.exports[Int($0.export)].isReliable }
    guard input.rules.updatesFromUnreliable || isReliable else { return }
    let isManaged =
      member >= input.members.count || !input.members.owners[member].isEmpty
      || input.adoptedSeats.contains(member)
    guard isManaged else {
      decisions.findings.note(
        .edgeOfUnmanagedMember(team: team.team.subject.name, member: name(person)),
        at: locate(records.first))
      return
    }
    let isByRule = !records.contains { input.membershipExports.contains(Int($0.export)) }
    append(
      team, (member, person), isAddition: true, situation: .listed,
      classes: isGrant ? .grant : [],
      rule: withRoles(isByRule ? "teams.rules" : "memberships", of: team.seat), records: records)
  }

  /// What somebody is called who has a place among the people.
  func name(_ person: Int) -> String { input.people.subjects[person].name }

  /// The rule of the policy, with the roles that come or go with the team.
  func withRoles(_ rule: String, of seat: Int) -> String {
    input.roles[seat].map { "\(rule), roles: \($0)" } ?? rule
  }

  /// Held, perhaps unreadable, or in an export that cannot be believed: no memberships come or go.
  func isFrozen(_ member: Int) -> Bool {
    input.frozenSeats.contains(member)
      || member < input.members.count && !input.members.owners[member].isDisjoint(with: doubted)
  }

  mutating func append(
    _ team: SeatedTeam, _ member: (seat: Int, person: Int), isAddition: Bool,
    situation: Situation, classes: ChangeClass, rule: String,
    records: EdgeDecisions.Draft.Records
  ) {
    if lastTeam != team.seat {
      lastTeam = team.seat
      teams.append(team.team.subject)
    }
    let group = Memberships.Group(
      team: teams.count - 1, isAddition: isAddition, situation: situation, classes: classes,
      rule: rule)
    if groups.last != group { groups.append(group) }
    members.append(Memberships.Member(group: groups.count - 1, person: member.person))
    decisions.drafts.append(
      EdgeDecisions.Draft(
        team: team.seat, member: member.seat, isAddition: isAddition, records: records))
  }
}

extension DesiredEdge {
  /// The seat of a member who is asked for; nil of one that a delta takes back.
  fileprivate var askedSeat: Int? { isGone ? nil : Int(member) }
}
