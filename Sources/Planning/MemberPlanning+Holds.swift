import Identity
import Matching
import PlanFile

// Drafts that must not become operations: taken values, probable renames, protected members.

extension MemberPlanning {
  /// Holds every draft that wants a key value which somebody keeps, until nothing changes any more.
  ///
  /// A held draft frees nothing, so a hold spreads along the chain of those who wait for one another.
  mutating func holdTakenValues() {
    var wants = UniqueWants(drafts: decisions.drafts, rules: input.rules)
    for place in decisions.drafts.indices where conflict(of: decisions.drafts[place]) != nil {
      wants.addCreate(decisions.drafts[place], at: place)
    }
    wants.addCollidingCreates(decisions.drafts)
    var held: [Int: UniqueWants.Obstacle] = [:]
    var isSettled = false
    while !isSettled {
      isSettled = true
      for want in wants.all where held[want.draft] == nil {
        guard let obstacle = obstacle(to: want, among: wants, held: held) else { continue }
        held[want.draft] = obstacle
        isSettled = false
      }
    }
    for (place, obstacle) in held.sorted(by: { $0.key < $1.key }) {
      noteTaken(decisions.drafts[place], obstacle)
    }
    drop(Set(held.keys))
  }

  private func obstacle(
    to want: UniqueWants.Want, among wants: UniqueWants, held: [Int: UniqueWants.Obstacle]
  ) -> UniqueWants.Obstacle? {
    if let rival = wants.rivals(of: want).first(where: { held[$0.draft] == nil }) {
      return .rival(decisions.drafts[rival.draft].subject.name, want)
    }
    // Rivals are held together: the one that was looked at first must not let the other through.
    if let rival = wants.rivals(of: want).first(where: {
      if case .rival = held[$0.draft] { true } else { false }
    }) {
      return .rival(decisions.drafts[rival.draft].subject.name, want)
    }
    let own = decisions.drafts[want.draft].seat
    for seat in holders(of: want) where seat != own {
      let frees = wants.draft(ofSeat: seat).map { place in
        held[place] == nil && gives(up: want, decisions.drafts[place])
      }
      if frees != true { return .holder(seat, want) }
    }
    return nil
  }

  private func gives(up want: UniqueWants.Want, _ draft: MemberDraft) -> Bool {
    switch draft.outcome(for: input.rules.memberAttributes[want.attribute], id: want.attribute) {
    case .value(let value): MatchKeyText.folded(value) != want.value
    case .cleared: true
    case nil: false
    }
  }

  /// The members that hold the wanted value today.
  private func holders(of want: UniqueWants.Want) -> [Int] {
    guard let key = input.rules.memberKeys.firstIndex(where: { $0.id == want.attribute }) else {
      return []
    }
    return input.index.seats(key: key, hash: want.hash(input.keyHasher, key: key)).filter {
      MatchKeyText.same(input.details[$0][want.attribute] ?? [], want.value)
    }
  }

  private mutating func noteTaken(_ draft: MemberDraft, _ obstacle: UniqueWants.Obstacle) {
    let origin = draft.records.first.map(locate)
    let set = input.rules.memberAttributes
    var situation = Situation.valueTaken
    switch obstacle {
    case .rival(let name, let want):
      decisions.findings.note(
        .uniqueValueTaken(
          attribute: "\(set[want.attribute].path)",
          value: String(decoding: want.value, as: UTF8.self), holder: name), at: origin)
    case .holder(let seat, let want):
      if let conflict = conflict(of: draft), conflict.seat == seat {
        situation = .conflictingKeys
        let higher = input.rules.memberKeys[conflict.higherKey]
        decisions.findings.note(
          .conflictingKeys(
            member: name(ofSeat: seat), key: "\(higher.path)",
            recordValue: draft.createdText(higher.id),
            memberValue: input.details[seat].text(higher.id) ?? ""), at: origin)
      } else {
        decisions.findings.note(
          .uniqueValueTaken(
            attribute: "\(set[want.attribute].path)",
            value: String(decoding: want.value, as: UTF8.self), holder: name(ofSeat: seat)),
          at: origin)
      }
    }
    let isRecord = draft.situation == .joiner
    decisions.hold("\(isRecord ? "record" : "member") \(draft.subject.name)", situation)
    decisions.count(situation)
    if !isRecord { decisions.frozenSeats.insert(draft.seat) }
  }

  /// A leaver and a joiner with the same name and mostly the same values are one person until
  /// somebody says otherwise.
  mutating func holdProbableRenames() {
    let leavers = decisions.drafts.indices.filter {
      decisions.drafts[$0].situation == .leaver && decisions.drafts[$0].step != .delete
    }
    let joiners = decisions.drafts.indices.filter { decisions.drafts[$0].situation == .joiner }
    guard !leavers.isEmpty, !joiners.isEmpty else { return }
    let likeness = Likeness(rules: input.rules)
    var byName: [[UInt8]: [Int]] = [:]
    for place in joiners {
      guard case .create(let image) = decisions.drafts[place].step else { continue }
      if let name = likeness.name(of: image) { byName[name, default: []].append(place) }
    }
    var held: Set<Int> = []
    for leaver in leavers {
      let image = input.details[decisions.drafts[leaver].seat]
      guard let name = likeness.name(of: image) else { continue }
      for joiner in byName[name] ?? [] {
        guard case .create(let other) = decisions.drafts[joiner].step,
          likeness.isOnePerson(image, other)
        else { continue }
        held.formUnion([leaver, joiner])
        let names = (decisions.drafts[leaver].subject.name, decisions.drafts[joiner].subject.name)
        decisions.findings.note(
          .probableRename(leaver: names.0, joiner: names.1),
          at: decisions.drafts[joiner].records.first.map(locate))
        decisions.hold("member \(names.0)", .probableRename, isRemoval: true)
        decisions.hold("record \(names.1)", .probableRename)
        decisions.count(.probableRename)
        decisions.frozenSeats.insert(decisions.drafts[leaver].seat)
      }
    }
    drop(held)
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
      let kept = draft.changes.filter { !isKey($0.attribute.path) && $0.attribute.path != .active }
      decisions.findings.note(
        .protected(
          subject: draft.subject.name, change: draft.classes.names.joined(separator: ", "),
          rule: rule))
      decisions.count(.protected)
      if case .update = draft.step, !kept.isEmpty {
        decisions.drafts[place].step = .update(kept)
        decisions.drafts[place].classes.subtract([.removal, .rekey])
        decisions.drafts[place].situation = .differs
      } else {
        blocked.insert(place)
      }
    }
    drop(blocked)
  }

  private mutating func drop(_ places: Set<Int>) {
    guard !places.isEmpty else { return }
    decisions.drafts = decisions.drafts.indices.filter { !places.contains($0) }
      .map { decisions.drafts[$0] }
  }
}

extension MemberDraft {
  fileprivate func createdText(_ id: AttributeID) -> String {
    guard case .create(let image) = step else { return "" }
    return image.text(id) ?? ""
  }
}
