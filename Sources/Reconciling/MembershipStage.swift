import Identity
import Matching
import PlanFile
import Planning
import Reading
import Scanning

/// Reads the membership exports: pairs of seats, and everything that is no pair.
struct MembershipStage {
  private struct Part: Sendable {
    struct Problem: Sendable {
      enum Kind: Sendable {
        case unknownTeam
        case unknownMember
        case ambiguousMember
        /// A record of tonight that does not become a member, since it is held.
        case notAMember
        /// One of somebody new who is disabled at the source.
        case disabled
        case outOfScope
      }

      let number: UInt32
      let kind: Kind
      let team: Int?
      let reference: String
    }

    /// A team that stands where a member does: the inner one is the member.
    struct Inclusion: Sendable {
      let outer: Int
      let inner: Int
      let number: UInt32
    }

    var runs: [EdgeBatch.Run] = []
    var members: [UInt32] = []
    var numbers: [UInt32] = []
    var gone: [UInt32] = []
    /// Rows of a delta after which only those are in a team who are named behind them.
    var resets: [(team: Int, number: UInt32)] = []
    var inclusions: [Inclusion] = []
    var problems: [Problem] = []
    /// Teams whose members a row does not tell, and members whose teams it does not tell.
    var untoldTeams: [Int] = []
    var untoldMembers: [Int] = []
    let lines: BatchLines

    init(_ batch: RecordBatch) {
      lines = BatchLines(batch)
      members.reserveCapacity(batch.count)
      numbers.reserveCapacity(batch.count)
    }

    /// Adds a membership; team -1 stands for that of the file.
    @inline(__always)
    mutating func append(team: Int, member: UInt32, number: UInt32, isGone: Bool) {
      let team = UInt32(truncatingIfNeeded: team)
      if runs.last?.team != team { runs.append(EdgeBatch.Run(team: team, start: members.count)) }
      if isGone { gone.append(UInt32(members.count)) }
      members.append(member)
      numbers.append(number)
    }

    /// Adds the memberships of one team that follow each other, one for each row.
    mutating func append(team: Int, members seats: ArraySlice<Int32>, numbers: ArraySlice<UInt32>) {
      let team = UInt32(truncatingIfNeeded: team)
      if runs.last?.team != team { runs.append(EdgeBatch.Run(team: team, start: members.count)) }
      let seats = seats.span
      members.append(addingCapacity: seats.count) { members in
        for place in seats.indices { members.append(UInt32(bitPattern: seats[place])) }
      }
      self.numbers.append(contentsOf: numbers)
    }

    /// The memberships once it is known where they stand; `fileTeam` is the team of the file, if it is one.
    func edges(export: Int, firstNumber: Int, fileTeam: Int?) -> EdgeBatch {
      let runs = runs.compactMap { run in
        run.team != UInt32.max
          ? run : fileTeam.map { EdgeBatch.Run(team: UInt32($0), start: Int(run.start)) }
      }
      // All rows of an export whose files are teams mean the file's team.
      let isNobodys = runs.isEmpty
      return EdgeBatch(
        export: export, firstNumber: firstNumber, runs: runs, members: isNobodys ? [] : members,
        numbers: isNobodys ? [] : numbers, gone: isNobodys ? [] : gone)
    }
  }

  /// What one export says of one team.
  struct TeamOfExport: Sendable, Hashable {
    let team: Int
    let export: UInt8
  }

  let members: MemberDirectory
  let teams: TeamDirectory
  let teamNames: [String]

  private(set) var batches: [EdgeBatch] = []
  /// By team: the record of a delta that took everybody out who is not named after it.
  private(set) var resets: [TeamOfExport: RecordNumber] = [:]
  /// Teams of whose rows one names somebody who cannot be told: a new list of such a team takes nobody out.
  private var unresolved: Set<TeamOfExport> = []

  /// Teams with a new list that names somebody who cannot be told.
  var doubtfulReplacements: Set<Int> { Set(unresolved.intersection(resets.keys).map(\.team)) }
  /// By export: where the records of each batch stand.
  private(set) var lines: [Int: ExportLines] = [:]
  private(set) var inclusions: [NestedTeams.Inclusion] = []
  /// Teams that name somebody whom nobody knows, where that may be a team.
  private(set) var teamsWithUnknown: Set<Int> = []
  /// Teams of which an export does not say who is in them, and members of whom it does not say where they are.
  private(set) var untoldTeams: Set<Int> = []
  private(set) var untoldMembers: Set<Int> = []
  private(set) var findings = FindingLog()
  private(set) var summaries: [Int: ReadSummary] = [:]
  private(set) var quarantined = 0
  /// By export: how many memberships name a team or a member that nobody knows.
  private(set) var unknownReferences: [Int: Int] = [:]
  /// By export: how many memberships it names in all.
  private(set) var namedReferences: [Int: Int] = [:]

