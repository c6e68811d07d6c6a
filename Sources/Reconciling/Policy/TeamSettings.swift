package import Identity
package import Mapping

/// The `teams:` of a policy: which teams there are besides those of exports, and what they are called.
///
/// ```yaml
/// teams:
///   include: ["SG-*"]                      # of the exports' teams; by the names that the exports give
///   exclude: ["SG-Test-*"]
///   rename: { "SG-App-*": "App *" }
///   nested: flatten
///   rules:
///     Engineering: 'department eq "Engineering"'
///     Leads: { filter: 'jobTitle co "Lead"', exports: [staff] }
///   roles:
///     Admins: [Administrator]
///     "App *": [Viewer]
///   memberRoles: written
/// ```
package struct TeamSettings: Sendable, Hashable {
  /// `nested:` What a team is that stands among the members of another.
  package enum Nested: String, Sendable, Hashable, CaseIterable {
    /// The default: somebody unknown.
    case off
    /// Its members are members of the outer team, too, however deep it stands.
    case flatten
  }

  /// `memberRoles:` Whether the target wants to have the roles of a team from each member, too.
  package enum MemberRoles: String, Sendable, Hashable, CaseIterable {
    /// The default: members have the roles of their teams.
    case inherited
    /// Each member's SCIM `roles` (RFC 7643 §4.1.2) say them.
    case written
  }

  /// `rules:` A team of everybody whose record fits.
  package struct Rule: Sendable, Hashable {
    package let name: String
    /// On the columns of people exports.
    package let filter: ScopeFilter
    /// Names of the people exports that it looks at; nil for all.
    package let exports: [String]?
    /// Where the policy has it.
    package let line: Int
  }

  /// `rename:` From the name an export gives to the one the team has here.
  package struct Renaming: Sendable, Hashable {
    package let from: NamePattern
    /// With a `*` for each star of the pattern.
    package let to: String
  }

  /// `roles:` The roles that teams carry, by the names they have here.
  package struct RoleGrant: Sendable, Hashable {
    package let teams: NamePattern
    package let roles: [String]
  }

  /// `include:` Default all.
  package var include: [NamePattern]? = nil
  /// `exclude:` Default none.
  package var exclude: [NamePattern] = []
  /// The first that fits counts.
  package var rename: [Renaming] = []
  package var nested = Nested.off
  package var rules: [Rule] = []
  /// All that fit count; nil where the policy says nothing of roles.
  package var roles: [RoleGrant]? = nil
  package var memberRoles = MemberRoles.inherited

  package static let standard = TeamSettings()

  /// Whether a team of an export counts.
  package func selects(_ name: String) -> Bool {
    let isIncluded = include.map { $0.contains { $0.matches(name) } } ?? true
    return isIncluded && !exclude.contains { $0.matches(name) }
  }

  /// What a team of an export is called here.
  package func renamed(_ name: String) -> String {
    for renaming in rename {
      guard let stars = renaming.from.stars(in: name) else { continue }
      return renaming.name(with: stars)
    }
    return name
  }

  /// The attributes of members that say who has which role; none where members have those of their teams.
  package var memberRoleAttributes: [(role: String, path: AttributePath)] {
    guard memberRoles == .written else { return [] }
    return Set((roles ?? []).flatMap(\.roles)).sorted().compactMap { role in
      AttributePath.memberRole(role).map { (role, $0) }
    }
  }

  /// The roles of a team, each once and in order; `", "` stands between them where they are one text.
  package func roles(of team: String) -> [String] {
    let all = (roles ?? []).filter { $0.teams.matches(team) }.flatMap(\.roles)
    return Set(all).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}

extension AttributePath {
  /// `roles[value eq "Viewer"].display`: an element for each role; nil for what cannot stand in a path.
  static func memberRole(_ role: String) -> AttributePath? {
    try? AttributePath(parsing: "roles[value eq \"\(role)\"].display")
  }

  /// The role that `memberRole` made this path of; nil for other paths.
  var memberRole: String? {
    guard let filter, filter.attribute == "value", self == Self.memberRole(filter.value) else {
      return nil
    }
    return filter.value
  }
}

extension TeamSettings.Renaming {
  fileprivate func name(with stars: [String]) -> String {
    var rest = stars[...]
    return to.reduce(into: "") { name, letter in
      if letter == "*" { name += rest.popFirst() ?? "" } else { name.append(letter) }
    }
  }
}

extension TeamSettings {
  init(reading value: PolicyValue) {
    guard
      let section = value.section(
        "include", "exclude", "rename", "nested", "rules", "roles", "memberRoles")
    else { return }
    include = section["include"]?.namePatterns()
    exclude = section["exclude"]?.namePatterns() ?? []
    rename = section["rename"]?.freeSection()?.entries.compactMap { Renaming(reading: $0) } ?? []
    nested = section["nested"]?.word(of: Nested.self) ?? .off
    rules = section["rules"]?.freeSection()?.entries.compactMap { Rule(reading: $0) } ?? []
    noteRepeatedNames(section["rules"])
    roles = section["roles"]?.freeSection().map { section in
      section.entries.compactMap { RoleGrant(reading: $0) }
    }
    memberRoles = section["memberRoles"]?.word(of: MemberRoles.self) ?? .inherited
    if memberRoles == .written, roles == nil { section.report(.missingKey("roles", .required)) }
  }

  /// Names that differ by case alone are one team.
  private func noteRepeatedNames(_ section: PolicyValue?) {
    var seen: Set<[UInt8]> = []
    for rule in rules where !seen.insert(MatchKeyText.folded(rule.name.utf8)).inserted {
      section?.report(.repeatedItem(rule.name))
    }
  }
}

extension TeamSettings.Rule {
  fileprivate init?(reading entry: PolicySection.Entry) {
    guard !entry.name.isEmpty else {
      entry.report(.emptyText)
      return nil
    }
    name = entry.name
    line = entry.place.line
    guard entry.value.isMapping else {
      guard let filter = entry.value.scopeFilter() else { return nil }
      self.filter = filter
      exports = nil
      return
    }
    guard let section = entry.value.section("filter", "exports"),
      let filter = section.required("filter")?.scopeFilter()
    else { return nil }
    self.filter = filter
    exports = section["exports"]?.textOrTexts()
  }
}

extension TeamSettings.Renaming {
  fileprivate init?(reading entry: PolicySection.Entry) {
    guard let to = entry.value.text() else { return nil }
    let from = NamePattern(entry.name)
    guard to.count(where: { $0 == "*" }) <= from.starCount else {
      entry.value.report(.tooManyStars(to, from.text))
      return nil
    }
    self.init(from: from, to: to)
  }
}

extension TeamSettings.RoleGrant {
  fileprivate init?(reading entry: PolicySection.Entry) {
    guard let roles = entry.value.textOrTexts() else { return nil }
    for role in roles {
      if role.contains(",") { entry.value.report(.commaInRole(role)) }
      if AttributePath.memberRole(role) == nil { entry.value.report(.badRole(role)) }
    }
    self.init(teams: NamePattern(entry.name), roles: roles)
  }
}

extension PolicyValue {
  fileprivate func namePatterns() -> [NamePattern]? { texts()?.map { NamePattern($0) } }
}
