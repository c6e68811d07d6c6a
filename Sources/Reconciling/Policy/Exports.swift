import Identity
import Mapping

/// An export of people, and how its columns make members.
package struct PeopleExport: Sendable, Hashable {
  package let settings: ExportSettings
  /// What applies to it after preset, `mapping.members` and its own `mapping:`; in canonical order.
  package fileprivate(set) var mapping: [MappingRule]
  /// `scope:` Which of its records count; nil for all.
  package let scope: ExportScope?
}

/// An export of teams, and how its columns make them.
package struct TeamsExport: Sendable, Hashable {
  package let settings: ExportSettings
  /// What applies to it after preset, `mapping.teams` and its own `mapping:`; in canonical order.
  package let mapping: [MappingRule]
}

/// The `exports:` of a policy; at least one of people or of teams.
package struct Exports: Sendable, Hashable {
  package let people: [PeopleExport]
  package let teams: [TeamsExport]
  package let memberships: [MembershipsExport]

  /// All of them, in the order of the file: people, teams, memberships.
  package var all: [ExportSettings] {
    people.map(\.settings) + teams.map(\.settings) + memberships.map(\.settings)
  }
}

extension Exports {
  static let none = Exports(people: [], teams: [], memberships: [])

  init(
    reading value: PolicyValue, preset: Preset, members: MappingLayer, teams: MappingLayer
  ) {
    guard let section = value.section("people", "teams", "memberships") else {
      self = .none
      return
    }
    let keys = ExportSettings.keys + ["preset", "mapping"]
    self.init(
      people: section.list("people").compactMap { value in
        value.section(keys: keys + ["scope"]).map {
          PeopleExport(reading: $0, preset: preset, shared: members)
        }
      }.withoutOpenReferences,
      teams: section.list("teams").compactMap { value in
        value.section(keys: keys).map { TeamsExport(reading: $0, preset: preset, shared: teams) }
      },
      memberships: section.list("memberships").compactMap { value in
        value.section(keys: ExportSettings.keys + ["preset", "team", "member"])
          .map { MembershipsExport(reading: $0, preset: preset) }
      })
    if people.isEmpty, self.teams.isEmpty, section["people"] == nil, section["teams"] == nil {
      section.report(.noExports)
    }
  }
}

extension PolicySection {
  /// The items under `name`; a list that is there must not be empty.
  fileprivate func list(_ name: String) -> [PolicyValue] {
    guard let value = self[name], let items = value.items() else { return [] }
    if items.isEmpty { value.report(.emptyList) }
    return items
  }

  /// Preset, the policy's mapping and the export's own, one over the other.
  fileprivate func mapping(
    _ settings: ExportSettings, shared: MappingLayer, subject: MappingSubject
  ) -> [MappingRule] {
    let required = subject.requiredAttribute
    let below = shared.over(settings.preset.rules(for: subject, content: settings.content))
    let own = MappingLayer(reading: self["mapping"], subject: subject)
    for path in own.removingNothing(of: below) {
      problems.report(
        .removesNothing(path.description),
        at: self.path.key("mapping").key(own.spellings[path] ?? ""))
    }
    for rule in own.over([]) {
      guard let key = own.spellings[rule.path] else { continue }
      let path = self.path.key("mapping").key(key)
      for columns in rule.columnAlternatives {
        settings.checkHeader(has: columns, at: path, problems: problems)
      }
    }
    let rules = own.over(below)
    if shared.isWhole, own.isWhole, !rules.contains(where: { $0.path == required }) {
      report(.requiredNotMapped(required.description, export: settings.name))
    }
    return rules
  }
}

extension [PeopleExport] {
  /// Without a preset's references by an attribute that nobody maps as text, or where the policy has another kind of value.
  fileprivate var withoutOpenReferences: [PeopleExport] {
    let rules = flatMap(\.mapping)
    let texts = Set(rules.filter { $0.kind == .string }.map(\.path))
    let others = Set(rules.filter { $0.references == nil }.map(\.path))
    return map { export in
      var export = export
      export.mapping.removeAll { rule in
        guard rule.origin == .preset, let key = rule.references else { return false }
        return !texts.contains(key) || others.contains(rule.path)
      }
      return export
    }
  }
}

extension PeopleExport {
  fileprivate init(reading section: PolicySection, preset: Preset, shared: MappingLayer) {
    settings = ExportSettings(reading: section, defaultPreset: preset)
    mapping = section.mapping(settings, shared: shared, subject: .members)
    scope = section["scope"].flatMap(ExportScope.init(reading:))
    for column in scope?.filter?.columns ?? [] {
      settings.checkHeader(
        has: [column], at: section.path.key("scope"), problems: section.problems)
    }
  }
}

extension TeamsExport {
  fileprivate init(reading section: PolicySection, preset: Preset, shared: MappingLayer) {
    settings = ExportSettings(reading: section, defaultPreset: preset)
    mapping = section.mapping(settings, shared: shared, subject: .teams)
  }
}
