import Reading
import Scanning

/// A first policy file for exports that have been inspected, with comments for whoever goes on with it.
///
/// ```
/// exports:
///   people:
///     - name: users
///       path: users.json            # json, 1204 records
///       content: full
///       preset: entra
/// ```
package struct PolicyDraft: Sendable {
  private let exports: [InspectedExport]
  private let resolve: @Sendable (String) -> String

  /// - Parameters:
  ///   - exports: at least one of people or teams.
  ///   - resolve: how a path is written in the policy, which is relative to its own folder.
  package init(
    _ exports: [InspectedExport], resolve: @escaping @Sendable (String) -> String = { $0 }
  ) {
    self.exports = exports
    self.resolve = resolve
  }

  /// Whether there is anything to make a policy of.
  package var isPossible: Bool {
    exports.contains { $0.kind == .people || $0.kind == .teams }
  }

  package var text: String {
    var names = UniqueNames()
    let people = exports.filter { $0.kind == .people }.map { entry($0, &names) }
    let teams = exports.filter { $0.kind == .teams }
    let directories = exports.filter { $0.kind == .people && $0.holdsTeams }
    let teamEntries =
      teams.map { entry($0, &names) }
      + directories.map { presetEntry($0, &names, suffix: "-groups") }
    let users = exports.filter { isOfRealm($0) }
    let memberships = ((teams + directories).filter(\.namesMembers) + users).map {
      presetEntry($0, &names, suffix: "-members")
    }
    let filesOfOneTeam = exports.filter(\.isOfOneTeam)
    let named = filesOfOneTeam.compactMap { oneTeam($0, &names) }
    let lists = exports.filter { $0.kind == .memberships && !$0.isOfOneTeam }
      .compactMap { list($0, &names) }
    var text = Self.head
    text += "exports:\n"
    text += section("people", people)
    text += section("teams", teamEntries)
    if people.isEmpty, !(memberships + named + lists).isEmpty {
      text += "  # Memberships need an export of the people whom they name.\n"
    } else {
      text += section("memberships", memberships + named + (teamEntries.isEmpty ? [] : lists))
    }
    for export in filesOfOneTeam where nameOfTeam(export) == nil {
      text += oneTeamComment(export, isFirst: memberships.isEmpty && named.isEmpty)
    }
    for export in exports where export.kind == nil {
      text += "  # \(comment(export.path)): its columns do not tell what it holds.\n"
    }
    if teamEntries.isEmpty, !lists.isEmpty {
      text += "  # Memberships need an export of the teams that they name:\n"
      text +=
        "  # memberships:\n" + lists.joined().split(separator: "\n").map { "  #\($0)\n" }.joined()
    }
    for export in exports
    where export.preset == .keycloak && export.kind == .people && !isOfRealm(export) {
      text += realmComment(export)
    }
    return text + tail(hasTeams: !teamEntries.isEmpty)
  }

  private static let head = """
    # Written by rollcall init. Check it with: rollcall check
    # Paths are relative to this file.

    # Where rollcall keeps what it knows, and the journal of every run.
    state: rollcall.db


    """

  private func section(_ name: String, _ entries: [String]) -> String {
    entries.isEmpty ? "" : "  \(name):\n" + entries.joined()
  }

  // MARK: - Exports

  private func beginning(
    _ export: InspectedExport, _ name: String, count: Int? = nil
  ) -> String {
    let content = export.content
    var text = "    - name: \(name)\n"
    text += "      # \(content.format.rawValue), \(content.encoding.rawValue), "
    let records = count ?? content.recordCount
    text += "\(records) record\(records == 1 ? "" : "s")\n"
    text += "      path: \(YAMLText(resolve(export.path)))\n"
    text +=
      export.isDelta
      ? "      content: delta             # what has changed: nobody leaves by not being in it\n"
      : "      content: full              # everybody is in it: who is missing has left\n"
    if let manifest = export.manifest {
      let place = manifest.hasPrefix("{file}") ? manifest : resolve(manifest)
      text += "      manifest: \(YAMLText(place))   # removes nobody unless it agrees\n"
    }
    return text
  }

  private func entry(_ export: InspectedExport, _ names: inout UniqueNames) -> String {
    // The records of a SCIM service are people and groups.
    let groups = export.preset == .scim ? export.groupCount ?? 0 : 0
    var text = beginning(
      export, names.name(for: export.path), count: export.content.recordCount - groups)
    guard export.preset == .none else {
      return text + "      preset: \(export.preset.rawValue)\n"
    }
    let mapping = DraftedMapping(export)
    text += "      mapping:                   # attribute on the left, column on the right\n"
    for line in mapping.lines {
      text += "        \(YAMLText(line.attribute)): \(YAMLText(line.column))\n"
    }
    if let active = mapping.active {
      text += "        active: {column: \(YAMLText(active.column)), "
      text += "\"true\": \(YAMLText.list(active.yes)), \"false\": \(YAMLText.list(active.no))}\n"
    }
    if let column = mapping.unclear {
      text += "        # \(comment(column.name)) may say who is active; name its words:\n"
      text +=
        "        # active: {column: \(YAMLText(column.name)), \"true\": […], \"false\": […]}\n"
    }
    let used = Set(mapping.lines.map(\.column) + [mapping.active?.column].compactMap(\.self))
    let others = export.content.columns.map(\.name).filter { !used.contains($0) && !$0.isEmpty }
    if !others.isEmpty {
      text += "        # not mapped: \(comment(others.joined(separator: ", ")))\n"
    }
    return text
  }

  /// Teams or memberships in a file that holds other things, too; the preset knows where.
  private func presetEntry(
    _ export: InspectedExport, _ names: inout UniqueNames, suffix: String
  ) -> String {
    let count = suffix == "-groups" || export.preset == .scim ? export.groupCount : nil
    return beginning(export, names.name(for: export.path, suffix: suffix), count: count)
      + "      preset: \(export.preset.rawValue)\n"
  }

  private func list(_ export: InspectedExport, _ names: inout UniqueNames) -> String? {
    func column(_ wanted: [String]) -> String? {
      wanted.lazy.compactMap { name in
        export.content.columns.first { DraftedMapping.plain($0.name) == name }?.name
      }.first
    }
    let ids = (column(["groupid", "teamid"]), "externalId")
    let teamNames = (column(["groupname", "teamname", "group", "team"]), "displayName")
    let people = (column(["userprincipalname", "username", "login", "email", "mail"]), "userName")
    let memberIDs = (column(["memberid", "memberiduserid", "userid"]), "externalId")
    guard let team = [ids, teamNames].first(where: { $0.0 != nil }),
      let member = [memberIDs, people].first(where: { $0.0 != nil }), let teamColumn = team.0,
      let memberColumn = member.0
    else { return nil }
    return beginning(export, names.name(for: export.path))
      + "      team: {column: \(YAMLText(teamColumn)), key: \(team.1)}\n"
      + "      member: {column: \(YAMLText(memberColumn)), key: \(member.1)}\n"
  }

  // MARK: - Files of one team

  /// The members of one group, where something tells which.
  private func oneTeam(_ export: InspectedExport, _ names: inout UniqueNames) -> String? {
    guard let team = nameOfTeam(export) else { return nil }
    return beginning(export, names.name(for: export.path))
      + "      preset: \(export.preset.rawValue)\n      team: {name: \(YAMLText(team))}"
      + "      # a guess: the file does not say of which group its members are\n"
      + memberOfOneTeam(export)
  }

  /// A preset whose groups name their members reads a list of them only when it is told how.
  private func memberOfOneTeam(_ export: InspectedExport) -> String {
    export.preset == .entra || export.preset == .okta
      ? "      member: {column: id, key: externalId}\n" : ""
  }

  /// A group that the file's name tells of, or the only one there is; without any export of groups, what the name
  /// says.
  private func nameOfTeam(_ export: InspectedExport) -> String? {
    let groups = exports.filter { $0.kind == .teams && $0.preset == export.preset }
    let base = String(RunExport.baseName(of: export.path).prefix { $0 != "." })
    guard !groups.isEmpty else {
      let words = base.split { !$0.isLetter && !$0.isNumber }.filter {
        !Self.wordsForMembers.contains($0.lowercased())
      }
      return words.isEmpty ? nil : words.joined(separator: " ")
    }
    let known = groups.flatMap { group in
      group.content.columns.first {
        ["name", "displayName", "profile.name"].contains($0.name)
      }?.vocabulary ?? []
    }
    let file = DraftedMapping.plain(base)
    let told = known.filter { name in
      let plain = DraftedMapping.plain(name)
      return !plain.isEmpty && file.contains(plain)
    }
    let isOnlyOne = groups.map(\.content.recordCount).reduce(0, +) == 1
    return told.count == 1 ? told[0] : told.isEmpty && isOnlyOne ? known.first : nil
  }

  private static let wordsForMembers: Set = [
    "google", "members", "member", "list", "group", "groups", "users", "user", "directory",
    "export",
  ]

  /// What to take the `#` away from, once the group is known.
  private func oneTeamComment(_ export: InspectedExport, isFirst: Bool) -> String {
    var text =
      "  # \(comment(export.path)): the members of one group, which the file does not name. Write its name here,\n"
    text += "  # as the export of groups has it:\n"
    if isFirst { text += "  # memberships:\n" }
    var names = UniqueNames()
    let entry =
      beginning(export, names.name(for: export.path))
      + "      preset: \(export.preset.rawValue)\n      team: {name: …}\n"
      + memberOfOneTeam(export)
    return text + entry.split(separator: "\n").map { "  # \($0.dropFirst(2))\n" }.joined()
  }

  /// Whether it has users of a realm whose groups are in another file, as `kc.sh export` writes them to a folder.
  private func isOfRealm(_ export: InspectedExport) -> Bool {
    export.preset == .keycloak && export.kind == .people && !export.holdsTeams
      && ColumnNames(export.content.columns.map(\.name)).has("groups")
      && exports.contains { $0.preset == .keycloak && ($0.kind == .teams || $0.holdsTeams) }
  }

  /// What users of Keycloak lack for their memberships.
  private func realmComment(_ export: InspectedExport) -> String {
    let name = comment(export.path)
    let namesGroups = ColumnNames(export.content.columns.map(\.name)).has("groups")
    switch (export.groupCount ?? 0, namesGroups) {
    case (0, true):
      return
        "  # \(name): its users name groups, and it has no list of groups: there are no teams without one, as a\n"
        + "  # whole realm has (kc.sh export, or a partial export with groups).\n"
    case (0, false):
      return
        "  # \(name): no groups are in it, so there are no teams. A whole realm has them (kc.sh export).\n"
    case (_, false):
      return
        "  # \(name): its users do not name their groups, so there are no memberships. kc.sh export writes users with them\n"
        + "  # (--users same_file).\n"
    case (_, true):
      return ""
    }
  }

  // MARK: - What is decided for everybody

  private func tail(hasTeams: Bool) -> String {
    """

    lifecycle:
      leavers:
        deactivate: 1                # after so many nights without the person
        stripTeams: never
        delete: never

    # When an export is not believed, and then removes nobody. Say trailer: or manifest: in an export if
    # whoever writes it says how many records there are; else a file that was cut between two records
    # shows only in being shorter.
    health:
      recordFall: 10                 # percent fewer records than last time
      # maxAge: 26h                  # an older file removes nobody

    # The most that one plan may do; what is not listed has rollcall's defaults.
    # guards:
    #   removals: {count: 20, percent: 5, floor: 5}

    # Never removed, disabled or renamed, whatever the exports say.
    # protected:
    #   members: ["admin@example.com"]
    \(hasTeams ? "#   teams: [Administrators]\n" : "")
    """
  }

  /// What fits into a comment: one line.
  private func comment(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 })
  }
}

