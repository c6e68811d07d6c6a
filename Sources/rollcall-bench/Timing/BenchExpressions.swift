/// Twenty expressions over the columns of the benchmark, five of them with regular expressions: a mapping that
/// works nearly everything out.
enum BenchExpressions {
  /// Lines of a policy's `mapping.members`.
  static let lines = rules.map { "    \($0.path): '\($0.expression)'" }.joined(separator: "\n")

  private static let rules: [(path: String, expression: String)] = [
    ("name.formatted", #"Join(" ", [givenName], [surname])"#),
    ("nickName", #"ToLower(NormalizeDiacritics(StripSpaces(Join(".", [givenName], [surname]))))"#),
    ("name.honorificPrefix", #"Switch([country], "", "Germany", "Herr/Frau", "France", "M./Mme")"#),
    (
      "displayName",
      #"Switch([userType], [displayName], "Guest", Join("", [displayName], " (guest)"))"#
    ),
    ("title", #"PCase([jobTitle])"#),
    (
      "locale",
      #"Switch([country], "en-US", "Germany", "de-DE", "France", "fr-FR", "Italy", "it-IT")"#
    ),
    (
      "timezone",
      #"Switch([usageLocation], "UTC", "DE", "Europe/Berlin", "US", "America/New_York")"#
    ),
    ("profileUrl", #"Join("", "https://people.contoso.com/", [id])"#),
    ("emails[type eq \"home\"].value", #"ToLower([mail])"#),
    ("emails[type eq \"work\"].display", #"Append([displayName], " <work>")"#),
    ("name.middleName", #"Left([givenName], 1)"#),
    ("userType", #"Coalesce([userType], "Member")"#),
    (
      "addresses[type eq \"home\"].formatted", #"Join(", ", [streetAddress], [postalCode], [city])"#
    ),
    ("addresses[type eq \"other\"].region", #"ToUpper(Mid([state], 1, 3))"#),
    ("ims[type eq \"xmpp\"].value", #"Replace([userPrincipalName], "@", , , "%", , )"#),
    // With regular expressions
    (
      "ims[type eq \"sip\"].value",
      #"Replace([userPrincipalName], , "(?<Suffix>@(.)*)", "Suffix", "", , )"#
    ),
    (
      "phoneNumbers[type eq \"work\"].value",
      #"Replace([telephoneNumber], , "[()\\s-]+", , "", , )"#
    ),
    (
      "phoneNumbers[type eq \"mobile\"].value",
      #"Replace([mobilePhone], , "\\+(?<isdCode>\\d* )(?<phoneNumber>.*)", , "${phoneNumber}", , )"#
    ),
    ("addresses[type eq \"other\"].formatted", #"Replace([officeLocation], , "\\W+", , "-", , )"#),
    (
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter",
      #"Replace([department], , "^(?<first>\\w)\\w*", , "${first}", , )"#
    ),
  ]
}
