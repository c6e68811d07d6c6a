import Identity
import Mapping
import Matching
import PlanFile
import Planning
import Reading
import Scanning
import Storing

/// Reads all people exports against the current members: who is the same, and who must be looked at.
struct PeopleStage {
  /// One export, opened and resolved, before its records are read.
  struct Source: Sendable {
    let export: RunExport
    let reader: ExportReader
    let mapping: RecordMapping
    let columns: ColumnRules
    /// The column and words that say a person has left, for deltas.
    let marker: (column: Int, words: Set<[UInt8]>)?
    let named: UnknownColumns.Export
    /// Which records count; nil for all.
    let scope: ResolvedScope?
    /// The columns that name other members; nil for none.
    var references: ReferenceColumns?
    /// The rules of teams that look at it; nil for none.
    var teamRules: TeamRuleColumns?

    /// Whether a record that is out of scope says by itself that its member leaves: nobody is missing from a delta.
    var leavesByRecord: Bool {
      export.settings.content == .delta && scope?.leaving == .leaver
    }

    /// Begins to read the records; mapping them takes nothing but themselves.
    func reading() throws(ReadFailure) -> ExportReading<MappedRecords> {
      let mapping = mapping
      return try reader.reading { MappedRecords(batch: $0, mapped: mapping.map($0)) }
    }

    /// The records of a batch that say that their member has gone; nil where none can.
    func leaving(of batch: RecordBatch, _ scope: ResolvedScope.Rows?) -> [Int]? {
      let marked = marker.map { marker in
        (0..<batch.count).filter { row in
          let cell = batch.cell(row: row, column: marker.column)
          return marker.words.contains(Array(batch.bytes[cell.range]))
        }
      }
      guard leavesByRecord, let scope else { return marked }
      return Set((marked ?? []) + scope.outside).sorted()
    }

    /// The managed attributes that this export says nothing about tonight.
    func missing(from attributes: AttributeSet) -> [AttributeID] {
      attributes.ids.filter { !mapping.covers($0) }
    }
  }

  /// A batch before it is compared with the members.
  struct MappedRecords: Sendable {
    let batch: RecordBatch
    let mapped: MappedBatch
  }

  typealias Beginning = ExportReading<MappedRecords>.Beginning

  /// What one batch came to.
  private struct Part: Sendable {
    var probed: ProbedBatch
    var numbers: [UInt32]
    var open: [(row: Int, line: Int, record: OpenRecord, hasLeft: Bool)] = []
    /// By place in `open`.
    var initialValues: [Int: [InitialValue]] = [:]
    var problems: [(row: Int, line: Int, subject: Finding.Subject, keyHashes: [UInt64])] = []
    var lostValues: [Int: (typeName: String, count: Int)]
    /// The keys of records that count for nothing, but whose members stay as they are.
    var leftAlone: [[UInt64]] = []
    /// The keys of records of which nobody can tell whether they are in scope.
    var undecided: [[UInt64]] = []
    var outOfScope = 0
    /// The keys of records out of scope, key by key.
    var outsiders: [[UInt64]] = []
    var references: ReferenceColumns.Rows?
    var wants = ReferenceWants()
    var ruleMatches: TeamRuleColumns.Rows?
    /// Rule by rule of the mapping.
    var counts: [ValueCount] = []

    mutating func addInitialValues(_ mapping: RecordMapping, _ batch: RecordBatch) {
      guard mapping.hasInitialValues else { return }
      for (place, open) in open.enumerated() {
        initialValues[place] = mapping.initialValues(of: open.row, in: batch)
      }
    }
  }

  let index: MemberIndex
  let keyHasher: KeyHasher
  /// For references; none where the policy has none.
  let ids: MemberIDs

