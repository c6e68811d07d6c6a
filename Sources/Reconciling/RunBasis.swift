import Identity
import PlanFile
import Planning
import Storing

/// What all stages of one run share: attributes, keys, hashes and rules, made from the policy.
struct RunBasis: Sendable {
  let memberAttributes: AttributeSet
  let teamAttributes: AttributeSet
  /// Match keys in order, then keys by which memberships name members, attributes that `SelectUniqueValue`
  /// chooses, and `userName` in any case: a name that is no key may be taken, too.
  let memberKeys: [MatchKey]
  let matchCount: Int
  let teamKeys: [MatchKey]
  let keyHasher: KeyHasher
  let fingerprinter: Fingerprinter
  let teamFingerprinter: Fingerprinter
  let edgeHasher: EdgeHasher
  let rules: PlanningRules
  let retiredRoles: RetiredRoles

  /// The attributes that no two members may share: the match keys and `userName`.
  var uniqueKeys: [MatchKey] {
    let match = Array(memberKeys.prefix(matchCount))
    guard let id = memberAttributes.id(of: .userName), !match.contains(where: { $0.id == id })
    else { return match }
    return match + [MatchKey(path: .userName, id: id)]
  }

  /// What the state's index columns mean for this policy.
  var index: IndexBasis {
    IndexBasis(attributes: memberAttributes, keys: memberKeys, unique: uniqueKeys)
  }

  init(_ policy: Policy, _ store: StateStore, roster: ExportRoster) throws(JobFailure) {
    let secret = store.secret(.fingerprints)
    retiredRoles = try JobFailure.storing { () throws(StoreFailure) in
      try RetiredRoles(policy, store: store)
    }
    memberAttributes = AttributeSet(
      policy.attributeSet(for: .members).attributes
        + retiredRoles.paths.map { ManagedAttribute(path: $0) })
    // A team that only its memberships name has a display name and nothing else.
    let teams = policy.attributeSet(for: .teams)
    let display = ManagedAttribute(path: .displayName)
    let roles = policy.teams.roles == nil ? [] : [ManagedAttribute(path: .teamRoles)]
    teamAttributes = AttributeSet(teams.attributes + [display] + roles)
    let match = Self.keys(policy.matching.memberKeys, memberAttributes)
    let references = Self.keys(
      policy.exports.memberships.map(\.member.key) + [.userName] + policy.chosenAttributes
        + policy.referenceKeys,
      memberAttributes)
    matchCount = match.count
    memberKeys = match + references.filter { !match.contains($0) }.uniqued()
    let teamPaths = policy.matching.teamKeys.isEmpty ? [.displayName] : policy.matching.teamKeys
    teamKeys = Self.keys(teamPaths, teamAttributes)
    keyHasher = KeyHasher(keys: memberKeys, secret: secret)
    fingerprinter = Fingerprinter(attributes: memberAttributes, secret: secret)
    teamFingerprinter = Fingerprinter(attributes: teamAttributes, secret: secret)
    edgeHasher = EdgeHasher(secret: secret)
    var rules = PlanningRules(
      memberAttributes: memberAttributes, teamAttributes: teamAttributes, memberKeys: match,
      teamKeys: teamKeys,
      adoptMembers: Self.places(policy.matching.adoptMembers, in: match),
      adoptTeams: Self.places(policy.matching.adoptTeams, in: teamKeys),
      ladder: PlanningRules.Ladder(policy.lifecycle.leavers),
      createsDisabled: policy.lifecycle.createDisabled,
      reactivation: PlanningRules.Reactivation(policy.lifecycle.reactivate),
      maxHeld: Int(policy.lifecycle.maxHeld.components.seconds),
      protectedMembers: ProtectedList(policy.protected.members),
      protectedTeams: ProtectedList(policy.protected.teams),
      exactTeams: PlanningRules.ExactTeams(policy.matching.memberships),
      updatesFromUnreliable: policy.health.onUnreliable == .updates,
      merge: Planning.MergeRule(policy.matching.merge, roster, memberAttributes))
    rules.createsMembers = policy.lifecycle.create == .always
    rules.updatesMembers = policy.lifecycle.update == .always
    rules.createsTeams = policy.lifecycle.teams.create == .always
    rules.updatesTeams = policy.lifecycle.teams.update == .always
    self.rules = rules
  }

  private static func keys(_ paths: [AttributePath], _ set: AttributeSet) -> [MatchKey] {
    paths.compactMap { path in set.id(of: path).map { MatchKey(path: path, id: $0) } }
  }

  private static func places(_ paths: [AttributePath], in keys: [MatchKey]) -> Set<Int> {
    Set(paths.compactMap { path in keys.firstIndex { $0.path == path } })
  }
}

extension [MatchKey] {
  fileprivate func uniqued() -> [MatchKey] {
    reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}

extension PlanningRules.Ladder {
  fileprivate init(_ leavers: Lifecycle.Leavers) {
    self.init(
      // A policy whose leavers are never deactivated has a step that is never reached.
      deactivate: leavers.deactivate.count ?? Int.max, stripTeams: leavers.stripTeams.count,
      delete: leavers.delete.count, minInterval: Int(leavers.minInterval.components.seconds))
  }
}

extension Lifecycle.Absences {
  fileprivate var count: Int? {
    switch self {
    case .never: nil
    case .after(let count): count
    }
  }
}

extension PlanningRules.Reactivation {
  fileprivate init(_ rule: Lifecycle.Reactivation) {
    switch rule {
    case .ours: self = .ours
    case .always: self = .always
    case .never: self = .never
    }
  }
}

extension PlanningRules.ExactTeams {
  fileprivate init(_ rule: UnclaimedEdges) {
    switch rule {
    case .additive: self = .none
    case .exact: self = .all
    case .exactIn(let names): self = .named(names)
    }
  }
}

extension Planning.MergeRule {
  fileprivate init?(_ rule: MergeRule, _ roster: ExportRoster, _ set: AttributeSet) {
    guard case .authority(let names, let attributes) = rule else { return nil }
    func number(_ name: String) -> Int? {
      roster.people.first { $0.settings.name == name }?.number
    }
    let exceptions = attributes.compactMap { path, name in
      set.id(of: path).flatMap { id in number(name).map { (id, $0) } }
    }
    self.init(
      order: names.compactMap(number), exceptions: Dictionary(uniqueKeysWithValues: exceptions))
  }
}
