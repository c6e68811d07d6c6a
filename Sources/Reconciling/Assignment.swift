import Identity
import Mapping
import Matching
import Reading

/// Who is in the teams that a scope names, by the keys that memberships name people by.
///
/// ```
/// assigned: [SG-App]        SG-App ∋ SG-Sales, E-ann      SG-Sales ∋ E-bob
/// contains                  E-ann, E-bob: yes     E-cy: no, or not known where an export is not believed
/// ```
struct Assignment: Sendable {
  /// By the place of a key: the hashes of its values.
  fileprivate let hashes: [Int: Set<UInt64>]
  /// Whether who is not in it is in none of the teams for certain.
  let isComplete: Bool

  /// Nil where nobody can tell.
  func contains(_ row: Int, of mapped: MappedBatch) -> Bool? {
    var isNamed = true
    for (key, values) in hashes {
      let hash = mapped.keyHash(row: row, key: key)
      if values.contains(hash) { return true }
      if hash == KeyHasher.none { isNamed = false }
    }
    // Memberships may name somebody by a value that the record lacks.
    return isComplete && isNamed ? false : nil
  }
}

/// Reads who is in which team of the exports before people are read: their scope asks for it.
struct AssignmentStage {
  private struct Entry: Sendable {
    let team: Int
    let hash: UInt64
  }

  private struct Part: Sendable {
    var entries: [Entry] = []
    /// Pairs of outer and inner team.
    var inclusions: [(outer: Int, inner: Int)] = []
    /// Members of teams that no export of teams has, with the names.
    var unlisted: [(team: String, hash: UInt64)] = []
  }

  /// Stands for the team that the file is about.
  private static let teamOfFile = -1

  /// Names of the teams of exports, by seat.
  private var names: [String]
  private let hasher: KeyHasher
  private var seatsByName: [String: Int]
  /// By the place of the key by which the export names members.
  private var entries: [Int: [Entry]] = [:]
  private var inclusions: [NestedTeams.Inclusion] = []

  init(names: [String], hasher: KeyHasher) {
    self.names = names
    self.hasher = hasher
    seatsByName = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
  }

  /// Reads one export of memberships; one that `callsTeamsByName` may have teams of its own.
  mutating func read(
    _ source: MembershipStage.Source, teams: TeamDirectory, fileNames: [String?],
    callsTeamsByName: Bool
  ) async throws(ReadFailure) -> ReadSummary {
    let hasher = hasher
    var found: [Entry] = []
    let summary = try await source.reader.read { batch in
      Self.map(batch, source, teams, hasher)
    } collect: { part, place in
      let file = fileNames.isEmpty ? nil : fileNames[place.file].map { seat(ofName: $0) }
      for entry in part.entries {
        guard let team = entry.team == Self.teamOfFile ? file : entry.team else { continue }
        found.append(Entry(team: team, hash: entry.hash))
      }
      for (outer, inner) in part.inclusions {
        guard let outer = outer == Self.teamOfFile ? file : outer else { continue }
        inclusions.append(
          NestedTeams.Inclusion(
            outer: outer, inner: inner,
            record: RecordNumber(export: source.export.number, number: 0)))
      }
      guard callsTeamsByName else { return }
      for (name, hash) in part.unlisted {
        found.append(Entry(team: seat(ofName: name), hash: hash))
      }
    }
    entries[source.memberKey, default: []] += found
    return summary
  }

  /// The seat of a team that is known by its name alone.
  private mutating func seat(ofName name: String) -> Int {
    if let seat = seatsByName[name] { return seat }
    names.append(name)
    seatsByName[name] = names.count - 1
    return names.count - 1
  }

  private static func map(
    _ batch: RecordBatch, _ source: MembershipStage.Source, _ teams: TeamDirectory,
    _ hasher: KeyHasher
  ) -> Part {
    var part = Part()
    let bytes = batch.bytes.span
    for row in 0..<batch.count {
      let (seats, unlisted) = teamSeats(row, batch, source, teams)
      for range in MembershipStage.pieces(
        row, source.memberColumn, of: batch, separator: source.memberSeparator)
      {
        let hash = hasher.hash(bytes.extracting(range), key: source.memberKey)
        part.entries += seats.map { Entry(team: $0, hash: hash) }
        part.unlisted += unlisted.map { (team: $0, hash: hash) }
        guard let inner = teams.innerSeat(batch.bytes[range]) else { continue }
        part.inclusions += seats.map { (outer: $0, inner: inner) }
      }
    }
    return part
  }

  private static func teamSeats(
    _ row: Int, _ batch: RecordBatch, _ source: MembershipStage.Source, _ teams: TeamDirectory
  ) -> (seats: [Int], unlisted: [String]) {
    guard case .column(let column, let key, let separator) = source.team else {
      return ([teamOfFile], [])
    }
    var seats: [Int] = []
    var unlisted: [String] = []
    for range in MembershipStage.pieces(row, column, of: batch, separator: separator) {
      switch teams.lookup(batch.bytes[range], key: key) {
      case .seat(let seat): seats.append(seat)
      case .leftOut: continue
      case .unknown: unlisted.append(String(decoding: batch.bytes[range], as: UTF8.self))
      }
    }
    return (seats, unlisted)
  }

  // MARK: - Who is in

  /// The patterns that fit no team of tonight.
  func unknown(_ patterns: [NamePattern]) -> [NamePattern] {
    patterns.filter { pattern in !names.contains { pattern.matches($0) } }
  }

  func nearest(to pattern: NamePattern) -> String? {
    Suggestion.nearest(to: pattern.text, among: names)
  }

  /// Who is in one of these teams; `keys` are all by which members may be named.
  func assignment(to patterns: [NamePattern], isComplete: Bool) -> Assignment {
    let listed = names.indices.filter { seat in patterns.contains { $0.matches(names[seat]) } }
    let teams = Set(listed).union(NestedTeams(inclusions).innerTeams(of: listed))
    return Assignment(
      hashes: entries.mapValues { entries in
        Set(entries.lazy.filter { teams.contains($0.team) }.map(\.hash))
      }, isComplete: isComplete)
  }
}
