import Identity
import Matching
import PlanFile

// Values that no two members may share: who may take one tonight.

extension MemberPlanning {
  /// Why a draft must wait.
  private enum Obstacle {
    /// Other records want the same value.
    case rivals([RecordNumber], UniqueSlot)
    /// A member has it and keeps it.
    case holder(Int, UniqueSlot)
  }

  /// Holds every draft that wants a value which another record wants as well, or which somebody keeps.
  ///
  /// A held draft frees nothing, so a hold spreads to everybody who waits for it.
  mutating func holdTakenValues() {
    let wants = uniqueWants()
    var spread = HoldSpread<Obstacle>()
    for want in wants.all {
      let rivals = wants.rivals(of: want)
      if !rivals.isEmpty { spread.hold(want.draft, .rivals(rivals, want.slot)) }
    }
    for want in wants.all {
      for seat in holders(of: want.slot) where seat != decisions.drafts[want.draft].seat {
        let obstacle = Obstacle.holder(seat, want.slot)
        if let giver = wants.draft(ofSeat: seat),
          decisions.drafts[giver].gives(up: want.slot, input)
        {
          spread.wait(want.draft, for: giver, obstacle)
        } else {
          spread.hold(want.draft, obstacle)
        }
      }
    }
    spread.settle()
    for (place, obstacle) in spread.held.sorted(by: { $0.key < $1.key }) {
      note(obstacle, of: decisions.drafts[place])
    }
    drop(Set(spread.held.keys))
  }

  private func uniqueWants() -> UniqueWants {
    var wants = UniqueWants(decisions.drafts, rules: input.rules, bystanders: bystanders)
    if !conflicts.isEmpty {
      for place in decisions.drafts.indices where conflict(of: decisions.drafts[place]) != nil {
        wants.addCreate(place)
      }
    }
    for place in createsWithoutKey() { wants.addCreate(place) }
    wants.addCollidingCreates()
    wants.addOutsiders(bystanders.ofNobody)
    for record in skippedThatMayWant(wants) { wants.addOutsider(record, whoMayBe: []) }
    for held in input.pairing.held {
      guard let record = held.record else { continue }
      wants.addOutsider(record, whoMayBe: held.seats.map { input.details[$0] })
    }
    return wants
  }

  /// Disabled records that may want what somebody else wants, by their hashes: nearly all of tens of thousands do not.
  private func skippedThatMayWant(_ wants: UniqueWants) -> [OpenRecord] {
    guard !skipped.isEmpty, !wants.all.isEmpty else { return [] }
    var wanted: [Set<UInt64>] = input.index.keys.map { _ in [] }
    for want in wants.all {
      guard let key = input.index.keys.firstIndex(where: { $0.id == want.slot.attribute }) else {
        // No hash is kept of this attribute; all are looked at.
        return skipped.map { input.pairing.joiners[$0] }
      }
      wanted[key].insert(input.keyHasher.hash(want.slot.value.span, key: key))
    }
    return skipped.lazy.map { input.pairing.joiners[$0] }.filter { record in
      wanted.indices.contains { wanted[$0].contains(record.keyHashes[$0]) }
    }
  }

  /// Creates whose user name, where it is no match key, somebody else has or wants: matching has not looked at it.
  private func createsWithoutKey() -> [Int] {
    guard let id = input.rules.memberAttributes.id(of: .userName),
      !input.rules.memberKeys.contains(where: { $0.id == id })
    else { return [] }
    let creates = decisions.drafts.indices.filter { decisions.drafts[$0].situation == .joiner }
    guard let key = input.index.keys.firstIndex(where: { $0.id == id }) else { return creates }
    let others =
      input.pairing.held.compactMap { $0.record?.keyHashes[key] }
      + skipped.map { input.pairing.joiners[$0].keyHashes[key] }
      + bystanders.ofNobody.keys.filter { $0.attribute == id }
      .map { input.keyHasher.hash($0.value.span, key: key) }
    let hashes = creates.map { place -> UInt64 in
      guard case .create(let image) = decisions.drafts[place].step, let value = image[id] else {
        return KeyHasher.none
      }
      return input.keyHasher.hash(Array(value).span, key: key)
    }
    var seen = Set(others)
    var repeated = seen
    for hash in hashes where !seen.insert(hash).inserted { repeated.insert(hash) }
    return zip(creates, hashes).filter { _, hash in
      repeated.contains(hash) || input.index.lookup(key: key, hash: hash) != .none
    }.map(\.0)
  }

