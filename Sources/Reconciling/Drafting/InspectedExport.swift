import Identity
package import Reading

/// An export nobody has described yet, with what it seems to be.
///
/// ```
/// {"value":[{"userPrincipalName":"ann@…","id":"…"}]}      people, preset entra
/// id,displayName,groupType                                teams, preset entra
/// groupId,memberId                                        memberships
/// groupId,id,userPrincipalName,displayName                memberships: of the people it says nothing else
/// ```
package struct InspectedExport: Sendable {
  package enum Kind: String, Sendable, Hashable {
    case people
    case teams
    case memberships
  }

  /// As the operator wrote it.
  package let path: String
  package let content: Inspection
  package let preset: Preset
  /// Nil when nothing tells.
  package let kind: Kind?
  /// It says who is gone, so it holds what has changed and not everybody.
  package let isDelta: Bool
  /// How many groups it has besides its users; nil for everything but realms of Keycloak, BulkRequests and exports
  /// of a SCIM service.
  package let groupCount: Int?
  /// The entries of a directory, a realm, a BulkRequest or the resources of a SCIM service: people, and teams.
  let holdsTeams: Bool
  /// Its records are entries of a directory.
  let isDirectory: Bool
  /// It lists the members of one team, and does not name that team.
  let isOfOneTeam: Bool
  /// What lies beside it and vouches for it, as the policy would name it.
  package let manifest: String?

  /// Goes by the columns, and by the `@odata.context` of the envelope where there is one.
  init(
    path: String, content: Inspection, groupCount: Int? = nil, context: String? = nil,
    isDeltaPage: Bool = false, isPartOfAnother: Bool = false
  ) {
    self.path = path
    self.content = content
    self.groupCount = groupCount
    manifest = Self.manifest(of: path)
    let names = ColumnNames(content.columns.map(\.name))
    let google = GoogleKind(content, names)
    let graph = context.flatMap { GraphKind(context: $0, content) }
    let isBulk = content.format == .json && content.isChanges
    let detected = Preset.detected(by: names)
    let isRealm = groupCount != nil && !isBulk && detected != .scim
    if google != nil {
      preset = .google
    } else if graph != nil {
      preset = .entra
    } else if isBulk {
      preset = .scim
    } else {
      preset = isRealm ? .keycloak : detected
    }
    let isDirectory = preset == .activeDirectory || preset == .openldap
    // Changes of a directory name little besides the entry.
    let isChangeLog = content.format == .ldif && content.isChanges
    // Okta's list of the members of a group is a list of users like any other.
    let isGroupOfOkta = isPartOfAnother && preset == .okta
    kind =
      google?.kind ?? graph?.kind ?? (isGroupOfOkta ? .memberships : nil)
      ?? (isDirectory && Self.hasGroupsOnly(content) ? .teams : Kind(names))
      ?? (isChangeLog ? .people : nil)
    isOfOneTeam = google == .member || graph == .members || isGroupOfOkta
    self.isDirectory = isDirectory
    holdsTeams =
      isDirectory
      && names.hasAny(["member", "uniqueMember", "memberUid"])
      || (groupCount ?? 0) > 0
    isDelta =
      content.isChanges || isDeltaPage
      || names.hasAny(["@removed.reason", "members@delta.id", "manager@delta.id"])
  }
}

extension InspectedExport {
  /// Whether the entries of a directory are groups, and none of them is a person.
  private static func hasGroupsOnly(_ content: Inspection) -> Bool {
    let column = content.columns.first { $0.name.lowercased() == "objectclass" }
    guard let classes = column?.vocabulary.map(ColumnNames.init) else { return false }
    return classes.hasAny(RunExport.classesOfTeams) && !classes.hasAny(RunExport.classesOfPeople)
  }

  /// The first of the usual ones that is there and can be read; paths are as the operator wrote them.
  private static func manifest(of path: String) -> String? {
    let files = ExportPaths.files(for: path)
    let sidecars = [".sha256", ".manifest.json"].filter { ending in
      !files.isEmpty && files.allSatisfy { isManifest($0 + ending) }
    }
    if let sidecar = sidecars.first { return "{file}" + sidecar }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    return ["SHA256SUMS", "manifest.json"].map { folder + $0 }.first { name in
      guard case .success(let manifest) = ExportManifest.read(path: name) else { return false }
      let named = Set(manifest.entries.compactMap(\.file))
      return files.allSatisfy { named.contains(RunExport.baseName(of: $0)) }
    }
  }

  private static func isManifest(_ path: String) -> Bool {
    if case .success = ExportManifest.read(path: path) { true } else { false }
  }
}

/// What a file of Google's Directory API holds, going by what its records say they are.
///
/// ```
/// {"kind":"admin#directory#member","email":"ann@…"}      a member: of a group that only the file's name may tell
/// ```
private enum GoogleKind: String {
  case user
  case group
  case member

  /// Nil for files that are not Google's.
  init?(_ content: Inspection, _ names: ColumnNames) {
    let stated = content.columns.first { $0.name == "kind" }?.examples.first ?? ""
    let prefix = "admin#directory#"
    if stated.hasPrefix(prefix),
      let kind = GoogleKind(rawValue: String(stated.dropFirst(prefix.count)))
    {
      self = kind
    } else if names.has("primaryEmail") {
      self = .user
    } else if names.has("directMembersCount") {
      self = .group
    } else if content.format == .json, names.hasAll(["id", "email", "role", "type"]),
      !names.hasAny(["name", "userName"])
    {
      // Whoever asks for some fields alone gets no kind.
      self = .member
    } else {
      return nil
    }
  }

