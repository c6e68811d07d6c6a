import Identity
import Matching
import PlanFile
import Planning
import Reading
import Scanning
import Storing

extension Reconciliation {
  /// Reads the membership exports and compares every team that is not plainly unchanged.
  func decideMemberships(
    _ people: PeopleStage, _ pairing: Pairing, _ members: MemberDecisions,
    _ teams: TeamDecisions, _ selection: TeamDirectory.Selection, _ ahead: MembershipsAhead,
    _ details: inout SeatDetails, _ run: inout RunFacts
  ) async throws(JobFailure) -> EdgeDecisions {
    // Without an export of memberships, none is ours to change but those that the ladder strips.
    guard
      !roster.memberships.isEmpty || !members.strippedSeats.isEmpty || !policy.teams.rules.isEmpty
    else { return EdgeDecisions() }
    let index = people.index
    // A team that is not created is nobody's outer team, and no mistake of the memberships that name it.
    var selection = selection
    selection.leftOut += teams.notCreated
    let renamed = renamedTeams(teams)
    var stage = try await readMemberships(
      people, pairing, members, teams, renamed, selection, await ahead.take(), &run)
    try stage.addReplaced { (team) throws(JobFailure) in
      try currentMembers(of: team, teams, index)
    }
    notify(JobProgress(.comparingMemberships))
    let seats = ruleSeats(teams, renamed: renamed)
    let (batches, doubtful) = flattened(
      stage,
      stage.batches + EdgeBatch.batches(of: ruleEdges(people, pairing, members, seats: seats)),
      doubtful: stage.untoldTeams.union(people.doubtfulRules.compactMap { seats[$0] }), teams,
      selection, &run)
    witness?.edges = batches.flatMap(\.edges)
    var table = MembershipTable(batches, teamCount: teams.teams.count)
    let currentEdges = try await compare(&table, teams, members, index)
    let concerned = EdgePlanning.concernedSeats(
      table, currentEdges, members: index.members, strippedSeats: members.strippedSeats)
    let subjects = try await subjects(concerned, members, &details, index)
    let adopted = adoptions(members)
    var input = EdgeInput(
      rules: basis.rules, exports: run.statuses,
      membershipExports: Set(roster.memberships.map(\.number)), teams: teams, table: table,
      members: index.members.owned(as: adopted),
      people: subjects,
      frozenSeats: members.frozenSeats.union(stage.untoldMembers), absentSeats: members.absentSeats,
      strippedSeats: members.strippedSeats,
      protection: protection(concerned, details, index), currentEdges: currentEdges,
      knownClaims: roster.known)
    input.adoptedSeats = Set(adopted.keys)
    input.doubtfulTeams = doubtful.union(stage.doubtfulReplacements)
    input.replacements = Set(stage.resets.values)
    input.ruleOwners = ruleOwners(seats)
    input.roles = teamRoles(teams, renamed: renamed)
    noteLines(of: EdgePlanning.recordsOfAdditions(input), stage, &run)
    let late = RecordLocator(run)
    let decisions = EdgePlanning.decide(input, threads: settings.jobs, locate: late.origin(of:))
    FreedMemory.release((stage, input))
    return decisions
  }

  /// The seats of those who are in a team now.
  private func currentMembers(
    of team: Int, _ teams: TeamDecisions, _ index: MemberIndex
  ) throws(JobFailure) -> [Int] {
    guard team < teams.teams.count, let current = teams.teams[team].current else { return [] }
    let edges = try JobFailure.storing { () throws(StoreFailure) in
      try store.edges(ofTeam: current.ordinal)
    }
    return edges.compactMap { index.members.seat(ofOrdinal: $0.member) }
  }

