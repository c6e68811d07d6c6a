import Identity
import Mapping
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
  /// Every column that the policy names for it, with its alternatives.
  let fields: [[String]]
  /// The list that it means in a document with several.
  let preferredLists: [String]
  /// Those of its fields that tell one thing from another.
  let identity: [[String]]
  /// What its records are.
  let kind: Kind
  /// The resources of a SCIM service that it means.
  var resource: SCIMResource?
  /// Fields that nobody maps, and that come and go.
  var helperFields: [[String]] = []
  /// Where its manifest lies; `{file}` in it stands for each of the files.
  var manifest: String?

  enum Kind: Sendable {
    case people
    case teams
    case memberships
  }

  /// A reader for its files; nil where there are none.
  func reader(jobs: Int?) throws(ReadFailure) -> ExportReader? {
    guard !files.isEmpty else { return nil }
    return try ExportReader(
      exportName: settings.name, paths: files,
      options: CSVOptions(
        delimiter: settings.delimiter.byte, encoding: settings.encoding.textEncoding,
        headerNames: settings.header, trailer: settings.trailer),
      format: FormatOptions(
        format: settings.format.fileFormat, fields: (fields + helperFields).distinct(),
        records: settings.records,
        each: settings.each, preferredLists: preferredLists, resource: resource,
        merging: merging,
        directory: directory),
      jobs: jobs ?? ExportReader.allCores)
  }

  static let classesOfPeople = ["person", "inetOrgPerson", "user", "posixAccount", "account"]
  static let classesOfTeams = [
    "group", "groupOfNames", "groupOfUniqueNames", "groupOfMembers", "groupOfEntries", "posixGroup",
  ]

  /// Which entries of a directory count.
  private var directory: DirectoryOptions {
    var options = DirectoryOptions(
      classes: settings.objectClasses, needsAllFields: kind == .memberships,
      isDelta: settings.content == .delta, allowsURLs: settings.urlValues == .ignore)
    guard settings.objectClasses == nil else { return options }
    switch kind {
    case .people:
      options.classes = Self.classesOfPeople
      // Active Directory's computers and contacts are persons too.
      options.exceptClasses = ["computer", "contact"]
    case .teams:
      options.classes = Self.classesOfTeams
    case .memberships: break
    }
    return options
  }

  /// In a delta, records about the same thing are one.
  private var merging: FormatOptions.Merging? {
    guard settings.content == .delta, !identity.isEmpty else { return nil }
    return FormatOptions.Merging(key: identity, marker: settings.removed?.columns)
  }

  /// The same export read for other fields.
  func asking(for fields: [[String]]) -> RunExport {
    RunExport(
      number: number, settings: settings, files: files, owner: owner, fields: fields,
      preferredLists: preferredLists, identity: [], kind: kind, resource: resource)
  }

  /// The same export read from other files.
  func reading(_ files: [String]) -> RunExport {
    RunExport(
      number: number, settings: settings, files: files, owner: owner, fields: fields,
      preferredLists: preferredLists, identity: identity, kind: kind, resource: resource)
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
    _ exports: Exports, teamRules: [TeamSettings.Rule] = [], book: CurrentBookkeeping,
    resolve: (String) -> String
  ) throws(JobFailure) {
    let (numbers, renamed) = try Self.numbers(of: exports, book)
    let sequence = DeltaSequence(positions: book.deltaPositions)
    var deltaFindings: [Int: [Finding]] = [:]
    var deltaPositions: [Int: String] = [:]
    var number = -1
    func run(
      _ settings: ExportSettings, _ columns: [[String]], _ lists: [String],
      identity: [[String]], _ kind: RunExport.Kind, besides others: [ExportSettings]
    ) throws(JobFailure) -> RunExport {
      number += 1
      let choice: DeltaSequence.Choice
      do throws(ReadFailure) {
        choice = try sequence.choose(
          ExportPaths.files(for: resolve(settings.path)), of: settings,
          isRebased: others.contains { $0.isRebasing(resolve) })
      } catch {
        throw .unreadable([error.message])
      }
      deltaFindings[number] = choice.findings
      deltaPositions[number] = choice.position
      return RunExport(
        number: number, settings: settings, files: choice.files,
        owner: ExportSet(export: numbers[settings.name] ?? 0),
        fields: (columns + [settings.removed?.columns ?? []]).distinct(), preferredLists: lists,
        identity: identity, kind: kind, resource: settings.resource(of: kind, columns),
        manifest: settings.manifestPath(resolve))
    }
    people = try exports.people.map { (export) throws(JobFailure) in
      try run(
        export.settings, export.mapping.columns + export.filterColumns(teamRules),
        ["users", "Users"], identity: export.mapping.identity, .people,
        besides: exports.people.map(\.settings))
    }
    teams = try exports.teams.map { (export) throws(JobFailure) in
      try run(
        export.settings, export.mapping.columns, ["groups", "Groups"],
        identity: export.mapping.identity, .teams, besides: exports.teams.map(\.settings))
    }
    memberships = try exports.memberships.map { (export) throws(JobFailure) in
      var run = try run(
        export.settings, export.columns, export.settings.preset.membershipLists,
        identity: export.settings.each == nil ? [] : export.columns, .memberships,
        besides: exports.memberships.map(\.settings))
      run.helperFields = export.listFields
      return run
    }
    self.renamed = renamed
    self.deltaFindings = deltaFindings
    self.deltaPositions = deltaPositions
    names = Dictionary(uniqueKeysWithValues: numbers.map { ($0.value, $0.key) })
  }

  /// The numbers of all exports that the state knows or the policy names, and which have other names from now on.
  private static func numbers(
    of exports: Exports, _ book: CurrentBookkeeping
  ) throws(JobFailure) -> (numbers: [String: Int], renamed: [String: String]) {
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
    return (numbers, renamed)
  }
}

