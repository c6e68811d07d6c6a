import Identity

// A catalogue: the users and groups of directories that write JSON, as their services answer.

extension PresetTable {
  private static let enterprise = KnownAttributes.enterpriseSchema
  private static let workMail = #"emails[type eq "work"].value"#
  private static let workPhone = #"phoneNumbers[type eq "work"].value"#
  private static let mobilePhone = #"phoneNumbers[type eq "mobile"].value"#

  private static func workAddress(_ part: String) -> String {
    #"addresses[type eq "work"].\#(part)"#
  }

  /// Okta's `/api/v1/users` and `/api/v1/groups`.
  ///
  /// Of its statuses only `DEPROVISIONED` means that somebody has no access for good.
  static let okta = PresetTable(
    active: (
      ["status"],
      BooleanWords(
        true: [
          "STAGED", "PROVISIONED", "ACTIVE", "RECOVERY", "PASSWORD_EXPIRED", "LOCKED_OUT",
          "SUSPENDED",
        ], false: ["DEPROVISIONED"], foldsCase: true)
    ),
    members: [
      ("userName", ["profile.login"]), ("externalId", ["id"]),
      ("displayName", ["profile.displayName"]), ("name.givenName", ["profile.firstName"]),
      ("name.middleName", ["profile.middleName"]), ("name.familyName", ["profile.lastName"]),
      ("nickName", ["profile.nickName"]), ("title", ["profile.title"]),
      ("userType", ["profile.userType"]), ("preferredLanguage", ["profile.preferredLanguage"]),
      ("locale", ["profile.locale"]), ("timezone", ["profile.timezone"]),
      (workMail, ["profile.email"]), (workPhone, ["profile.primaryPhone"]),
      (mobilePhone, ["profile.mobilePhone"]),
      (workAddress("streetAddress"), ["profile.streetAddress"]),
      (workAddress("locality"), ["profile.city"]), (workAddress("region"), ["profile.state"]),
      (workAddress("postalCode"), ["profile.zipCode"]),
      (workAddress("country"), ["profile.countryCode"]),
      ("\(enterprise):employeeNumber", ["profile.employeeNumber"]),
      ("\(enterprise):costCenter", ["profile.costCenter"]),
      ("\(enterprise):organization", ["profile.organization"]),
      ("\(enterprise):division", ["profile.division"]),
      ("\(enterprise):department", ["profile.department"]),
    ],
    teams: [("displayName", ["profile.name"]), ("externalId", ["id"])]
  ).naming(managersBy: ["profile.managerId"])

