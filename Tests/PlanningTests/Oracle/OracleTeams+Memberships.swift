// Who comes into which team, and who goes.

extension OracleTeams {
  /// One end of a membership: a member of the state, or a joiner by the user name it gets.
  private enum Person: Hashable {
    case member(String)
    case joiner(Oracle.Row)
  }

  private struct Edge: Hashable {
    let export: String
    let person: Person
    let isGone: Bool
  }

  /// Tonight's names first, then those of the state; nil for nobody, and for more than one.
  private func person(_ name: String) -> Person? {
    let name = name.lowercased()
    let changed = people.drafts.compactMap { draft -> Person? in
      guard let after = draft.changes["userName"], (after ?? "").lowercased() == name else {
        return nil
      }
      return draft.member.map { .member($0) } ?? draft.row.map { .joiner($0) }
    }
    if changed.count == 1 { return changed[0] }
    guard changed.isEmpty else { return nil }
    let found = world.members.filter { ($0.values["userName"] ?? "").lowercased() == name }
    return found.count == 1 ? .member(found[0].id) : nil
  }

  private func isCalled(_ team: Team, _ name: String) -> Bool {
    let reference = world.knobs.teamReference
    let name = name.lowercased()
    let renamed = teams.filter { $0.changes[reference]?.lowercased() == name }
    let found =
      renamed.isEmpty ? teams.filter { $0.values[reference]?.lowercased() == name } : renamed
    return found.count == 1 && found[0].id == team.id
  }

  mutating func decideMemberships() {
    for team in teams {
      var edges: [Edge] = []
      for export in people.exports where export.kind == .memberships {
        for row in export.rows where isCalled(team, row.team) {
          guard let person = person(row.member) else { continue }
          edges.append(Edge(export: export.name, person: person, isGone: row.isGone))
        }
      }
      decide(team, edges)
    }
  }

  private mutating func decide(_ team: Team, _ edges: [Edge]) {
    let asking = edges.filter { !$0.isGone }
    if team.standing != .untouched {
      for export in Set(asking.map(\.export)) where team.current?.claims.contains(export) != true {
        ownerships.insert("\(export) claims \(team.id)")
      }
    }
    let current = team.current?.edges ?? [:]
    let asked = Set(asking.map(\.person))
    guard team.standing != .untouched else {
      // Nothing is asked that is not so already? Then nothing is withheld.
      let isUnchanged =
        edges.allSatisfy { !$0.isGone } && asking.count == asked.count
        && asked == Set(current.keys.map { .member($0) })
      let isStripped = current.keys.contains { people.stripped.contains($0) }
      guard team.current != nil, !edges.isEmpty, !isUnchanged || isStripped else { return }
      count("withheld")
      if team.current?.owners.isEmpty == true, !team.isListed {
        holds.insert("team \(team.name): found")
      }
      return
    }
    for person in asked { add(person, team, from: asking.filter { $0.person == person }) }
    guard team.standing == .managed else { return }
    for (id, isOurs) in current {
      if people.stripped.contains(id) || !asked.contains(.member(id)) {
        remove(id, isOurs: isOurs, team, edges, asking)
      }
    }
    reportEmptied(team, edges, asking)
  }

  private func isFrozen(_ person: Person) -> Bool {
    switch person {
    case .joiner(let row): people.frozenRows.contains(row)
    case .member(let id):
      people.frozen.contains(id)
        || people.member(id).owners.contains { people.export($0)?.isReliable == false }
    }
  }

  private mutating func add(_ person: Person, _ team: Team, from edges: [Edge]) {
    let name: String
    switch person {
    case .joiner(let row): name = row["userName"]
    case .member(let id):
      if team.current?.edges[id] != nil || people.absent.contains(id) { return }
      if people.member(id).owners.isEmpty { return }
      name = people.name(id)
    }
    guard !isFrozen(person) else { return }
    let isReliable = edges.contains { people.export($0.export)?.isReliable == true }
    guard isReliable || world.knobs.updatesFromUnreliable else { return }
    count("listed")
    operations.insert("add \(team.name) ← \(name)" + (isProtected(team) ? " [grant]" : ""))
  }

  /// The membership exports that ever claimed a team, tonight's rows included.
  private func claims(_ team: Team, _ asking: [Edge]) -> Set<String> {
    (team.current?.claims ?? []).union(asking.map(\.export))
  }

  private func areAllFull(_ claims: Set<String>) -> Bool {
    claims.allSatisfy { people.export($0)?.isFull ?? true }
  }

  private mutating func remove(
    _ id: String, isOurs: Bool, _ team: Team, _ edges: [Edge], _ asking: [Edge]
  ) {
    let member = people.member(id)
    let isStripped = people.stripped.contains(id)
    let marks = edges.filter { $0.isGone && $0.person == .member(id) }
    let claims = claims(team, asking)
    var isWithheld = false
    if isStripped {
    } else if !marks.isEmpty {
      isWithheld = !marks.contains { people.export($0.export)?.isReliable == true }
    } else {
      if people.absent.contains(id) || claims.isEmpty || !areAllFull(claims) { return }
      if asking.isEmpty {
        if world.knobs.isImplicit || !team.isListed { return }
        if team.isListedReliably, isProtected(team) { return }
      }
      let isHealthy = claims.allSatisfy { people.export($0)?.isReliable == true }
      isWithheld = !isHealthy || asking.isEmpty && !team.isListedReliably
    }
    guard !member.owners.isEmpty, isOurs || people.fits(team.name, world.knobs.exact) else {
      return
    }
    guard !people.isProtected(member) else { return count("protected") }
    guard !isWithheld, !isFrozen(.member(id)) else {
      count("withheld")
      holds.insert("team \(team.name): withheld !")
      return
    }
    count(isStripped ? "leaver" : marks.isEmpty && asking.isEmpty ? "emptied" : "unlisted")
    operations.insert("remove \(team.name) ← \(people.name(id)) [removal]")
  }

  /// A team nobody asks anything of: gone where only memberships know teams, blocked where it is protected.
  private mutating func reportEmptied(_ team: Team, _ edges: [Edge], _ asking: [Edge]) {
    let claims = claims(team, asking)
    guard let current = team.current, !current.edges.isEmpty, asking.isEmpty, !claims.isEmpty,
      areAllFull(claims)
    else { return }
    if world.knobs.isImplicit { return count("gone") }
    if team.isListed, team.isListedReliably, isProtected(team) { count("protected") }
  }
}
