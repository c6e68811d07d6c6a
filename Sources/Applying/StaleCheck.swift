import Identity
import PlanFile
import Storing

/// Compares what a plan saw with what the state holds, for everything the plan touches.
///
/// Drift elsewhere does not matter. A value counts as free when everybody who holds it gives it up in
/// this very plan.
struct StaleCheck {
  private struct Slot: Hashable {
    let path: AttributePath
    let value: [UInt8]
  }

  private let plan: Plan
  private let teamFingerprinter: Fingerprinter
  /// The attributes no two members may share.
  private let uniqueKeys: [MatchKey]
  /// The attributes no two teams may share.
  private let uniqueTeamKeys: [MatchKey]
  /// What this plan creates; only memberships ask for it.
  private lazy var created = Set(
    plan.decisions.operations.lazy.filter { $0.kind.isCreation }.map(\.subjectID))
  private let deleted: Set<ResourceID>
  /// Who gives up which values.
  private let freed: [Slot: Set<ResourceID>]
  private var teamHolders: [Slot: [ResourceID]]?
  private var drifts: [Drift] = []
  /// The attributes that hold ids of members.
  private let references: [AttributeID]

  /// At most this many are named; one is enough to refuse the plan.
  private static let namedLimit = 20

  init(
    plan: Plan, uniqueKeys: [MatchKey], uniqueTeamKeys: [MatchKey],
    teamFingerprinter: Fingerprinter
  ) {
    self.plan = plan
    self.uniqueKeys = uniqueKeys
    self.uniqueTeamKeys = uniqueTeamKeys
    self.teamFingerprinter = teamFingerprinter
    let attributes = plan.decisions.memberAttributes
    references = attributes.ids.filter { attributes[$0].kind == .reference }
    var deleted: Set<ResourceID> = []
    var freed: [Slot: Set<ResourceID>] = [:]
    for operation in plan.decisions.operations where operation.kind.givesUpValues {
      switch operation.action {
      case .deleteMember: deleted.insert(operation.subject.id)
      case .updateMember(let changes), .reactivateMember(let changes), .updateTeam(let changes):
        for change in changes {
          guard let before = change.before else { continue }
          let slot = Slot(
            path: change.attribute.path, value: MatchKeyText.folded(before.utf8))
          freed[slot, default: []].insert(operation.subject.id)
        }
      case .createMember, .createTeam, .deactivateMember, .addMembership, .removeMembership: break
      }
    }
    self.deleted = deleted
    self.freed = freed
  }

  /// Everything that drifted, in the order of the plan.
  mutating func drifts(in state: StateTransaction) throws(StoreFailure) -> [Drift] {
    let isEmpty = try state.hasNoMembers()
    for grounds in plan.evidence.grounds where drifts.count < Self.namedLimit {
      guard plan.decisions.operations.indices.contains(grounds.operation) else { continue }
      let operation = plan.decisions.operations[grounds.operation]
      // Into an empty state nothing can collide that the plan has not looked at already.
      if isEmpty, operation.kind == .createMember || isBetweenNew(operation) { continue }
      try check(operation, grounds.stateBefore, state)
    }
    return drifts
  }

  /// Whether it adds a member of this plan to a team of this plan.
  private mutating func isBetweenNew(_ operation: Operation) -> Bool {
    operation.kind == .addMembership && created.contains(operation.otherID)
      && created.contains(operation.subjectID)
  }

  private mutating func check(
    _ operation: Operation, _ before: String?, _ state: StateTransaction
  ) throws(StoreFailure) {
    let subject = operation.subject
    switch operation.action {
    case .createMember(let image):
      try checkAbsence(of: subject, image, state)
      for id in references { try checkReference(image.text(id), id, of: subject, state) }
    case .updateMember(let changes), .reactivateMember(let changes):
      guard try checkMember(subject, before, state) else { return }
      for (key, value) in taken(changes, among: uniqueKeys) {
        try checkFree(value, key, for: subject, state)
      }
      for id in references {
        let path = plan.decisions.memberAttributes[id].path
        let change = changes.first { $0.attribute.path == path }
        try checkReference(change?.after, id, of: subject, state)
      }
    case .deactivateMember, .deleteMember: _ = try checkMember(subject, before, state)
    case .createTeam(let image):
      guard try state.ordinal(ofTeam: subject.id) == nil else {
        drifts.append(.teamExists(name: subject.name))
        return
      }
      for key in uniqueTeamKeys {
        guard let value = image[key.id], !value.isEmpty else { continue }
        try checkFreeOfTeams(Array(value), key, for: subject, state)
      }
    case .updateTeam(let changes):
      guard try checkTeam(subject, before, state) else { return }
      for (key, value) in taken(changes, among: uniqueTeamKeys) {
        try checkFreeOfTeams(value, key, for: subject, state)
      }
    case .addMembership(let member): try checkEdge(subject, member, isThere: false, state)
    case .removeMembership(let member): try checkEdge(subject, member, isThere: true, state)
    }
  }

  // MARK: - Members and teams

  /// Whether the member is as the plan saw it.
  private mutating func checkMember(
    _ subject: SubjectRef, _ before: String?, _ state: StateTransaction
  ) throws(StoreFailure) -> Bool {
    guard let member = try state.member(subject.id) else {
      drifts.append(.memberGone(name: subject.name))
      return false
    }
    guard StateMark.member(member.fingerprint, member.standing) == before else {
      drifts.append(.memberChanged(name: subject.name))
      return false
    }
    return true
  }