  /// The members that hold the wanted value today.
  private func holders(of slot: UniqueSlot) -> [Int] {
    guard let key = input.index.keys.firstIndex(where: { $0.id == slot.attribute }) else {
      return []
    }
    let hash = input.keyHasher.hash(slot.value.span, key: key)
    return input.index.seats(key: key, hash: hash).filter { seat in
      !input.details.contains(seat)
        || MatchKeyText.same(input.details[seat][slot.attribute] ?? [], slot.value)
    }
  }

  private mutating func note(_ obstacle: Obstacle, of draft: MemberDraft) {
    let situation: Situation
    switch obstacle {
    case .rivals(let records, let slot):
      situation = .duplicate
      decisions.findings.note(
        .duplicate(
          key: "\(input.rules.memberAttributes[slot.attribute].path)", value: slot.text,
          others: records.prefix(10).map(locate)), at: draft.records.first.map(locate))
    case .holder(let seat, let slot):
      let isConflict = conflict(of: draft)?.seat == seat
      situation = isConflict ? .conflictingKeys : .valueTaken
      noteTaken(draft, by: seat, slot)
      if isConflict, case .create(let image) = draft.step {
        pretenders[seat, default: []].append(image)
      }
    }
    decisions.leaveOpen(draft.records)
    if draft.situation == .joiner {
      decisions.hold("record \(recordName(of: draft))", situation)
    } else {
      decisions.hold("member \(draft.subject.name)", situation)
      decisions.frozenSeats.insert(draft.seat)
    }
    decisions.count(situation)
  }

  private mutating func noteTaken(_ draft: MemberDraft, by seat: Int, _ slot: UniqueSlot) {
    let origin = draft.records.first.map(locate)
    guard let conflict = conflict(of: draft), conflict.seat == seat else {
      decisions.findings.note(
        .uniqueValueTaken(
          attribute: "\(input.rules.memberAttributes[slot.attribute].path)", value: slot.text,
          holder: name(ofSeat: seat)), at: origin)
      return
    }
    let higher = input.rules.memberKeys[conflict.higherKey]
    decisions.findings.note(
      .conflictingKeys(
        member: name(ofSeat: seat), key: "\(higher.path)",
        recordValue: draft.createdText(higher.id),
        memberValue: input.details[seat].text(higher.id) ?? ""), at: origin)
  }

  /// What holds call a record by, whatever the hold: its first key value.
  func recordName(of draft: MemberDraft) -> String {
    input.rules.memberKeys.lazy.map { draft.createdText($0.id) }.first { !$0.isEmpty }
      ?? draft.subject.name
  }

  // MARK: - Records that come to no draft

  /// Notes what a member's record wants although nothing comes of it tonight.
  mutating func stand(by record: UnitedRecord, seat: Int) {
    for id in input.rules.uniqueMemberIDs {
      guard let value = record.image[id], !value.isEmpty,
        !MatchKeyText.same(value, input.details[seat][id] ?? [])
      else { continue }
      bystanders.ofMembers[UniqueSlot(id, value), default: []].append(record.numbers[0])
    }
  }

  /// Notes what a record of nobody wants although nothing comes of it tonight.
  mutating func stand(by record: OpenRecord) {
    for id in input.rules.uniqueMemberIDs {
      guard let value = record.image[id], !value.isEmpty else { continue }
      bystanders.ofNobody[UniqueSlot(id, value), default: []].append(record.number)
    }
  }
}

extension UniqueSlot {
  fileprivate var text: String { String(decoding: value, as: UTF8.self) }
}

extension MemberDraft {
  fileprivate func createdText(_ id: AttributeID) -> String {
    guard case .create(let image) = step else { return "" }
    return image.text(id) ?? ""
  }

  /// Whether the member no longer has the value once the draft has been carried out.
  fileprivate func gives(up slot: UniqueSlot, _ input: MemberInput) -> Bool {
    switch outcome(for: input.rules.memberAttributes[slot.attribute], id: slot.attribute) {
    case .value(let value): MatchKeyText.folded(value) != slot.value
    case .cleared: true
    case nil: false
    }
  }
}
