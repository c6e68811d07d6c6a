package import Identity
package import Matching
import PlanFile

/// Decides which memberships come and go: one edge, one operation.
package struct EdgePlanning {
  let input: EdgeInput
  private let locate: (RecordNumber) -> RecordOrigin
  var decisions = EdgeDecisions()
  /// People exports that cannot be believed tonight, as owners.
  let doubted: ExportSet
  let protectedTeams: [Int: String]
  /// What the last membership was part of: those of one team follow each other.
  private var group: (seat: Int, group: MembershipGroup)?
  /// Whom memberships may concern, and the place of each in there plus one, by seat; 0 for all others.
  private let people: [SharedSubject]
  private var places: [UInt32]

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

  /// The members in whose memberships the compared teams may differ; those whom the ladder strips lose theirs
  /// although exports still list them.
  package static func concernedSeats(
    teams: TeamDecisions, table: MembershipTable, currentEdges: [Int: [CurrentEdge]],
    members: CurrentMembers, strippedSeats: Set<Int> = []
  ) -> Set<Int> {
    var seats: Set<Int> = []
    for team in teams.teams.indices {
      guard let held = comparedEdges(team, teams, currentEdges) else { continue }
      let current = held.compactMap { members.seat(ofOrdinal: $0.member) }
      let desired = table.edges(ofTeam: team).filter { !$0.isGone }.map { Int($0.member) }
      var present = SeatWalk(current)
      for seat in desired where !present.contains(seat) { seats.insert(seat) }
      var asked = SeatWalk(desired)
      for seat in current where !asked.contains(seat) || strippedSeats.contains(seat) {
        seats.insert(seat)
      }
    }
    return seats
  }

  /// The records whose lines additions will name, to look them up in one go.
  package static func recordsOfAdditions(_ input: EdgeInput) -> [RecordNumber] {
    var records: [RecordNumber] = []
    for team in input.teams.teams.indices {
      guard let held = comparedEdges(team, input.teams, input.currentEdges) else { continue }
      var present = SeatWalk(held.compactMap { input.members.seat(ofOrdinal: $0.member) })
      for edge in input.table.edges(ofTeam: team) where !present.contains(Int(edge.member)) {
        records.append(edge.record)
      }
    }
    return records
  }

  /// The memberships of a team that are compared with what is asked for: none of a new one, nil where all is as it was.
  private static func comparedEdges(
    _ team: Int, _ teams: TeamDecisions, _ edges: [Int: [CurrentEdge]]
  ) -> [CurrentEdge]? {
    edges[team] ?? (teams.teams[team].current == nil ? [] : nil)
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
    let seats = input.memberSubjects.keys.sorted()
    people = seats.compactMap { input.memberSubjects[$0].map { SharedSubject($0) } }
    places = Array(repeating: 0, count: (seats.last ?? -1) + 1)
    for (place, seat) in seats.enumerated() { places[seat] = UInt32(place + 1) }
    doubted = ExportSet(
      input.exports.indices.filter { !input.membershipExports.contains($0) }
        .map { input.exports[$0] }.filter { !$0.isReliable }.map(\.owner))
    protectedTeams = Self.protectedTeams(input)
  }

  /// Somebody of whom it is known what they are called.
  func person(_ seat: Int) -> SharedSubject? {
    guard seat < places.count, places[seat] > 0 else { return nil }
    return people[Int(places[seat]) - 1]
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
    claim(seat)
    guard let held = Self.comparedEdges(seat, input.teams, input.currentEdges) else { return }
    let team = input.teams.teams[seat]
    let desired = input.table.edges(ofTeam: seat)
    guard team.standing != .untouched else {
      if !desired.isEmpty { leave(team, desired[0]) }
      return
    }
    let current = held.compactMap { edge in
      input.members.seat(ofOrdinal: edge.member).map { (seat: $0, edge: edge) }
    }
    let wanted = desired.filter { !$0.isGone }
    var present = SeatWalk(current.map { $0.seat })
    let missing = wanted.filter { !present.contains(Int($0.member)) }
    guard team.standing != .kept else {
      var asked = SeatWalk(wanted.map { Int($0.member) })
      if !missing.isEmpty || current.contains(where: { !asked.contains($0.seat) }) {
        decisions.situations[.notUpdated, default: 0] += 1
      }
      return
    }
    for records in missing.chunked(by: \.member) {
      add(Int(records[0].member), to: seat, records: records.map(\.record))
    }
    var asked = SeatWalk(wanted.map { Int($0.member) })
    let surplus = current.filter {
      !asked.contains($0.seat) || input.strippedSeats.contains($0.seat)
    }
    guard team.standing == .managed, !surplus.isEmpty else { return }
    remove(surplus, from: seat, desired: desired)
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
  private mutating func claim(_ seat: Int) {
    let standing = input.teams.teams[seat].standing
    guard standing != .untouched, standing != .kept else { return }
    let claims = input.teams.teams[seat].current?.claims
    for export in input.table.exports(ofTeam: seat) {
      guard claims?.contains(input.exports[export].owner) != true else { continue }
      decisions.claims.append(
        Bookkeeping.Ownership(
          kind: .teamClaim, subject: input.teams.teams[seat].subject.id,
          export: input.exports[export].name))
    }
  }

  // MARK: - Additions

  private mutating func add(_ member: Int, to seat: Int, records: [RecordNumber]) {
    guard let person = person(member) else { return }
    let team = input.teams.teams[seat]
    // Who has left, or may have, gains nothing.
    guard !isFrozen(member), !input.absentSeats.contains(member) else {
      if isFrozen(member) { decisions.leaveOpen(records) }
      decisions.findings.note(
        .edgeWithheld(team: team.subject.name, member: person.subject.name),
        at: locate(records[0]))
      return
    }
    let isReliable = records.contains { input.exports[Int($0.export)].isReliable }
    guard input.rules.updatesFromUnreliable || isReliable else { return }
    let isManaged =
      member >= input.members.count || !input.members.owners[member].isEmpty
      || input.adoptedSeats.contains(member)
    guard isManaged else {
      decisions.findings.note(
        .edgeOfUnmanagedMember(team: team.subject.name, member: person.subject.name),
        at: locate(records[0]))
      return
    }
    let isByRule = records.allSatisfy { !input.membershipExports.contains(Int($0.export)) }
    let isGrant = protectedTeams[seat] != nil || input.roles[seat] != nil
    append(
      (seat, team.subject), (member, person), isAddition: true, situation: .listed,
      classes: isGrant ? .grant : [],
      rule: withRoles(isByRule ? "teams.rules" : "memberships", of: seat), records: records)
  }

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
    _ team: (seat: Int, subject: SubjectRef), _ member: (seat: Int, subject: SharedSubject),
    isAddition: Bool, situation: Situation, classes: ChangeClass, rule: String,
    records: [RecordNumber]
  ) {
    let group: MembershipGroup
    if let last = self.group, last.seat == team.seat, last.group.isAddition == isAddition,
      last.group.situation == situation, last.group.classes == classes, last.group.rule == rule
    {
      group = last.group
    } else {
      group = MembershipGroup(
        team: team.subject, isAddition: isAddition, situation: situation, classes: classes,
        rule: rule)
      self.group = (team.seat, group)
    }
    decisions.drafts.append(
      EdgeDecisions.Draft(
        Operation(in: group, of: member.subject), teamSeat: team.seat, memberSeat: member.seat,
        records: .init(records)))
  }
}
