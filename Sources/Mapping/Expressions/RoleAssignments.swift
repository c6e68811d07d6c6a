/// Who has which roles of the application: what `[appRoleAssignments]` stands for, a column that no export of users has.
///
/// ```
/// key id        11111111-…   Administrator, Auditor
///               22222222-…   Viewer
/// ```
package struct RoleAssignments: Sendable, Hashable {
  /// The name that stands for the roles in expressions.
  package static let column = "appRoleAssignments"

  /// The column of the export that says whose roles they are.
  package let key: String
  /// By the key's value with ASCII folded.
  let roles: [[UInt8]: [[UInt8]]]

  /// Takes the roles of each person, in the order in which they are given.
  package init(key: String, roles: [String: [String]]) {
    self.key = key
    self.roles = Dictionary(
      roles.map { (ExpressionMachine.folded($0.key.utf8), $0.value.map { Array($0.utf8) }) },
      uniquingKeysWith: { first, second in first + second.filter { !first.contains($0) } })
  }

  /// Everything in it, in one order, for digests.
  package var canonicalBytes: [UInt8] {
    let lines = roles.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    return Array("\(key.utf8.count)\n\(key)\n".utf8)
      + lines.flatMap { who, roles in
        Array("\(who.count) \(roles.map { "\($0.count)" }.joined(separator: " "))\n".utf8) + who
          + roles.joined()
      }
  }
}

extension ExpressionMachine {
  /// The roles of the person whom the column names; nothing for somebody who is assigned none.
  mutating func assignedRoles(
    of column: Int, step: Int
  ) throws(ExpressionStop) -> ExpressionValue {
    guard case .value(let value) = inputs[column] else { throw .unknownInput(column: column) }
    guard let who = try piece(of: value, step: step), !who.isEmpty,
      let roles = program.assignments?.roles[Self.folded(memory[who.range])]
    else { return .null }
    let start = Int32(items.count)
    for role in roles { items.append(append(role)) }
    return .list(start..<Int32(items.count))
  }
}
