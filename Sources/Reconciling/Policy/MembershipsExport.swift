package import Identity

/// An export of memberships: which member is in which team.
///
/// ```yaml
/// memberships:
///   - name: entra-members                       # one row for each membership
///     path: exports/members.csv
///     content: full
///     team: { column: groupId, key: externalId }
///     member: { column: userPrincipalName, key: userName }
///   - name: sales                               # a file for one team
///     path: exports/exportGroupMembers_Sales.csv
///     content: full
///     team: { name: Sales }
///     member: { column: id, key: externalId }
///   - name: by-user                             # a column of the people's file
///     path: exports/users.csv
///     content: full
///     team: { column: groups, key: displayName, separator: ";" }
///     member: { column: userPrincipalName, key: userName }
/// ```
package struct MembershipsExport: Sendable, Hashable {
  /// Cells that name somebody, or several, by an attribute.
  package struct Reference: Sendable, Hashable {
    /// `column:` The first of these that stands in the header.
    package let columns: [String]
    /// `key:` The attribute the cell holds; one that the policy maps.
    package let key: AttributePath
    /// `separator:` What stands between several in one cell; nil when a cell names one.
    package let separator: String?
  }

  /// `team:` Where the team of a row is named.
  package enum Team: Sendable, Hashable {
    /// `{ column, key, separator }`
    case reference(Reference)
    /// `{ name }` The whole export is about the team of this display name.
    case name(String)
    /// `{ fileName, key }` Each file is about one team, named in its file name.
    case fileName(FileNamePattern, key: AttributePath)

    /// The attribute by which the team is found.
    package var key: AttributePath {
      switch self {
      case .reference(let reference): reference.key
      case .name: .displayName
      case .fileName(_, let key): key
      }
    }
  }

  package let settings: ExportSettings
  package let team: Team
  /// `member:` Where the member of a row is named.
  package let member: Reference
}

extension MembershipsExport {
  init(reading section: PolicySection, preset: Preset) {
    settings = ExportSettings(reading: section, defaultPreset: preset, ofMemberships: true)
    let known = settings.preset.memberships(settings.content)
    // The placeholders are never seen: a missing part has been noted, and the policy is refused.
    if section["team"] == nil, section["member"] == nil, let reference = known?.team {
      team = .reference(reference)
    } else {
      team =
        section.required("team", because: .teamStated).flatMap(Team.init(reading:)) ?? .name("")
    }
    if section["member"] == nil, let reference = known?.member {
      member = reference
    } else {
      member =
        section.required("member").flatMap { $0.section("column", "key", "separator") }
        .flatMap(Reference.init(reading:))
        ?? Reference(columns: [], key: .userName, separator: nil)
    }
    var named = [(path: section.path.key("member").key("column"), columns: member.columns)]
    if case .reference(let reference) = team {
      named.append((path: section.path.key("team").key("column"), columns: reference.columns))
    }
    for (path, columns) in named {
      settings.checkHeader(has: columns, at: path, problems: section.problems)
    }
  }
}

extension MembershipsExport.Team {
  fileprivate init?(reading value: PolicyValue) {
    guard let section = value.section("column", "key", "separator", "name", "fileName") else {
      return nil
    }
    let ways = ["column", "name", "fileName"].filter { section[$0] != nil }
    guard let way = ways.first else {
      section.report(.oneOf(["column", "name", "fileName"]))
      return nil
    }
    if ways.count > 1 { section[ways[1]]?.report(.notTogether(way, ways[1])) }
    switch way {
    case "column":
      guard let reference = MembershipsExport.Reference(reading: section) else { return nil }
      self = .reference(reference)
    case "name":
      for key in ["key", "separator"] { section[key]?.report(.notTogether("name", key)) }
      guard let name = section["name"]?.text() else { return nil }
      self = .name(name)
    default:
      section["separator"]?.report(.notTogether("fileName", "separator"))
      let key = section.required("key")?.attributePath()
      guard let pattern = section["fileName"]?.fileNamePattern(), let key else { return nil }
      self = .fileName(pattern, key: key)
    }
  }
}

extension MembershipsExport.Reference {
  fileprivate init?(reading section: PolicySection) {
    let columns = section.required("column")?.textOrTexts()
    let key = section.required("key")?.attributePath()
    let separator = section["separator"]?.text()
    guard let columns, let key else { return nil }
    self.init(columns: columns, key: key, separator: separator)
  }
}

extension PolicyValue {
  /// A path of the same spelling as in the mapping; whether it is mapped is checked later.
  func attributePath() -> AttributePath? {
    guard let text = text() else { return nil }
    do {
      return try AttributePath(parsing: text)
    } catch {
      report(.attributeSyntax(text, error))
      return nil
    }
  }
}