  /// Compares all teams, keeps in the table what they differ in, and returns the same of the state by seat: none of a new
  /// team, nil of one that is unchanged.
  private func compare(
    _ table: inout MembershipTable, _ teams: TeamDecisions, _ members: MemberDecisions,
    _ index: MemberIndex
  ) async throws(JobFailure) -> [[CurrentEdge]?] {
    let seats = teams.teams.indices.filter { teams.teams[$0].current != nil }
    let ofStripped = Set(try teamsOfStripped(members.strippedSeats, teams, index))
    let comparison = TeamComparison(
      table, members: index.members, hasher: basis.edgeHasher,
      strippedSeats: members.strippedSeats)
    let count = ProgressCount(.comparingMemberships, total: seats.count, notify: notify)
    let differences = try await JobFailure.storing { () async throws(StoreFailure) in
      try await store.comparing(
        seats.map { teams.teams[$0].current?.ordinal ?? 0 }, threads: settings.jobs
      ) {
        var comparison = comparison
        return { (place, edges: StateStore.EdgesOfTeam) throws(StoreFailure) in
          defer { count.add() }
          return try EdgePlanning.difference(
            of: seats[place], in: teams, always: ofStripped.contains(seats[place]),
            with: &comparison, current: edges)
        }
      }
    }
    var current = [[CurrentEdge]?](repeating: nil, count: teams.teams.count)
    for (seat, difference) in zip(seats, differences) {
      guard let difference else { continue }
      table.keep(difference.desired, ofTeam: seat)
      current[seat] = difference.current
    }
    let new = teams.teams.indices.filter { teams.teams[$0].current == nil }
    for seat in new { current[seat] = [] }
    table.sort(teams: new)
    return current
  }

  /// Says on which lines the records stand of which something comes, so that no file need be read once more.
  private func noteLines(
    of records: [RecordNumber], _ stage: MembershipStage, _ run: inout RunFacts
  ) {
    for (export, records) in Dictionary(grouping: records, by: { Int($0.export) }) {
      guard let lines = stage.lines[export] else { continue }
      run.lines[export] = lines.lines(ofNumbers: records.map(\.number).sorted())
    }
  }

  /// The values of teams that change tonight, by seat.
  func renamedTeams(_ teams: TeamDecisions) -> [Int: AttributeImage] {
    teams.drafts.reduce(into: [:]) { images, draft in
      if case .updateTeam(let changes) = draft.action { images[draft.seat] = image(of: changes) }
    }
  }

  /// The memberships with those of inner teams in the outer ones, and the teams of which not all is known.
  private func flattened(
    _ stage: MembershipStage, _ batches: [EdgeBatch], doubtful: Set<Int>, _ teams: TeamDecisions,
    _ selection: TeamDirectory.Selection, _ run: inout RunFacts
  ) -> (batches: [EdgeBatch], doubtful: Set<Int>) {
    guard selection.flattens else { return (batches, doubtful) }
    let nested = NestedTeams(stage.inclusions)
    for circle in nested.circles {
      run.findings.note(.teamCycle(teams: circle.map { stage.teamNames[$0] }.sorted()))
    }
    // Whom nobody knows may be a team that an export of teams has lost.
    let isComplete = roster.teams.allSatisfy {
      $0.settings.content == .full && run.health[$0.number]?.isReliable == true
        && !run.unprecedented.contains($0.number)
    }
    let unknown = isComplete ? doubtful : doubtful.union(stage.teamsWithUnknown)
    return (
      EdgeBatch.batches(
        of: nested.flattened(batches.flatMap(\.edges), teamCount: teams.teams.count)),
      nested.withOuterTeams(unknown).filter { $0 < teams.teams.count }
    )
  }

  private func readMemberships(
    _ people: PeopleStage, _ pairing: Pairing, _ members: MemberDecisions,
    _ teams: TeamDecisions, _ renamed: [Int: AttributeImage],
    _ selection: TeamDirectory.Selection, _ begun: [Int: MembershipsAhead.Begun],
    _ run: inout RunFacts
  ) async throws(JobFailure) -> MembershipStage {
    let directory = directory(people, pairing, members)
    let keyIDs = policy.exports.memberships.map { basis.teamAttributes.id(of: $0.team.key) }
    let display = basis.teamAttributes.id(of: .displayName)
    let teamDirectory = TeamDirectory(
      teams.teams, renamed: renamed, keys: keyIDs.map { $0 ?? AttributeID(0) },
      selection: selection, displayName: display)
    let leftOut = selection.leftOut.map { image in display.flatMap { image.text($0) } ?? "" }
    var stage = MembershipStage(
      members: directory, teams: teamDirectory,
      teamNames: teams.teams.map(\.subject.name) + leftOut)
    for (place, (export, settings)) in zip(roster.memberships, policy.exports.memberships)
      .enumerated()
    {
      do {
        if var source = try await source(export, settings, place: place, teamDirectory) {
          let begun = begun[place].flatMap { $0.names == source.header.names ? $0 : nil }
          if let begun { source.reader = begun.reader }
          let step = JobProgress.Step.reading(export: export.settings.name)
          notify(JobProgress(step))
          let reader = source.reader
          try await stage.read(source, after: begun) {
            notify(JobProgress(step, done: $0, total: reader.estimatedCount(after: $0)))
          }
          run.readers[export.number] = reader
        }
      } catch {
        throw JobFailure(reading: error)
      }
      var facts = ExportFacts(
        summary: stage.summaries[export.number],
        unknownReferences: stage.unknownReferences[export.number] ?? 0,
        namedReferences: stage.namedReferences[export.number] ?? 0)
      facts.countUnreadable()
      run.judge(export, gate, facts)
    }
    run.quarantined += stage.quarantined
    run.findings.append(contentsOf: stage.findings.findings)
    return stage
  }

