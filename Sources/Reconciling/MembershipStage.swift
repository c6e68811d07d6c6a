import Identity
import Matching
import PlanFile
import Planning
import Reading
import Scanning

/// Members by every key that memberships may name them by, as tonight's plan will leave them.
///
/// Names of tonight come first: a renamed member is found by its new name and, unless somebody else takes
/// it, by its old one.
struct MemberDirectory: Sendable {
  enum Hit: Sendable, Hashable {
    case seat(Int)
    /// A record of tonight that does not become a member: held, or disabled.
    case notAMember
    case several
    case unknown
  }

  /// The members of the state, by key.
  private let known: [KeyIndex]
  private let hasher: KeyHasher
  private let changed: [KeyIndex]
  /// By key: the new value of each changed member.
  private let changedHashes: [[UInt64]]
  private let changedSeats: [Int]
  private let absent: [KeyIndex]

  /// `drafts` are tonight's creates and updates; `left` the records of nobody that were not made members.
  init(index: MemberIndex, hasher: KeyHasher, drafts: [MemberDraft], left: [OpenRecord]) {
    known = hasher.keys.indices.map { index.whole(key: $0) }
    self.hasher = hasher
    var seats: [Int] = []
    var columns = [[UInt64]](repeating: [], count: hasher.keys.count)
    for draft in drafts {
      let hashes = Self.newHashes(draft, hasher)
      guard hashes.contains(where: { $0 != KeyHasher.none }) else { continue }
      seats.append(draft.seat)
      for key in columns.indices { columns[key].append(hashes[key]) }
    }
    changedSeats = seats
    changed = columns.map { KeyIndex($0) }
    changedHashes = columns
    absent = hasher.keys.indices.map { key in KeyIndex(left.map { $0.keyHashes[key] }) }
  }

  private static func newHashes(_ draft: MemberDraft, _ hasher: KeyHasher) -> [UInt64] {
    if case .create(let image) = draft.step { return hasher.hashes(of: image) }
    return hasher.keys.enumerated().map { place, key in
      draft.changes.first { $0.attribute.path == key.path }?.after
        .map { hasher.hash(Array($0.utf8).span, key: place) } ?? KeyHasher.none
    }
  }

  func hash(_ value: Span<UInt8>, key: Int) -> UInt64 { hasher.hash(value, key: key) }

  /// Asks for what `lookup` will want of memory.
  func prefetch(_ hash: UInt64, key: Int) { known[key].prefetch(hash) }

  /// Members of the state whose value of a key somebody else takes over tonight, with who that is.
  func displaced(key: Int) -> [Int: Hit] {
    var displaced: [Int: Hit] = [:]
    for (place, hash) in changedHashes[key].enumerated() {
      for seat in known[key].all(hash) where seat != changedSeats[place] {
        displaced[seat] = lookup(hash, key: key)
      }
    }
    return displaced
  }

  func lookup(_ hash: UInt64, key: Int) -> Hit {
    switch changed[key].lookup(hash) {
    case .one(let place): return .seat(changedSeats[place])
    case .several: return .several
    case .none: break
    }
    switch known[key].lookup(hash) {
    case .one(let seat): return .seat(seat)
    case .several: return .several
    case .none: return absent[key].lookup(hash) == .none ? .unknown : .notAMember
    }
  }
}

/// Reads the membership exports: pairs of seats, and everything that is no pair.
struct MembershipStage {
  /// Where a row names its team.
  enum TeamPlace: Sendable {
    case column(Int, key: Int, separator: [UInt8])
    /// By file of the export.
    case files([TeamDirectory.Hit])
  }

  struct Source: Sendable {
    let export: RunExport
    let reader: ExportReader
    let team: TeamPlace
    let memberColumn: Int
    let memberKey: Int
    let memberSeparator: [UInt8]
    let marker: (column: Int, words: Set<[UInt8]>)?
    let header: ExportHeader

    /// The one value that names the team; nil where the file does, or several do.
    func teamCell(of row: Int, in batch: RecordBatch) -> Range<Int>? {
      guard case .column(let column, _, _) = team,
        batch.furtherValues(row: row, column: column).isEmpty
      else { return nil }
      return batch.cell(row: row, column: column).range
    }
  }

