import Identity
import Mapping

/// What only the sections of a policy together can show.
struct PolicyCheck {
  let exports: Exports
  let written: MatchSection
  let problems: PolicyProblems
  private let matchingPath = PolicyPath.root.key("matching")

  init(exports: Exports, written: MatchSection, problems: PolicyProblems) {
    self.exports = exports
    self.written = written
    self.problems = problems
  }

  /// The match rules with what the policy left out.
  var rules: MatchRules {
    MatchRules(
      memberKeys: written.memberKeys ?? defaultKeys(.members),
      teamKeys: written.teamKeys ?? defaultKeys(.teams),
      adoptMembers: written.adoptMembers, adoptTeams: written.adoptTeams, merge: written.merge,
      memberships: written.memberships)
  }

  /// The usual keys that every export maps, from a column.
  private func defaultKeys(_ subject: MappingSubject) -> [AttributePath] {
    let mappings = exports.mappings(of: subject)
    guard !mappings.isEmpty else { return [] }
    return Preset.none.matchKeys(for: subject).filter { key in
      mappings.allSatisfy {
        $0.contains { $0.path == key && !$0.isConstant && !$0.isInitial }
      }
    }
  }

  // MARK: Names

  /// A name means one export, now and in the past: ownership in the state rests on it.
  func exportNames() {
    var owners: Set<String> = []
    let all = places
    for (settings, path) in all where !settings.name.isEmpty {
      guard !owners.insert(settings.name).inserted else { continue }
      problems.report(.nameTaken(settings.name), at: path.key("name"))
    }
    for (settings, path) in all {
      for (index, name) in settings.formerly.enumerated() where !owners.insert(name).inserted {
        problems.report(.nameTaken(name), at: path.key("formerly").index(index))
      }
    }
  }

  private var places: [(ExportSettings, PolicyPath)] {
    let root = PolicyPath.root.key("exports")
    func places(_ name: String, _ settings: [ExportSettings]) -> [(ExportSettings, PolicyPath)] {
      settings.enumerated().map { ($1, root.key(name).index($0)) }
    }
    return places("people", exports.people.map(\.settings))
      + places("teams", exports.teams.map(\.settings))
      + places("memberships", exports.memberships.map(\.settings))
  }

  // MARK: Matching

  func matching() {
    for subject in MappingSubject.allCases {
      matchKeys(of: subject)
      adoption(of: subject)
    }
    merge()
  }

  private func matchKeys(of subject: MappingSubject) {
    let path = matchingPath.key(subject.rawValue)
    let names: [String]
    switch subject {
    case .members: names = exports.people.map(\.settings.name)
    case .teams: names = exports.teams.map(\.settings.name)
    }
    guard !names.isEmpty else { return }
    let stated = subject == .members ? written.memberKeys : written.teamKeys
    for (index, key) in (stated ?? []).enumerated() where key.isBoolean {
      problems.report(.keyIsBoolean(key.description), at: path.index(index))
    }
    for (name, mapping) in zip(names, exports.mappings(of: subject)) {
      for (index, key) in rules.keys(for: subject).enumerated() {
        let place = stated == nil ? path : path.index(index)
        guard let rule = mapping.first(where: { $0.path == key }) else {
          let near = Suggestion.nearest(
            to: key.description, among: mapping.map(\.path.description))
          problems.report(
            .keyNotMapped(key.description, export: name, suggestion: near), at: place)
          continue
        }
        if rule.isConstant {
          problems.report(.keyIsConstant(key.description, export: name), at: place)
        }
        if rule.kind != .string, rule.kind != .boolean {
          problems.report(.keyIsTyped(key.description, rule.kind.rawValue), at: place)
        }
        if rule.isInitial { problems.report(.keyIsInitial(key.description), at: place) }
        if rule.whenEmpty == .clear {
          problems.report(.mustNotBeCleared(key.description), at: place)
        }
      }
    }
  }

  private func adoption(of subject: MappingSubject) {
    let keys = rules.keys(for: subject)
    let path = matchingPath.key("adopt").key(subject.rawValue)
    for (index, key) in rules.adopted(for: subject).enumerated() where !keys.contains(key) {
      problems.report(.adoptNotAKey(key.description), at: path.index(index))
    }
  }

  private func merge() {
    guard case .authority(let authority, let attributes) = written.merge else { return }
    let path = matchingPath.key("merge")
    let names = exports.people.map(\.settings.name)
    for (index, name) in authority.enumerated() where !names.contains(name) {
      unknownExport(name, among: names, at: path.key("authority").index(index))
    }
    let leftOut = names.filter { !authority.contains($0) }
    if !leftOut.isEmpty { problems.report(.exportsLeftOut(leftOut), at: path.key("authority")) }
    for (attribute, name) in attributes.sorted(by: { $0.key < $1.key }) {
      let place = path.key("attributes").key(attribute.description)
      mapped(attribute, as: .members, at: place)
      guard let mapping = exports.people.first(where: { $0.settings.name == name })?.mapping else {
        unknownExport(name, among: names, at: place)
        continue
      }
      // Where no export maps it, that has been said.
      let others = exports.people.flatMap(\.mapping)
      if others.contains(where: { $0.path == attribute }),
        !mapping.contains(where: { $0.path == attribute })
      {
        problems.report(
          .keyNotMapped(attribute.description, export: name, suggestion: nil), at: place)
      }
    }
  }