  /// Whether the team is as the plan saw it.
  private mutating func checkTeam(
    _ subject: SubjectRef, _ before: String?, _ state: StateTransaction
  ) throws(StoreFailure) -> Bool {
    guard let team = try state.team(subject.id) else {
      drifts.append(.teamGone(name: subject.name))
      return false
    }
    let image = team.resource.document.image(of: teamFingerprinter.attributes)
    guard StateMark.team(teamFingerprinter.fingerprint(of: image)) == before else {
      drifts.append(.teamChanged(name: subject.name))
      return false
    }
    return true
  }

  private mutating func checkAbsence(
    of subject: SubjectRef, _ image: AttributeImage, _ state: StateTransaction
  ) throws(StoreFailure) {
    if try state.ordinal(ofMember: subject.id) != nil {
      drifts.append(.memberExists(name: subject.name))
      return
    }
    for key in uniqueKeys {
      guard let value = image[key.id], !value.isEmpty else { continue }
      try checkFree(Array(value), key, for: subject, state)
    }
  }

  // MARK: - Values

  /// The unique values that changes give to somebody.
  private func taken(
    _ changes: [AttributeChange], among keys: [MatchKey]
  ) -> [(key: MatchKey, value: [UInt8])] {
    changes.compactMap { change in
      guard let after = change.after, !after.isEmpty,
        let key = keys.first(where: { $0.path == change.attribute.path })
      else { return nil }
      return (key, Array(after.utf8))
    }
  }

  private mutating func checkFree(
    _ value: [UInt8], _ key: MatchKey, for subject: SubjectRef, _ state: StateTransaction
  ) throws(StoreFailure) {
    let slot = Slot(path: key.path, value: MatchKeyText.folded(value))
    for ordinal in try state.members(holding: slot.value, at: key.path) {
      guard let holder = try state.member(ordinal)?.resource.id,
        !isFree(slot, of: holder, for: subject)
      else { continue }
      drifts.append(
        .valueTaken(
          name: subject.name, attribute: "\(key.path)",
          value: String(decoding: value, as: UTF8.self)))
      return
    }
  }

  private mutating func checkFreeOfTeams(
    _ value: [UInt8], _ key: MatchKey, for subject: SubjectRef, _ state: StateTransaction
  ) throws(StoreFailure) {
    let slot = Slot(path: key.path, value: MatchKeyText.folded(value))
    let holders = try holders(state)
    guard (holders[slot] ?? []).contains(where: { !isFree(slot, of: $0, for: subject) }) else {
      return
    }
    drifts.append(
      .teamValueTaken(
        name: subject.name, attribute: "\(key.path)",
        value: String(decoding: value, as: UTF8.self)))
  }

  /// Which teams hold which unique values; there are few enough teams to look at all of them, once.
  private mutating func holders(
    _ state: StateTransaction
  ) throws(StoreFailure) -> [Slot: [ResourceID]] {
    if let teamHolders { return teamHolders }
    var holders: [Slot: [ResourceID]] = [:]
    for team in try state.teams() {
      for key in uniqueTeamKeys {
        guard let value = team.resource.document.value(at: key.path) else { continue }
        let slot = Slot(path: key.path, value: MatchKeyText.folded(value.utf8))
        holders[slot, default: []].append(team.resource.id)
      }
    }
    teamHolders = holders
    return holders
  }

  private func isFree(_ slot: Slot, of holder: ResourceID, for subject: SubjectRef) -> Bool {
    holder == subject.id || deleted.contains(holder) || freed[slot]?.contains(holder) == true
  }

  /// Whom a value refers to must be there, or come with this plan.
  private mutating func checkReference(
    _ text: String?, _ attribute: AttributeID, of subject: SubjectRef, _ state: StateTransaction
  ) throws(StoreFailure) {
    guard let text else { return }
    let id = ResourceID(text)
    if created.contains(id) { return }
    if !deleted.contains(id), try state.ordinal(ofMember: id) != nil { return }
    drifts.append(
      .referenceGone(
        name: subject.name, attribute: "\(plan.decisions.memberAttributes[attribute].path)"))
  }

  // MARK: - Memberships

  private mutating func checkEdge(
    _ team: SubjectRef, _ member: SubjectRef, isThere: Bool, _ state: StateTransaction
  ) throws(StoreFailure) {
    let teamOrdinal = try state.ordinal(ofTeam: team.id)
    let memberOrdinal = try state.ordinal(ofMember: member.id)
    if teamOrdinal == nil, !created.contains(team.id) {
      drifts.append(.teamGone(name: team.name))
      return
    }
    if memberOrdinal == nil, !created.contains(member.id) {
      drifts.append(.memberGone(name: member.name))
      return
    }
    guard let teamOrdinal, let memberOrdinal else { return }
    let edge = try state.edge(team: teamOrdinal, member: memberOrdinal)
    if isThere, edge == nil {
      drifts.append(.membershipGone(team: team.name, member: member.name))
    } else if !isThere, edge != nil {
      drifts.append(.membershipExists(team: team.name, member: member.name))
    }
  }
}

extension Operation.Kind {
  fileprivate var isCreation: Bool { self == .createMember || self == .createTeam }

  /// Whether somebody may have a value no more; of what there may be millions of, nobody does.
  fileprivate var givesUpValues: Bool {
    self != .createMember && self != .addMembership && self != .removeMembership
  }
}