extension ExportSettings {
  /// In a file of several kinds of resources, each export has its own; memberships stand in the groups, unless the
  /// policy looks for them elsewhere.
  fileprivate func resource(of kind: RunExport.Kind, _ columns: [[String]]) -> SCIMResource? {
    guard preset == .scim else { return nil }
    switch kind {
    case .people: return .user
    case .teams: return .group
    case .memberships:
      let namesMembers = columns.joined().contains { $0.lowercased().hasPrefix("members") }
      return namesMembers ? .group : nil
    }
  }

  /// Whether it says tonight what a missing delta would have said: a full export that did not arrive cannot.
  fileprivate func isRebasing(_ resolve: (String) -> String) -> Bool {
    content == .full && !ExportPaths.files(for: resolve(path)).isEmpty
  }

  /// Where its manifest lies; beside each file where the path begins with it.
  fileprivate func manifestPath(_ resolve: (String) -> String) -> String? {
    manifest.map { $0.hasPrefix("{file}") ? $0 : resolve($0) }
  }
}

extension ExportSettings.Format {
  fileprivate var fileFormat: Reading.ExportFormat? {
    switch self {
    case .auto: nil
    case .csv: .csv
    case .json: .json
    case .ldif: .ldif
    case .xml: .xml
    }
  }
}

extension [MappingRule] {
  /// The columns that the rules look at, each with its alternatives.
  fileprivate var columns: [[String]] {
    flatMap { rule -> [[String]] in
      switch rule.source {
      case .columns(let names): [names]
      case .expression(let program): program.columns.map { [$0] }
      case .constant: []
      }
    }
  }

  /// The columns of the source's own key.
  fileprivate var identity: [[String]] { filter { $0.path == .externalID }.columns }
}

extension PeopleExport {
  /// The columns that decide who counts, and who is in which team.
  fileprivate func filterColumns(_ rules: [TeamSettings.Rule]) -> [[String]] {
    let rules = rules.filter { $0.exports?.contains(settings.name) ?? true }
    let names = (scope?.filter?.columns ?? []) + rules.flatMap(\.filter.columns)
    return names.map { [$0] }
  }
}

extension MembershipsExport {
  /// The columns that name teams and members.
  fileprivate var columns: [[String]] {
    if case .reference(let reference) = team {
      [reference.columns, member.columns]
    } else {
      [member.columns]
    }
  }
}

extension [[String]] {
  /// Each of them once, in their order; empty ones are nothing.
  fileprivate func distinct() -> [[String]] {
    reduce(into: []) { if !$1.isEmpty, !$0.contains($1) { $0.append($1) } }
  }
}

extension ExportRoster {
  /// Refuses memberships that name everybody by entries of a directory, where an export does not hold them all.
  func refuseEntriesOfDeltas(named settings: ExportSettings) throws(JobFailure) {
    guard settings.content == .full,
      let delta = (people + teams).first(where: { $0.settings.content == .delta })
    else { return }
    throw JobFailure.policy([
      "exports.memberships: \(settings.name) names members by distinguished names, which "
        + "are looked up in the exports of people and teams; \(delta.settings.name) is a delta and "
        + "does not hold them all. Use full exports, or make the memberships a delta too."
    ])
  }
}
