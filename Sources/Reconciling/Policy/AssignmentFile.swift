import Mapping

/// Reads who has which role of the application: Graph's `appRoleAssignedTo`, or any two columns.
///
/// ```
/// principalId,principalType,appRoleId          who,role
/// 1111…,User,3f8c…                             ann@contoso.com,Administrator
/// 2222…,Group,3f8c…                            ann@contoso.com,Auditor
/// ```
///
/// A group's role is that of everybody whom the file of members lists for it; Entra looks no deeper.
struct AssignmentFile {
  /// `roles:` What the ids of roles are called; empty where the file has names.
  let names: [String: String]

  /// What Graph has for whoever is assigned without a role.
  static let withoutRole = "00000000-0000-0000-0000-000000000000"
  static let people = ["principalId"]
  static let roleColumns = ["appRoleId"]
  static let kinds = ["principalType"]

  /// The roles of each person; of groups where `members` says who is in them.
  ///
  /// - Throws: what is wrong with the file, with its line: a group whose members nobody tells, a role without a name.
  func roles(
    of table: SmallTable, members: SmallTable?
  ) throws(LookupFileProblem) -> [String: [String]] {
    let isGraphs = table.place(of: Self.people) != nil
    guard let who = isGraphs ? table.place(of: Self.people) : 0,
      let role = isGraphs ? table.place(of: Self.roleColumns) : 1,
      isGraphs || table.columns.count == 2
    else { throw .notAssignments }
    let kind = isGraphs ? table.place(of: Self.kinds) : nil
    let groups = try members.map { table throws(LookupFileProblem) in try Self.groups(of: table) }
    var roles: [String: [String]] = [:]
    func add(_ role: String, to person: String) {
      if roles[person]?.contains(role) != true { roles[person, default: []].append(role) }
    }
    for row in table.rows {
      let principal = table.value(of: row, who)
      guard !principal.isEmpty else { throw .nobody(line: row.line) }
      guard let name = try name(of: table.value(of: row, role), line: row.line) else { continue }
      switch kind.map({ table.value(of: row, $0).lowercased() }) ?? "user" {
      case "group":
        guard let groups else { throw .groupWithoutMembers(line: row.line, group: principal) }
        for member in groups[principal.lowercased()] ?? [] { add(name, to: member) }
      case "serviceprincipal": continue
      default: add(name, to: principal)
      }
    }
    return roles
  }

  /// What a role is called; nil for an assignment without one.
  private func name(of role: String, line: Int) throws(LookupFileProblem) -> String? {
    if role.isEmpty || role == Self.withoutRole { return nil }
    guard !names.isEmpty else { return role }
    guard let name = names[role] else { throw .unnamedRole(line: line, role: role) }
    return name
  }

  /// The members of each group, by its id with ASCII folded.
  private static func groups(
    of table: SmallTable
  ) throws(LookupFileProblem) -> [String: [String]] {
    guard let group = table.place(of: ["groupId", "teamId", "group"]),
      let member = table.place(of: ["memberId", "userId", "principalId", "member", "id"])
    else { throw .notMembers }
    var groups: [String: [String]] = [:]
    for row in table.rows {
      groups[table.value(of: row, group).lowercased(), default: []].append(
        table.value(of: row, member))
    }
    return groups
  }
}
