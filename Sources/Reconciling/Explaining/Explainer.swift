import Identity
import Mapping
import Matching
import PlanFile
import Planning
import Reading
import Storing

/// Finds whom WHO may mean in a run that has been planned, and tells of each.
struct Explainer {
  /// Who means more than these should say it more precisely.
  private static let subjectLimit = 20

  let reconciliation: Reconciliation
  let witness: RunWitness
  let lookup: RunLookup

  private var basis: RunBasis { reconciliation.basis }
  private var people: PeopleStage { lookup.seen.people }
  private var pairing: Pairing { lookup.seen.pairing }

  init?(_ reconciliation: Reconciliation, _ witness: RunWitness, _ plan: Plan) {
    guard let seen = witness.seen else { return nil }
    self.reconciliation = reconciliation
    self.witness = witness
    lookup = RunLookup(
      reconciliation: reconciliation, seen: seen, edges: witness.edges, plan: plan)
  }

  func explanation() async throws(JobFailure) -> Explanation {
    let persons = try await persons()
    let teams = try await teams()
    guard !persons.isEmpty || !teams.isEmpty else { throw .usage(nobody) }
    guard persons.count + teams.count <= Self.subjectLimit else {
      throw .usage(
        "“\(witness.who.text)” may be \(persons.count + teams.count) people or teams. Name a key, a user "
          + "name or a line instead.")
    }
    var details = lookup.seen.details
    try await reconciliation.add(seats(concerning: persons), to: &details, people.index)
    var subjects: [Explanation.Subject] = []
    for candidate in persons {
      let explainer = PersonExplainer(
        lookup: lookup, details: details, candidate: candidate)
      subjects.append(try explainer.subject())
    }
    subjects += teams.map { TeamExplainer(lookup: lookup, candidate: $0).subject() }
    return Explanation(
      who: witness.who.text, subjects: subjects,
      refusals: lookup.plan.evidence.verdicts.filter { !$0.passed },
      memberAttributes: basis.memberAttributes
    ).hiding(Redaction(reconciliation.policy.redacted))
  }

  private var nobody: String {
    let names = Set(basis.memberKeys.map(\.path) + [.userName]).sorted()
    let lost = lookup.run.quarantined
    let unread =
      lost == 0 ? "" : " \(lost) records could not be read: rollcall plan says where they stand."
    if witness.who.line != nil {
      let files = reconciliation.roster.all.flatMap(\.files)
      let findings = lookup.plan.evidence.findings.filter { finding in
        finding.origin.map { witness.who.means(file: $0.file) && $0.line == witness.who.line }
          ?? false
      }
      if let finding = findings.first {
        let shown = Redaction(reconciliation.policy.redacted).replacing(finding)
        return "\(witness.who.text): \(shown.message)"
      }
      return files.contains(where: witness.who.means(file:))
        ? "\(witness.who.text): there is no record on this line."
        : "\(witness.who.text) is no line of a file that the policy reads (\(files.joined(separator: ", "))), "
          + "and nobody is called so."
    }
    return
      "Nobody is called “\(witness.who.text)”: no record of tonight, no member and no team has it as id, "
      + "e-mail, team name or \(names.map { "\($0)" }.joined(separator: ", "))." + unread
  }

  // MARK: - People

  /// Everybody who may be meant, members of the state first.
  private func persons() async throws(JobFailure) -> [PersonExplainer.Candidate] {
    let looked = try await peopleRecords()
    let (looks, unreadable) = (looked.looks, looked.unreadable)
    var bySeat: [Int: PersonExplainer.Candidate] = [:]
    for seat in looked.seats { bySeat[seat] = PersonExplainer.Candidate(seat: seat) }
    var others: [PersonExplainer.Candidate] = []
    for look in looks {
      if let seat = seat(of: look) {
        bySeat[seat, default: PersonExplainer.Candidate(seat: seat)].looks.append(look)
      } else if let place = others.firstIndex(where: { isOnePerson($0.looks[0], look) }) {
        others[place].looks.append(look)
      } else {
        others.append(PersonExplainer.Candidate(looks: [look]))
      }
    }
    for record in unreadable {
      if bySeat.count == 1, let seat = bySeat.keys.first {
        bySeat[seat]?.unreadable.append(record)
      } else {
        others.append(PersonExplainer.Candidate(unreadable: [record]))
      }
    }
    return bySeat.sorted { $0.key < $1.key }.map(\.value) + others
  }