  private struct Part: Sendable {
    struct Problem: Sendable {
      enum Kind: Sendable {
        case unknownTeam
        case unknownMember
        case ambiguousMember
        /// A record of tonight that does not become a member.
        case notAMember
      }

      let row: Int
      let kind: Kind
      let team: Int?
      let reference: String
    }

    /// A pair of seats; -1 stands for the team of the file.
    struct Edge: Sendable {
      let team: Int32
      let member: UInt32
      let row: UInt32
      let isGone: Bool

      init(_ team: Int, _ member: Int, row: Int, isGone: Bool = false) {
        self.team = Int32(team)
        self.member = UInt32(member)
        self.row = UInt32(row)
        self.isGone = isGone
      }
    }

    var edges: [Edge] = []
    /// Rows of a delta after which only those are in a team who are named behind them.
    var resets: [(team: Int, row: Int)] = []
    /// Teams that stand where a member does: the inner one is the member.
    var inclusions: [Edge] = []
    var problems: [Problem] = []
    let lines: [UInt32]
    let numbers: [UInt32]
  }

  /// What one export says of one team.
  struct TeamOfExport: Sendable, Hashable {
    let team: Int
    let export: UInt8
  }

  let members: MemberDirectory
  let teams: TeamDirectory
  let teamNames: [String]

  private(set) var edges: [DesiredEdge] = []
  /// By team: the record of a delta that took everybody out who is not named after it.
  private(set) var resets: [TeamOfExport: RecordNumber] = [:]
  private(set) var inclusions: [NestedTeams.Inclusion] = []
  /// Teams that name somebody whom nobody knows, where that may be a team.
  private(set) var teamsWithUnknown: Set<Int> = []
  private(set) var findings = FindingLog()
  private(set) var summaries: [Int: ReadSummary] = [:]
  private(set) var quarantined = 0
  /// By export: how many memberships name a team or a member that nobody knows.
  private(set) var unknownReferences: [Int: Int] = [:]

  init(members: MemberDirectory, teams: TeamDirectory, teamNames: [String]) {
    self.members = members
    self.teams = teams
    self.teamNames = teamNames
  }

