import Identity
import Mapping
import Matching
import Planning
import Reading
import Storing

/// The team records of one run.
struct TeamRecords {
  var records: [OpenRecord] = []
  /// The policy has no team export: teams are what memberships name.
  var isImplicit = false
  /// Where implicit records stand, by number.
  var exports: [Int: RunExport] = [:]
  /// The teams of exports with the names that these give, where a scope asks for them.
  var sources: [AttributeImage] = []
  /// What the policy makes of the names in exports.
  var selection = TeamDirectory.Selection()
  /// Records that stand for a rule, with its place among the rules.
  var rules: [RecordNumber: Int] = [:]
}

extension Reconciliation {
  /// Reads every team export; teams are few enough to keep their values.
  func readTeams(_ run: inout RunFacts) async throws(JobFailure) -> TeamRecords {
    guard !roster.teams.isEmpty else {
      var teams = implicitTeams()
      addRules(to: &teams, &run)
      return teams
    }
    var teams = TeamRecords()
    for (export, settings) in zip(roster.teams, policy.exports.teams) {
      var facts = ExportFacts()
      do {
        facts = try await read(export, mapping: settings.mapping, &teams, &run)
      } catch {
        throw JobFailure(reading: error)
      }
      run.judge(export, gate, facts)
      teams.exports[export.number] = export
    }
    addRules(to: &teams, &run)
    return teams
  }

  private func read(
    _ export: RunExport, mapping rules: [MappingRule], _ teams: inout TeamRecords,
    _ run: inout RunFacts
  ) async throws -> ExportFacts {
    guard var reader = try export.reader(jobs: settings.jobs) else { return ExportFacts() }
    notify(JobProgress(.reading(export: export.settings.name)))
    var header = try reader.header()
    if export.settings.content == .delta, try reader.detectedFormat().namesEntries {
      try await addOwnNames(to: &reader, &header, rules)
    }
    let columns = try ColumnRules(
      rules, header: header, attributes: basis.teamAttributes, file: export.files[0],
      now: now)
    try refuse(UnknownColumns(exports: [UnknownColumns.Export(mapping: rules, header: header)]))
    let mapping = RecordMapping(
      rules: columns.rules, fingerprinter: basis.teamFingerprinter,
      keyHasher: KeyHasher(keys: basis.teamKeys, secret: store.secret(.fingerprints)))
    var lines = RecordLines()
    var records: [OpenRecord] = []
    var failed = 0
    var counts = Array(repeating: ValueCount(), count: mapping.rules.count)
    let summary = try await reader.read { batch in
      let problems = mapping.problems(in: batch)
      let failed = Set(problems.map(\.row))
      let good = (0..<batch.count).filter { failed.isEmpty || !failed.contains($0) }
      let rows = zip(good, mapping.images(of: good, in: batch)).map { row, image in
        (image, Int(batch.numbers[row]), Int(batch.lines[row]))
      }
      let faults = problems.map { (line: Int(batch.lines[$0.row]), subject: $0.subject) }
      return (rows, faults, mapping.map(batch).counts)
    } collect: { part, place in
      for (rule, count) in part.2.enumerated() { counts[rule] += count }
      for problem in part.1 {
        failed += 1
        run.findings.note(
          problem.subject,
          at: RecordOrigin(
            export: export.settings.name, file: export.files[place.file],
            line: place.firstLine + problem.line))
      }
      for (image, number, line) in part.0 {
        guard let image = selected(image, &teams) else { continue }
        let number = RecordNumber(
          export: export.number, number: place.firstNumber + number)
        records.append(OpenRecord(number: number, image: image, keyHashes: []))
        lines.append(
          number: Int(number.number), line: place.firstLine + line, file: place.file)
      }
    }
    teams.records += records
    run.lines[export.number] = lines
    run.readers[export.number] = reader
    run.noteRead(summary, setAside: failed, of: export.number)
    run.findings.append(contentsOf: columns.findings)
    // Nobody can tell which team a record is about whose values could not be worked out.
    var facts = ExportFacts(
      summary: summary, keylessLines: failed, shares: columns.shares(counts, of: mapping, summary))
    facts.countUnreadable()
    return facts
  }

  /// What the records of changes are known by, which have nothing but the names of their entries.
  private func addOwnNames(
    to reader: inout ExportReader, _ header: inout ExportHeader, _ rules: [MappingRule]
  ) async throws {
    let teams = EntryLookup(
      exports: roster.teams, mappings: policy.exports.teams.map(\.mapping), jobs: settings.jobs)
    let own = try await ownNames(rules, header, keys: basis.teamKeys, teams) { directory, key in
      try addKnownTeams(to: &directory, by: key)
    }
    guard let own else { return }
    reader.references.own[own.column] = own.directory
    header.expect(own.column)
  }

  /// Teams that only membership exports know, by the name in the policy or in the file's name.
  private func implicitTeams() -> TeamRecords {
    var teams = TeamRecords(isImplicit: true)
    guard let display = basis.teamAttributes.id(of: .displayName) else { return teams }
    var seen: Set<[UInt8]> = []
    for (export, settings) in zip(roster.memberships, policy.exports.memberships) {
      teams.exports[export.number] = export
      for (place, name) in names(settings.team, export).enumerated() {
        guard let name, seen.insert(MatchKeyText.folded(name.utf8)).inserted else { continue }
        var stated = AttributeImage()
        stated.append(display, name.utf8)
        guard let image = selected(stated, &teams) else { continue }
        // Numbers from the end on stand for files, not for records.
        let number = Int(UInt32.max) - place
        teams.records.append(
          OpenRecord(
            number: RecordNumber(export: export.number, number: number), image: image,
            keyHashes: []))
      }
    }
    return teams
  }

  /// The team of each file of an export, as far as the file is about one.
  func names(_ team: MembershipsExport.Team, _ export: RunExport) -> [String?] {
    switch team {
    case .reference: []
    case .name(let name): export.files.map { _ in name }
    case .fileName(let pattern, _):
      export.files.map { pattern.capture(in: RunExport.baseName(of: $0)) }
    }
  }

  /// The teams of the state with their values, in the order of their ordinals.
  static func currentTeams(
    _ store: StateStore, _ attributes: AttributeSet, threads: Int?
  ) -> Result<[TeamSeat], JobFailure> {
    Result { () throws(JobFailure) in
      try JobFailure.storing { () throws(StoreFailure) in
        try store.teams(with: attributes, threads: threads) { TeamSeat(team: $0, image: $1) }
      }
    }
  }

  func teamInput(_ records: TeamRecords, current: [TeamSeat], _ run: RunFacts) -> TeamInput {
    let statuses = run.statuses
    var input = TeamInput(
      rules: basis.rules,
      exports: Dictionary(
        uniqueKeysWithValues: (Array(records.exports.keys) + roster.people.map(\.number)).map {
          ($0, statuses[$0])
        }),
      current: current, records: records.records, isImplicit: records.isImplicit)
    input.peopleExports = Set(roster.people.map(\.number))
    input.ruleRecords = records.rules.mapValues { rule in
      exports(of: policy.teams.rules[rule]).allSatisfy { statuses[$0.number].isReliable }
    }
    return input
  }
}
