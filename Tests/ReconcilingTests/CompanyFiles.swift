/// One row of a people export.
struct Person: Hashable, ExpressibleByStringLiteral {
  var id: String
  var userName: String
  var displayName: String
  var givenName = ""
  var familyName = ""
  var mail: String
  var title = "Buyer"
  var department = "Sales"
  var city = "Berlin"
  var enabled = "True"

  /// `ann` is `E-ann`, `ann@contoso.com`.
  init(_ name: String) {
    id = "E-\(name)"
    userName = name
    displayName = name.prefix(1).uppercased() + name.dropFirst()
    mail = "\(name)@contoso.com"
  }

  init(stringLiteral name: String) { self.init(name) }

  /// The same person with some values changed.
  func with(_ edit: (inout Person) -> Void) -> Person {
    var copy = self
    edit(&copy)
    return copy
  }

  static let header = [
    "id", "userPrincipalName", "displayName", "givenName", "surname", "mail", "jobTitle",
    "department", "city", "accountEnabled",
  ]

  var cells: [String] {
    [
      id, userName, displayName, givenName, familyName, mail, title, department, city, enabled,
    ]
  }

  static func csv(_ people: [Person]) -> String {
    ([header] + people.map(\.cells)).map { $0.map(quoted).joined(separator: ",") }
      .joined(separator: "\n") + "\n"
  }

  static func quoted(_ cell: String) -> String {
    guard cell.contains(where: { ",\"\n\r".contains($0) }) else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }
}

/// The policy of a small company: one export of each kind, unless a test says otherwise.
struct CompanyPolicy {
  var people = """
        - {name: staff, path: users.csv, content: full}
    """
  /// With teams and memberships, or people alone.
  var hasTeams = false
  /// More lines under `exports:`.
  var exports = ""
  var mapping = ""
  /// Whole sections: `matching:`, `lifecycle:`, `guards:`, `protected:`, `health:`.
  var sections = ""

  /// Guards so wide that nothing of a company of five is too much.
  static let wideGuards = """
    guards:
      creates: {count: 100000, percent: 100, floor: 1000}
      updates: {count: 100000, percent: 100, floor: 1000}
      removals: {count: 100000, percent: 100, floor: 1000}
      grants: {count: 100000, percent: 100, floor: 1000}
      rekeys: {count: 100000, percent: 100, floor: 1000}
      memberAdoptions: {count: 100000, percent: 100, floor: 1000}
      teamAdoptions: {count: 100000, percent: 100, floor: 1000}
      membershipsAdded: {count: 100000, percent: 100, floor: 1000}
      membershipsRemoved: {count: 100000, percent: 100, floor: 1000}
      membershipsRemovedPerTeam: {count: 100000, percent: 100, floor: 1000}
    """

  var text: String {
    """
    state: rollcall.db
    preset: none
    exports:
      people:
    \(people)
    \(hasTeams ? Self.teams : "")
    \(exports)
    mapping:
      members:
        externalId: id
        userName: userPrincipalName
        displayName: displayName
        name.givenName: givenName
        name.familyName: surname
        emails[type eq "work"].value: mail
        title: {column: jobTitle, whenEmpty: clear}
        urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department: department
        addresses[type eq "work"].locality: city
        active: {column: accountEnabled, "true": ["True"], "false": ["False"]}
    \(mapping)
    \(sections)
    """
  }

  private static let teams = """
      teams:
        - {name: groups, path: groups.csv, content: full, mapping: {externalId: id, displayName: displayName}}
      memberships:
        - name: group-members
          path: members.csv
          content: full
          team: {column: groupId, key: externalId}
          member: {column: userPrincipalName, key: userName}
    """
}
