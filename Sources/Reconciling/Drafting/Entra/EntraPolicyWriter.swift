import Identity
import Mapping
import Reading

/// Writes the policy of one Entra job, section by section.
struct EntraPolicyWriter {
  let job: EntraJob
  let exports: [InspectedExport]
  let resolve: @Sendable (String) -> String
  let file: String
  /// Who has which role of the application, where a file tells.
  private let assigned: EntraAssignments?
  /// What was not carried over, one sentence each.
  private(set) var left: [String] = []
  /// Those that no comment has told of yet.
  private var untold: [String] = []

  init(
    job: EntraJob, exports: [InspectedExport], resolve: @escaping @Sendable (String) -> String,
    file: String
  ) {
    self.job = job
    self.exports = exports
    self.resolve = resolve
    self.file = file
    assigned = EntraAssignments(exports)
  }

  mutating func policy(path: String) throws(JobFailure) -> String {
    let people = exports.filter { kind(of: $0) == .people }
    let teams = exports.filter { $0.kind == .teams }
    for export in exports where kind(of: export) == nil && export.path != assigned?.path {
      leave("\(export.path): its columns do not tell what it holds")
    }
    let surroundings = surroundings
    let users = section(job.users, .members, columns(of: people), surroundings)
    try checkPossible(users, path: path)
    let teamSection = teamSection(columns(of: teams), surroundings)
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
    text += self.teams(teamSection, asksForRoles: users.asksForRoles)
    text += "\n" + matching(users, teamSection)
    text += "\n" + lifecycle()
    text += expressions(surroundings)
    leaveJobSettings()
    return text + leftOver()
  }

  private func checkPossible(_ users: EntraSection, path: String) throws(JobFailure) {
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
  }

  /// Nil where there are no groups, or none that could be teams.
  private mutating func teamSection(
    _ columns: EntraColumns, _ surroundings: ExpressionSurroundings
  ) -> EntraSection? {
    guard let groups = job.groups, groups.isEnabled else { return nil }
    let section = section(groups, .teams, columns, surroundings)
    guard section.carried.contains(where: { $0.path == .displayName }) else {
      // The comments on its lines go with them.
      untold += section.lines.filter { $0.hasPrefix("# \(Self.mark)") }.map {
        String($0.dropFirst(2 + Self.mark.count))
      }
      leave("the mapping of groups: it gives no displayName")
      return nil
    }
    return section
  }

  /// What an export holds; one that has the columns of the mapping of users is one of people.
  ///
  /// A source that is not Entra's own directory has columns that nobody knows.
  private func kind(of export: InspectedExport) -> InspectedExport.Kind? {
    guard export.kind == nil else { return export.kind }
    let columns = EntraColumns(present: export.content.columns.map(\.name))
    let wanted = job.users.attributes.flatMap { mapping -> [String] in
      switch mapping.source {
      case .attribute(let name): [name]
      case .function(let text): EntraColumns.names(in: text)
      case .none, .constant, .functionWithoutText: []
      }
    }
    let found = Set(wanted).count { !columns.lacks($0) }
    return found >= 2 && found * 2 >= Set(wanted).count ? .people : nil
  }

  /// Notes what is left out, to be told at the end of the policy.
  private mutating func leave(_ sentence: String) {
    left.append(sentence)
    untold.append(sentence)
  }

  /// Notes what a comment at its own place tells of.
  private mutating func leaveInPlace(_ sentence: String) { left.append(sentence) }

  private func columns(of exports: [InspectedExport]) -> EntraColumns {
    // Of several exports of one kind a column may be in any.
    let columns = exports.flatMap(\.content.columns).filter { !$0.name.isEmpty }
    return EntraColumns(
      present: exports.isEmpty ? nil : columns.map(\.name),
      examples: Dictionary(columns.map { ($0.name, $0.examples) }, uniquingKeysWith: +))
  }

