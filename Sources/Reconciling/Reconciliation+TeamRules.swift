import Identity
import Matching
import PlanFile
import Planning
import Storing

// Teams of the policy: which of the exports' count, what they are called, which roles they carry, and those that
// rules make.

extension Reconciliation {
  private var displayName: AttributeID? { basis.teamAttributes.id(of: .displayName) }

  /// A team of an export with the name and roles that it has here; nil for one that is left out.
  func selected(_ image: AttributeImage, _ teams: inout TeamRecords) -> AttributeImage? {
    if policy.asksForAssignment { teams.sources.append(image) }
    guard let displayName, let name = image.text(displayName), !name.isEmpty else { return image }
    guard policy.teams.selects(name) else {
      teams.selection.leftOut.append(image)
      return nil
    }
    let here = policy.teams.renamed(name)
    guard here != name else { return withRoles(image, of: name) }
    teams.selection.renamed[MatchKeyText.folded(name.utf8)] = MatchKeyText.folded(here.utf8)
    return withRoles(image.with(Array(here.utf8), for: displayName), of: here)
  }

  private func withRoles(_ image: AttributeImage, of team: String) -> AttributeImage {
    guard policy.teams.roles != nil, let id = basis.teamAttributes.id(of: .teamRoles) else {
      return image
    }
    // No roles at all is something the policy says, too.
    return image.with(
      Array(policy.teams.roles(of: team).joined(separator: ", ").utf8), for: id)
  }

  /// The people exports that a rule looks at.
  func exports(of rule: TeamSettings.Rule) -> [RunExport] {
    roster.people.filter { rule.exports?.contains($0.settings.name) ?? true }
  }

  /// Adds the teams of rules; one that an export names as well is that export's.
  func addRules(to teams: inout TeamRecords, _ run: inout RunFacts) {
    if policy.teams.nested == .flatten { teams.selection.nestedKeys = basis.teamKeys.map(\.id) }
    guard let displayName, !policy.teams.rules.isEmpty else { return }
    let named = Set(teams.records.compactMap { $0.image[displayName].map(MatchKeyText.folded) })
    for (place, rule) in policy.teams.rules.enumerated() {
      guard !named.contains(MatchKeyText.folded(rule.name.utf8)),
        let export = exports(of: rule).first
      else { continue }
      var image = AttributeImage()
      image.append(displayName, rule.name.utf8)
      // Numbers from the end on stand for rules, not for records.
      let number = RecordNumber(export: export.number, number: Int(UInt32.max) - place)
      teams.records.append(
        OpenRecord(number: number, image: withRoles(image, of: rule.name), keyHashes: []))
      teams.rules[number] = place
      run.stated[number] = RecordOrigin(
        export: export.settings.name, file: policy.path, line: rule.line)
    }
  }

  // MARK: - Memberships

  /// The seat of each rule's team; nil where it is held.
  func ruleSeats(_ teams: TeamDecisions, renamed: [Int: AttributeImage]) -> [Int?] {
    guard let displayName, !policy.teams.rules.isEmpty else { return [] }
    let directory = TeamDirectory(teams.teams, renamed: renamed, keys: [displayName])
    return policy.teams.rules.map { rule in
      guard case .seat(let seat) = directory.lookup(rule.name.utf8, key: 0) else { return nil }
      return seat
    }
  }

  /// The memberships that rules ask for.
  func ruleEdges(
    _ people: PeopleStage, _ pairing: Pairing, _ members: MemberDecisions, seats: [Int?]
  ) -> [DesiredEdge] {
    guard !seats.isEmpty else { return [] }
    var edges = people.ruleEdges.compactMap { edge in
      seats[Int(edge.team)].map { seat in
        DesiredEdge(
          team: seat, member: Int(edge.member), record: edge.record, isGone: edge.isGone)
      }
    }
    let wanted = Set(people.openRuleMatches.map(\.record))
    guard !wanted.isEmpty else { return edges }
    var memberSeats: [RecordNumber: Int] = [:]
    for pair in pairing.pairs where wanted.contains(pair.record.number) {
      memberSeats[pair.record.number] = pair.seat
    }
    for draft in members.drafts where draft.situation == .joiner {
      for record in draft.records where wanted.contains(record) { memberSeats[record] = draft.seat }
    }
    for match in people.openRuleMatches {
      guard let seat = seats[match.rule], let member = memberSeats[match.record] else { continue }
      edges.append(
        DesiredEdge(team: seat, member: member, record: match.record, isGone: match.isGone))
    }
    return edges
  }

