import Identity
import Planning
import Reading
import Scanning
import Storing

/// One export of this run: its settings, its files, and its number among the run's exports.
struct RunExport: Sendable {
  let number: Int
  let settings: ExportSettings
  let files: [String]
  /// Its bit in the state.
  let owner: ExportSet

  /// A reader for its files; nil where there are none.
  func reader(jobs: Int?) throws(ReadFailure) -> ExportReader? {
    guard !files.isEmpty else { return nil }
    return try ExportReader(
      exportName: settings.name, paths: files,
      options: CSVOptions(
        delimiter: settings.delimiter.byte, encoding: settings.encoding.textEncoding,
        headerNames: settings.header),
      jobs: jobs ?? ExportReader.allCores)
  }

  /// The base name of a file, which delta sequences and team names are taken from.
  static func baseName(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}

extension ExportSettings.Encoding {
  fileprivate var textEncoding: TextEncoding? {
    switch self {
    case .auto: nil
    case .utf8: .utf8
    // Windows tools write little-endian where they write no byte order mark.
    case .utf16: .utf16LittleEndian
    case .windows1252: .windows1252
    }
  }
}

/// The exports of a policy with their numbers in the state, old and new ones.
struct ExportRoster: Sendable {
  let people: [RunExport]
  let teams: [RunExport]
  let memberships: [RunExport]
  /// Old names of exports in the state that the policy now calls otherwise.
  let renamed: [String: String]
  /// The names of all owners, by bit number, as the policy calls them.
  let names: [Int: String]

  var all: [RunExport] { people + teams + memberships }

  /// The owners that the policy still has.
  var known: ExportSet { ExportSet(all.map(\.owner)) }

  /// What was noticed about the files of deltas, by export number.
  let deltaFindings: [Int: [Finding]]
  /// How far deltas will have been applied, by export number.
  let deltaPositions: [Int: String]

  /// Resolves paths with `resolve`; names the state does not know yet get the next free numbers.
  init(
    _ exports: Exports, book: CurrentBookkeeping, resolve: (String) -> String
  ) throws(JobFailure) {
    var numbers = book.exports
    var renamed: [String: String] = [:]
    for settings in exports.all where numbers[settings.name] == nil {
      if let old = settings.formerly.first(where: { numbers[$0] != nil }) {
        numbers[settings.name] = numbers.removeValue(forKey: old)
        renamed[old] = settings.name
      } else {
        guard let free = (0..<64).first(where: { !numbers.values.contains($0) }) else {
          throw .policy(["A state can tell at most 64 exports apart; there are more."])
        }
        numbers[settings.name] = free
      }
    }
    let sequence = DeltaSequence(positions: book.deltaPositions)
    var deltaFindings: [Int: [Finding]] = [:]
    var deltaPositions: [Int: String] = [:]
    var number = -1
    func run(_ settings: ExportSettings, besides others: [ExportSettings]) -> RunExport {
      number += 1
      let isRebased = others.contains { $0.content == .full }
      let choice = sequence.choose(
        ExportPaths.files(for: resolve(settings.path)), of: settings, isRebased: isRebased)
      deltaFindings[number] = choice.findings
      deltaPositions[number] = choice.position
      return RunExport(
        number: number, settings: settings, files: choice.files,
        owner: ExportSet(export: numbers[settings.name] ?? 0))
    }
    let peopleSettings = exports.people.map(\.settings)
    people = peopleSettings.map { run($0, besides: peopleSettings) }
    let teamsSettings = exports.teams.map(\.settings)
    teams = teamsSettings.map { run($0, besides: teamsSettings) }
    let membershipsSettings = exports.memberships.map(\.settings)
    memberships = membershipsSettings.map { run($0, besides: membershipsSettings) }
    self.renamed = renamed
    self.deltaFindings = deltaFindings
    self.deltaPositions = deltaPositions
    names = Dictionary(uniqueKeysWithValues: numbers.map { ($0.value, $0.key) })
  }
}