  private(set) var attendance: Attendance
  private(set) var open: [OpenRecord] = []
  private(set) var departures: Set<RecordNumber> = []
  /// What open records that turn out to be somebody new get besides.
  private(set) var initialValues: [RecordNumber: [InitialValue]] = [:]
  /// Whom open records name.
  private(set) var wants = ReferenceWants()
  /// By attribute and seat: whom the record that was *same* names, or nobody.
  private(set) var targets: [AttributeID: [UInt32]] = [:]
  /// By export and attribute: the key by which its column names members.
  private(set) var referenceKeys: [Int: [AttributeID: Int]] = [:]
  /// Memberships by rules, of members whose records were *same*; the team is the number of the rule.
  private(set) var ruleEdges: [DesiredEdge] = []
  /// Those of open records, until it is known who they are.
  private(set) var openRuleMatches: [(rule: Int, record: RecordNumber, isGone: Bool)] = []
  /// Rules of which it cannot be told whether some record fits.
  private(set) var doubtfulRules: Set<Int> = []
  /// Members whom a record that was set aside may be.
  private(set) var shieldedSeats: Set<Int> = []
  /// Those of them whose records were left out on purpose.
  private(set) var leftAloneSeats: Set<Int> = []
  /// The hashes of records that are out of scope, key by key.
  private(set) var outsiders: [[UInt64]] = []
  private(set) var quarantined = 0
  /// By export: those that could be read, but not be understood.
  private(set) var setAside: [Int: Int] = [:]
  /// Records of the export that is being read that are not in its scope.
  private var outOfScope = 0
  private(set) var findings = FindingLog()
  private(set) var summaries: [Int: ReadSummary] = [:]
  /// By export: how often each of its rules has a value.
  private(set) var shares: [Int: [Bookkeeping.ColumnShare]] = [:]
  /// The counts of the export that is being read.
  private var counts: [ValueCount] = []
  /// By export: how many lines were set aside because nothing in them tells whose they are.
  private(set) var keylessLines: [Int: Int] = [:]
  /// By export: the lines of the open records.
  private(set) var lines: [Int: RecordLines] = [:]

  /// `attendance` is that of nobody yet; it is made where it is nil.
  init(
    index: MemberIndex, keyHasher: KeyHasher, ids: MemberIDs = .none, attendance: Attendance? = nil
  ) {
    self.index = index
    self.keyHasher = keyHasher
    self.ids = ids
    self.attendance = attendance ?? Attendance(memberCount: index.members.count)
  }

  /// Reads one export; with `merging`, every record is kept to be united with its twins.
  mutating func read(
    _ source: Source, _ reading: ExportReading<MappedRecords>,
    after beginning: Beginning = Beginning(), comparedWith column: FingerprintColumns.Column,
    merging: Bool,
    progress: (Int) -> Void = { _ in }
  ) async throws(ReadFailure) {
    let number = source.export.number
    referenceKeys[number] = source.references?.keys
    let view = index.view(
      export: number, owner: source.export.owner, fingerprints: column.fingerprints,
      remainders: column.remainders, statesActive: source.mapping.covers(.active))
    let index = index
    var anonymousLines = 0
    outOfScope = 0
    counts = Array(repeating: ValueCount(), count: source.mapping.rules.count)
    let summary = try await reading.run(after: beginning) { records in
      PeopleStage.compare(records, source: source, index: index, view: view, merging: merging)
    } collect: { part, place in
      anonymousLines += collect(part, place, source)
      progress(place.firstNumber)
    }
    anonymousLines += shield(summary.quarantined, of: source)
    quarantined += summary.quarantinedCount
    findings.append(contentsOf: summary.findings)
    findings.append(contentsOf: source.columns.findings)
    if outOfScope > 0 {
      findings.note(.outOfScope(export: source.export.settings.name, count: outOfScope))
    }
    summaries[number] = summary
    shares[number] = source.columns.shares(counts, of: source.mapping, summary)
    keylessLines[number] = anonymousLines
  }

  /// Gives up the open records, once it is known who they are.
  mutating func forgetOpenRecords() { open = [] }

  private static func compare(
    _ records: MappedRecords, source: Source, index: MemberIndex, view: ExportView, merging: Bool
  ) -> Part {
    let batch = records.batch
    var mapped = records.mapped
    let references = source.references?.rows(of: batch, in: index, addingTo: &mapped)
    if references != nil { mapped.orderProblems() }
    var setAside = mapped.problems.map(\.row)
    var problems: [(row: Int, line: Int, subject: Finding.Subject, keyHashes: [UInt64])] =
      mapped.problems.map { problem in
        (
          problem.row, Int(batch.lines[problem.row]), problem.subject,
          provenKeys(of: problem.row, mapped)
        )
      }
    let keyCount = index.matchCount
    let failed = Set(setAside)
    for row in mapped.rowsWithoutKey(among: keyCount) where !failed.contains(row) {
      setAside.append(row)
      problems.append((row, Int(batch.lines[row]), .noKey, []))
    }
    let scope = source.scope?.rows(of: batch, mapped)
    let leaving = source.leaving(of: batch, scope)
    if let scope {
      if !source.leavesByRecord {
        let outside = Set(scope.outside)
        problems.removeAll { outside.contains($0.row) }
        setAside += scope.outside
      }
      setAside += scope.unknown
    }
    var kept = merging ? Array(0..<batch.count) : leaving ?? []
    if let open = references?.open, !open.isEmpty, !merging { kept = open.union(kept).sorted() }
    let excluded = Set(setAside)
    let probed = index.probe(
      fingerprints: mapped.fingerprints, keyHashes: mapped.keyHashes,
      setAside: kept.isEmpty ? excluded.sorted() : Set(setAside + kept).sorted(), as: view)
    var part = Part(
      probed: probed, numbers: batch.numbers, problems: problems, lostValues: mapped.lostValues,
      counts: mapped.counts)
    if let scope {
      part.outOfScope = scope.outside.count
      part.outsiders = (0..<mapped.keyCount).map { key in
        scope.outside.map { mapped.keyHash(row: $0, key: key) }
      }
      let staying = source.scope?.leaving == .leave ? scope.outside : []
      part.leftAlone = staying.map { keys(of: $0, mapped) }
      part.undecided = scope.unknown.map { keys(of: $0, mapped) }
    }
    let openRows = kept.isEmpty ? probed.openRows : (probed.openRows + kept).sorted()
    part.references = references
    add(
      openRows.filter { !excluded.contains($0) }, of: batch, mapped, departed: Set(leaving ?? []),
      source, to: &part)
    part.ruleMatches = source.teamRules?.rows(of: batch, except: excluded.union(leaving ?? []))
    return part
  }

