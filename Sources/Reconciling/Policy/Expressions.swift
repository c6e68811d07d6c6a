package import Mapping

/// `expressions:` What the expressions of a mapping can refer to, and how strictly they are read.
///
/// ```yaml
/// expressions:
///   strict: entra                    # refuse what Entra does not have
///   defaultDomain: contoso.com       # what DefaultDomain() gives
///   tables:
///     offices: tables/offices.csv    # Lookup("offices", [city]): first column → second column
///   appRoleAssignments:              # what [appRoleAssignments] is, which no export of users has
///     path: app-role-assignments.csv # principalId, principalType, appRoleId; or two columns, who and role
///     key: id                        # the column of the users' export that names a person like that
///     roles: {3f8c…: Administrator}  # what the ids of roles are called; all of them, if any
///     groups: group-members.csv      # groupId, memberId: who has the roles of groups
/// ```
package struct Expressions: Sendable, Hashable {
  /// `strict:` Whose language it is; the default is Entra's with a few functions more.
  package enum Strictness: String, Sendable, Hashable, CaseIterable {
    case entra
    case off
  }

  package let strict: Strictness
  package let defaultDomain: String?
  package let tables: [String: LookupTable]
  package let assignments: RoleAssignments?
  /// The files of the tables as written.
  let files: [String]

  static let standard = Expressions(
    strict: .off, defaultDomain: nil, tables: [:], assignments: nil, files: [])

  package var surroundings: ExpressionSurroundings {
    ExpressionSurroundings(
      isStrict: strict == .entra, defaultDomain: defaultDomain, tables: tables,
      assignments: assignments)
  }
}

extension Expressions {
  /// Reads the section; `resolve` tells where a path of the policy leads.
  init(reading value: PolicyValue, resolve: (String) -> String) {
    guard let section = value.section("strict", "defaultDomain", "tables", "appRoleAssignments")
    else {
      self = .standard
      return
    }
    var tables: [String: LookupTable] = [:]
    var files: [String] = []
    for entry in section["tables"]?.freeSection()?.entries ?? [] {
      guard let path = entry.value.filePath() else { continue }
      files.append(path)
      do {
        tables[entry.name] = try LookupFile.table(named: entry.name, at: resolve(path))
      } catch {
        entry.report(.badTable(path, error))
        // Stands in for it, so that every use is not called unknown as well.
        tables[entry.name] = LookupTable(name: entry.name, values: [:])
      }
    }
    let assignments = section["appRoleAssignments"].flatMap {
      RoleAssignments(reading: $0, resolve: resolve, files: &files)
    }
    self.init(
      strict: section["strict"]?.word(of: Strictness.self) ?? .off,
      defaultDomain: section["defaultDomain"]?.text(), tables: tables,
      assignments: assignments, files: files)
  }
}

extension RoleAssignments {
  /// Reads the section, and the files that it names, which are added to `files`.
  fileprivate init?(
    reading value: PolicyValue, resolve: (String) -> String, files: inout [String]
  ) {
    guard let section = value.section("path", "key", "roles", "groups") else { return nil }
    let names = section["roles"]?.freeSection()?.entries ?? []
    let reader = AssignmentFile(
      names: Dictionary(names.compactMap { entry in entry.value.text().map { (entry.name, $0) } }) {
        first, _ in first
      })
    let members = section["groups"].flatMap { $0.smallTable(resolve, &files) }
    guard let key = section.required("key")?.text(), let path = section.required("path"),
      let table = path.smallTable(resolve, &files)
    else { return nil }
    do {
      self.init(key: key, roles: try reader.roles(of: table, members: members))
    } catch {
      path.report(.badTable(path.scalar ?? "", error))
      return nil
    }
  }
}

extension PolicyValue {
  fileprivate func smallTable(
    _ resolve: (String) -> String, _ files: inout [String]
  ) -> SmallTable? {
    guard let path = filePath() else { return nil }
    files.append(path)
    do {
      return try SmallTable(contentsOf: resolve(path))
    } catch {
      report(.badTable(path, error))
      return nil
    }
  }
}
