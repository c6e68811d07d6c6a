import Identity
import Planning
import Reading
import Scanning

/// One export of this run: its settings, its files, and its number among the run's exports.
struct RunExport: Sendable {
  let number: Int
  let settings: ExportSettings
  let files: [String]
  /// Its bit in the state.
  let owner: ExportSet

  /// A reader for its files; nil where there are none.
  func reader(jobs: Int?) -> ExportReader? {
    guard !files.isEmpty else { return nil }
    return ExportReader(
      exportName: settings.name, paths: files,
      options: CSVOptions(
        delimiter: settings.delimiter.byte, encoding: settings.encoding.textEncoding,
        headerNames: settings.header),
      jobs: jobs)
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
    case .utf16: .utf16
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

  /// Resolves paths with `resolve`; names the state does not know yet get the next free numbers.
  init(
    _ exports: Exports, stateNumbers: [String: Int], resolve: (String) -> String
  ) throws(JobFailure) {
    var numbers = stateNumbers
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
    var number = -1
    func run(_ settings: ExportSettings) -> RunExport {
      number += 1
      return RunExport(
        number: number, settings: settings, files: ExportPaths.files(for: resolve(settings.path)),
        owner: ExportSet(export: numbers[settings.name] ?? 0))
    }
    people = exports.people.map { run($0.settings) }
    teams = exports.teams.map { run($0.settings) }
    memberships = exports.memberships.map { run($0.settings) }
    self.renamed = renamed
    names = Dictionary(uniqueKeysWithValues: numbers.map { ($0.value, $0.key) })
  }
}
