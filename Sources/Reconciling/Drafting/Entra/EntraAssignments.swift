import Mapping
import Reading

/// The file among those named beside a schema that says who is assigned to the application, and in which role.
///
/// ```
/// principalId,principalType,appRoleId,…      GET /servicePrincipals/{id}/appRoleAssignedTo, as JSON or CSV
/// ```
struct EntraAssignments {
  /// As the operator wrote it.
  let path: String
  /// The ids of roles, in the order in which they come.
  private let roles: [String]
  private let hasGroups: Bool
  /// The file that says who is in which group, if one is named.
  private let members: String?

  /// Nil where no file is one.
  init?(_ exports: [InspectedExport]) {
    let export = exports.first { export in
      let names = ColumnNames(export.content.columns.map(\.name))
      return names.hasAny(AssignmentFile.people) && names.hasAny(AssignmentFile.roleColumns)
    }
    guard let export, let table = try? SmallTable(contentsOf: export.path),
      let role = table.place(of: AssignmentFile.roleColumns)
    else { return nil }
    path = export.path
    var seen: Set<String> = [AssignmentFile.withoutRole, ""]
    roles = table.rows.map { table.value(of: $0, role) }.filter { seen.insert($0).inserted }
    let kind = table.place(of: AssignmentFile.kinds)
    hasGroups = table.rows.contains { row in
      kind.map { table.value(of: row, $0).lowercased() == "group" } ?? false
    }
    members =
      exports.first { export in
        let names = ColumnNames(export.content.columns.map(\.name))
        return export.kind == .memberships && names.has("groupId")
          && names.hasAny(["memberId", "userId"])
      }?.path
  }

  /// The lines below `expressions:`.
  func section(key: String, resolve: (String) -> String) -> String {
    var text = """
        # What [appRoleAssignments] stands for: the roles that the application gives to people, and to groups for those
        # in them.
        appRoleAssignments:
          path: \(EntraYAML(resolve(path)))
          key: \(EntraYAML(key))

      """
    if !roles.isEmpty {
      text +=
        "    # NOTE write what the application calls these (App roles: Value) in the place of their ids.\n"
      text += "    roles:\n"
      text += roles.map { "      \(EntraYAML($0)): \(EntraYAML($0))\n" }.joined()
    }
    if hasGroups {
      text +=
        members.map { "    groups: \(EntraYAML(resolve($0)))\n" }
        ?? "    # NOTE groups have roles: export who is in them, by object ids, with the columns groupId and memberId.\n"
        + "    groups: group-members.csv\n"
    }
    return text
  }
}