  private func unknownExport(_ name: String, among names: [String], at path: PolicyPath) {
    problems.report(
      .unknownExport(name, suggestion: Suggestion.nearest(to: name, among: names)), at: path)
  }

  // MARK: Memberships

  /// Teams and members can only be found by attributes that the state has of them.
  func memberships() {
    let root = PolicyPath.root.key("exports").key("memberships")
    for (index, export) in exports.memberships.enumerated() {
      let team = root.index(index).key("team")
      mapped(export.team.key, as: .teams, at: team.key("key"))
      mapped(export.member.key, as: .members, at: root.index(index).key("member").key("key"))
    }
  }

  // MARK: Teams

  func teams(_ settings: TeamSettings) {
    let root = PolicyPath.root.key("teams")
    if settings.nested == .flatten {
      for export in exports.memberships where export.settings.content == .delta {
        problems.report(.flattenNeedsFull(export.settings.name), at: root.key("nested"))
      }
    }
    let names = exports.people.map(\.settings.name)
    for rule in settings.rules {
      let place = root.key("rules").key(rule.name)
      if names.isEmpty { problems.report(.ruleWithoutPeople, at: place) }
      for name in rule.exports ?? [] where !names.contains(name) {
        unknownExport(name, among: names, at: place.key("exports"))
      }
      for export in exports.people where rule.exports?.contains(export.settings.name) ?? true {
        for column in rule.filter.columns {
          export.settings.checkHeader(has: [column], at: place, problems: problems)
        }
      }
    }
  }

  /// Who is assigned is read from the files of tonight alone.
  func assignment() {
    let people = PolicyPath.root.key("exports").key("people")
    for (index, export) in exports.people.enumerated() where export.scope?.assigned != nil {
      let place = people.index(index).key("scope").key("assigned")
      if exports.memberships.isEmpty { problems.report(.assignedWithoutMemberships, at: place) }
      let others = exports.teams.map(\.settings) + exports.memberships.map(\.settings)
      for settings in others where settings.content == .delta {
        problems.report(.assignedNeedsFull(settings.name), at: place)
      }
    }
  }

  // MARK: Types and references

  /// An attribute is one thing in all exports, and what references name people by is there to be found.
  func types(_ teams: TeamSettings) {
    var kinds: [AttributePath: ManagedAttribute.Kind] = [:]
    let rules = exports.people.flatMap(\.mapping)
    let roles = teams.memberRoleAttributes.map(\.path)
    for rule in rules {
      func report(_ kind: PolicyProblem.Kind) {
        problems.report(
          kind, at: PolicyPlace(line: rule.line ?? 1, column: 1),
          path: PolicyPath.root.key("mapping").key("members").key(rule.path.description))
      }
      // The roles that teams give would be no longer in the list the next night, and in it again the night after.
      let parts = rules.map(\.path) + roles
      if rule.kind == .list, let part = parts.first(where: { $0.isPart(of: rule.path) }) {
        report(.wholeAndPart(rule.path.description, part: part.description))
      }
      if let known = kinds[rule.path], known != rule.kind {
        report(.typesDiffer(rule.path.description, rule.kind.rawValue, known.rawValue))
      }
      kinds[rule.path] = rule.kind
      guard let key = rule.references else { continue }
      guard let other = rules.first(where: { $0.path == key }) else {
        let near = Suggestion.nearest(
          to: key.description, among: rules.map(\.path.description))
        report(.notMapped(key.description, suggestion: near))
        continue
      }
      if other.kind != .string { report(.keyIsTyped(key.description, other.kind.rawValue)) }
    }
  }

  private func mapped(_ key: AttributePath, as subject: MappingSubject, at path: PolicyPath) {
    var paths = Set(exports.mappings(of: subject).flatMap { $0.map(\.path) })
    // With no export of teams, those come from memberships and have at least their usual keys. Of members the state
    // has no more than what is mapped.
    if paths.isEmpty, subject == .teams { paths = Set(Preset.none.matchKeys(for: subject)) }
    guard !paths.contains(key) else { return }
    let near = Suggestion.nearest(
      to: key.description, among: paths.sorted().map(\.description))
    problems.report(.notMapped(key.description, suggestion: near), at: path)
  }
}

extension AttributePath {
  /// Whether it is one of the values that an attribute has as a whole.
  fileprivate func isPart(of whole: AttributePath) -> Bool {
    self != whole && schema == whole.schema && attribute == whole.attribute
  }
}
