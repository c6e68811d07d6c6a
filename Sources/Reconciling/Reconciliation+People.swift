import Identity
import Mapping
import Matching
import PlanFile
import Planning
import Reading
import Scanning
import Storing

extension Reconciliation {
  /// Reads every people export against the current members.
  func readPeople(
    _ run: inout RunFacts, _ assignments: [Int: Assignment]
  ) async throws(JobFailure) -> PeopleStage {
    var sources: [PeopleStage.Source] = []
    for (export, people) in zip(roster.people, policy.exports.people) {
      let assignment = assignments[export.number]
      if let source = try await source(export, people, assignment) { sources.append(source) }
    }
    try refuse(UnknownColumns(exports: sources.map(\.named)))
    var readings: [ExportReading<PeopleStage.MappedRecords>] = []
    do {
      for source in sources { readings.append(try source.reading()) }
    } catch {
      throw .unreadable([error.message])
    }
    var loaded = try await loadMembers(
      missing: sources.map { $0.missing(from: basis.memberAttributes) },
      readingAhead: readings.first)
    let columns = loaded.columns
    let ids = try memberIDs(columns.members, for: sources)
    for index in sources.indices { addReferences(to: &sources[index], ids) }
    var stage = PeopleStage(
      index: loaded.index, keyHasher: basis.keyHasher, ids: ids, attendance: loaded.attendance)
    // Whoever holds it, too, would have it copied at the first tick.
    loaded.attendance = nil
    let isMerging = basis.rules.merge != nil
    for (place, source) in sources.enumerated() {
      notify(JobProgress(.reading(export: source.export.settings.name)))
      do {
        let step = JobProgress.Step.reading(export: source.export.settings.name)
        try await stage.read(
          source, readings[place], after: place == 0 ? loaded.beginning : PeopleStage.Beginning(),
          comparedWith: columns.byExport[place], merging: isMerging
        ) {
          notify(JobProgress(step, done: $0, total: source.reader.estimatedCount(after: $0)))
        }
      } catch {
        throw .unreadable([error.message])
      }
      run.readers[source.export.number] = source.reader
    }
    for (export, people) in zip(roster.people, policy.exports.people) {
      run.activeColumns[export.number] = Set(
        people.mapping.filter { $0.path == .active }.flatMap(\.sourceNames))
      run.judge(
        export, gate,
        ExportFacts(
          summary: stage.summaries[export.number],
          keylessLines: stage.keylessLines[export.number] ?? 0,
          shares: stage.shares[export.number] ?? []))
    }
    run.lines = stage.lines
    run.quarantined += stage.quarantined
    run.setAside = stage.setAside
    run.findings.append(contentsOf: stage.findings.findings)
    return stage
  }

  var gate: HealthGate {
    HealthGate(
      limits: policy.health, baselines: book.baselines, accepted: book.acceptedExports, now: now)
  }

  /// Blocks of the first export that are read while the members are loaded, and have to be kept until then.
  private static let blocksAhead = 28

  /// The members of the state, ready for records to be compared with them.
  private struct LoadedMembers {
    let columns: FingerprintColumns
    let index: MemberIndex
    var attendance: Attendance?
    var beginning = PeopleStage.Beginning()
  }

  /// Loads the members and their index, and meanwhile reads the beginning of the first export.
  private func loadMembers(
    missing: [[AttributeID]], readingAhead reading: ExportReading<PeopleStage.MappedRecords>?
  ) async throws(JobFailure) -> LoadedMembers {
    let loading = Ongoing()
    let jobs = settings.jobs
    async let ahead = Self.begin(reading, jobs: jobs) { loading.isOngoing }
    let members: Result<LoadedMembers, JobFailure>
    do throws(JobFailure) {
      let columns = try await FingerprintColumns(
        store: store, basis: basis, missing: missing, threads: settings.jobs)
      let index = MemberIndex(
        members: columns.members, keys: basis.memberKeys, matchCount: basis.matchCount)
      members = .success(
        LoadedMembers(
          columns: columns, index: index, attendance: Attendance(memberCount: index.members.count)))
    } catch {
      members = .failure(error)
    }
    loading.end()
    let beginning = await ahead
    var loaded = try members.get()
    loaded.beginning = beginning
    return loaded
  }

  private static func begin(
    _ reading: ExportReading<PeopleStage.MappedRecords>?, jobs: Int?,
    while isLoading: @escaping @Sendable () -> Bool
  ) async -> PeopleStage.Beginning {
    // Whoever allows one core gets one thing after the other.
    guard let reading, jobs != 1 else { return PeopleStage.Beginning() }
    return await reading.ahead(atMost: blocksAhead, while: isLoading)
  }

