import Identity
import Matching
import PlanFile

// Memberships that go: who may take whom out of which team.

extension EdgePlanning {
  /// Why somebody who is in a team may have to go.
  private enum Cause {
    /// The ladder strips leavers of their memberships.
    case ladder
    /// A delta says so, in these records.
    case marker([RecordNumber])
    /// A delta gives the team a new list, in these records, and the member is not in it.
    case replaced([RecordNumber])
    /// Nobody asks for the membership any more.
    case unlisted
  }

  mutating func remove(
    _ surplus: [(seat: Int, edge: CurrentEdge)], from seated: SeatedTeam, desired: [DesiredEdge]
  ) {
    let (seat, team) = seated
    var markers: [Int: [RecordNumber]] = [:]
    for edge in desired where edge.isGone {
      markers[Int(edge.member), default: []].append(edge.record)
    }
    let isEmptied = input.table.exports(ofTeam: seat).isEmpty
    let verdict = removalVerdict(seated, isEmptied: isEmptied)
    for (member, edge) in surplus {
      guard let person = input.people.place(ofSeat: member) else { continue }
      let cause: Cause =
        if input.strippedSeats.contains(member) {
          .ladder
        } else if let records = markers[member] {
          input.replacements.isSuperset(of: records) ? .replaced(records) : .marker(records)
        } else {
          .unlisted
        }
      switch self.verdict(on: cause, team: seat, otherwise: verdict) {
      case .silent: continue
      case .withheld:
        guard mayLose(member, edge, team: team, person, cause: cause) else { continue }
        decisions.leaveOpen(markers[member] ?? [])
        withhold(person, from: team)
      case .allowed:
        guard mayLose(member, edge, team: team, person, cause: cause) else { continue }
        guard !isFrozen(member) else {
          decisions.leaveOpen(markers[member] ?? [])
          withhold(person, from: team)
          continue
        }
        append(seated, (member, person), cause: cause, isEmptied: isEmptied)
      }
    }
  }

  private enum RemovalVerdict {
    case allowed
    /// No export says enough; this is normal.
    case silent
    /// An export that ought to say is unreliable tonight.
    case withheld
  }

  private func verdict(
    on cause: Cause, team seat: Int, otherwise verdict: RemovalVerdict
  ) -> RemovalVerdict {
    switch cause {
    case .ladder: .allowed
    case .marker(let records):
      records.contains { input.exports[Int($0.export)].isReliable } ? .allowed : .withheld
    case .replaced(let records): mayReplace(seat, records) ? .allowed : .withheld
    case .unlisted: verdict
    }
  }

  /// A new list speaks for its own export alone: everybody else who claims the team must be heard in full, and
  /// whom the list names must be known.
  private func mayReplace(_ seat: Int, _ records: [RecordNumber]) -> Bool {
    let speakers = Set(records.map { Int($0.export) }).map { input.exports[$0] }
    let others = claims(on: seat).subtracting(ExportSet(speakers.map(\.owner)))
    return speakers.allSatisfy(\.isReliable) && !input.doubtfulTeams.contains(seat)
      && others.isSubset(of: input.knownClaims)
      && input.exports.filter { others.contains($0.owner) }
        .allSatisfy { $0.isFull && $0.mayRemove }
  }

  /// The exports that ever claimed a team, or do so tonight.
  private func claims(on seat: Int) -> ExportSet {
    (input.teams.teams[seat].current?.claims ?? []).union(
      ExportSet(input.table.exports(ofTeam: seat).map { input.exports[$0].owner })
    ).union(input.ruleOwners[seat] ?? [])
  }

  /// An edge goes only if every export that ever claimed the team is full and healthy tonight.
  private mutating func removalVerdict(_ team: SeatedTeam, isEmptied: Bool) -> RemovalVerdict {
    let seat = team.seat
    let claims = claims(on: seat)
    guard !claims.isEmpty else { return .silent }
    // People exports claim a team by a rule.
    let exports = input.exports.filter { claims.contains($0.owner) }
    guard exports.allSatisfy(\.isFull) else { return .silent }
    if isEmptied, !input.doubtfulTeams.contains(seat), let verdict = verdictOnEmptied(team) {
      return verdict
    }
    // An export that the policy no longer has cannot take back what it claimed.
    guard claims.isSubset(of: input.knownClaims), exports.allSatisfy(\.mayRemove),
      !input.doubtfulTeams.contains(seat)
    else { return .withheld }
    return .allowed
  }

  /// A team without a row is emptied only if a healthy team export lists it; nil when it may be.
  private mutating func verdictOnEmptied(_ seated: SeatedTeam) -> RemovalVerdict? {
    let (seat, team) = seated
    if input.teams.isImplicit, !team.isByRule {
      decisions.findings.note(.teamGone(team: team.subject.name))
      decisions.situations[.gone, default: 0] += 1
      return .silent
    }
    guard team.isListed else { return .silent }
    guard team.isListedReliably else { return .withheld }
    guard let rule = protectedTeams[seat] else { return nil }
    decisions.findings.note(
      .protected(subject: "team " + team.subject.name, change: "emptied", rule: rule))
    decisions.situations[.protected, default: 0] += 1
    return .silent
  }

  /// Whether a membership is one that Rollcall may take at all; says so where it is not.
  private mutating func mayLose(
    _ member: Int, _ edge: CurrentEdge, team: TeamDecisions.Team, _ person: Int,
    cause: Cause
  ) -> Bool {
    guard !input.members.owners[member].isEmpty else {
      decisions.findings.note(
        .edgeOfUnmanagedMember(team: team.subject.name, member: name(person)))
      return false
    }
    // A leaver keeps its memberships until the ladder strips them.
    let isAway = input.absentSeats.contains(member) || input.adoptedSeats.contains(member)
    switch cause {
    case .unlisted, .replaced: if isAway { return false }
    case .ladder, .marker: break
    }
    guard edge.isOurs || input.rules.exactTeams.contains(team.subject.name) else {
      decisions.findings.note(
        .edgeNotWrittenByUs(team: team.subject.name, member: name(person)))
      return false
    }
    guard let rule = input.protection[member] else { return true }
    decisions.findings.note(
      .protected(
        subject: name(person), change: "leaving team \(team.subject.name)", rule: rule))
    decisions.situations[.protected, default: 0] += 1
    return false
  }

  private mutating func withhold(_ person: Int, from team: TeamDecisions.Team) {
    decisions.situations[.withheld, default: 0] += 1
    let hold = Hold(subject: "team \(team.subject.name)", situation: .withheld, isRemoval: true)
    if decisions.holds.last != hold { decisions.holds.append(hold) }
    decisions.findings.note(.edgeWithheld(team: team.subject.name, member: name(person)))
  }

  private mutating func append(
    _ team: SeatedTeam, _ member: (seat: Int, person: Int), cause: Cause, isEmptied: Bool
  ) {
    let seat = team.seat
    func append(_ situation: Situation, _ rule: String, _ records: [RecordNumber] = []) {
      self.append(
        team, member, isAddition: false, situation: situation, classes: .removal,
        rule: withRoles(rule, of: seat), records: .init(records))
    }
    let isByRule =
      input.ruleOwners[seat] != nil
      && input.table.exports(ofTeam: seat).allSatisfy { !input.membershipExports.contains($0) }
    let rule = isByRule ? "teams.rules" : "memberships"
    switch cause {
    case .ladder: append(.leaver, "lifecycle.leavers.stripTeams")
    case .marker(let records), .replaced(let records): append(.unlisted, rule, records)
    case .unlisted: append(isEmptied ? .emptied : .unlisted, rule)
    }
  }
}