  var kind: InspectedExport.Kind {
    switch self {
    case .user: .people
    case .group: .teams
    case .member: .memberships
    }
  }
}

/// What a page of Microsoft Graph holds, going by its `@odata.context`.
///
/// ```
/// …/v1.0/$metadata#users(displayName,id)      people, be it a delta of which no record says who anybody is
/// …/v1.0/$metadata#directoryObjects           the members of one group, if they are users
/// ```
private enum GraphKind {
  case users
  case groups
  case members

  /// Nil for pages of anything else.
  init?(context: String, _ content: Inspection) {
    let collection = context.split(separator: "$metadata#").dropFirst().first?
      .prefix { $0.isLetter }
    switch collection {
    case "users": self = .users
    case "groups": self = .groups
    case "directoryObjects":
      let types = content.columns.first { $0.name == "@odata.type" }?.examples ?? []
      guard types.contains("#microsoft.graph.user") else { return nil }
      self = .members
    default: return nil
    }
  }

  var kind: InspectedExport.Kind {
    switch self {
    case .users: .people
    case .groups: .teams
    case .members: .memberships
    }
  }
}

/// The names of an export's columns, to be asked for in any case.
struct ColumnNames: Sendable {
  private let folded: Set<String>

  init(_ names: [String]) {
    folded = Set(names.map { $0.lowercased() })
  }

  func has(_ name: String) -> Bool { folded.contains(name.lowercased()) }

  func hasAny(_ names: [String]) -> Bool { names.contains { has($0) } }

  func hasAll(_ names: [String]) -> Bool { names.allSatisfy { has($0) } }
}

extension Preset {
  /// What no other service says of its users; each realm leaves out some.
  private static let ofKeycloaksUsers = [
    "emailVerified", "createdTimestamp", "notBefore", "requiredActions", "realmRoles",
    "disableableCredentialTypes", "federationLink", "serviceAccountClientId",
  ]

  /// The preset whose own names the export has; `none` if it has nobody's.
  static func detected(by names: ColumnNames) -> Preset {
    if names.hasAny(["profile.login", "profile.name"]), names.has("id") { return .okta }
    if names.hasAny(["UserId", "GroupId"]), names.has("IdentityStoreId") { return .aws }
    if names.has("username"), names.hasAny(ofKeycloaksUsers) { return .keycloak }
    if names.hasAll(["id", "path"]), names.hasAny(["subGroups", "realmRoles"]) {
      return .keycloak
    }
    if names.hasAll(["Id", "Email", "State"])
      || names.hasAll(["Id", "Name"]) && names.hasAny(["Members.Id", "Members"])
    {
      return .invicti
    }
    if names.hasAny(["schemas", "meta.resourceType"]) { return .scim }
    if names.hasAll(["id", "userName"]), names.hasAny(["name.givenName", "emails.value"]) {
      return .scim
    }
    if names.has("dn"), names.hasAny(["objectClass", "changetype"]) {
      return names.hasAny(["objectGUID", "sAMAccountName"]) ? .activeDirectory : .openldap
    }
    if PresetTable.isWorkday(names) { return .workday }
    if names.has("userPrincipalName"), names.hasAny(["id", "objectId", "Object Id"]) {
      return .entra
    }
    if names.hasAny(["groupTypes", "groupType", "securityEnabled", "members@delta.id"]),
      names.has("id")
    {
      return .entra
    }
    // Whoever asks Microsoft Graph for some properties of groups alone gets nothing else.
    if names.hasAll(["id", "displayName", "members.id"]) { return .entra }
    return .none
  }
}

extension InspectedExport.Kind {
  /// What an export of people says of them, and a list of memberships does not.
  private static let aboutPeople = [
    "givenName", "surname", "firstName", "lastName", "sn", "jobTitle", "title", "department",
    "accountEnabled", "userType", "status", "enabled", "active", "mobilePhone",
  ]

  /// What is said of nobody but people, where nothing says who they are.
  private static let ofNobodyElse = [
    "givenName", "surname", "firstName", "lastName", "jobTitle", "accountEnabled", "userType",
    "mobilePhone", "manager@delta.id",
  ]

  fileprivate init?(_ names: ColumnNames) {
    if names.hasAny(["members@delta.id", "members.value", "members.id", "Members.Id"]) {
      self = names.hasAny(["userName", "Email"]) ? .people : .teams
      return
    }
    let people = [
      "userPrincipalName", "userName", "login", "profile.login", "primaryEmail", "sAMAccountName",
      "uid", "mail", "email", "e-mail", "email address", "user principal name", "upn", "User_Name",
      "Employee_ID", "Employee ID",
    ]
    let references = [
      "groupId", "group", "groupName", "teamId", "team", "memberId", "MemberId.UserId", "userId",
    ]
    if references.filter({ names.has($0) }).count >= 2, !names.hasAny(Array(people.prefix(6))) {
      self = .memberships
    } else if names.hasAny(Array(references.prefix(5))), names.hasAny(people),
      !names.hasAny(Self.aboutPeople)
    {
      self = .memberships
    } else if names.hasAny(people + Self.ofNobodyElse) {
      self = .people
    } else if names.has("@removed.reason"), !names.hasAny(["groupTypes", "securityEnabled"]) {
      // A delta tells what has changed, which may be a name that people and groups have.
      return nil
    } else if names.hasAny(["displayName", "name", "profile.name", "path"]) {
      self = .teams
    } else {
      return nil
    }
  }
}
