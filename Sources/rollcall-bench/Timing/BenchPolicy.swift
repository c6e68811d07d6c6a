/// The policy that rollcall is timed with: the Entra columns, and guards that let everything pass.
struct BenchPolicy {
  var hasTeams = false

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
        externalId: id
        userName: userPrincipalName
        displayName: displayName
        name.givenName: givenName
        name.familyName: surname
        userType: userType
        title: jobTitle
        active: {column: accountEnabled, "true": ["True"], "false": ["False"]}
        emails[type eq "work"].value: mail
        phoneNumbers[type eq "work"].value: telephoneNumber
        phoneNumbers[type eq "mobile"].value: mobilePhone
        addresses[type eq "work"].streetAddress: streetAddress
        addresses[type eq "work"].locality: city
        addresses[type eq "work"].region: state
        addresses[type eq "work"].postalCode: postalCode
        addresses[type eq "work"].country: usageLocation
        addresses[type eq "other"].formatted: officeLocation
        urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department: department
        urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:organization: companyName
        preferredLanguage: {constant: en}
      teams:
        externalId: id
        displayName: displayName
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
  ].map { "  \($0): {percent: 100, floor: 1000000000}" }.joined(separator: "\n")
}