  init(members: MemberDirectory, teams: TeamDirectory, teamNames: [String]) {
    self.members = members
    self.teams = teams
    self.teamNames = teamNames
  }

  /// Reads one export, of which `begun` may have been read before.
  mutating func read(
    _ source: Source, after begun: MembershipsAhead.Begun? = nil,
    progress: (Int) -> Void = { _ in }
  ) async throws(ReadFailure) {
    let (members, teams) = (members, teams)
    let first = batches.count
    let reading = if let begun { begun.reading } else { try source.reading(by: members.hasher) }
    let beginning = begun?.beginning ?? MembershipsAhead.Reading.Beginning()
    let summary = try await reading.run(after: beginning) { rows in
      MembershipStage.map(rows, source: source, members: members, teams: teams)
    } collect: { part, place in
      collect(part, place, source)
      progress(place.firstNumber)
    }
    if source.export.settings.content == .delta { settle(from: first) }
    quarantined += summary.quarantinedCount
    findings.append(contentsOf: summary.findings)
    summaries[source.export.number] = summary
  }

  /// Of what a delta says of one membership, the last counts; what was said before its team's list was replaced
  /// counts for nothing.
  private mutating func settle(from first: Int) {
    let edges = batches[first...].flatMap(\.edges)
    var last: [Int64: Int] = [:]
    for (place, edge) in edges.enumerated() {
      let said = TeamOfExport(team: Int(edge.team), export: edge.record.export)
      if let reset = resets[said], edge.record < reset { continue }
      let pair = Int64(edge.team) << 32 | Int64(edge.member)
      if let known = last[pair], edges[known].record > edge.record { continue }
      last[pair] = place
    }
    let kept = last.values.sorted().map { edges[$0] }
    batches.replaceSubrange(first..., with: EdgeBatch.batches(of: kept))
  }

  /// Adds that those are gone whom a replaced list does not name; `current` has the members of a team.
  mutating func addReplaced(
    _ current: (_ team: Int) throws(JobFailure) -> [Int]
  ) throws(JobFailure) {
    guard !resets.isEmpty else { return }
    let exports = Set(resets.keys.map { Int($0.export) })
    var named: [TeamOfExport: Set<Int>] = [:]
    for batch in batches where exports.contains(batch.export) {
      for edge in batch.edges {
        let said = TeamOfExport(team: Int(edge.team), export: edge.record.export)
        if resets[said] != nil { named[said, default: []].insert(Int(edge.member)) }
      }
    }
    var gone: [DesiredEdge] = []
    for (said, record) in resets.sorted(by: { $0.value < $1.value }) {
      for member in try current(said.team) where named[said]?.contains(member) != true {
        gone.append(DesiredEdge(team: said.team, member: member, record: record, isGone: true))
      }
    }
    batches += EdgeBatch.batches(of: gone)
  }

  private mutating func noteReset(of team: Int?, _ record: RecordNumber) {
    guard let team else { return }
    resets[TeamOfExport(team: team, export: record.export)] = record
  }