  private func image(of changes: [AttributeChange]) -> AttributeImage {
    var image = AttributeImage()
    let values = changes.compactMap { change in
      basis.teamAttributes.id(of: change.attribute.path).map { ($0, change.after ?? "") }
    }
    for (id, value) in values.sorted(by: { $0.0 < $1.0 }) { image.append(id, value.utf8) }
    return image
  }

  func source(
    _ export: RunExport, _ settings: MembershipsExport, place: Int, _ teams: TeamDirectory
  ) async throws -> MembershipStage.Source? {
    guard var reader = try export.reader(jobs: self.settings.jobs) else { return nil }
    let header = try reader.header()
    let file = export.files[0]
    func column(_ reference: MembershipsExport.Reference) throws(JobFailure) -> Int {
      if let (column, _) = try ColumnRules.column(reference.columns, in: header, file: file) {
        return column
      }
      guard header.isEmpty else {
        throw .unreadable([
          "\(file): there is no column \(reference.columns.joined(separator: " or ")), which the "
            + "policy names for memberships. The file has: \(header.names.joined(separator: ", "))."
        ])
      }
      return 0
    }
    let team: MembershipStage.TeamPlace
    switch settings.team {
    case .reference(let reference):
      team = .column(
        try column(reference), key: place, separator: Array((reference.separator ?? "").utf8))
    case .name, .fileName:
      team = .files(
        names(settings.team, export).map { name in
          name.map { hit(ofTeam: $0, settings.team, teams, place: place) } ?? .unknown
        })
    }
    guard let key = basis.memberKeys.firstIndex(where: { $0.path == settings.member.key }) else {
      throw JobFailure.policy(["exports.memberships: \(settings.member.key) is not mapped."])
    }
    let memberColumn = try column(settings.member)
    if try reader.detectedFormat().namesEntries {
      reader.references = try await references(team, settings, memberColumn: memberColumn)
    }
    return MembershipStage.Source(
      export: export, reader: reader, team: team, memberColumn: memberColumn,
      memberKey: key, memberSeparator: Array((settings.member.separator ?? "").utf8),
      marker: try marker(export.settings, header: header, file: file), header: header,
      lists: MembershipLists(settings, header, try reader.detectedFormat()))
  }

  /// The team that the policy or the name of a file names.
  private func hit(
    ofTeam name: String, _ team: MembershipsExport.Team, _ teams: TeamDirectory, place: Int
  ) -> TeamDirectory.Hit {
    let hit = teams.lookup(name.utf8, key: place)
    // Nobody asks for a team that the policy leaves out, although no export of teams has it.
    let isLeftOut = hit == .unknown && team.key == .displayName && !policy.teams.selects(name)
    return isLeftOut ? .leftOut : hit
  }

  /// What the distinguished names in the columns of teams and members stand for.
  private func references(
    _ team: MembershipStage.TeamPlace, _ settings: MembershipsExport, memberColumn: Int
  ) async throws -> EntryReferences {
    var references = EntryReferences()
    // Somebody whom a delta does not name would be nobody, and lose every team.
    try roster.refuseEntriesOfDeltas(named: settings.settings)
    let people = EntryLookup(
      exports: roster.people, mappings: policy.exports.people.map(\.mapping),
      jobs: self.settings.jobs)
    references.directories[memberColumn] = try await people.directory(by: settings.member.key)
    try await addInnerTeams(to: &references, memberColumn)
    let isDelta = settings.settings.content == .delta
    if isDelta {
      try await addKnownMembers(
        to: &references.directories[memberColumn, default: .init()], by: settings.member.key)
    }
    if case .column(let column, _, _) = team {
      let teams = EntryLookup(
        exports: roster.teams, mappings: policy.exports.teams.map(\.mapping),
        jobs: self.settings.jobs)
      var directory = try await teams.directory(by: settings.team.key)
      if isDelta {
        try addKnownTeams(to: &directory, by: settings.team.key)
        references.own[column] = directory
      }
      references.directories[column] = directory
    }
    return references
  }

