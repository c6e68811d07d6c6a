import Identity

/// One object mapping of Entra's, carried over as far as it goes: what people or teams have, and are matched by.
struct EntraSection {
  /// The lines below `members:` or `teams:` of the mapping.
  var lines: [String] = []
  var carried: [EntraAttributeDraft.Line] = []
  /// By Entra's matching precedence.
  var keys: [AttributePath] = []
  var exactColumns: [String] = []
  /// Whether some mapping gives the roles of the application.
  var asksForRoles = false
  /// Attributes whose values differ in Entra's target if they differ in case alone.
  var caseExact: [AttributePath] = []
  /// Whether Entra takes values that differ in case alone for equal.
  var ignoresCase = false

  /// The attribute that a column is mapped to, first of those that are always written; as a key only one that may
  /// be one.
  func attribute(of columns: [String], asKey: Bool = false) -> AttributePath? {
    carried.first { line in
      guard let column = line.column?.lowercased(), !asKey || line.isNoKey == nil else {
        return false
      }
      return columns.contains { $0.lowercased() == column }
        && !line.value.contains("apply: onCreate")
    }?.path
  }
}

extension EntraSection {
  /// What a policy without keys would match people by.
  var fallbackKeys: [AttributePath] {
    MappingSubject.usualKeys.filter { path in
      carried.contains { $0.path == path && $0.isNoKey == nil && !$0.value.contains("onCreate") }
    }
  }

  /// The attribute that holds the object id, which no rename changes.
  private var anchor: AttributePath? {
    attribute(of: EntraColumns.names(of: "objectId"), asKey: true)
  }

  /// The keys with the object id in front: Entra remembers a pair by it, once it has matched.
  private func anchored(_ keys: [AttributePath]) -> [AttributePath] {
    guard let anchor else { return keys }
    return [anchor] + keys.filter { $0 != anchor }
  }

  /// What people are matched by.
  var memberKeys: [AttributePath] { keys.isEmpty ? fallbackKeys : anchored(keys) }

  /// What teams are matched by.
  var teamKeys: [AttributePath] { anchored(keys.isEmpty ? [.displayName] : keys) }

  /// The lines of `matching:` about people.
  var memberMatching: String {
    guard !keys.isEmpty else {
      return "  # NOTE nothing is marked as matching in Entra; rollcall matches by "
        + "\(Self.list(fallbackKeys)).\n  members: [\(Self.yaml(fallbackKeys))]\n"
    }
    return "  # By Entra's matching precedence: \(Self.list(keys)).\n" + anchorNote("person")
      + caseNote + "  members: [\(Self.yaml(memberKeys))]\n"
  }

  /// The lines of `matching:` about teams.
  var teamMatching: String {
    let precedence =
      keys.isEmpty
      ? "  # NOTE nothing of groups is marked as matching in Entra.\n"
      : "  # Groups by Entra's matching precedence: \(Self.list(keys)).\n"
    return precedence + anchorNote("team") + caseNote + "  teams: [\(Self.yaml(teamKeys))]\n"
  }

  private func anchorNote(_ noun: String) -> String {
    let other = keys.first ?? (noun == "team" ? .displayName : .userName)
    guard let anchor else {
      let (leaving, joining) =
        noun == "team"
        ? ("one team gone", "another one new") : ("somebody leaving", "somebody joining")
      return """
          # NOTE Entra remembers a pair by its object id once it has matched. Rollcall matches every night, so another
          # \(other) looks like \(leaving) and \(joining). To tell them: map externalId to the
          # object id (the column id), and put externalId first in this list.

        """
    }
    guard keys.first != anchor else { return "" }
    return """
        # NOTE \(anchor) comes first here: it holds the object id, by which Entra remembers a pair once it has matched,
        # so that another \(other) is a change and no new \(noun).

      """
  }

  private var caseNote: String {
    let exact = keys.filter(caseExact.contains)
    guard !exact.isEmpty else { return "" }
    return
      "  # NOTE caseExact in Entra's target: \(Self.list(exact)). Keys match here whatever the case of a to z.\n"
  }

  private static func list(_ keys: [AttributePath]) -> String {
    keys.map(\.description).joined(separator: ", ")
  }

  static func yaml(_ keys: [AttributePath]) -> String {
    keys.map { "\(EntraYAML($0.description))" }.joined(separator: ", ")
  }
}
