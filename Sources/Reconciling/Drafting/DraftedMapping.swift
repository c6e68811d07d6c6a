import Reading

/// What the columns of an export without a preset most likely mean, going by their names.
///
/// ```
/// Login,First Name,E-Mail,Status       userName ← Login, name.givenName ← First Name, …
/// ```
struct DraftedMapping {
  /// An attribute with its column; in the order in which people read them.
  struct Line: Hashable {
    let attribute: String
    let column: String
  }

  private(set) var lines: [Line] = []
  /// The column that says who is active, and its words; nil when there is none, or when it says more than that.
  private(set) var active: (column: String, yes: [String], no: [String])?
  /// A column that may say who is active in words nobody here knows.
  private(set) var unclear: Inspection.Column?

  private static let people: [(attribute: String, names: [String])] = [
    (
      "externalId",
      [
        "id", "objectid", "userid", "externalid", "employeeid", "employeenumber", "personnelnumber",
        "workerid", "objectguid", "guid",
      ]
    ),
    (
      "userName",
      [
        "userprincipalname", "upn", "username", "login", "loginname", "samaccountname", "uid",
        "primaryemail", "email", "mail", "emailaddress",
      ]
    ),
    ("displayName", ["displayname", "fullname", "name", "cn"]),
    ("name.givenName", ["givenname", "firstname", "forename"]),
    ("name.familyName", ["surname", "lastname", "familyname", "sn"]),
    (#"emails[type eq "work"].value"#, ["mail", "email", "emailaddress", "workemail"]),
    (
      #"phoneNumbers[type eq "work"].value"#,
      ["telephonenumber", "phone", "phonenumber", "workphone", "officephone"]
    ),
    (#"phoneNumbers[type eq "mobile"].value"#, ["mobile", "mobilephone", "cellphone"]),
    ("title", ["jobtitle", "title"]),
    ("\(KnownAttributes.enterpriseSchema):department", ["department", "dept"]),
    ("\(KnownAttributes.enterpriseSchema):costCenter", ["costcenter"]),
    ("\(KnownAttributes.enterpriseSchema):employeeNumber", ["employeenumber", "employeeid"]),
  ]

  private static let teams: [(attribute: String, names: [String])] = [
    ("externalId", ["id", "objectid", "groupid", "teamid", "externalid"]),
    ("displayName", ["displayname", "name", "groupname", "team", "group", "cn"]),
  ]

  private static let activeNames = [
    "accountenabled", "enabled", "active", "isactive", "status", "state",
  ]
  private static let inactiveNames = ["suspended", "disabled", "blocked", "blockcredential"]
  private static let yes: Set = ["true", "yes", "1", "active", "enabled", "y"]
  private static let no: Set = [
    "false", "no", "0", "inactive", "disabled", "n", "terminated", "suspended", "deprovisioned",
  ]

  init(_ export: InspectedExport) {
    let columns = export.content.columns
    let table = export.kind == .teams ? Self.teams : Self.people
    for (attribute, names) in table {
      // A name further in front is a better guess, whatever the order of columns.
      let column = names.lazy.compactMap { name in
        columns.first { Self.plain($0.name) == name && $0.several == 0 }
      }.first
      if let column { lines.append(Line(attribute: attribute, column: column.name)) }
    }
    if export.kind != .teams { findActive(in: columns) }
  }

  /// The attribute that something of this name most likely means; the one for which the name is the best guess.
  static func attribute(named name: String, of subject: MappingSubject) -> String? {
    let plain = plain(name)
    let table = subject == .teams ? teams : people
    let guesses = table.compactMap { entry in
      entry.names.firstIndex(of: plain).map { (attribute: entry.attribute, place: $0) }
    }
    if let best = guesses.min(by: { $0.place < $1.place }) { return best.attribute }
    return subject == .members && activeNames.prefix(4).contains(plain) ? "active" : nil
  }

  private mutating func findActive(in columns: [Inspection.Column]) {
    let names = Self.activeNames + Self.inactiveNames
    let found = names.lazy.compactMap { name in columns.first { Self.plain($0.name) == name } }
    guard let column = found.first else { return }
    let words = column.vocabulary ?? []
    let yes = words.filter { Self.yes.contains($0.lowercased()) }
    let no = words.filter { Self.no.contains($0.lowercased()) }
    guard !words.isEmpty, yes.count + no.count == words.count else {
      unclear = column
      return
    }
    let isInverted = Self.inactiveNames.contains(Self.plain(column.name))
    // A word that nobody has tonight may come tomorrow.
    let word = (yes + no).first.flatMap { Self.opposites[$0] }
    let all = (
      yes: yes + (yes.isEmpty ? [word].compactMap(\.self) : []),
      no: no + (no.isEmpty ? [word].compactMap(\.self) : [])
    )
    guard !all.yes.isEmpty, !all.no.isEmpty else {
      unclear = column
      return
    }
    active = isInverted ? (column.name, all.no, all.yes) : (column.name, all.yes, all.no)
  }

  private static let opposites = [
    "True": "False", "False": "True", "true": "false", "false": "true", "TRUE": "FALSE",
    "FALSE": "TRUE", "Yes": "No", "No": "Yes", "1": "0", "0": "1", "Active": "Inactive",
    "Enabled": "Disabled",
  ]

  /// Small letters and digits: `E-Mail Address [Required]` is `emailaddress`.
  static func plain(_ name: String) -> String {
    let bare = name.prefix { $0 != "[" && $0 != "(" }
    return bare.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
  }
}