  private static func map(
    _ rows: HashedRows, source: Source, members: MemberDirectory, teams: TeamDirectory
  ) -> Part {
    let batch = rows.batch
    var part = Part(batch)
    let bytes = batch.bytes.span
    // The seat of the one member that each row names, -1 for a row that wants a closer look.
    let seats = members.seats(of: rows.hashes, key: source.memberKey)
    let (teamColumn, isPlain) = (source.teamColumn, batch.many.isEmpty)
    let saysNothingElse = source.marker == nil && source.lists == nil
    // Exports list a team's members one after the other, so most rows name the team of the row before.
    var last: Range<Int>?
    var teamSeats: [Int] = []
    var row = 0
    while row < batch.count {
      if isPlain, saysNothingElse, teamSeats.count == 1, let last, let teamColumn {
        let end = endOfRun(from: row, last, teamColumn, batch, seats)
        if end > row {
          part.append(
            team: teamSeats[0], members: seats[row..<end], numbers: batch.numbers[row..<end])
          row = end
          continue
        }
      }
      defer { row += 1 }
      let isGone = source.marker.map { isMarked(row, batch, $0) } ?? false
      let cell =
        isPlain
        ? teamColumn.map { batch.cell(row: row, column: $0).range }
        : source.teamCell(of: row, in: batch)
      if let last, let cell, bytes.extracting(cell).isSame(as: bytes.extracting(last)) {
        // The same teams as the row before.
      } else if teamColumn != nil || row == 0 {
        let problems = part.problems.count
        teamSeats = self.teamSeats(row, batch, source, teams, &part)
        // A problem is told for every row that has it.
        last = part.problems.count == problems ? cell : nil
      }
      if let lists = source.lists {
        if !lists.tellsMembers(row, in: batch) { part.untoldTeams += teamSeats }
        if !lists.tellsTeams(row, in: batch) {
          part.untoldMembers += memberSeats(row, batch, source, members)
        }
      }
      if teamSeats.count == 1, !seats.isEmpty, seats[row] >= 0 {
        part.append(
          team: teamSeats[0], member: UInt32(seats[row]), number: batch.numbers[row],
          isGone: isGone)
      } else if isReset(row, batch, source) {
        part.resets += teamSeats.map { ($0, batch.numbers[row]) }
      } else {
        addEdges(
          of: row, isGone: isGone, to: teamSeats, seats, batch, source, members, teams, &part)
      }
    }
    return part
  }

  /// The row behind those from `row` on that name this team, whose cell is `team`, and one member each.
  private static func endOfRun(
    from row: Int, _ team: Range<Int>, _ column: Int, _ batch: RecordBatch, _ seats: [Int32]
  ) -> Int {
    let (seats, cells, bytes) = (seats.span, batch.cells.span, batch.bytes.span)
    var end = row
    while end < seats.count {
      // No more than these are looked at in vain, wherever a run ends.
      let next = min(end + 64, seats.count)
      var plain = end
      while plain < next, seats[plain] >= 0 { plain += 1 }
      end += cells.countEqual(
        to: team, inColumn: column, width: batch.columnCount, rows: end..<plain, of: bytes)
      guard end == next else { break }
    }
    return end
  }

  /// Whether a row says that nobody stays in its team who is not named after it.
  private static func isReset(_ row: Int, _ batch: RecordBatch, _ source: Source) -> Bool {
    guard let marker = source.marker, batch.cell(row: row, column: source.memberColumn).isEmpty
    else { return false }
    let word = batch.bytes[batch.cell(row: row, column: marker.column).range]
    return word.elementsEqual("\(ListReset.word)".utf8)
  }

  private static func isMarked(
    _ row: Int, _ batch: RecordBatch, _ marker: (column: Int, words: Set<[UInt8]>)
  ) -> Bool {
    marker.words.contains(Array(batch.bytes[batch.cell(row: row, column: marker.column).range]))
  }

  private static func addEdges(
    of row: Int, isGone: Bool, to teamSeats: [Int], _ seats: [Int32], _ batch: RecordBatch,
    _ source: Source, _ members: MemberDirectory, _ teams: TeamDirectory, _ part: inout Part
  ) {
    guard !teamSeats.isEmpty else { return }
    let number = batch.numbers[row]
    if !seats.isEmpty, seats[row] >= 0 {
      for team in teamSeats {
        part.append(team: team, member: UInt32(seats[row]), number: number, isGone: isGone)
      }
      return
    }
    let bytes = batch.bytes.span
    for range in pieces(row, source.memberColumn, of: batch, separator: source.memberSeparator) {
      let kind: Part.Problem.Kind
      let found = members.lookup(
        members.hash(bytes.extracting(range), key: source.memberKey), key: source.memberKey)
      switch found {
      case .seat(let member):
        for team in teamSeats {
          part.append(team: team, member: UInt32(member), number: number, isGone: isGone)
        }
        continue
      case .notAMember: kind = .notAMember
      case .disabled: kind = .disabled
      case .several: kind = .ambiguousMember
      case .outOfScope, .unknown:
        // A team may be in another one, and somebody may be called like a team.
        if let inner = teams.innerSeat(batch.bytes[range]) {
          part.inclusions += teamSeats.map {
            Part.Inclusion(outer: $0, inner: inner, number: number)
          }
          continue
        }
        kind = if case .unknown = found { .unknownMember } else { .outOfScope }
      }
      part.problems.append(
        Part.Problem(
          number: number, kind: kind, team: teamSeats[0],
          reference: String(decoding: batch.bytes[range], as: UTF8.self)))
    }
  }