  /// Adds the records that must be looked at, with their values.
  private static func add(
    _ rows: [Int], of batch: RecordBatch, _ mapped: MappedBatch, departed: Set<Int>,
    _ source: Source, to part: inout Part
  ) {
    let number = source.export.number
    let images = source.mapping.images(of: rows, in: batch)
    let hashes = KeyHashes.sharingMemory(rows.map { keys(of: $0, mapped) })
    part.open = rows.indices.map { place in
      let row = rows[place]
      let record = OpenRecord(
        number: RecordNumber(export: number, number: Int(batch.numbers[row])),
        image: images[place], keyHashes: hashes[place])
      return (row, Int(batch.lines[row]), record, departed.contains(row))
    }
    part.addInitialValues(source.mapping, batch)
    if let columns = source.references {
      part.wants = columns.wants(of: rows, in: batch, export: number)
    }
  }

  /// The keys that say who a record that was set aside may be.
  ///
  /// One that could not be worked out may be anybody's, and what a lower one says is no proof.
  private static func provenKeys(of row: Int, _ mapped: MappedBatch) -> [UInt64] {
    guard let failed = mapped.failedKeys[row] else { return keys(of: row, mapped) }
    return (0..<failed).map { mapped.keyHash(row: row, key: $0) }
  }

  private static func keys(of row: Int, _ mapped: MappedBatch) -> [UInt64] {
    (0..<mapped.keyCount).map { mapped.keyHash(row: row, key: $0) }
  }

  /// Takes the parts in the order of the file, when it is known where they stand.
  ///
  /// Returns how many records nobody can tell the owner of.
  private mutating func collect(_ part: Part, _ place: BatchPlace, _ source: Source) -> Int {
    let number = source.export.number
    for (rule, count) in part.counts.enumerated() { counts[rule] += count }
    attendance.tick(
      part.probed, export: number, firstNumber: place.firstNumber, numbers: part.numbers)
    var places = lines.removeValue(forKey: number) ?? RecordLines()
    defer { lines[number] = places }
    for (position, (_, line, record, hasLeft)) in part.open.enumerated() {
      let absolute = RecordNumber(
        export: number, number: place.firstNumber + Int(record.number.number))
      places.append(
        number: Int(absolute.number), line: place.firstLine + line, file: place.file)
      open.append(
        OpenRecord(number: absolute, image: record.image, keyHashes: record.keyHashes))
      if hasLeft { departures.insert(absolute) }
      if !part.initialValues.isEmpty, let chosen = part.initialValues[position] {
        initialValues[absolute] = chosen
      }
    }
    if let rows = part.references { collect(rows, part, from: place.firstNumber) }
    if let rows = part.ruleMatches { collect(rows, part, export: number, from: place.firstNumber) }
    var anonymous = 0
    for problem in part.problems {
      findings.note(
        problem.subject,
        at: RecordOrigin(
          export: source.export.settings.name, file: source.export.files[place.file],
          line: place.firstLine + problem.line))
      let isKnown = shield(problem.keyHashes)
      if !problem.subject.isQuarantine { leaveAlone(problem.keyHashes) }
      let keys = problem.keyHashes.prefix(index.matchCount)
      // With a key that could not be worked out, only a member found by a higher one is known.
      let isShort = keys.count < index.matchCount
      if keys.allSatisfy({ $0 == KeyHasher.none }) || (isShort && !isKnown) { anonymous += 1 }
    }
    for keys in part.undecided where !shield(keys) && keys.allSatisfy({ $0 == KeyHasher.none }) {
      anonymous += 1
    }
    for keys in part.leftAlone where shield(keys) { leaveAlone(keys) }
    outOfScope += part.outOfScope
    for (key, hashes) in part.outsiders.enumerated() {
      if key == outsiders.count { outsiders.append([]) }
      outsiders[key] += hashes
    }
    let failed = part.problems.count { $0.subject.isQuarantine }
    if failed > 0 { setAside[number, default: 0] += failed }
    quarantined += failed
    for (column, lost) in part.lostValues.sorted(by: { $0.key < $1.key }) {
      findings.note(
        .lostValue(column: source.columns.names[column], typeName: lost.typeName))
    }
    return anonymous
  }

