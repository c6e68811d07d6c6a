package import Identity

/// What the policy says about deciding, resolved to attributes and seconds.
package struct PlanningRules: Sendable {
  package enum Reactivation: String, Sendable {
    /// Only members that Rollcall deactivated.
    case ours
    /// Any inactive member that a record says is active.
    case always
    case never
  }

  /// Absences a leaver must have before each step; nil = never.
  package struct Ladder: Sendable {
    package var deactivate: Int
    package var stripTeams: Int?
    package var delete: Int?
    /// Seconds that must lie between two counted absences.
    package var minInterval: Int

    package init(deactivate: Int, stripTeams: Int?, delete: Int?, minInterval: Int) {
      self.deactivate = deactivate
      self.stripTeams = stripTeams
      self.delete = delete
      self.minInterval = minInterval
    }

    /// Whether the policy leaves leavers as they are; a step at `Int.max` absences is never reached.
    package var deactivatesNobody: Bool { deactivate == Int.max }
  }

  package enum ExactTeams: Sendable {
    case none
    case all
    case named([String])

    /// Whether memberships Rollcall never wrote may be removed from this team.
    package func contains(_ name: String) -> Bool {
      switch self {
      case .none: false
      case .all: true
      case .named(let names): names.contains { MatchKeyText.same($0.utf8, name.utf8) }
      }
    }
  }

  package var memberAttributes: AttributeSet
  package var teamAttributes: AttributeSet
  /// In matching order.
  package var memberKeys: [MatchKey]
  package var teamKeys: [MatchKey]
  /// Places in the matching order of the keys that suffice to adopt.
  package var adoptMembers: Set<Int>
  package var adoptTeams: Set<Int>
  package var ladder: Ladder
  package var createsDisabled: Bool
  /// Whether somebody new becomes a member at all.
  package var createsMembers = true
  /// Whether what differs of a member is changed.
  package var updatesMembers = true
  /// The same of teams, and of who is in them.
  package var createsTeams = true
  package var updatesTeams = true
  package var reactivation: Reactivation
  package var maxHeld: Int
  package var protectedMembers: ProtectedList
  package var protectedTeams: ProtectedList
  package var exactTeams: ExactTeams
  /// Whether creates and other updates of an unreliable export go on.
  package var updatesFromUnreliable: Bool
  /// For exports that may hold the same person: which of them says what.
  package var merge: MergeRule?

  package init(
    memberAttributes: AttributeSet, teamAttributes: AttributeSet, memberKeys: [MatchKey],
    teamKeys: [MatchKey], adoptMembers: Set<Int>, adoptTeams: Set<Int>, ladder: Ladder,
    createsDisabled: Bool, reactivation: Reactivation, maxHeld: Int,
    protectedMembers: ProtectedList, protectedTeams: ProtectedList, exactTeams: ExactTeams,
    updatesFromUnreliable: Bool, merge: MergeRule?
  ) {
    self.memberAttributes = memberAttributes
    self.teamAttributes = teamAttributes
    self.memberKeys = memberKeys
    self.teamKeys = teamKeys
    self.adoptMembers = adoptMembers
    self.adoptTeams = adoptTeams
    self.ladder = ladder
    self.createsDisabled = createsDisabled
    self.reactivation = reactivation
    self.maxHeld = maxHeld
    self.protectedMembers = protectedMembers
    self.protectedTeams = protectedTeams
    self.exactTeams = exactTeams
    self.updatesFromUnreliable = updatesFromUnreliable
    self.merge = merge
  }
}

extension PlanningRules {
  /// The attributes no two members may share: the match keys and `userName`.
  var uniqueMemberIDs: [AttributeID] {
    Set(memberKeys.map(\.id) + [memberAttributes.id(of: .userName)].compactMap { $0 }).sorted()
  }

  /// The pattern that protects a team, by any of its key values or its name.
  package func protection(ofTeam image: AttributeImage) -> String? {
    guard !protectedTeams.isEmpty else { return nil }
    let ids = teamKeys.map(\.id) + [teamAttributes.id(of: .displayName)].compactMap { $0 }
    return protectedTeams.rule(for: Set(ids).sorted().compactMap { image[$0] })
  }

  /// The pattern that protects a member, by any of its key values or its work e-mail.
  package func protection(of image: AttributeImage) -> String? {
    let paths = [AttributePath.userName, .externalID, .workEmail]
    let ids = paths.compactMap { memberAttributes.id(of: $0) }
    return protectedMembers.rule(
      for: Set(memberKeys.map(\.id) + ids).sorted().compactMap { image[$0] })
  }
}

/// Which export has the say on each attribute when a person is in several of them.
package struct MergeRule: Sendable {
  /// Numbers of exports, the one with the say first.
  package let order: [Int]
  /// Attributes another export has the say on.
  package let exceptions: [AttributeID: Int]

  package init(order: [Int], exceptions: [AttributeID: Int]) {
    self.order = order
    self.exceptions = exceptions
  }

  /// The exports to ask for an attribute, in order.
  package func authorities(for id: AttributeID) -> [Int] {
    guard let first = exceptions[id] else { return order }
    return [first] + order.filter { $0 != first }
  }
}

/// One export of this run as planning sees it.
package struct ExportStatus: Sendable {
  package let name: String
  /// Its bit in the state.
  package let owner: ExportSet
  package let isFull: Bool
  /// Whether it is believed.
  package let isReliable: Bool
  /// Whether it may do so tonight: a first run that nothing proves to be whole removes nobody.
  package let mayRemove: Bool
  /// Whether what it says of who is active is in doubt.
  package var doubtsActive = false
  /// Joined digests of its files; absences count once per digest.
  package let digest: String

  package init(
    name: String, owner: ExportSet, isFull: Bool, isReliable: Bool, mayRemove: Bool? = nil,
    digest: String
  ) {
    self.name = name
    self.owner = owner
    self.isFull = isFull
    self.isReliable = isReliable
    self.mayRemove = isReliable && mayRemove ?? true
    self.digest = digest
  }
}