  /// The records that are meant, and those of the members that are meant.
  private func peopleRecords() async throws(JobFailure) -> (
    looks: [RecordLook], seats: Set<Int>, unreadable: [RecordOrigin]
  ) {
    let listed = try await membersOnLine()
    let seats = witness.seats.union(listed.filter { $0 < people.index.members.count })
    var numbers = Set(seats.flatMap(numbers(of:)))
    // Members that are new have the seats of their drafts.
    for draft in lookup.seen.members.drafts
    where draft.seat >= people.index.members.count && listed.contains(draft.seat) {
      numbers.formUnion(draft.records)
    }
    var unreadable: [RecordOrigin] = []
    var sources: [PeopleStage.Source] = []
    for (export, settings) in zip(
      reconciliation.roster.people, reconciliation.policy.exports.people)
    {
      guard
        let source = try await reconciliation.source(
          export, settings, witness.assignments[export.number])
      else { continue }
      sources.append(source)
      let search = RecordSearch(
        witness.who, in: export, source.reader, rules: source.columns.rules,
        attributes: basis.memberAttributes,
        keys: Array(basis.memberKeys.prefix(basis.matchCount)),
        fingerprinter: basis.fingerprinter, secret: reconciliation.store.secret(.fingerprints))
      let found = try await Self.reading { () async throws(ReadFailure) in try await search.run() }
      numbers.formUnion(found.numbers.map { RecordNumber(export: export.number, number: $0) })
      unreadable += found.unreadable
    }
    var looks = try looks(at: numbers, sources)
    // Who was named by a line may stand in other exports, too.
    let more = Set(looks.compactMap(seat(of:)).flatMap(numbers(of:))).subtracting(numbers)
    looks += try self.looks(at: more, sources)
    return (looks.sorted { $0.number < $1.number }, seats, unreadable)
  }

  /// Whom a line of an export of memberships lists.
  private func membersOnLine() async throws(JobFailure) -> Set<Int> {
    var seats: Set<Int> = []
    for export in reconciliation.roster.memberships
    where export.files.contains(where: witness.who.means(file:)) {
      guard let reader = lookup.run.readers[export.number] else { continue }
      let found = try await Self.reading { () async throws(ReadFailure) in
        try await RecordSearch.record(on: witness.who, of: export, reader)
      }
      let numbers = Set(found.numbers.map { RecordNumber(export: export.number, number: $0) })
      seats.formUnion(
        lookup.edges.filter { numbers.contains($0.record) }.map { Int($0.member) })
    }
    return seats
  }

  private func looks(
    at numbers: Set<RecordNumber>, _ sources: [PeopleStage.Source]
  ) throws(JobFailure) -> [RecordLook] {
    var looks: [RecordLook] = []
    for source in sources {
      let own = numbers.filter { Int($0.export) == source.export.number }.map { Int($0.number) }
      guard !own.isEmpty, let places = lookup.run.summaries[source.export.number]?.places else {
        continue
      }
      do {
        looks += try RecordLook.looks(at: own, of: source, places: places, basis)
      } catch {
        throw .unreadable([error.message])
      }
    }
    return looks
  }

  /// The records that the run took for this member.
  private func numbers(of seat: Int) -> [RecordNumber] {
    let ticked = pairing.attendance.record(at: seat).map { [$0] } ?? []
    return ticked + (pairing.attendance.repeated[seat] ?? [])
      + pairing.pairs.filter { $0.seat == seat }.map(\.record.number)
      + pairing.held.filter { $0.seats == [seat] }.map(\.number)
  }

