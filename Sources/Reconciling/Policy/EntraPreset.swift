import Identity

/// Entra's default mapping of users and groups to SCIM, from the columns of its CSV downloads.
///
/// The columns are those of “Download users” (the classic and the Graph-based generation) and of
/// `Get-MgUser | Export-Csv`, which begins each name with a capital letter. Entra's own defaults
/// that need an expression (`name.formatted` by `Join`, `active` by `Not([IsSoftDeleted])`) are
/// direct columns here or left out.
enum EntraPreset {
  static let memberRules = (members + [manager]).sorted { $0.path < $1.path }

  /// The same for changes, which Graph writes another way: an element that says it is removed is none.
  static let changedMemberRules = (members + [changedManager]).sorted { $0.path < $1.path }

  private static let changedManager = MappingRule.manager(
    columns: ["manager@delta.id"] + ["manager.id", "managerId"].flatMap(spellings),
    key: .externalID)

  /// Whom Microsoft Graph adds when asked to (`$expand=manager($select=id)`): its `id` is the `externalId` here.
  private static let manager = MappingRule.manager(
    columns: ["manager.id", "managerId"].flatMap(spellings), key: .externalID)

  private static let members = rules([
    ("userName", ["userPrincipalName"]),
    // Never reused and never renamed, unlike the user name: the first key to match by.
    ("externalId", ["id", "objectId", "Object Id"]),
    ("displayName", ["displayName"]),
    ("name.givenName", ["givenName"]),
    ("name.familyName", ["surname"]),
    ("title", ["jobTitle"]),
    ("userType", ["userType"]),
    ("preferredLanguage", ["preferredLanguage"]),
    ("active", ["accountEnabled"]),
    (#"emails[type eq "work"].value"#, ["mail"]),
    (#"phoneNumbers[type eq "work"].value"#, ["telephoneNumber", "businessPhones[1]"]),
    (#"phoneNumbers[type eq "mobile"].value"#, ["mobile", "mobilePhone"]),
    (#"phoneNumbers[type eq "fax"].value"#, ["facsimileTelephoneNumber", "faxNumber"]),
    (#"addresses[type eq "work"].streetAddress"#, ["streetAddress"]),
    (#"addresses[type eq "work"].locality"#, ["city"]),
    (#"addresses[type eq "work"].region"#, ["state"]),
    (#"addresses[type eq "work"].postalCode"#, ["postalCode"]),
    (#"addresses[type eq "work"].country"#, ["country"]),
    // An office (“18/2111”) is not the postal address in one text that RFC 7643 means by a
    // formatted work address; Entra's table allows `other` for it.
    (#"addresses[type eq "other"].formatted"#, ["physicalDeliveryOfficeName", "officeLocation"]),
    ("\(KnownAttributes.enterpriseSchema):department", ["department"]),
    ("\(KnownAttributes.enterpriseSchema):organization", ["companyName"]),
    ("\(KnownAttributes.enterpriseSchema):employeeNumber", ["employeeId"]),
  ])

  /// A SCIM group has no description (RFC 7643 §4.2), so that column is not mapped.
  static let teamRules = rules([
    ("displayName", ["displayName"]),
    ("externalId", ["id", "objectId"]),
  ])

  /// `accountEnabled` is `True` or `False` in every generation, `TRUE` once Excel has been at it.
  private static let words = BooleanWords(true: ["true"], false: ["false"], foldsCase: true)

  private static func rules(_ table: [(path: String, columns: [String])]) -> [MappingRule] {
    table.map { row in
      let path = path(row.path)
      return MappingRule(
        path: path, source: .columns(row.columns.flatMap(spellings)),
        vocabulary: path.isBoolean ? words : nil, origin: .preset)
    }
    .sorted { $0.path < $1.path }
  }

  private static func path(_ text: String) -> AttributePath {
    do {
      return try AttributePath(parsing: text)
    } catch {
      preconditionFailure("the preset's table has a bad path: \(text)")
    }
  }

  /// The name as Graph has it and as PowerShell has it.
  private static func spellings(_ column: String) -> [String] {
    let capital = column.prefix(1).uppercased() + column.dropFirst()
    return capital == column ? [column] : [column, capital]
  }
}
