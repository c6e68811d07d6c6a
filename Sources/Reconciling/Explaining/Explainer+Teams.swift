import Identity
import Mapping
import Matching
import PlanFile
import Planning
import Reading
import Storing

// Which teams WHO may mean.

extension Explainer {
  /// So many members of one team are named, though nothing happens to them.
  private static let agreedLimit = 1000

  func teams() async throws(JobFailure) -> [TeamExplainer.Candidate] {
    let teams = lookup.seen.teams.teams
    var bySeat: [Int: TeamExplainer.Candidate] = [:]
    for seat in teams.indices where isMeant(teams[seat]) {
      bySeat[seat] = TeamExplainer.Candidate(seat: seat)
    }
    let (looks, unreadable) = try await teamRecords(seats: Set(bySeat.keys))
    var others: [TeamExplainer.Candidate] = []
    for look in looks {
      if let seat = seat(of: look) {
        bySeat[seat, default: TeamExplainer.Candidate(seat: seat)].looks.append(look)
      } else {
        others.append(TeamExplainer.Candidate(looks: [look]))
      }
    }
    for seat in bySeat.keys { bySeat[seat]?.disagreements = try await disagreements(about: seat) }
    return bySeat.sorted { $0.key < $1.key }.map(\.value) + others
      + unreadable.map { TeamExplainer.Candidate(unreadable: [$0]) }
  }

  /// In which memberships the exports and the state differ, whatever becomes of that.
  private func disagreements(
    about seat: Int
  ) async throws(JobFailure) -> TeamExplainer.Disagreements {
    var asked: [Int: [RecordNumber]] = [:]
    for edge in lookup.edges where Int(edge.team) == seat && !edge.isGone {
      asked[Int(edge.member), default: []].append(edge.record)
    }
    let members = people.index.members
    let edges = try JobFailure.storing { () throws(StoreFailure) -> [CurrentEdge] in
      guard let team = lookup.seen.teams.teams[seat].current else { return [] }
      return try reconciliation.store.edges(ofTeam: team.ordinal)
    }
    let current = Set(edges.compactMap { members.seat(ofOrdinal: $0.member) })
    let unasked = current.subtracting(asked.keys)
    let missing = Set(asked.keys).subtracting(current)
    var details = lookup.seen.details
    try await reconciliation.add(unasked.union(missing), to: &details, people.index)
    var newNames: [Int: String] = [:]
    for draft in lookup.seen.members.drafts where missing.contains(draft.seat) {
      newNames[draft.seat] = draft.subject.name
    }
    func name(_ seat: Int) -> String {
      if let name = newNames[seat], seat >= members.count { return name }
      return basis.memberAttributes.id(of: .userName).flatMap { details[seat].text($0) }
        ?? details.id(of: seat)?.description ?? ""
    }
    var agreed: [(member: String, records: [RecordNumber])] = []
    if lookup.seen.teams.teams[seat].isByRule || lookup.rule(ofTeam: seat) != nil {
      // Whom a rule finds no file lists.
      let there = Set(asked.keys).intersection(current).sorted().prefix(Self.agreedLimit)
      try await reconciliation.add(Set(there), to: &details, people.index)
      agreed = there.map { (name($0), (asked[$0] ?? []).sorted()) }.sorted { $0.0 < $1.0 }
    }
    return TeamExplainer.Disagreements(
      agreed: agreed, unasked: unasked.map(name).sorted(),
      missing: missing.map { (name($0), (asked[$0] ?? []).sorted()) }.sorted { $0.0 < $1.0 })
  }

  private func isMeant(_ team: TeamDecisions.Team) -> Bool {
    if team.subject.id.description == witness.who.text { return true }
    let value = Array(witness.who.text.utf8)[...]
    return teamKeys.contains { MatchKeyText.same(team.image[$0.id] ?? [], value) }
  }

  private var teamKeys: [MatchKey] {
    let display = basis.teamAttributes.id(of: .displayName)
      .map { MatchKey(path: .displayName, id: $0) }
    return Array(Set(basis.teamKeys + [display].compactMap { $0 })).sorted { $0.id < $1.id }
  }

  /// The team that a record became: what it changes or makes says so, else its keys do, as in matching.
  private func seat(of look: TeamExplainer.Look) -> Int? {
    if let draft = lookup.seen.teams.drafts.first(where: { $0.records.contains(look.number) }) {
      return draft.seat
    }
    for key in basis.teamKeys {
      guard let value = look.image[key.id], !value.isEmpty else { continue }
      // What the policy leaves out is listed nowhere, and may be there from before.
      let seat = lookup.seen.teams.teams.firstIndex {
        ($0.isListed || look.leftOut != nil) && MatchKeyText.same($0.image[key.id] ?? [], value)
      }
      if let seat { return seat }
    }
    return nil
  }