  private mutating func collect(
    _ rows: ReferenceColumns.Rows, _ part: Part, from firstNumber: Int
  ) {
    wants.append(contentsOf: part.wants, from: firstNumber)
    for (attribute, named) in rows.targets {
      var column =
        targets.removeValue(forKey: attribute)
        ?? Array(repeating: ReferenceColumns.nobody, count: index.members.count)
      for (row, seat) in part.probed.seats.enumerated() where seat != ProbedBatch.open {
        column[Int(seat)] = named[row]
      }
      targets[attribute] = column
    }
  }

  private mutating func collect(
    _ rows: TeamRuleColumns.Rows, _ part: Part, export: Int, from firstNumber: Int
  ) {
    doubtfulRules.formUnion(rows.doubtful)
    for match in rows.matches {
      let row = Int(match.row)
      let record = RecordNumber(export: export, number: firstNumber + Int(part.numbers[row]))
      let seat = part.probed.seats[row]
      if seat == ProbedBatch.open {
        openRuleMatches.append((Int(match.rule), record, match.isGone))
      } else {
        ruleEdges.append(
          DesiredEdge(
            team: Int(match.rule), member: Int(seat), record: record, isGone: match.isGone))
      }
    }
  }

  private mutating func leaveAlone(_ keyHashes: [UInt64]) {
    for (key, hash) in keyHashes.enumerated() {
      leftAloneSeats.formUnion(index.seats(key: key, hash: hash))
    }
  }

  /// Protects whom the keys may mean; whether that is anybody.
  private mutating func shield(_ keyHashes: [UInt64]) -> Bool {
    var isAnybody = false
    for (key, hash) in keyHashes.enumerated() {
      let seats = index.seats(key: key, hash: hash)
      isAnybody = isAnybody || !seats.isEmpty
      shieldedSeats.formUnion(seats)
    }
    return isAnybody
  }

  /// Protects those whom records that could not be read may be about.
  ///
  /// Returns on how many lines stand records of which that cannot be told.
  private mutating func shield(_ records: [QuarantinedRecord], of source: Source) -> Int {
    var anonymousLines = 0
    for record in records where !shield(record, of: source) { anonymousLines += record.lineCount }
    return anonymousLines
  }

  /// Tries the keys in their order, as matching would.
  ///
  /// A key that cannot be read may be anybody's, and what a lower one says is no proof: whoever has got a
  /// new user name is known by the higher key alone.
  private mutating func shield(_ record: QuarantinedRecord, of source: Source) -> Bool {
    for (place, key) in index.keys.prefix(index.matchCount).enumerated() {
      // What an expression would have come to, nobody knows.
      guard !source.mapping.worksOut(key.id) else { return false }
      guard let column = source.mapping.column(of: key.id) else { continue }
      guard column < record.cells.count, let text = record.cells[column] else { return false }
      let seats = index.seats(
        key: place, hash: keyHasher.hash(Array(text.utf8).span, key: place))
      shieldedSeats.formUnion(seats)
      guard seats.isEmpty else { return true }
    }
    return true
  }
}

extension Finding.Subject {
  /// Whether the record could not be understood, rather than left out on purpose.
  fileprivate var isQuarantine: Bool {
    if case .leftOut = self { false } else { true }
  }
}

extension RecordMapping {
  /// Whether an expression gives the attribute.
  fileprivate func worksOut(_ id: AttributeID) -> Bool {
    rules.contains { rule in
      guard rule.attribute == id, case .expression = rule.source else { return false }
      return true
    }
  }

  /// The column that gives an attribute; nil for a constant, and where none does.
  fileprivate func column(of id: AttributeID) -> Int? {
    rules.lazy.compactMap { rule in
      guard rule.attribute == id, case .column(let column) = rule.source else { return nil }
      return column
    }.first
  }
}