  /// Strict, unless some expression of the job is none of Entra's to us.
  private var surroundings: ExpressionSurroundings {
    let texts = [job.users, job.groups].compactMap(\.self).flatMap(\.attributes).compactMap {
      if case .function(let text) = $0.source { text } else { nil }
    }
    let usesDomain = texts.contains { $0.contains(/\bDefaultDomain\s*\(/) }
    var surroundings = ExpressionSurroundings(
      isStrict: false, defaultDomain: usesDomain ? Self.placeholderDomain : nil)
    let people = columns(of: exports.filter { kind(of: $0) == .people })
    surroundings.assignments = assigned.map { _ in
      RoleAssignments(key: people.column(for: "objectId") ?? "id", roles: [:])
    }
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
  ) -> EntraSection {
    var section = EntraSection()
    var keys: [(priority: Int, path: AttributePath)] = []
    let targets = job.targetDefinitions(of: object)
    let isUnmarked = !object.attributes.contains { $0.matchingPriority > 0 }
    let drafts = object.attributes
      .filter { subject == .members || $0.target.lowercased() != "members" }
      .map {
        EntraAttributeDraft(
          mapping: $0, subject: subject, columns: columns,
          definitions: job.definitions(of: object), targetDefinitions: targets,
          surroundings: surroundings, hasUsualKeys: isUnmarked)
      }
    let referenceKeys = Self.referenceKeys(of: drafts)
    section.asksForRoles = assigned == nil && drafts.contains(where: \.asksForRoles)
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
        switch targets[mapping.target]?.isCaseExact {
        case true: section.caseExact.append(line.path)
        case false: section.ignoresCase = true
        case nil: break
        }
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
    var section = EntraSection()
    for draft in drafts where !draft.isReference {
      guard case .line(let line) = draft.outcome(.none), line.isNoKey == nil,
        !section.carried.contains(where: { $0.path == line.path })
      else { continue }
      section.carried.append(line)
    }
    let marked = drafts.filter { $0.mapping.matchingPriority > 0 && !$0.isReference }
      .sorted { $0.mapping.matchingPriority < $1.mapping.matchingPriority }
    let matched = marked.lazy.compactMap { draft -> AttributePath? in
      guard case .line(let line) = draft.outcome(.none), line.isNoKey == nil else { return nil }
      return line.path
    }.first
    return EntraReferenceKeys(
      objectID: section.attribute(of: EntraColumns.names(of: "objectId")),
      principalName: section.attribute(of: ["userPrincipalName"]), matched: matched)
  }

  private mutating func leave(
    _ mapping: EntraSchema.AttributeMapping, _ reason: String, _ section: inout EntraSection
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
    leaveInPlace(sentence)
  }

  private func mapping(_ users: EntraSection, _ teams: EntraSection?) -> String {
    var text =
      "# SCIM attribute on the left, column or expression on the right. Only what is listed is written.\n"
    if users.ignoresCase {
      text +=
        "# NOTE where caseExact is off, Entra takes values for equal that differ in case; here that is a change.\n"
    }
    text += "mapping:\n  members:\n" + users.lines.map { "    \($0)\n" }.joined()
    if let teams { text += "  teams:\n" + teams.lines.map { "    \($0)\n" }.joined() }
    return text
  }

  /// Which groups are in scope, and the place for the roles of the application, which members have from their teams.
  private mutating func teams(_ section: EntraSection?, asksForRoles: Bool) -> String {
    var text = ""
    if let section, let groups = job.groups {
      let scope = EntraGroupScopeDraft(
        groups,
        namesAreColumns: section.carried.contains {
          $0.path == .displayName && $0.column?.lowercased() == "displayname"
        })
      scope.left.forEach { leaveInPlace($0) }
      text += scope.lines.map { "  \($0)\n" }.joined()
    }
    if asksForRoles { text += roles(hasTeams: section != nil) }
    return text.isEmpty ? "" : "\nteams:\n" + text
  }

  private func roles(hasTeams: Bool) -> String {
    let none = hasTeams ? "" : " There are no teams yet: Entra's mapping of groups is off."
    return """
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
    _ teams: [InspectedExport], users: EntraSection, teams section: EntraSection
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
        !exports.isEmpty && !exports.contains { kind(of: $0) == .memberships }
        ? "memberships: no file among those named lists them"
        : "memberships: neither the object ids nor the names of groups and users are mapped to an attribute that "
          + "memberships could name them by"
      leaveInPlace(sentence)
      return text + "  # NOT CARRIED OVER \(sentence)\n"
    }
    return text + "  memberships:\n" + references.joined()
  }

  private mutating func memberReferences(
    _ teams: [InspectedExport], users: EntraSection, teams section: EntraSection
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
    for export in exports where kind(of: export) == .memberships {
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

  private func matching(_ users: EntraSection, _ teams: EntraSection?) -> String {
    let adopted =
      "members: [\(EntraSection.yaml(users.memberKeys))]"
      + (teams.map { ", teams: [\(EntraSection.yaml($0.teamKeys))]" } ?? "")
    return "matching:\n" + users.memberMatching + (teams?.teamMatching ?? "") + """
        # NOTE Entra takes over accounts that match. Rollcall holds and lists them until this is decided:
        # adopt: {\(adopted)}

      """
  }

  private mutating func lifecycle() -> String {
    let actions = EntraActions(job.users)
    let teams = job.groups.map { $0.isEnabled ? EntraActions($0) : nil } ?? nil
    var text = actions.lifecycle(teams: teams)
    if actions.deletes, !actions.updates { leaveInPlace(actions.deletesWithoutUpdating) }
    guard let groups = job.groups else { return text }
    if !groups.isEnabled {
      text += "# The mapping of groups is turned off in Entra, so there are no teams.\n"
      return text
    }
    // Where the file says nothing, all is as it is by default.
    for note in groups.actions == nil ? [] : EntraActions(groups).notesOnGroups {
      text += "# \(note)\n"
      if note.hasPrefix(Self.mark) { leaveInPlace(String(note.dropFirst(Self.mark.count))) }
    }
    return text
  }

  private static let mark = "NOT CARRIED OVER "

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
    if let assigned, let key = surroundings.assignments?.key {
      text += assigned.section(key: key, resolve: resolve)
    }
    return text
  }

  // MARK: - What is left over

  private mutating func leaveJobSettings() {
    for other in job.others {
      leave("\(other): a policy has one mapping of users and one of groups")
    }
    let assignedOnly =
      assigned.map {
        "take \(resolve($0.path)) as an export of memberships, team: {name: Assigned}, leave that team out by "
          + "teams: exclude, and write scope: {assigned: [Assigned]}"
      } ?? "export those, or see Assigned people in the README"
    leave(
      "what is not in the file: whether only assigned users count (\(assignedOnly)), SkipOutOfScopeDeletions "
        + "(scope: leaving: leave), the threshold for accidental deletions (guards: removals), the notification address"
    )
  }

  /// Everything that no place of its own in the file tells of.
  private func leftOver() -> String {
    guard !untold.isEmpty else { return "" }
    return "\n# NOT CARRIED OVER\n"
      + untold.map { "#   \(EntraAttributeDraft.oneLine($0))\n" }.joined()
  }
}

extension UInt8 {
  /// What the name of a column in a filter may be made of without quotes.
  fileprivate var isLetterOfName: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || self == UInt8(ascii: "_")
  }
}