  /// Teams stand among members by their distinguished names, too.
  private func addInnerTeams(
    to references: inout EntryReferences, _ memberColumn: Int
  ) async throws {
    guard policy.teams.nested == .flatten || policy.asksForAssignment,
      let key = basis.teamKeys.first
    else { return }
    let teams = EntryLookup(
      exports: roster.teams, mappings: policy.exports.teams.map(\.mapping),
      jobs: self.settings.jobs)
    try await teams.add(to: &references.directories[memberColumn, default: .init()], by: key.path)
  }

  // MARK: - Who is concerned

  /// The members that this plan takes charge of, with the exports that will own them.
  private func adoptions(_ members: MemberDecisions) -> [Int: ExportSet] {
    let owners = Dictionary(
      roster.people.map { ($0.settings.name, $0.owner) }, uniquingKeysWith: { $1 })
    var adopted: [Int: ExportSet] = [:]
    for draft in members.drafts where draft.situation == .found {
      adopted[draft.seat] = ExportSet(draft.newOwners.compactMap { owners[$0] })
    }
    return adopted
  }

  private func teamsOfStripped(
    _ seats: Set<Int>, _ teams: TeamDecisions, _ index: MemberIndex
  ) throws(JobFailure) -> [Int] {
    guard !seats.isEmpty else { return [] }
    let lists = try JobFailure.storing { () throws(StoreFailure) in
      try store.teams(ofMembers: seats.sorted().map { index.members.ordinals[$0] })
    }
    let ordinals = Set(lists.flatMap { $0 }.map(\.team))
    return teams.teams.indices.filter { seat in
      teams.teams[seat].current.map { ordinals.contains($0.ordinal) } ?? false
    }
  }

  /// Whom memberships may concern; `seats` ascend.
  ///
  /// Only their names are read, unless their values are asked for.
  private func subjects(
    _ seats: [Int], _ members: MemberDecisions, _ details: inout SeatDetails, _ index: MemberIndex
  ) async throws(JobFailure) -> SeatedSubjects {
    if !basis.rules.protectedMembers.isEmpty || witness != nil {
      try await add(Set(seats), to: &details, index)
    }
    var subjects = SeatedSubjects()
    if let last = seats.last, last >= index.members.count {
      let wanted = Set(seats[(seats.firstIndex { $0 >= index.members.count } ?? 0)...])
      for draft in members.drafts where draft.situation == .joiner && wanted.contains(draft.seat) {
        subjects.append(draft.seat, draft.subject)
      }
    }
    let name = basis.memberAttributes.id(of: .userName)
    var others: [Int] = []
    for seat in seats where seat < index.members.count {
      guard let id = details.id(of: seat) else {
        others.append(seat)
        continue
      }
      subjects.append(
        seat,
        SubjectRef(id: id, name: name.flatMap { details[seat].text($0) } ?? id.description))
    }
    let names = try JobFailure.storing { () throws(StoreFailure) in
      try store.subjects(
        ofMembers: others.map { index.members.ordinals[$0] }, byUserName: name != nil,
        threads: settings.jobs)
    }
    subjects.append(others, names)
    return subjects
  }

  private func protection(
    _ seats: [Int], _ details: SeatDetails, _ index: MemberIndex
  ) -> [Int: String] {
    guard !basis.rules.protectedMembers.isEmpty else { return [:] }
    var rules: [Int: String] = [:]
    for seat in seats where seat < index.members.count {
      rules[seat] = basis.rules.protection(of: details[seat])
    }
    return rules
  }
}

extension CurrentMembers {
  /// The same members, some of them under other owners.
  fileprivate func owned(as owners: [Int: ExportSet]) -> CurrentMembers {
    guard !owners.isEmpty else { return self }
    var members = self
    for (seat, set) in owners { members.owners[seat] = set }
    return members
  }
}