  /// An export of people, opened, with its columns found; nil where it has no file.
  func source(
    _ export: RunExport, _ people: PeopleExport, _ assignment: Assignment?
  ) async throws(JobFailure) -> PeopleStage.Source? {
    let rules = people.mapping
    do {
      guard var reader = try export.reader(jobs: settings.jobs) else { return nil }
      var header = try reader.header()
      let namesEntries = try reader.detectedFormat().namesEntries
      if namesEntries, export.settings.content == .delta {
        try await addOwnNames(to: &reader, &header, rules)
      }
      let columns = try ColumnRules(
        rules, header: header, attributes: basis.memberAttributes, file: export.files[0],
        now: now)
      let mapping = RecordMapping(
        rules: columns.rules, fingerprinter: basis.fingerprinter, keyHasher: basis.keyHasher)
      if !header.isEmpty { try requireKey(mapping, export) }
      if mapping.hasReferences, namesEntries {
        reader.references.directories = try await references(
          of: rules, columns.rules, isDelta: export.settings.content == .delta)
      }
      return PeopleStage.Source(
        export: export, reader: reader, mapping: mapping, columns: columns,
        marker: try marker(export.settings, header: header, file: export.files[0]),
        named: UnknownColumns.Export(mapping: rules, header: header),
        scope: header.isEmpty
          ? nil
          : try people.scope.map {
            try ResolvedScope(
              $0, assignment: assignment, header: header, file: export.files[0])
          },
        teamRules: header.isEmpty
          ? nil
          : try TeamRuleColumns(
            policy.teams.rules, export: export.settings, header: header, file: export.files[0]))
    } catch {
      throw JobFailure(reading: error)
    }
  }

  /// A directory names managers by their distinguished names, which are looked up for the key that the policy wants.
  private func references(
    of mapping: [MappingRule], _ rules: [AttributeRule], isDelta: Bool
  ) async throws -> [Int: EntryDirectory] {
    var directories: [Int: EntryDirectory] = [:]
    let people = EntryLookup(
      exports: roster.people, mappings: policy.exports.people.map(\.mapping), jobs: settings.jobs)
    for rule in rules {
      guard case .reference(let column) = rule.source else { continue }
      let path = basis.memberAttributes[rule.attribute].path
      guard let key = mapping.first(where: { $0.path == path })?.references else { continue }
      var directory = try await people.directory(by: key)
      if isDelta { try await addKnownMembers(to: &directory, by: key) }
      directories[column] = directory
    }
    return directories
  }

  /// What the records of changes are known by, which have nothing but the names of their entries.
  private func addOwnNames(
    to reader: inout ExportReader, _ header: inout ExportHeader, _ rules: [MappingRule]
  ) async throws {
    let people = EntryLookup(
      exports: roster.people, mappings: policy.exports.people.map(\.mapping), jobs: settings.jobs)
    let own = try await ownNames(
      rules, header, keys: Array(basis.memberKeys.prefix(basis.matchCount)), people
    ) { directory, key in
      try await addKnownMembers(to: &directory, by: key)
    }
    guard let own else { return }
    reader.references.own[own.column] = own.directory
    header.expect(own.column)
  }

  private func addReferences(to source: inout PeopleStage.Source, _ ids: MemberIDs) {
    guard source.mapping.hasReferences else { return }
    source.references = ReferenceColumns(
      policy.exports.people[source.export.number].mapping, source.mapping.rules, ids: ids,
      attributes: basis.memberAttributes, keys: basis.memberKeys, hasher: basis.keyHasher)
  }

  private func requireKey(_ mapping: RecordMapping, _ export: RunExport) throws(JobFailure) {
    let keys = basis.memberKeys.prefix(basis.matchCount)
    guard !keys.contains(where: { mapping.covers($0.id) }) else { return }
    throw .unreadable([
      "\(export.files[0]): no column for any match key ("
        + keys.map { "\($0.path)" }.joined(separator: ", ")
        + "). Is this the right file? Compare its header with the policy's mapping."
    ])
  }

  /// The column and words by which a delta says that somebody has gone.
  func marker(
    _ settings: ExportSettings, header: ExportHeader, file: String
  ) throws(JobFailure) -> (column: Int, words: Set<[UInt8]>)? {
    guard let removed = settings.removed else { return nil }
    guard let (column, _) = try ColumnRules.column(removed.columns, in: header, file: file) else {
      if removed.origin == .preset { return nil }
      throw .unreadable([
        "\(file): there is no column \(removed.columns.joined(separator: " or ")), by which the "
          + "delta would say who has left."
      ])
    }
    return (column, Set(removed.values.map { Array($0.utf8) }))
  }

  // MARK: - Values of the members concerned