  /// Google Workspace's Directory API: `users`, `groups`, and `members` of one group to a file.
  ///
  /// It names managers by their address.
  static let google = PresetTable(
    active: (["suspended"], .inverted),
    members: [
      ("userName", ["primaryEmail"]), ("externalId", ["id"]), ("displayName", ["name.fullName"]),
      ("name.givenName", ["name.givenName"]), ("name.familyName", ["name.familyName"]),
      ("title", ["organizations[primary eq true].title"]), (workMail, ["primaryEmail"]),
      (workPhone, [#"phones[type eq "work"].value"#]),
      (mobilePhone, [#"phones[type eq "mobile"].value"#]),
      (workAddress("streetAddress"), [#"addresses[type eq "work"].streetAddress"#]),
      (workAddress("locality"), [#"addresses[type eq "work"].locality"#]),
      (workAddress("postalCode"), [#"addresses[type eq "work"].postalCode"#]),
      (workAddress("country"), [#"addresses[type eq "work"].countryCode"#]),
      ("\(enterprise):employeeNumber", [#"externalIds[type eq "organization"].value"#]),
      ("\(enterprise):costCenter", ["organizations[primary eq true].costCenter"]),
      ("\(enterprise):department", ["organizations[primary eq true].department"]),
    ],
    teams: [("displayName", ["name"]), ("externalId", ["id"])]
  ).naming(teamsBy: nil, membersBy: ["id"])
    .naming(managersBy: [#"relations[type eq "manager"].value"#], key: .userName)

  /// Keycloak's realm export and the files of its users; a group is known by its path.
  static let keycloak = PresetTable(
    active: (["enabled"], .plain),
    members: [
      ("userName", ["username"]), ("externalId", ["id"]), ("name.givenName", ["firstName"]),
      ("name.familyName", ["lastName"]), (workMail, ["email"]), ("locale", ["attributes.locale"]),
      ("title", ["attributes.title"]), (workPhone, ["attributes.phoneNumber"]),
      ("\(enterprise):department", ["attributes.department"]),
      ("\(enterprise):employeeNumber", ["attributes.employeeNumber"]),
    ],
    teams: [("displayName", ["path"]), ("externalId", ["id"])]
  ).naming(teamsBy: ("groups", .displayName), membersBy: ["id"])

  /// AWS IAM Identity Center's `list-users`, `list-groups` and `list-group-memberships`.
  static let aws = PresetTable(
    active: (
      ["UserStatus"], BooleanWords(true: ["ENABLED"], false: ["DISABLED"], foldsCase: true)
    ),
    members: [
      ("userName", ["UserName"]), ("externalId", ["UserId"]), ("displayName", ["DisplayName"]),
      ("name.formatted", ["Name.Formatted"]), ("name.givenName", ["Name.GivenName"]),
      ("name.middleName", ["Name.MiddleName"]), ("name.familyName", ["Name.FamilyName"]),
      ("nickName", ["NickName"]), ("profileUrl", ["ProfileUrl"]), ("userType", ["UserType"]),
      ("title", ["Title"]), ("preferredLanguage", ["PreferredLanguage"]), ("locale", ["Locale"]),
      ("timezone", ["Timezone"]),
      (workMail, ["Emails[Primary eq true].Value"]),
      (workPhone, ["PhoneNumbers[Primary eq true].Value"]),
    ],
    teams: [("displayName", ["DisplayName"]), ("externalId", ["GroupId"])]
  ).naming(teamsBy: ("GroupId", .externalID), membersBy: ["MemberId.UserId"])

  /// Invicti's (Netsparker's) `members/list` and `team/list`.
  static let invicti = PresetTable(
    active: (
      ["State"], BooleanWords(true: ["Enabled"], false: ["Disabled"], foldsCase: true)
    ),
    members: [
      ("userName", ["Email"]), ("externalId", ["Id"]), ("displayName", ["Name"]),
      (workMail, ["Email"]), (workPhone, ["PhoneNumber"]), ("timezone", ["TimezoneId"]),
    ],
    teams: [("displayName", ["Name"]), ("externalId", ["Id"])]
  ).naming(teamsBy: ("Id", .externalID), membersBy: ["Members.Id"])

  /// Resources of RFC 7643, however they are wrapped.
  ///
  /// Members of groups are named by `id`, so that is the key; a resource that has none yet is known by its
  /// `externalId`.
  static let scim = PresetTable(
    active: (["active"], .plain),
    members: [
      ("externalId", ["id", "externalId"]),
      (workMail, [#"emails[type eq "work"].value"#, "emails[primary eq true].value"]),
      (workPhone, [#"phoneNumbers[type eq "work"].value"#]),
      (mobilePhone, [#"phoneNumbers[type eq "mobile"].value"#]),
    ]
      + [
        "userName", "displayName", "nickName", "profileUrl", "title", "userType",
        "preferredLanguage", "locale", "timezone", "name.formatted", "name.givenName",
        "name.middleName", "name.familyName", "name.honorificPrefix", "name.honorificSuffix",
        workAddress("streetAddress"), workAddress("locality"), workAddress("region"),
        workAddress("postalCode"), workAddress("country"), "\(enterprise):employeeNumber",
        "\(enterprise):costCenter", "\(enterprise):organization", "\(enterprise):division",
        "\(enterprise):department",
      ].map { ($0, [$0]) },
    teams: [("displayName", ["displayName"]), ("externalId", ["id", "externalId"])]
  ).naming(teamsBy: ("id", .externalID), membersBy: ["members.value"])
    .naming(managersBy: ["\(enterprise):manager.value"])
}
