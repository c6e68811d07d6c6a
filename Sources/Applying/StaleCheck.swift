import Identity
import PlanFile
import Storing

/// Compares what a plan saw with what the state holds, for everything the plan touches.
///
/// Drift elsewhere does not matter. Values that the plan itself frees count as free.
struct StaleCheck {
  private struct Slot: Hashable {
    let path: AttributePath
    let value: [UInt8]
  }

  private let plan: Plan
  private let teamFingerprinter: Fingerprinter
  /// The attributes no two members may share.
  private let uniqueKeys: [MatchKey]
  private let created: Set<ResourceID>
  private let freed: Set<Slot>
  private var drifts: [Drift] = []

  /// At most this many are named; one is enough to refuse the plan.
  private static let namedLimit = 20

  init(plan: Plan, uniqueKeys: [MatchKey], teamFingerprinter: Fingerprinter) {
    self.plan = plan
    self.uniqueKeys = uniqueKeys
    self.teamFingerprinter = teamFingerprinter
    var created: Set<ResourceID> = []
    var freed: Set<Slot> = []
    for operation in plan.decisions.operations {
      switch operation.action {
      case .createMember, .createTeam: created.insert(operation.subject.id)
      case .updateMember(let changes), .reactivateMember(let changes):
        for change in changes {
          guard let before = change.before else { continue }
          freed.insert(
            Slot(path: change.attribute.path, value: MatchKeyText.folded(before.utf8)))
        }
      default: break
      }
    }
    self.created = created
    self.freed = freed
  }

  /// Everything that drifted, in the order of the plan.
  mutating func drifts(in state: StateTransaction) throws(StoreFailure) -> [Drift] {
    let isEmpty = try state.hasNoMembers()
    for grounds in plan.evidence.grounds where drifts.count < Self.namedLimit {
      guard plan.decisions.operations.indices.contains(grounds.operation) else { continue }
      try check(
        plan.decisions.operations[grounds.operation], grounds.stateBefore, state,
        isEmpty: isEmpty)
    }
    return drifts
  }

  private mutating func check(
    _ operation: Operation, _ before: String?, _ state: StateTransaction, isEmpty: Bool
  ) throws(StoreFailure) {
    let subject = operation.subject
    switch operation.action {
    case .createMember(let image):
      // Into an empty state nothing can collide that the plan has not looked at already.
      if !isEmpty { try checkAbsence(of: subject, image, state) }
    case .updateMember, .deactivateMember, .reactivateMember, .deleteMember:
      guard let member = try state.member(subject.id) else {
        drifts.append(.memberGone(name: subject.name))
        return
      }
      if StateMark.member(member.fingerprint, member.standing) != before {
        drifts.append(.memberChanged(name: subject.name))
      }
    case .createTeam:
      if try state.ordinal(ofTeam: subject.id) != nil {
        drifts.append(.teamExists(name: subject.name))
      }
    case .updateTeam:
      guard let team = try state.team(subject.id) else {
        drifts.append(.teamGone(name: subject.name))
        return
      }
      let image = team.resource.document.image(of: teamFingerprinter.attributes)
      if StateMark.team(teamFingerprinter.fingerprint(of: image)) != before {
        drifts.append(.teamChanged(name: subject.name))
      }
    case .addMembership(let member): try checkEdge(subject, member, isThere: false, state)
    case .removeMembership(let member): try checkEdge(subject, member, isThere: true, state)
    }
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
      let folded = MatchKeyText.folded(value)
      guard !freed.contains(Slot(path: key.path, value: folded)),
        try !state.members(holding: folded, at: key.path).isEmpty
      else { continue }
      drifts.append(
        .valueTaken(
          name: subject.name, attribute: "\(key.path)",
          value: String(decoding: value, as: UTF8.self)))
    }
  }

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