  /// The records that are meant: by what the exports call teams, by what the policy does, or as the record of a team
  /// that is meant.
  private func teamRecords(
    seats: Set<Int>
  ) async throws(JobFailure) -> ([TeamExplainer.Look], [RecordOrigin]) {
    let meaning = TeamMeaning(
      name: Array(witness.who.text.utf8), settings: reconciliation.policy.teams,
      displayName: basis.teamAttributes.id(of: .displayName), keys: basis.teamKeys,
      images: seats.sorted().map { lookup.seen.teams.teams[$0].image })
    var looks: [TeamExplainer.Look] = []
    var unreadable: [RecordOrigin] = []
    for (export, settings) in zip(reconciliation.roster.teams, reconciliation.policy.exports.teams)
    {
      guard let reader = lookup.run.readers[export.number],
        let places = lookup.run.summaries[export.number]?.places
      else { continue }
      let columns = try ColumnRules(
        settings.mapping,
        header: try await Self.reading { () async throws(ReadFailure) in try reader.header() },
        attributes: basis.teamAttributes, file: export.files[0], now: reconciliation.now)
      var search = RecordSearch(
        witness.who, in: export, reader, rules: columns.rules, attributes: basis.teamAttributes,
        keys: teamKeys, fingerprinter: basis.teamFingerprinter,
        secret: reconciliation.store.secret(.fingerprints))
      search.isMeant = { meaning.covers($0) }
      let found = try await Self.reading { () async throws(ReadFailure) in try await search.run() }
      unreadable += found.unreadable
      let meant = try await Self.reading { () async throws(ReadFailure) in
        try search.looks(at: found.numbers, places: places)
      }
      looks += meant.map { self.look($0, columns) }
    }
    return (looks, unreadable)
  }

  /// A record as the policy sees it: under the name and with the roles that it has here.
  private func look(
    _ record: RecordSearch.TeamRecord, _ columns: ColumnRules
  ) -> TeamExplainer.Look {
    let here = lookup.selected(record.image)
    var sources = columns.columns
    if let display = basis.teamAttributes.id(of: .displayName), let here,
      here.text(display) != record.image.text(display)
    {
      sources[display] = [sources[display], "teams.rename of the policy"].compactMap(\.self)
        .joined(separator: ", ")
    }
    if let roles = basis.teamAttributes.id(of: .teamRoles) {
      sources[roles] = RunLookup.rolesOfPolicy
    }
    return TeamExplainer.Look(
      number: record.number, origin: record.origin, export: record.export,
      image: here ?? record.image, problem: record.problem, sources: sources,
      leftOut: here == nil ? lookup.whyLeftOut(record.image) : nil)
  }
}

/// Which records of team exports are meant, beside those that say WHO themselves.
private struct TeamMeaning: Sendable {
  let name: [UInt8]
  let settings: TeamSettings
  let displayName: AttributeID?
  let keys: [MatchKey]
  /// Of the teams that are meant.
  let images: [AttributeImage]

  /// Whether the policy makes a team of WHO's name of a record, or one that is meant already.
  func covers(_ image: AttributeImage) -> Bool {
    var here = image
    if let displayName, let text = image.text(displayName) {
      let renamed = Array(settings.renamed(text).utf8)
      if MatchKeyText.same(renamed, name[...]) { return true }
      here = image.with(renamed, for: displayName)
    }
    return keys.contains { key in
      guard let value = here[key.id], !value.isEmpty else { return false }
      return images.contains { MatchKeyText.same($0[key.id] ?? [], value) }
    }
  }
}

extension RecordSearch {
  /// One record of a team export, as the mapping alone has it.
  struct TeamRecord {
    let number: RecordNumber
    let origin: RecordOrigin
    let export: RunExport
    let image: AttributeImage
    let problem: Finding.Subject?
  }

  /// Looks at some records of a team export again.
  func looks(
    at numbers: [Int], places: RecordPlaces
  ) throws(ReadFailure) -> [TeamRecord] {
    var looks: [TeamRecord] = []
    for (batch, place) in try reader.records(numbered: numbers.sorted(), places: places) {
      let problems = mapping.problems(in: batch)
      for row in 0..<batch.count {
        looks.append(
          TeamRecord(
            number: RecordNumber(
              export: export.number, number: place.firstNumber + Int(batch.numbers[row])),
            origin: RecordOrigin(
              export: export.settings.name, file: export.files[place.file],
              line: place.line(of: row, in: batch)),
            export: export, image: mapping.image(of: row, in: batch),
            problem: problems.first { $0.row == row }?.subject))
      }
    }
    return looks
  }
}
