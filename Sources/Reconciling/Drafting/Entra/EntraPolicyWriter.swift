import Identity
import Mapping
import Reading

/// Writes the policy of one Entra job, section by section.
struct EntraPolicyWriter {
  let job: EntraJob
  let exports: [InspectedExport]
  let resolve: @Sendable (String) -> String
  let file: String
  /// What was not carried over, one sentence each.
  private(set) var left: [String] = []

  init(
    job: EntraJob, exports: [InspectedExport], resolve: @escaping @Sendable (String) -> String,
    file: String
  ) {
    self.job = job
    self.exports = exports
    self.resolve = resolve
    self.file = file
  }

  /// One object mapping, carried over as far as it goes.
  fileprivate struct Section {
    var lines: [String] = []
    var carried: [EntraAttributeDraft.Line] = []
    var keys: [AttributePath] = []
    var exactColumns: [String] = []
    /// Whether some mapping gives the roles of the application.
    var asksForRoles = false

    /// The attribute that a column is mapped to, first of those that are always written; as a key only one that may
    /// be one.
    func attribute(of columns: [String], asKey: Bool = false) -> AttributePath? {
      carried.first { line in
        guard let column = line.column?.lowercased(), !asKey || line.isNoKey == nil else {
          return false
        }
        return columns.contains { $0.lowercased() == column }
          && !line.value.contains("apply: onCreate")
      }?.path
    }
  }

  mutating func policy(path: String) throws(JobFailure) -> String {
    let people = exports.filter { $0.kind == .people }
    let teams = exports.filter { $0.kind == .teams }
    for export in exports where export.kind == nil {
      leave("\(export.path): its columns do not tell what it holds")
    }
    let surroundings = surroundings
    let users = section(
      job.users, .members, columns(of: people), surroundings)
    guard users.carried.contains(where: { $0.path == .userName }) else {
      let reason = left.first { $0.contains("userName") } ?? "userName is not mapped."
      throw .unreadable(["\(path): no policy can be made without userName: \(reason)"])
    }
    guard !users.keys.isEmpty || !users.fallbackKeys.isEmpty else {
      throw .unreadable([
        "\(path): no policy can be made without an attribute to match by: "
          + (left.first { $0.hasPrefix("matching by") } ?? "userName is no key.")
      ])
    }
    let groups = job.groups.flatMap { $0.isEnabled ? $0 : nil }
    var teamSection: Section?
    if let groups {
      let section = section(groups, .teams, columns(of: teams), surroundings)
      if section.carried.contains(where: { $0.path == .displayName }) {
        teamSection = section
      } else {
        leave("the mapping of groups: it gives no displayName")
      }
    }
    let scope = EntraScopeDraft(job.users, columns: columns(of: people))
    left += scope.left + scope.notes
    let exact = (users.exactColumns + scope.exactColumns).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    var text = head(exact, hasExport: !people.isEmpty)
    text +=
      "exports:\n"
      + peopleExports(people, scope, key: users.carried.first { $0.path == .userName }?.column)
    if let teamSection { text += teamExports(teams, users: users, teams: teamSection) }
    text += "\n" + mapping(users, teamSection)
    if users.asksForRoles { text += "\n" + roles(hasTeams: teamSection != nil) }
    text += "\n" + matching(users, teamSection)
    text += "\n" + lifecycle()
    text += expressions(surroundings)
    leaveJobSettings()
    return text + leftOver()
  }

  private mutating func leave(_ sentence: String) { left.append(sentence) }

  private func columns(of exports: [InspectedExport]) -> EntraColumns {
    // Of several exports of one kind a column may be in any.
    EntraColumns(
      present: exports.isEmpty
        ? nil : exports.flatMap { $0.content.columns.map(\.name) }.filter { !$0.isEmpty })
  }

