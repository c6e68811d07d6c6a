package import Identity

/// What one Rollcall job is to do: the file `rollcall.yaml`, read and checked.
///
/// ```yaml
/// preset: entra
/// exports:
///   people:
///     - name: entra-users
///       path: exports/users*.csv
///       content: full
/// ```
///
/// That is a whole policy; everything else has a default, and every default is the careful one. The
/// doc comments of the types say what each key means; `CompletePolicy` in the tests shows them all.
package struct Policy: Sendable, Hashable {
  /// The policy file as the operator named it; relative paths in it start in its folder.
  package let path: String
  /// `state:` The state's SQLite file as written.
  ///
  /// Default `rollcall.db`.
  package let state: String
  /// `reports:` The folder for reports as written.
  ///
  /// Default `Reports`.
  package let reports: String
  /// `exports:` What is read.
  package let exports: Exports
  /// `matching:` Which record is which member.
  package let matching: MatchRules
  /// `teams:` Which teams there are besides, and what they are called.
  package let teams: TeamSettings
  /// `lifecycle:` What becomes of people who leave.
  package let lifecycle: Lifecycle
  /// `guards:` How much a plan may do.
  package let guards: Guards
  /// `protected:` Whom no plan may touch.
  package let protected: Protection
  /// `expressions:` What expressions of the mapping can refer to.
  package let expressions: Expressions
  /// `health:` When an export is not believed.
  package let health: HealthLimits
  /// What is worth knowing about the file, though it can be used as it is.
  package let notes: [PolicyProblem]

  /// Where a path of the policy leads from the folder the program runs in.
  ///
  /// `exports/users.csv` in `/etc/rollcall/rollcall.yaml` is `/etc/rollcall/exports/users.csv`.
  package func resolved(_ relative: String) -> String {
    Self.resolved(relative, from: path)
  }

  static func resolved(_ relative: String, from path: String) -> String {
    guard !relative.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return relative }
    return path[...slash] + relative
  }

  /// The policy's own folder; nil where that is the folder the program runs in.
  var folder: String? {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) }
  }

  package var statePath: String { resolved(state) }

  package var reportsPath: String { resolved(reports) }

  /// The rules for one export: preset, shared mapping and its own, one over the other.
  package func effectiveMapping(for export: PeopleExport) -> [MappingRule] { export.mapping }

  /// The rules for one export: preset, shared mapping and its own, one over the other.
  package func effectiveMapping(for export: TeamsExport) -> [MappingRule] { export.mapping }

  /// Everything that some export maps, and with that all that is compared and written.
  package func attributeSet(for subject: MappingSubject) -> AttributeSet {
    let mapped = exports.mappings(of: subject).flatMap(\.self).map {
      ManagedAttribute(path: $0.path, kind: $0.kind)
    }
    let roles = subject == .members ? teams.memberRoleAttributes.map(\.path) : []
    return AttributeSet(mapped + roles.map { ManagedAttribute(path: $0) })
  }
}

extension Policy {
  /// The attributes of members that `SelectUniqueValue` chooses for somebody, in canonical order.
  var chosenAttributes: [AttributePath] {
    Set(exports.people.flatMap(\.mapping).filter(\.asksForUniqueValue).map(\.path)).sorted()
  }
}

extension Policy {
  /// The attributes that reports do not show, in canonical order: what `Redact` is somewhere in the expression of.
  var redacted: [AttributePath] {
    let rules = exports.people.flatMap(\.mapping) + exports.teams.flatMap(\.mapping)
    return Set(rules.filter(\.isRedacted).map(\.path)).sorted()
  }

  /// Whether some export counts only people who are in a team.
  var asksForAssignment: Bool { exports.people.contains { $0.scope?.assigned != nil } }

  /// The attributes of members by which references name them, in canonical order.
  var referenceKeys: [AttributePath] {
    Set(exports.people.flatMap(\.mapping).compactMap(\.references)).sorted()
  }
}

extension Exports {
  /// The effective mapping of each export of people, or of teams.
  func mappings(of subject: MappingSubject) -> [[MappingRule]] {
    switch subject {
    case .members: people.map(\.mapping)
    case .teams: teams.map(\.mapping)
    }
  }
}