  /// Members that open records may be, those that were *same* more than once, and in an ordinary night those whom
  /// nobody named: something may happen to each.
  func details(ofCandidates people: PeopleStage) async throws(JobFailure) -> SeatDetails {
    var details = SeatDetails()
    var seats = people.index.candidateSeats(of: people.open)
    seats += people.attendance.repeated.keys
    let unseen = people.index.members.count - people.attendance.sameCount
    // Most of those are open records' members, so that all are read at once, on all cores.
    if unseen < seats.count + Self.namedWithheld { seats += people.attendance.unticked }
    try await add(seats, to: &details, people.index)
    return details
  }

  func add(
    _ seats: some Sequence<Int>, to details: inout SeatDetails, _ index: MemberIndex
  ) async throws(JobFailure) {
    let wanted = seats.filter { $0 < index.members.count && !details.contains($0) }.sortedOnce
    guard !wanted.isEmpty else { return }
    let values = try await JobFailure.storing { () async throws(StoreFailure) in
      try await store.values(
        ofMembers: wanted.map { index.members.ordinals[$0] }, of: basis.memberAttributes,
        threads: settings.jobs)
    }
    for (seat, value) in zip(wanted, values) {
      details.insert(id: value.id, image: value.image, at: seat)
    }
  }

  /// How many members that keep their access only because an export is unreliable are named.
  private static let namedWithheld = 10_000

  /// Members nobody named, as far as something may happen to them.
  func addAbsent(
    to details: inout SeatDetails, _ pairing: Pairing, _ people: PeopleStage, _ run: RunFacts
  ) async throws(JobFailure) {
    let members = people.index.members
    let reliable = ExportSet(
      run.statuses.filter { $0.mayRemove && $0.isFull }.map(\.owner))
    var wanted: Set<Int> = []
    var others = 0
    for seat in pairing.unseenSeats where !members.owners[seat].isEmpty {
      let owners = members.owners[seat].intersection(roster.known)
      if owners.isEmpty || !reliable.isSuperset(of: owners) {
        others += 1
        guard others <= Self.namedWithheld else { continue }
      }
      wanted.insert(seat)
    }
    for (ordinal, _) in book.absences {
      if let seat = members.seat(ofOrdinal: ordinal) { wanted.insert(seat) }
    }
    wanted.formUnion(witness?.seats ?? [])
    try await add(wanted, to: &details, people.index)
  }

  func memberInput(
    _ people: PeopleStage, _ pairing: Pairing, _ details: SeatDetails, _ run: RunFacts
  ) -> MemberInput {
    var absences: [Int: Bookkeeping.Absence] = [:]
    for (ordinal, absence) in book.absences {
      guard let seat = people.index.members.seat(ofOrdinal: ordinal), let id = details.id(of: seat)
      else { continue }
      absences[seat] = Bookkeeping.Absence(
        member: id, count: absence.count, exportDigest: absence.exportDigest,
        countedAt: absence.countedAt)
    }
    var input = MemberInput(
      rules: basis.rules, keyHasher: basis.keyHasher, exports: run.statuses, index: people.index,
      pairing: pairing, details: details, shieldedSeats: people.shieldedSeats,
      leftAloneSeats: people.leftAloneSeats,
      departures: people.departures, initialValues: people.initialValues, absences: absences,
      knownOwners: roster.known,
      ownerNames: roster.names, now: now, lineage: store.identity.lineage)
    input.hasReferences = people.ids.isKnown
    return input
  }
}

extension RunFacts {
  /// Notes what became of an export and whether it can be trusted.
  mutating func judge(
    _ export: RunExport, _ gate: HealthGate, _ facts: ExportFacts
  ) {
    let summary = facts.summary
    summaries[export.number] = summary
    let judgement = gate.judge(export, facts)
    var judged = judgement.health
    if judged.isReliable, !judgement.mayRemove { unprecedented.insert(export.number) }
    let delta = roster.deltaFindings[export.number] ?? []
    if !delta.isEmpty || (summary == nil && export.settings.content == .delta) {
      // No new delta is nothing new; a gap is a reason not to believe what comes after it.
      let isSound = delta.allSatisfy { $0.severity != .error }
      judged = Evidence.Health(
        export: judged.export, isReliable: isSound && (summary == nil || judged.isReliable),
        findings: delta + (summary == nil ? [] : judged.findings))
    }
    health[export.number] = judged
    baselines[export.number] = judged.isReliable ? judgement.baseline : nil
    // What was found in reading has been noted.
    let read = summary?.findings ?? []
    findings.append(contentsOf: judged.findings.filter { !read.contains($0) })
    if let position = roster.deltaPositions[export.number] {
      deltaPositions.append(
        Bookkeeping.DeltaPosition(export: export.settings.name, position: position))
    }
  }

  /// Takes back that an export is believed.
  mutating func doubt(_ export: RunExport, because finding: Finding) {
    let judged = health[export.number]
    health[export.number] = Evidence.Health(
      export: export.settings.name, isReliable: false,
      findings: (judged?.findings ?? []) + [finding])
    baselines[export.number] = nil
    findings.append(contentsOf: [finding])
  }
}