  mutating func read(
    _ source: Source, progress: (Int) -> Void = { _ in }
  ) async throws(ReadFailure) {
    let (members, teams) = (members, teams)
    let first = edges.count
    let summary = try await source.reader.read { batch in
      MembershipStage.map(batch, source: source, members: members, teams: teams)
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
    var last: [Int64: Int] = [:]
    for (place, edge) in edges[first...].enumerated() {
      let said = TeamOfExport(team: Int(edge.team), export: edge.record.export)
      if let reset = resets[said], edge.record < reset { continue }
      let pair = Int64(edge.team) << 32 | Int64(edge.member)
      if let known = last[pair], edges[first + known].record > edge.record { continue }
      last[pair] = place
    }
    let kept = last.values.sorted().map { edges[first + $0] }
    edges.replaceSubrange(first..., with: kept)
  }

  /// Adds that those are gone whom a replaced list does not name; `current` has the members of a team.
  mutating func addReplaced(_ current: (_ team: Int) throws(JobFailure) -> [Int]) throws(JobFailure)
  {
    for (said, record) in resets.sorted(by: { $0.value < $1.value }) {
      let named = Set(
        edges.lazy.filter { Int($0.team) == said.team && $0.record.export == said.export }
          .map { Int($0.member) })
      for member in try current(said.team) where !named.contains(member) {
        edges.append(DesiredEdge(team: said.team, member: member, record: record, isGone: true))
      }
    }
  }

  private static func map(
    _ batch: RecordBatch, source: Source, members: MemberDirectory, teams: TeamDirectory
  ) -> Part {
    var part = Part(lines: batch.lines, numbers: batch.numbers)
    part.edges.reserveCapacity(batch.count)
    let bytes = batch.bytes.span
    let hashes = memberHashes(batch, source, members)
    // Exports list a team's members one after the other, so most rows name the team of the row before.
    var last: (cell: Range<Int>, seats: [Int])?
    for row in 0..<batch.count {
      if row + KeyIndex.ahead < hashes.count {
        members.prefetch(hashes[row + KeyIndex.ahead], key: source.memberKey)
      }
      let isGone =
        source.marker.map { marker in
          marker.words.contains(
            Array(batch.bytes[batch.cell(row: row, column: marker.column).range]))
        } ?? false
      let cell = source.teamCell(of: row, in: batch)
      let seats: [Int]
      if let known = last, let cell, isSame(cell, known.cell, in: bytes) {
        seats = known.seats
      } else {
        let problems = part.problems.count
        seats = teamSeats(row, batch, source, teams, &part)
        // A problem is told for every row that has it.
        last = part.problems.count == problems ? cell.map { ($0, seats) } : nil
      }
      guard !seats.isEmpty else { continue }
      if isReset(row, batch, source) {
        part.resets += seats.map { ($0, row) }
        continue
      }
      addEdges(of: row, isGone: isGone, to: seats, hashes, batch, source, members, teams, &part)
    }
    return part
  }

  /// Whether a row says that nobody stays in its team who is not named after it.
  private static func isReset(_ row: Int, _ batch: RecordBatch, _ source: Source) -> Bool {
    guard let marker = source.marker, batch.cell(row: row, column: source.memberColumn).isEmpty
    else { return false }
    let word = batch.bytes[batch.cell(row: row, column: marker.column).range]
    return word.elementsEqual("\(ListReset.word)".utf8)
  }

  /// The hash of the one member that each row names; none where rows may name several.
  private static func memberHashes(
    _ batch: RecordBatch, _ source: Source, _ members: MemberDirectory
  ) -> [UInt64] {
    guard source.memberSeparator.isEmpty, batch.many.isEmpty else { return [] }
    let bytes = batch.bytes.span
    return (0..<batch.count).map { row in
      let cell = batch.cell(row: row, column: source.memberColumn).range
      return members.hash(bytes.extracting(cell), key: source.memberKey)
    }
  }

  private static func isSame(
    _ one: Range<Int>, _ other: Range<Int>, in bytes: Span<UInt8>
  ) -> Bool {
    guard one.count == other.count else { return false }
    for offset in 0..<one.count
    where bytes[one.lowerBound + offset] != bytes[other.lowerBound + offset] { return false }
    return true
  }

  private static func addEdges(
    of row: Int, isGone: Bool, to teamSeats: [Int], _ hashes: [UInt64], _ batch: RecordBatch,
    _ source: Source, _ members: MemberDirectory, _ teams: TeamDirectory, _ part: inout Part
  ) {
    func add(_ range: Range<Int>, _ hash: UInt64) {
      let kind: Part.Problem.Kind
      switch members.lookup(hash, key: source.memberKey) {
      case .seat(let member):
        for team in teamSeats {
          part.edges.append(Part.Edge(team, member, row: row, isGone: isGone))
        }
        return
      case .notAMember: kind = .notAMember
      case .several: kind = .ambiguousMember
      case .unknown:
        if let inner = teams.innerSeat(batch.bytes[range]) {
          for team in teamSeats { part.inclusions.append(Part.Edge(team, inner, row: row)) }
          return
        }
        kind = .unknownMember
      }
      part.problems.append(
        Part.Problem(
          row: row, kind: kind, team: teamSeats[0],
          reference: String(decoding: batch.bytes[range], as: UTF8.self)))
    }
    // Nearly every export has one member to a row; making a list of it would cost more than looking it up.
    if source.memberSeparator.isEmpty, batch.many.isEmpty {
      let cell = batch.cell(row: row, column: source.memberColumn).range
      if !cell.isEmpty { add(cell, hashes[row]) }
      return
    }
    let bytes = batch.bytes.span
    for range in pieces(row, source.memberColumn, of: batch, separator: source.memberSeparator) {
      add(range, members.hash(bytes.extracting(range), key: source.memberKey))
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
            row: row, kind: .unknownTeam, team: nil,
            reference: String(decoding: batch.bytes[range], as: UTF8.self)))
      }
    }
    return seats
  }

  /// All that a cell names: the parts of each of its values.
  static func pieces(
    _ row: Int, _ column: Int, of batch: RecordBatch, separator: [UInt8]
  ) -> [Range<Int>] {
    var found = pieces(
      of: batch.cell(row: row, column: column).range, in: batch.bytes, separator: separator)
    for value in batch.furtherValues(row: row, column: column) {
      found += pieces(of: value.range, in: batch.bytes, separator: separator)
    }
    return found
  }

  /// The parts of a cell between separators, trimmed of spaces; empty ones are nothing.
  static func pieces(
    of cell: Range<Int>, in bytes: [UInt8], separator: [UInt8]
  ) -> [Range<Int>] {
    guard !separator.isEmpty else { return cell.isEmpty ? [] : [cell] }
    var pieces: [Range<Int>] = []
    var start = cell.lowerBound
    var place = start
    func add(_ range: Range<Int>) {
      var range = range
      while let first = range.first, bytes[first] == 0x20 { range = (first + 1)..<range.upperBound }
      while let last = range.last, bytes[last] == 0x20 { range = range.lowerBound..<last }
      if !range.isEmpty { pieces.append(range) }
    }
    while place + separator.count <= cell.upperBound {
      if bytes[place..<place + separator.count].elementsEqual(separator) {
        add(start..<place)
        place += separator.count
        start = place
      } else {
        place += 1
      }
    }
    add(start..<cell.upperBound)
    return pieces
  }

  private mutating func noteReset(of team: Int?, _ record: RecordNumber) {
    guard let team else { return }
    resets[TeamOfExport(team: team, export: record.export)] = record
  }

  private mutating func collect(_ part: Part, _ place: BatchPlace, _ source: Source) {
    func origin(_ row: Int) -> RecordOrigin {
      RecordOrigin(
        export: source.export.settings.name, file: source.export.files[place.file],
        line: place.firstLine + Int(part.lines[row]))
    }
    let file: TeamDirectory.Hit? =
      if case .files(let hits) = source.team { hits[place.file] } else { nil }
    // Nobody asks for a team that the policy leaves out.
    if case .leftOut? = file { return }
    let fileTeam: Int? = if case .seat(let seat)? = file { seat } else { nil }
    func number(_ row: UInt32) -> RecordNumber {
      RecordNumber(
        export: source.export.number, number: place.firstNumber + Int(part.numbers[Int(row)]))
    }
    for edge in part.edges {
      guard let team = edge.team >= 0 ? Int(edge.team) : fileTeam else {
        findings.note(
          .edgeToUnknownTeam(
            reference: RunExport.baseName(of: source.export.files[place.file])),
          at: origin(Int(edge.row)))
        continue
      }
      edges.append(
        DesiredEdge(
          team: team, member: Int(edge.member), record: number(edge.row), isGone: edge.isGone))
    }
    for reset in part.resets {
      noteReset(of: reset.team >= 0 ? reset.team : fileTeam, number(UInt32(reset.row)))
    }
    for edge in part.inclusions {
      guard let team = edge.team >= 0 ? Int(edge.team) : fileTeam else { continue }
      inclusions.append(
        NestedTeams.Inclusion(outer: team, inner: Int(edge.member), record: number(edge.row)))
    }
    for problem in part.problems {
      let seat = problem.team.flatMap { $0 >= 0 ? $0 : fileTeam }
      let team = seat.map { teamNames[$0] } ?? ""
      if problem.kind == .unknownTeam || problem.kind == .unknownMember {
        unknownReferences[source.export.number, default: 0] += 1
      }
      switch problem.kind {
      case .unknownTeam:
        findings.note(
          .edgeToUnknownTeam(reference: problem.reference), at: origin(problem.row))
      case .unknownMember:
        if let seat, teams.flattens { teamsWithUnknown.insert(seat) }
        findings.note(
          .edgeToUnknownMember(team: team, reference: problem.reference), at: origin(problem.row))
      case .notAMember:
        findings.note(
          .edgeWithheld(team: team, member: problem.reference), at: origin(problem.row))
      case .ambiguousMember:
        findings.note(
          .memberReferenceAmbiguous(team: team, reference: problem.reference),
          at: origin(problem.row))
      }
    }
  }
}