  /// The seats of those whom a row names.
  private static func memberSeats(
    _ row: Int, _ batch: RecordBatch, _ source: Source, _ members: MemberDirectory
  ) -> [Int] {
    pieces(row, source.memberColumn, of: batch, separator: source.memberSeparator).compactMap {
      let hash = members.hash(batch.bytes.span.extracting($0), key: source.memberKey)
      if case .seat(let seat) = members.lookup(hash, key: source.memberKey) { return seat }
      return nil
    }
  }

  private static func teamSeats(
    _ row: Int, _ batch: RecordBatch, _ source: Source, _ teams: TeamDirectory,
    _ part: inout Part
  ) -> [Int] {
    guard case .column(let column, let key, let separator) = source.team else { return [-1] }
    var seats: [Int] = []
    for range in pieces(row, column, of: batch, separator: separator) {
      switch teams.lookup(batch.bytes[range], key: key) {
      case .seat(let seat): seats.append(seat)
      case .leftOut: continue
      case .unknown:
        part.problems.append(
          Part.Problem(
            number: batch.numbers[row], kind: .unknownTeam, team: nil,
            reference: String(decoding: batch.bytes[range], as: UTF8.self)))
      }
    }
    return seats
  }

  private mutating func collect(_ part: Part, _ place: BatchPlace, _ source: Source) {
    let export = source.export.number
    let file: TeamDirectory.Hit? =
      if case .files(let hits) = source.team { hits[place.file] } else { nil }
    // Nobody asks for a team that the policy leaves out.
    if case .leftOut? = file { return }
    let fileTeam: Int? = if case .seat(let seat)? = file { seat } else { nil }
    lines[export, default: ExportLines()].append(part.lines, at: place)
    if file != nil, fileTeam == nil {
      for number in part.numbers {
        findings.note(
          .edgeToUnknownTeam(
            reference: RunExport.baseName(of: source.export.files[place.file])),
          at: Self.origin(number, part, place, source))
      }
    }
    namedReferences[export, default: 0] +=
      part.members.count + part.inclusions.count + part.problems.count
    batches.append(
      part.edges(export: export, firstNumber: place.firstNumber, fileTeam: fileTeam))
    for reset in part.resets {
      noteReset(
        of: reset.team >= 0 ? reset.team : fileTeam,
        RecordNumber(export: export, number: place.firstNumber + Int(reset.number)))
    }
    untoldTeams.formUnion(part.untoldTeams.compactMap { $0 >= 0 ? $0 : fileTeam })
    untoldMembers.formUnion(part.untoldMembers)
    for edge in part.inclusions {
      guard let team = edge.outer >= 0 ? edge.outer : fileTeam else { continue }
      inclusions.append(
        NestedTeams.Inclusion(
          outer: team, inner: edge.inner,
          record: RecordNumber(export: export, number: place.firstNumber + Int(edge.number))))
    }
    for problem in part.problems {
      tell(
        problem, team: problem.team.flatMap { $0 >= 0 ? $0 : fileTeam }, export: export,
        at: Self.origin(problem.number, part, place, source))
    }
  }

  private static func origin(
    _ number: UInt32, _ part: Part, _ place: BatchPlace, _ source: Source
  ) -> RecordOrigin {
    RecordOrigin(
      export: source.export.settings.name, file: source.export.files[place.file],
      line: place.firstLine + (part.lines.line(ofNumber: number) ?? 0))
  }

  private mutating func tell(
    _ problem: Part.Problem, team seat: Int?, export: Int, at origin: RecordOrigin
  ) {
    let team = seat.map { teamNames[$0] } ?? ""
    if let seat { unresolved.insert(TeamOfExport(team: seat, export: UInt8(export))) }
    if problem.kind == .unknownTeam || problem.kind == .unknownMember {
      unknownReferences[export, default: 0] += 1
    }
    switch problem.kind {
    case .unknownTeam:
      findings.note(.edgeToUnknownTeam(reference: problem.reference), at: origin)
    case .unknownMember:
      if let seat, teams.flattens { teamsWithUnknown.insert(seat) }
      findings.note(.edgeToUnknownMember(team: team, reference: problem.reference), at: origin)
    case .notAMember:
      findings.note(.edgeWithheld(team: team, member: problem.reference), at: origin)
    case .outOfScope:
      findings.note(.edgeOfOutsider(team: team, member: problem.reference), at: origin)
    case .disabled:
      findings.note(.edgeOfDisabled(team: team, member: problem.reference), at: origin)
    case .ambiguousMember:
      findings.note(
        .memberReferenceAmbiguous(team: team, reference: problem.reference), at: origin)
    }
  }
}
