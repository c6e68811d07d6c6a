/// The policy that rollcall is timed with: the Entra preset, and guards that let everything pass.
struct BenchPolicy {
  var hasTeams = false
  /// Whether nearly everything is worked out instead of copied.
  var hasExpressions = false

  var text: String {
    """
    state: state.db
    reports: reports
    preset: entra
    exports:
      people:
        - {name: staff, path: users.csv, content: full}
    \(hasTeams ? Self.teamExports : "")mapping:
      members:
        preferredLanguage: {constant: en}
    \(hasExpressions ? BenchExpressions.lines : "")
    matching:
      members: [externalId, userName]
      teams: [externalId, displayName]
      memberships: exact
    lifecycle:
      leavers: {deactivate: 1, stripTeams: never, delete: never, minInterval: 20h}
      createDisabled: true
    guards:
    \(Self.guards)
    health: {recordFall: 100, onUnreliable: updates}

    """
  }

  private static let teamExports = """
      teams:
        - {name: groups, path: groups.csv, content: full}
      memberships:
        - name: group-members
          path: group-members.csv
          content: full
          team: {column: groupId, key: externalId}
          member: {column: userPrincipalName, key: userName}

    """

  private static let guards = [
    "creates", "updates", "removals", "grants", "rekeys", "memberAdoptions", "teamAdoptions",
    "membershipsAdded", "membershipsRemoved", "membershipsRemovedPerTeam",
  ].map { "  \($0): {count: 1000000000, percent: 100, floor: 1000000000}" }.joined(separator: "\n")
}