  /// Strict, unless some expression of the job is none of Entra's to us.
  private var surroundings: ExpressionSurroundings {
    let texts = [job.users, job.groups].compactMap(\.self).flatMap(\.attributes).compactMap {
      if case .function(let text) = $0.source { text } else { nil }
    }
    let usesDomain = texts.contains { $0.contains(/\bDefaultDomain\s*\(/) }
    var surroundings = ExpressionSurroundings(
      isStrict: false, defaultDomain: usesDomain ? Self.placeholderDomain : nil)
    let valid = texts.filter { (try? ExpressionProgram(compiling: $0, in: surroundings)) != nil }
    surroundings.isStrict = true
    surroundings.isStrict = valid.allSatisfy {
      (try? ExpressionProgram(compiling: $0, in: surroundings)) != nil
    }
    return surroundings
  }

  private static let placeholderDomain = "change-me.example"

  // MARK: - Mappings

  private mutating func section(
    _ object: EntraSchema.ObjectMapping, _ subject: MappingSubject, _ columns: EntraColumns,
    _ surroundings: ExpressionSurroundings
  ) -> Section {
    var section = Section()
    var keys: [(priority: Int, path: AttributePath)] = []
    let drafts = object.attributes
      .filter { subject == .members || $0.target.lowercased() != "members" }
      .map {
        EntraAttributeDraft(
          mapping: $0, subject: subject, columns: columns,
          definitions: job.definitions(of: object), surroundings: surroundings)
      }
    let referenceKeys = Self.referenceKeys(of: drafts)
    section.asksForRoles = drafts.contains(where: \.asksForRoles)
    for draft in drafts {
      let mapping = draft.mapping
      switch draft.outcome(referenceKeys) {
      case .left(let reason): leave(mapping, reason, &section)
      case .line(let line):
        guard !section.carried.contains(where: { $0.path == line.path }) else {
          leave(mapping, "\(line.path) is mapped twice; the first mapping counts", &section)
          continue
        }
        section.lines += line.notes.map { "# NOTE \(EntraAttributeDraft.oneLine($0))" }
        section.lines.append("\(EntraYAML(line.path.description)): \(line.value)")
        section.carried.append(line)
        section.exactColumns += line.exactColumns
        guard mapping.matchingPriority > 0 else { continue }
        if let reason = line.isNoKey {
          leave("matching by \(line.path): \(reason)")
        } else {
          keys.append((mapping.matchingPriority, line.path))
        }
      }
    }
    section.keys = keys.sorted { $0.priority < $1.priority }.map(\.path)
    return section
  }

  /// What people can be found by: what is written of them every night, as it stands in a column.
  private static func referenceKeys(of drafts: [EntraAttributeDraft]) -> EntraReferenceKeys {
    var section = Section()
    for draft in drafts where !draft.isReference {
      guard case .line(let line) = draft.outcome(.none), line.isNoKey == nil,
        !section.carried.contains(where: { $0.path == line.path })
      else { continue }
      section.carried.append(line)
    }
    return EntraReferenceKeys(
      objectID: section.attribute(of: EntraColumns.names(of: "objectId")),
      principalName: section.attribute(of: ["userPrincipalName"]))
  }

  private mutating func leave(
    _ mapping: EntraSchema.AttributeMapping, _ reason: String, _ section: inout Section
  ) {
    let source =
      switch mapping.source {
      case .attribute(let name): name
      case .constant(let text): "constant “\(text)”"
      case .function(let text): text
      case .functionWithoutText(let name): "\(name)(…)"
      case .none: "default “\(mapping.defaultValue ?? "")”"
      }
    let sentence = EntraAttributeDraft.oneLine("\(mapping.target) ← \(source): \(reason)")
    section.lines.append("# NOT CARRIED OVER \(sentence)")
    leave(sentence)
  }

  private func mapping(_ users: Section, _ teams: Section?) -> String {
    var text =
      "# SCIM attribute on the left, column or expression on the right. Only what is listed is written.\n"
    text += "mapping:\n  members:\n" + users.lines.map { "    \($0)\n" }.joined()
    if let teams { text += "  teams:\n" + teams.lines.map { "    \($0)\n" }.joined() }
    return text
  }

  /// The place for the roles of the application, which members have from their teams.
  private func roles(hasTeams: Bool) -> String {
    let none = hasTeams ? "" : " There are no teams yet: Entra's mapping of groups is off."
    return """
      teams:
        # NOTE Entra gives roles of the application to people and groups, which its schema does not tell. Here they
        # belong to teams:\(none) Write which has which, as in
        #   "App Admins": [Administrator]
        roles: {}
        memberRoles: written           # SCIM's roles of each member say them, too, as Entra's mapping does

      """
  }

  // MARK: - Head and exports

  private func head(_ exact: [String], hasExport: Bool) -> String {
    var text =
      "# Written by rollcall init --from-entra \(EntraAttributeDraft.oneLine(file)). Check it with: rollcall check\n"
    text += "# The rule is “\(EntraAttributeDraft.oneLine(job.rule.name))”, from "
    text += "\(EntraAttributeDraft.oneLine(job.rule.sourceDirectory)) to "
    text += "\(EntraAttributeDraft.oneLine(job.rule.targetDirectory)).\n"
    text +=
      "# NOTE marks what is another way here, NOT CARRIED OVER what has to be decided by hand.\n"
    text += "# Paths are relative to this file.\n"
    if !hasExport, !exact.isEmpty {
      text +=
        "#\n# The export of users must have these columns, by these names: expressions and scope need them.\n"
      text += "#   \(EntraAttributeDraft.oneLine(exact.joined(separator: ", ")))\n"
    }
    return text + "\nstate: rollcall.db\n\n"
  }

  private func entry(_ name: String, _ path: String, _ content: String = "full") -> String {
    "    - name: \(name)\n      path: \(EntraYAML(path))\n      content: \(content)\n"
  }

  private func content(_ export: InspectedExport) -> String { export.isDelta ? "delta" : "full" }

  /// `key` is a column that every record has.
  private func peopleExports(
    _ people: [InspectedExport], _ scope: EntraScopeDraft, key: String?
  ) -> String {
    // Without any scope everybody would count; until a person has written one, nobody comes or goes.
    let isSimple = key?.utf8.allSatisfy { $0.isLetterOfName } ?? false
    let column = isSimple ? key ?? "" : "userPrincipalName"
    let closed =
      scope.isLeftOut
      ? [
        "filter: '\(column) eq \"write the scope by hand\"'", "leaving: leave",
      ] : []
    let scopeLines =
      scope.left.filter { $0.hasPrefix("the scope") }.map { "      # NOT CARRIED OVER \($0)\n" }
      .joined() + scope.notes.map { "      # NOTE \($0)\n" }.joined()
      + ((scope.lines + closed).isEmpty
        ? "" : "      scope:\n" + (scope.lines + closed).map { "        \($0)\n" }.joined())
    var text = "  people:\n"
    guard !people.isEmpty else {
      return text
        + "    # The users of the directory, from the admin center, PowerShell or Microsoft Graph.\n"
        + entry("users", "users.csv") + scopeLines
    }
    for (number, export) in people.enumerated() {
      text += entry(
        number == 0 ? "users" : "users-\(number + 1)", resolve(export.path), content(export))
      if export.isDelta { text += "      preset: entra\n" }
      text += scopeLines
    }
    return text
  }

  /// Teams, and who is in them.
  private mutating func teamExports(
    _ teams: [InspectedExport], users: Section, teams section: Section
  ) -> String {
    var text = "  teams:\n"
    if teams.isEmpty { text += entry("groups", "groups.csv") }
    for (number, export) in teams.enumerated() {
      text += entry(
        number == 0 ? "groups" : "groups-\(number + 1)", resolve(export.path), content(export))
    }
    guard let groups = job.groups,
      let members = groups.attributes.first(where: { $0.target.lowercased() == "members" })
    else {
      text += "  # Entra's job does not provision members of groups, so there are no memberships.\n"
      return text
    }
    guard case .attribute = members.source else {
      leave("members of groups: they come from an expression")
      return text
    }
    let references = memberReferences(teams, users: users, teams: section)
    guard !references.isEmpty else {
      let sentence =
        !exports.isEmpty && !exports.contains { $0.kind == .memberships }
        ? "memberships: no file among those named lists them"
        : "memberships: neither the object ids nor the names of groups and users are mapped to an attribute that "
          + "memberships could name them by"
      leave(sentence)
      return text + "  # NOT CARRIED OVER \(sentence)\n"
    }
    return text + "  memberships:\n" + references.joined()
  }

  private mutating func memberReferences(
    _ teams: [InspectedExport], users: Section, teams section: Section
  ) -> [String] {
    let idNames = EntraColumns.names(of: "objectId")
    let teamID = section.attribute(of: idNames)
    let memberID = users.attribute(of: idNames)
    let memberName = users.attribute(of: ["userPrincipalName"])
    let teamName = section.attribute(of: ["displayName"])
    func reference(_ column: String, _ key: AttributePath) -> String {
      "{column: \(EntraYAML(column)), key: \(EntraYAML(key.description))}"
    }
    func list(_ path: String, _ content: String, _ team: String, _ member: String, _ number: Int)
      -> String
    {
      entry(number == 0 ? "group-members" : "group-members-\(number + 1)", path, content)
        + "      team: \(team)\n      member: \(member)\n"
    }
    var texts: [String] = []
    for export in exports where export.kind == .memberships {
      let names = export.content.columns.map(\.name)
      func column(_ wanted: [String]) -> String? {
        wanted.lazy.compactMap { name in names.first { DraftedMapping.plain($0) == name } }.first
      }
      let team =
        column(["groupid", "teamid"]).flatMap { name in teamID.map { reference(name, $0) } }
        ?? column(["groupname", "groupdisplayname", "group", "team"])
        .flatMap { name in teamName.map { reference(name, $0) } }
      let member =
        column(["memberid", "userid"]).flatMap { name in memberID.map { reference(name, $0) } }
        ?? column(["userprincipalname", "memberuserprincipalname", "upn"])
        .flatMap { name in memberName.map { reference(name, $0) } }
      guard let team, let member else {
        leave(
          "\(export.path): no column of it names teams and members by what the policy maps; it has "
            + names.joined(separator: ", "))
        continue
      }
      texts.append(list(resolve(export.path), content(export), team, member, texts.count))
    }
    for export in teams where export.content.columns.contains(where: { $0.name == "members.id" }) {
      guard let teamID, let memberID else { continue }
      texts.append(
        list(
          resolve(export.path), content(export), reference("id", teamID),
          reference("members.id", memberID), texts.count))
    }
    guard texts.isEmpty, exports.isEmpty else { return texts }
    let team = teamID.map { reference("groupId", $0) } ?? teamName.map { reference("group", $0) }
    let member =
      memberName.map { reference("userPrincipalName", $0) }
      ?? memberID.map { reference("memberId", $0) }
    guard let team, let member else { return [] }
    return [list("group-members.csv", "full", team, member, 0)]
  }

  // MARK: - Matching and lifecycle

  private func matching(_ users: Section, _ teams: Section?) -> String {
    func list(_ keys: [AttributePath]) -> String {
      "[" + keys.map { "\(EntraYAML($0.description))" }.joined(separator: ", ") + "]"
    }
    var text = "matching:\n"
    if users.keys.isEmpty {
      text +=
        "  # NOTE nothing is marked as matching in Entra; rollcall matches by \(users.usual).\n"
      text += "  members: \(list(users.fallbackKeys))\n"
    } else {
      text +=
        "  # By Entra's matching precedence: \(users.keys.map(\.description).joined(separator: ", ")).\n"
      text += users.anchorNote
      text += "  members: \(list(users.anchoredKeys))\n"
    }
    if let teams {
      text += "  teams: \(list(teams.keys.isEmpty ? [.displayName] : teams.keys))\n"
    }
    text += """
        # NOTE Entra takes over accounts that match. Rollcall holds and lists them until this is decided:
        # adopt: {members: \(list(users.keys.isEmpty ? users.fallbackKeys : users.anchoredKeys))}

      """
    return text
  }

  private mutating func lifecycle() -> String {
    let actions = job.users.actions ?? ["Add", "Update", "Delete"]
    let deletes = actions.contains { $0.lowercased() == "delete" }
    var text = "lifecycle:\n  leavers:\n"
    text += "    deactivate: 1                # after so many nights without the person\n"
    text += "    stripTeams: never\n"
    text +=
      deletes
      ? "    delete: 30                   # NOTE Delete is ticked in Entra, which deletes 30 days after; or never\n"
      : "    delete: never                # Delete is not ticked in Entra\n"
    text += "  reactivate: ours\n"
    for (action, consequence) in [
      (
        "add",
        "Add is not ticked in Entra: nobody is created there. Here everybody in the exports is; "
          + "guards: {creates: {count: 0, floor: 0}} refuses a plan that creates somebody"
      ),
      (
        "update",
        "Update is not ticked in Entra: nobody is changed there. Here all mapped values are kept equal; "
          + "apply: onCreate on a mapping leaves its value alone"
      ),
    ] where !actions.contains(where: { $0.lowercased() == action }) {
      text += "# NOT CARRIED OVER \(consequence)\n"
      leave(consequence)
    }
    guard let groups = job.groups else { return text }
    if !groups.isEnabled {
      text += "# The mapping of groups is turned off in Entra, so there are no teams.\n"
    } else if groups.actions?.contains(where: { $0.lowercased() == "delete" }) == true {
      text +=
        "# NOTE Delete is ticked for groups in Entra; Rollcall reports a team that is gone and leaves it alone.\n"
    }
    return text
  }

  private func expressions(_ surroundings: ExpressionSurroundings) -> String {
    var text = "\nexpressions:\n"
    text +=
      surroundings.isStrict
      ? "  strict: entra                  # only what Entra has; off allows Rollcall's own functions\n"
      : "  strict: off                    # NOTE some expression has what Entra's reference does not\n"
    if let domain = surroundings.defaultDomain {
      text += "  # NOTE DefaultDomain() is your tenant's; write it here before the first plan.\n"
      text += "  defaultDomain: \(domain)\n"
    }
    return text
  }

  // MARK: - What is left over

  private mutating func leaveJobSettings() {
    if let groups = job.groups, groups.isEnabled {
      let scope = (groups.scope + groups.inputFilters).flatMap(\.clauses)
      if !scope.isEmpty {
        leave(
          "the scope of groups ("
            + scope.map { "\($0.attribute) \($0.operatorName) \($0.values.joined(separator: " "))" }
            .joined(separator: "; ") + "): exports of teams have none; export the groups you want")
      }
    }
    for other in job.others {
      leave("\(other): a policy has one mapping of users and one of groups")
    }
    leave(
      "what is not in the file: whether only assigned users count (export those), SkipOutOfScopeDeletions "
        + "(scope: leaving: leave), the threshold for accidental deletions (guards: removals), the notification address"
    )
  }

  /// Everything that no place of its own in the file tells of.
  private func leftOver() -> String {
    let told = left.filter { !$0.contains(" ← ") && !$0.hasPrefix("the scope") }
    guard !told.isEmpty else { return "" }
    return "\n# NOT CARRIED OVER\n"
      + told.map { "#   \(EntraAttributeDraft.oneLine($0))\n" }.joined()
  }
}

extension EntraPolicyWriter.Section {
  /// What a policy without keys would match by.
  fileprivate var fallbackKeys: [AttributePath] {
    [AttributePath.externalID, .userName].filter { path in
      carried.contains { $0.path == path && $0.isNoKey == nil && !$0.value.contains("onCreate") }
    }
  }