  /// The member that the run took the record for; nil for nobody, or nobody for certain.
  private func seat(of look: RecordLook) -> Int? {
    if let pair = pairing.pairs.first(where: { $0.record.number == look.number }) {
      return pair.seat
    }
    if let held = pairing.held.first(where: { $0.number == look.number }) {
      return held.seats.count == 1 ? held.seats[0] : nil
    }
    for key in 0..<basis.matchCount where look.keyHashes[key] != KeyHasher.none {
      let same = people.index.seats(key: key, hash: look.keyHashes[key]).first { seat in
        pairing.attendance.record(at: seat) == look.number
          || pairing.attendance.repeated[seat]?.contains(look.number) == true
      }
      if let same { return same }
    }
    // A record that does not count is nobody's, but it says whose it would be.
    return look.counts ? nil : firstHolder(of: look)
  }

  private func firstHolder(of look: RecordLook) -> Int? {
    for key in 0..<basis.matchCount where look.keyHashes[key] != KeyHasher.none {
      if let seat = people.index.seats(key: key, hash: look.keyHashes[key]).first { return seat }
    }
    return nil
  }

  /// Whether two records of nobody yet became one draft.
  private func isOnePerson(_ one: RecordLook, _ other: RecordLook) -> Bool {
    lookup.seen.members.drafts.contains {
      $0.records.contains(one.number) && $0.records.contains(other.number)
    }
  }

  /// The members whose values the explanation looks at.
  private func seats(concerning persons: [PersonExplainer.Candidate]) -> Set<Int> {
    var seats = Set(persons.compactMap(\.seat))
    for look in persons.flatMap(\.looks) {
      for key in basis.memberKeys.prefix(basis.matchCount).indices {
        seats.formUnion(people.index.seats(key: key, hash: look.keyHashes[key]))
      }
    }
    return seats
  }

  // MARK: - Teams

  private func teams() async throws(JobFailure) -> [TeamExplainer.Candidate] {
    let (looks, unreadable) = try await teamRecords()
    let teams = lookup.seen.teams.teams
    var bySeat: [Int: TeamExplainer.Candidate] = [:]
    for seat in teams.indices where isMeant(teams[seat]) {
      bySeat[seat] = TeamExplainer.Candidate(seat: seat)
    }
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
      return try reconciliation.store.edges(ofTeam: team.resource.ordinal)
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
    return TeamExplainer.Disagreements(
      unasked: unasked.map(name).sorted(),
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
      let seat = lookup.seen.teams.teams.firstIndex {
        $0.isListed && MatchKeyText.same($0.image[key.id] ?? [], value)
      }
      if let seat { return seat }
    }
    return nil
  }

  private func teamRecords() async throws(JobFailure) -> (
    [TeamExplainer.Look], [RecordOrigin]
  ) {
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
      let search = RecordSearch(
        witness.who, in: export, reader, rules: columns.rules, attributes: basis.teamAttributes,
        keys: teamKeys, fingerprinter: basis.teamFingerprinter,
        secret: reconciliation.store.secret(.fingerprints))
      let found = try await Self.reading { () async throws(ReadFailure) in try await search.run() }
      unreadable += found.unreadable
      let meant = try await Self.reading { () async throws(ReadFailure) in
        try search.looks(at: found.numbers, places: places, columns)
      }
      looks += meant
    }
    return (looks, unreadable)
  }

  private static func reading<T>(
    _ body: () async throws(ReadFailure) -> T
  ) async throws(JobFailure) -> T {
    do { return try await body() } catch { throw .unreadable([error.message]) }
  }
}

extension RecordSearch {
  /// Looks at some records of a team export again.
  func looks(
    at numbers: [Int], places: RecordPlaces, _ columns: ColumnRules
  ) throws(ReadFailure) -> [TeamExplainer.Look] {
    var looks: [TeamExplainer.Look] = []
    for (batch, place) in try reader.records(numbered: numbers.sorted(), places: places) {
      let problems = mapping.problems(in: batch)
      for row in 0..<batch.count {
        looks.append(
          TeamExplainer.Look(
            number: RecordNumber(
              export: export.number, number: place.firstNumber + Int(batch.numbers[row])),
            origin: RecordOrigin(
              export: export.settings.name, file: export.files[place.file],
              line: place.line(of: row, in: batch)),
            export: export, image: mapping.image(of: row, in: batch),
            problem: problems.first { $0.row == row }?.subject, sources: columns.columns))
      }
    }
    return looks
  }
}