  /// By team: the exports that its rules look at.
  func ruleOwners(_ seats: [Int?]) -> [Int: ExportSet] {
    var owners: [Int: ExportSet] = [:]
    for (rule, seat) in zip(policy.teams.rules, seats) {
      guard let seat else { continue }
      owners[seat, default: []].formUnion(ExportSet(exports(of: rule).map(\.owner)))
    }
    return owners
  }

  /// The roles of each team that has some, as this plan leaves them.
  func teamRoles(_ teams: TeamDecisions, renamed: [Int: AttributeImage]) -> [Int: String] {
    guard let id = basis.teamAttributes.id(of: .teamRoles) else { return [:] }
    var roles: [Int: String] = [:]
    for (seat, team) in teams.teams.enumerated() {
      let text = renamed[seat].flatMap { $0.text(id) } ?? team.image.text(id) ?? ""
      if !text.isEmpty { roles[seat] = text }
    }
    return roles
  }

  // MARK: - Roles of members

  /// Adds to the decisions which roles members get and lose with their teams, where the target wants to have them.
  func settleRoles(
    _ members: inout MemberDecisions, _ teams: TeamDecisions, _ edges: EdgeDecisions,
    _ details: inout SeatDetails, _ index: MemberIndex, _ pairing: Pairing, _ run: RunFacts
  ) async throws(JobFailure) {
    let pairs = policy.teams.memberRoleAttributes.compactMap { role, path in
      basis.memberAttributes.id(of: path).map { (role, $0) }
    }
    let retired = basis.retiredRoles.paths.compactMap { path in
      path.memberRole.flatMap { role in basis.memberAttributes.id(of: path).map { (role, $0) } }
    }
    guard !pairs.isEmpty || !retired.isEmpty, let id = basis.teamAttributes.id(of: .teamRoles)
    else { return }
    let holders = basis.retiredRoles.holders.compactMap(index.members.seat(ofOrdinal:))
    let after = teamRoles(teams, renamed: renamedTeams(teams))
    let carrying = teams.teams.indices.filter { seat in
      after[seat] != nil || teams.teams[seat].image[id]?.isEmpty == false
    }
    let known = carrying.filter { teams.teams[$0].current != nil }
    let ordinals = known.compactMap { teams.teams[$0].current?.ordinal }
    let lists = try await JobFailure.storing { () async throws(StoreFailure) in
      try await store.edges(ofTeams: ordinals, threads: settings.jobs)
    }
    let current = Dictionary(
      uniqueKeysWithValues: zip(
        known, lists.map { $0.compactMap { index.members.seat(ofOrdinal: $0.member) } }))
    let roleTeams = carrying.map { seat in
      RoleInput.Team(
        seat: seat, roles: Set((after[seat] ?? "").split(separator: ", ").map(String.init)),
        members: current[seat] ?? [])
    }
    try await add(
      Set(current.values.joined()).union(edges.drafts.map(\.memberSeat)).union(holders),
      to: &details, index)
    members = RolePlanning.decide(
      members,
      RoleInput(
        rules: basis.rules, members: index.members, details: details, pairing: pairing,
        edges: edges, teams: roleTeams, attributes: Dictionary(uniqueKeysWithValues: pairs),
        retired: Dictionary(uniqueKeysWithValues: retired), holders: holders,
        doubted: ExportSet(
          roster.people.filter { run.health[$0.number]?.isReliable == false }.map(\.owner))))
  }
}
