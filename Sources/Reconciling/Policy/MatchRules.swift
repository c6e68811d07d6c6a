package import Identity

/// The `matching:` of a policy: which record is which member, and who owns what.
///
/// ```yaml
/// matching:
///   members: [externalId, userName]
///   teams: [externalId, displayName]
///   adopt: { members: [externalId] }
///   merge: { authority: [hr, entra-users], attributes: { title: hr } }
///   memberships: additive
/// ```
package struct MatchRules: Sendable, Hashable {
  /// `members:` Match keys, the first one tried first.
  ///
  /// Default: `externalId`, `userName`, as far as every people export maps them.
  package let memberKeys: [AttributePath]
  /// `teams:` The same for teams.
  ///
  /// Default: `externalId`, `displayName`, likewise.
  package let teamKeys: [AttributePath]
  /// `adopt.members:` The match keys that suffice to take over an unmanaged member.
  ///
  /// Default none.
  package let adoptMembers: [AttributePath]
  /// `adopt.teams:` The same for teams.
  package let adoptTeams: [AttributePath]
  /// `merge:` Default `off`.
  package let merge: MergeRule
  /// `memberships:` Default `additive`.
  package let memberships: UnclaimedEdges

  package func keys(for subject: MappingSubject) -> [AttributePath] {
    subject == .members ? memberKeys : teamKeys
  }

  package func adopted(for subject: MappingSubject) -> [AttributePath] {
    subject == .members ? adoptMembers : adoptTeams
  }
}

/// What it means that two people exports hold the same person.
package enum MergeRule: Sendable, Hashable {
  /// It is a duplicate: held.
  case off
  /// They are united. Each attribute is that of the first export in `authority` (every people
  /// export is in it) that knows it, unless `attributes` names another.
  case authority([String], attributes: [AttributePath: String])
}

/// What becomes of edges that Rollcall never wrote, in teams it has adopted.
package enum UnclaimedEdges: Sendable, Hashable {
  /// They stay and are reported.
  case additive
  /// They are removed, from the plan after the adoption on.
  case exact
  /// They are removed in these teams (display names) and stay in all others.
  case exactIn([String])
}

/// `matching:` as it was written; what it leaves out depends on the exports' mappings.
struct MatchSection {
  var memberKeys: [AttributePath]?
  var teamKeys: [AttributePath]?
  var adoptMembers: [AttributePath] = []
  var adoptTeams: [AttributePath] = []
  var merge = MergeRule.off
  var memberships = UnclaimedEdges.additive

  init() {}

  init(reading value: PolicyValue) {
    guard let section = value.section("members", "teams", "adopt", "merge", "memberships") else {
      return
    }
    memberKeys = section["members"]?.attributePaths()
    teamKeys = section["teams"]?.attributePaths()
    if let adopt = section["adopt"]?.section("members", "teams") {
      adoptMembers = adopt["members"]?.attributePaths() ?? []
      adoptTeams = adopt["teams"]?.attributePaths() ?? []
    }
    merge = section["merge"].flatMap(MergeRule.init(reading:)) ?? .off
    memberships = section["memberships"].flatMap(UnclaimedEdges.init(reading:)) ?? .additive
  }
}

extension MergeRule {
  fileprivate init?(reading value: PolicyValue) {
    guard value.isMapping else {
      guard value.scalar == "off" else {
        value.mismatch(.wordOrMapping("off"))
        return nil
      }
      self = .off
      return
    }
    guard let section = value.section("authority", "attributes"),
      let authority = section.required("authority")?.texts()
    else { return nil }
    var attributes: [AttributePath: String] = [:]
    for entry in section["attributes"]?.freeSection()?.entries ?? [] {
      do {
        attributes[try AttributePath(parsing: entry.name)] = entry.value.text()
      } catch {
        entry.report(.attributeSyntax(entry.name, error))
      }
    }
    self = .authority(authority, attributes: attributes)
  }
}

extension UnclaimedEdges {
  private enum Word: String, CaseIterable {
    case additive
    case exact
  }

  fileprivate init?(reading value: PolicyValue) {
    guard value.isMapping else {
      switch value.word(of: Word.self) {
      case .additive: self = .additive
      case .exact: self = .exact
      case nil: return nil
      }
      return
    }
    guard let teams = value.section("exact")?.required("exact")?.texts() else { return nil }
    self = .exactIn(teams)
  }
}

extension PolicyValue {
  fileprivate func attributePaths() -> [AttributePath]? {
    guard texts() != nil, let items = items() else { return nil }
    return items.compactMap { $0.scalar == nil ? nil : $0.attributePath() }
  }
}
