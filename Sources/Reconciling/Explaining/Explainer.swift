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

  var basis: RunBasis { reconciliation.basis }
  var people: PeopleStage { lookup.seen.people }
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
    // A record that does not count is in no pairing: it is found by the keys of its member.
    let keys = try await keyValues(of: seats)
    var numbers = Set(seats.flatMap(numbers(of:)))
    // Members that are new have the seats of their drafts.
    for draft in lookup.seen.members.drafts
    where draft.seat >= people.index.members.count && listed.contains(draft.seat) {
      numbers.formUnion(draft.records)
    }
    var byKey: Set<RecordNumber> = []
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
        fingerprinter: basis.fingerprinter, secret: reconciliation.store.secret(.fingerprints),
        also: keys)
      let found = try await Self.reading { () async throws(ReadFailure) in try await search.run() }
      numbers.formUnion(found.numbers.map { RecordNumber(export: export.number, number: $0) })
      byKey.formUnion(found.byKey.map { RecordNumber(export: export.number, number: $0) })
      unreadable += found.unreadable
    }
    var looks = try looks(at: numbers, sources)
    looks += try self.looks(at: byKey.subtracting(numbers), sources).filter { look in
      seat(of: look).map(seats.contains) ?? false
    }
    numbers.formUnion(looks.map(\.number))
    // Who was named by a line may stand in other exports, too.
    let more = Set(looks.compactMap(seat(of:)).flatMap(numbers(of:))).subtracting(numbers)
    looks += try self.looks(at: more, sources)
    return (looks.sorted { $0.number < $1.number }, seats, unreadable)
  }

  /// The values that matching knows some members by.
  private func keyValues(of seats: Set<Int>) async throws(JobFailure) -> [RecordSearch.KeyValue] {
    var details = lookup.seen.details
    try await reconciliation.add(seats, to: &details, people.index)
    return seats.flatMap { seat in
      basis.memberKeys.prefix(basis.matchCount).compactMap { key in
        details[seat][key.id].map { RecordSearch.KeyValue(attribute: key.id, value: Array($0)) }
      }
    }
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
      seats.formUnion(look.references.values.flatMap(lookup.seats(of:)))
    }
    return seats
  }

  static func reading<T>(
    _ body: () async throws(ReadFailure) -> T
  ) async throws(JobFailure) -> T {
    do { return try await body() } catch { throw .unreadable([error.message]) }
  }
}