extension InspectedExport {
  /// Whether its teams have their members with them, in a place that the preset knows.
  fileprivate var namesMembers: Bool {
    let names = ColumnNames(content.columns.map(\.name))
    // In a realm it is the users who name their groups.
    if preset == .keycloak, groupCount != nil { return names.has("groups") }
    let lists = ["members.value", "members.id", "members@delta.id", "members"]
    if groupCount != nil { return holdsTeams && names.hasAny(lists) }
    guard kind == .teams, preset != .none, !isDirectory else { return holdsTeams }
    return names.hasAny(lists)
  }
}

/// Names of exports, taken from their files, no two the same.
private struct UniqueNames {
  private var used: Set<String> = []

  mutating func name(for path: String, suffix: String = "") -> String {
    let base = RunExport.baseName(of: path).prefix { $0 != "." }
    let letters = base.unicodeScalars.map { scalar in
      ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
        || scalar == "_" ? Character(scalar) : "-"
    }
    let plain = String(letters).split(separator: "-").joined(separator: "-").prefix(80)
    let name = (plain.isEmpty ? "export" : String(plain)) + suffix
    var candidate = name
    var number = 2
    while !used.insert(candidate).inserted {
      candidate = "\(name)-\(number)"
      number += 1
    }
    return candidate
  }
}

/// A text as YAML takes it: plain where that is safe, else in quotes.
struct YAMLText: CustomStringConvertible {
  let description: String

  init(_ text: String) {
    let isPlain =
      text.first.map { $0.isASCII && $0.isLetter } ?? false
      && text.unicodeScalars.allSatisfy {
        $0.isASCII && ($0.properties.isAlphabetic || "0123456789._-/@".unicodeScalars.contains($0))
      }
      && !["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(text.lowercased())
    description = isPlain ? text : Self.quoted(text)
  }

  static func list(_ texts: [String]) -> String {
    "[" + texts.map(quoted).joined(separator: ", ") + "]"
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        quoted += "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