  /// The attribute that holds the object id, which no rename changes.
  private var anchor: AttributePath? {
    attribute(of: EntraColumns.names(of: "objectId"), asKey: true)
  }

  /// The keys with the object id in front: Entra remembers a pair by it, once it has matched.
  fileprivate var anchoredKeys: [AttributePath] {
    guard let anchor else { return keys }
    return [anchor] + keys.filter { $0 != anchor }
  }

  fileprivate var anchorNote: String {
    guard let anchor else {
      return """
          # NOTE Entra remembers a pair by its object id once it has matched. Rollcall matches every night, so who gets
          # another \(keys.first ?? .userName) looks like somebody leaving and somebody joining. To tell them: map
          # externalId to the object id (the column id), and put externalId first in this list.

        """
    }
    guard keys.first != anchor else { return "" }
    return """
        # NOTE \(anchor) comes first here: it holds the object id, by which Entra remembers a pair once it has matched,
        # so that another \(keys.first ?? .userName) is a change and no new person.

      """
  }

  fileprivate var usual: String { fallbackKeys.map(\.description).joined(separator: ", ") }
}

extension UInt8 {
  /// What the name of a column in a filter may be made of without quotes.
  fileprivate var isLetterOfName: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || self == UInt8(ascii: "_")
  }
}
