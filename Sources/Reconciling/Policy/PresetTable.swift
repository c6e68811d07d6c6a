import Identity

/// What one directory's JSON means: where each attribute stands, and how it says who is active.
///
/// ```
/// okta     userName ← profile.login      active ← status: DEPROVISIONED is false, every other word true
/// ```
struct PresetTable: Sendable {
  private(set) var memberRules: [MappingRule]
  let teamRules: [MappingRule]
  /// Where a file of the directory names teams and their members.
  var memberships: Memberships?

  struct Memberships: Sendable {
    /// Nil where each file is about one team, which only its name tells.
    let team: MembershipsExport.Reference?
    let member: MembershipsExport.Reference
  }

  /// Makes rules of attribute paths, each with the columns to take it from; `active` has the words of its column, too.
  init(
    active: (columns: [String], words: BooleanWords)?, members: [(path: String, columns: [String])],
    teams: [(path: String, columns: [String])]
  ) {
    var rules = members.map { Self.rule($0.path, $0.columns) }
    if let active { rules.append(Self.rule("active", active.columns, words: active.words)) }
    memberRules = rules.sorted { $0.path < $1.path }
    teamRules = teams.map { Self.rule($0.path, $0.columns) }.sorted { $0.path < $1.path }
  }

  /// The same table with the place of teams and members.
  func naming(
    teamsBy team: (column: String, key: AttributePath)?, membersBy member: [String]
  ) -> PresetTable {
    var table = self
    table.memberships = Memberships(
      team: team.map {
        MembershipsExport.Reference(columns: [$0.column], key: $0.key, separator: nil)
      },
      member: MembershipsExport.Reference(columns: member, key: .externalID, separator: nil))
    return table
  }

  /// The same table for a directory, whose teams and members have several columns to be named by.
  func naming(
    teamsBy team: (columns: [String], key: AttributePath),
    membersBy member: (columns: [String], key: AttributePath)
  ) -> PresetTable {
    var table = self
    table.memberships = Memberships(
      team: MembershipsExport.Reference(columns: team.columns, key: team.key, separator: nil),
      member: MembershipsExport.Reference(
        columns: member.columns, key: member.key, separator: nil))
    return table
  }

  /// The same table with the columns that name somebody's manager, each by one attribute of that member.
  func naming(managersBy columns: [String], key: AttributePath = .externalID) -> PresetTable {
    var table = self
    table.memberRules.append(.manager(columns: columns, key: key))
    table.memberRules.sort { $0.path < $1.path }
    return table
  }

  private static func rule(
    _ path: String, _ columns: [String], words: BooleanWords? = nil
  ) -> MappingRule {
    do {
      return MappingRule(
        path: try AttributePath(parsing: path), source: .columns(columns), vocabulary: words,
        origin: .preset)
    } catch {
      preconditionFailure("a preset's table has a bad path: \(path)")
    }
  }
}

extension MappingRule {
  /// A preset's rule for the manager of RFC 7643 §4.3, whose `value` is the id of another member.
  static func manager(columns: [String], key: AttributePath) -> MappingRule {
    MappingRule(
      path: .manager, kind: .reference, references: key, source: .columns(columns), origin: .preset)
  }
}

extension AttributePath {
  static let manager = AttributePath(
    schema: KnownAttributes.enterpriseSchema, attribute: "manager", subAttribute: "value")
}

extension BooleanWords {
  /// `true` and `false`, however they are spelt.
  static let plain = BooleanWords(true: ["true"], false: ["false"], foldsCase: true)
  /// A property that says the opposite, such as `suspended`.
  static let inverted = BooleanWords(true: ["false"], false: ["true"], foldsCase: true)
}
