import Identity
import Matching
import PlanFile

// Drafts that must not become operations: probable renames, protected members.

extension MemberPlanning {
  /// A leaver and a joiner with the same name and mostly the same values are one person until
  /// somebody says otherwise.
  mutating func holdProbableRenames() {
    let likeness = Likeness(rules: input.rules)
    var joiners: [[UInt8]: [Int]] = [:]
    let leavers = self.leavers
    guard !leavers.isEmpty else { return }
    for place in decisions.drafts.indices {
      guard case .create(let image) = decisions.drafts[place].step,
        let name = likeness.name(of: image)
      else { continue }
      joiners[name, default: []].append(place)
    }
    var held: Set<Int> = []
    for (seat, draft) in leavers {
      let image = input.details[seat]
      if let others = pretenders[seat], others.contains(where: { likeness.mayBeOne(image, $0) }) {
        if let draft { held.insert(draft) }
        holdPretended(seat)
        continue
      }
      guard let name = likeness.name(of: image) else { continue }
      let alike = (joiners[name] ?? []).filter { place in
        guard case .create(let other) = decisions.drafts[place].step else { return false }
        return likeness.isOnePerson(image, other)
      }
      guard !alike.isEmpty else { continue }
      held.formUnion(alike + [draft].compactMap { $0 })
      holdRename(of: seat, to: alike)
    }
    waitingLeavers.removeAll(where: decisions.frozenSeats.contains)
    for place in held { decisions.leaveOpen(decisions.drafts[place].records) }
    for place in held.sorted() where decisions.drafts[place].situation == .joiner {
      decisions.hold("record \(recordName(of: decisions.drafts[place]))", .probableRename)
      decisions.count(.probableRename)
    }
    drop(held)
  }

  /// Everybody who leaves tonight, or will after some more nights, with the draft that says so.
  private var leavers: [(seat: Int, draft: Int?)] {
    let drafted = decisions.drafts.indices.filter {
      decisions.drafts[$0].situation == .leaver && decisions.drafts[$0].step == .deactivate
    }
    return drafted.map { (decisions.drafts[$0].seat, $0) } + waitingLeavers.map { ($0, nil) }
  }

  private mutating func holdRename(of seat: Int, to joiners: [Int]) {
    let leaver = name(ofSeat: seat)
    for joiner in joiners {
      let draft = decisions.drafts[joiner]
      decisions.findings.note(
        .probableRename(leaver: leaver, joiner: draft.subject.name),
        at: draft.records.first.map(locate))
    }
    decisions.hold("member \(leaver)", .probableRename, isRemoval: true)
    decisions.count(.probableRename)
    decisions.frozenSeats.insert(seat)
    decisions.strippedSeats.remove(seat)
  }

  /// A key that differs by a digit is no reason to remove its holder: the one who has the other one is held as well.
  private mutating func holdPretended(_ seat: Int) {
    decisions.hold("member \(name(ofSeat: seat))", .conflictingKeys, isRemoval: true)
    decisions.count(.conflictingKeys)
    decisions.frozenSeats.insert(seat)
    decisions.strippedSeats.remove(seat)
  }

  /// Protected members are never removed or rekeyed; their other changes go on.
  mutating func blockProtected() {
    guard !input.rules.protectedMembers.isEmpty else { return }
    var blocked: Set<Int> = []
    for place in decisions.drafts.indices {
      let draft = decisions.drafts[place]
      guard !draft.classes.isDisjoint(with: [.removal, .rekey]),
        let rule = input.rules.protection(of: input.details[draft.seat])
      else { continue }
      decisions.findings.note(
        .protected(
          subject: draft.subject.name, change: draft.classes.names.joined(separator: ", "),
          rule: rule))
      decisions.count(.protected)
      noteBlocked(draft)
      if let kept = kept(of: draft) {
        decisions.drafts[place] = kept
      } else {
        blocked.insert(place)
      }
    }
    drop(blocked)
  }

  /// What the record of a protected member wants stays wanted: nobody else takes it behind its back.
  private mutating func noteBlocked(_ draft: MemberDraft) {
    guard let record = draft.records.first else { return }
    for change in draft.changes {
      guard let id = input.rules.memberAttributes.id(of: change.attribute.path),
        input.rules.uniqueMemberIDs.contains(id), let after = change.newKeyValue
      else { continue }
      bystanders.ofMembers[UniqueSlot(id, after.utf8), default: []].append(record)
    }
  }

  /// A draft without what protection forbids; nil when nothing else is left of it.
  private func kept(of draft: MemberDraft) -> MemberDraft? {
    var kept = draft
    kept.classes.subtract([.removal, .rekey])
    let others = draft.changes.filter {
      !isKey($0.attribute.path) && !$0.memberRoleClasses.contains(.removal)
    }
    switch draft.step {
    case .reactivate:
      kept.step = .reactivate(others)
      return kept
    case .update:
      let values = others.filter { $0.attribute.path != .active }
      kept.step = .update(values)
      if kept.situation == .sourceDisabled {
        kept.situation = draft.newOwners.isEmpty ? .differs : .moved
        kept.rule = "mapping"
      }
      let isEmpty = values.isEmpty && draft.newOwners.isEmpty
      return isEmpty ? nil : kept
    case .create, .deactivate, .delete: return nil
    }
  }

  mutating func drop(_ places: Set<Int>) {
    guard !places.isEmpty else { return }
    var kept = 0
    for place in decisions.drafts.indices where !places.contains(place) {
      if kept != place { decisions.drafts.swapAt(kept, place) }
      kept += 1
    }
    decisions.drafts.removeLast(decisions.drafts.count - kept)
  }
}
