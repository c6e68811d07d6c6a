import Identity

// A catalogue: the entries of LDAP directories, whose attributes may have several values. `mail[1]` is the
// first of them in the order of the export.

extension PresetTable {
  private static let enterprise = KnownAttributes.enterpriseSchema

  /// Active Directory.
  ///
  /// `accountEnabled` is bit 2 of `userAccountControl`; an account that has expired is not
  /// disabled, and `accountExpires` is there for a policy that sees it otherwise.
  static let activeDirectory = PresetTable(
    active: (["accountEnabled"], .plain),
    members: [
      ("userName", ["userPrincipalName", "sAMAccountName"]), ("externalId", ["objectGUID"]),
      ("displayName", ["displayName", "cn"]), ("name.givenName", ["givenName"]),
      ("name.familyName", ["sn"]), ("title", ["title"]),
      ("preferredLanguage", ["preferredLanguage"]),
      (#"emails[type eq "work"].value"#, ["mail"]),
      (#"phoneNumbers[type eq "work"].value"#, ["telephoneNumber"]),
      (#"phoneNumbers[type eq "mobile"].value"#, ["mobile"]),
      (#"phoneNumbers[type eq "fax"].value"#, ["facsimileTelephoneNumber"]),
      (#"addresses[type eq "work"].streetAddress"#, ["streetAddress"]),
      (#"addresses[type eq "work"].locality"#, ["l"]),
      (#"addresses[type eq "work"].region"#, ["st"]),
      (#"addresses[type eq "work"].postalCode"#, ["postalCode"]),
      (#"addresses[type eq "work"].country"#, ["c", "co"]),
      ("\(enterprise):department", ["department"]), ("\(enterprise):organization", ["company"]),
      ("\(enterprise):employeeNumber", ["employeeID", "employeeNumber"]),
    ],
    teams: [("displayName", ["cn", "name"]), ("externalId", ["objectGUID"])]
  ).naming(
    teamsBy: (["objectGUID"], .externalID), membersBy: (["member"], .externalID)
  ).naming(managersBy: ["manager"])

  /// OpenLDAP and its like.
  ///
  /// Nothing in the standard schemas says that somebody is disabled.
  static let openLDAP = PresetTable(
    active: nil,
    members: [
      ("userName", ["uid[1]"]), ("externalId", ["entryUUID"]),
      ("displayName", ["displayName", "cn[1]"]), ("name.givenName", ["givenName[1]"]),
      ("name.familyName", ["sn[1]"]), ("title", ["title[1]"]),
      ("userType", ["employeeType[1]"]), ("preferredLanguage", ["preferredLanguage"]),
      (#"emails[type eq "work"].value"#, ["mail[1]"]),
      (#"phoneNumbers[type eq "work"].value"#, ["telephoneNumber[1]"]),
      (#"phoneNumbers[type eq "mobile"].value"#, ["mobile[1]"]),
      (#"phoneNumbers[type eq "fax"].value"#, ["facsimileTelephoneNumber[1]"]),
      (#"addresses[type eq "work"].streetAddress"#, ["street[1]"]),
      (#"addresses[type eq "work"].locality"#, ["l[1]"]),
      (#"addresses[type eq "work"].region"#, ["st[1]"]),
      (#"addresses[type eq "work"].postalCode"#, ["postalCode[1]"]),
      ("\(enterprise):department", ["departmentNumber[1]"]),
      ("\(enterprise):organization", ["o[1]"]),
      ("\(enterprise):employeeNumber", ["employeeNumber"]),
    ],
    teams: [("displayName", ["cn[1]"]), ("externalId", ["entryUUID"])]
  ).naming(
    teamsBy: (["cn[1]"], .displayName),
    membersBy: (["member", "uniqueMember", "memberUid"], .userName)
  ).naming(managersBy: ["manager[1]"])
}
