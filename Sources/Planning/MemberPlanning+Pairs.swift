import Identity
import Matching
import PlanFile

// Records that are a member: same, differs, found, moved, source-disabled, returner.

extension MemberPlanning {
  mutating func decidePairs() {
    let pairs = input.pairing.pairs
    let departures = input.departures
    decisions.drafts.reserveCapacity(pairs.count)
    var start = 0
    while start < pairs.count {
      let first = pairs[start]
      var end = start + 1
      while end < pairs.count, pairs[end].seat == first.seat { end += 1 }
      let group = pairs[start..<end]
      start = end
      // Hardly anybody is two records, and in hardly any night does one say that its member has gone.
      guard group.count > 1 || !departures.isEmpty else {
        decide([first.record], seat: first.seat, key: first.key)
        continue
      }
      let staying = group.filter { !departures.contains($0.record.number) }
      if let first = staying.first {
        decide(staying.map(\.record), seat: first.seat, key: first.key)
      } else {
        depart(united(group.map(\.record)), seat: first.seat)
      }
    }
  }

  /// A person's records of tonight as one: more than one only where the policy merges exports.
  struct UnitedRecord {
    let image: AttributeImage
    let numbers: [RecordNumber]
    let isReliable: Bool
    let mayRemove: Bool
    let doubtsActive: Bool
    let exports: [Int]
  }

  /// Unites records by who has the say on each attribute; `owners` are those of the member they are of.
  func united(_ records: [OpenRecord], owners: ExportSet = []) -> UnitedRecord {
    let exports = records.map { Int($0.number.export) }
    var image = records[0].image
    if let merge = input.rules.merge,
      records.count > 1 || !owners.isSubset(of: input.exports[exports[0]].owner)
    {
      image = merged(records, by: merge, owners: owners)
    }
    return UnitedRecord(
      image: image, numbers: records.map(\.number).sorted(),
      isReliable: exports.allSatisfy { input.exports[$0].isReliable },
      mayRemove: exports.allSatisfy { input.exports[$0].mayRemove },
      doubtsActive: exports.contains { input.exports[$0].doubtsActive }, exports: exports)
  }

  private func merged(
    _ records: [OpenRecord], by merge: MergeRule, owners: ExportSet
  ) -> AttributeImage {
    var image = AttributeImage()
    for id in input.rules.memberAttributes.ids {
      for export in merge.authorities(for: id) {
        guard let record = records.first(where: { Int($0.number.export) == export }) else {
          let status = input.exports[export]
          // An owner that does not say for certain that the person has gone keeps the say.
          if owners.contains(status.owner), !(status.isFull && status.isReliable) { break }
          continue
        }
        guard let value = record.image[id] else { continue }
        image.append(id, value)
        break
      }
    }
    return image
  }

  private mutating func decide(_ records: [OpenRecord], seat: Int, key: Int) {
    let owners = input.index.members.owners[seat]
    let record = united(records, owners: owners)
    let isFrozen = decisions.frozenSeats.contains(seat)
    if isFrozen || !(input.rules.updatesFromUnreliable || record.isReliable) {
      leave(record, seat: seat, isFrozen: isFrozen)
      return
    }
    // Somebody in an export that cannot be believed gains and loses no memberships tonight.
    if !record.isReliable { decisions.frozenSeats.insert(seat) }
    if owners.isEmpty {
      guard input.rules.adoptMembers.contains(key) else {
        claimable(record, seat: seat, key: key)
        return
      }
      update(
        record, seat: seat, situation: .found, rule: "matching.adopt",
        newOwners: record.exports.map { input.exports[$0].name })
      return
    }
    let newOwners = record.exports.filter { !owners.contains(input.exports[$0].owner) }
      .map { input.exports[$0].name }
    update(
      record, seat: seat, situation: newOwners.isEmpty ? .differs : .moved, rule: "mapping",
      newOwners: newOwners)
  }

  /// Does nothing about a record tonight: another one, which is held or cannot be read, may be its member as
  /// well, or the policy takes nothing from an unreliable export.
  private mutating func leave(_ record: UnitedRecord, seat: Int, isFrozen: Bool) {
    notePresence(seat)
    guard hasAnythingToDo(record, seat: seat) else {
      decisions.count(.same)
      return
    }
    stand(by: record, seat: seat)
    decisions.leaveOpen(record.numbers)
    decisions.frozenSeats.insert(seat)
    guard isFrozen else {
      decisions.count(.withheld)
      return
    }
    let situation: Situation = input.shieldedSeats.contains(seat) ? .quarantined : .contended
    decisions.hold("member \(name(ofSeat: seat))", situation)
    decisions.count(situation)
  }

  private func hasAnythingToDo(_ record: UnitedRecord, seat: Int) -> Bool {
    let owners = input.index.members.owners[seat]
    let standing = input.index.members.standings[seat]
    if record.exports.contains(where: { !owners.contains(input.exports[$0].owner) }) { return true }
    guard input.rules.updatesMembers else { return false }
    return !valueChanges(record.image, seat: seat).isEmpty
      || activity(record, standing: standing, isAdoption: false) != .unchanged
  }

  private mutating func claimable(_ record: UnitedRecord, seat: Int, key: Int) {
    decisions.findings.note(
      .claimable(member: name(ofSeat: seat), key: keyName(key)), at: locate(record.numbers[0]))
    decisions.hold("member \(name(ofSeat: seat))", .found)
    decisions.leaveOpen(record.numbers)
    decisions.count(.found)
    decisions.frozenSeats.insert(seat)
    stand(by: record, seat: seat)
  }

  private mutating func update(
    _ record: UnitedRecord, seat: Int, situation: Situation, rule: String, newOwners: [String]
  ) {
    guard input.rules.updatesMembers else {
      return keep(record, seat: seat, situation: situation, rule: rule, newOwners: newOwners)
    }
    let standing = input.index.members.standings[seat]
    var draft = MemberDraft(
      subject: subject(ofSeat: seat), seat: seat,
      step: .update(valueChanges(record.image, seat: seat)), situation: situation, classes: [],
      rule: rule, records: record.numbers, newOwners: newOwners)
    var isWithheld = false
    switch activity(record, standing: standing, isAdoption: situation == .found) {
    case .unchanged: break
    case .deactivate:
      guard record.mayRemove else {
        withhold(seat, record.isReliable ? .noEarlierRun : .unreliableExport)
        decisions.leaveOpen(record.numbers)
        isWithheld = true
        break
      }
      draft.step = .update(draft.changes.adding(activeChange(from: true)))
      draft.classes.insert(.removal)
      // An adoption stays one, so that its guard counts it.
      if situation != .found {
        draft.situation = .sourceDisabled
        draft.rule = "mapping.active"
      }
    case .reactivate where record.doubtsActive:
      // Who is active is the very thing that is in doubt.
      decisions.count(.withheld)
      decisions.leaveOpen(record.numbers)
      isWithheld = true
    case .reactivate:
      draft.step = .reactivate(draft.changes.adding(activeChange(from: false)))
      draft.situation = .returner
      draft.classes.insert(.grant)
      draft.rule = "lifecycle.reactivate"
    case .heldInactive:
      notePresence(seat)
      decisions.findings.note(
        .inactiveNotByUs(member: draft.subject.name), at: locate(record.numbers[0]))
      decisions.hold("member \(draft.subject.name)", .inactiveNotByUs)
      decisions.leaveOpen(record.numbers)
      decisions.count(.inactiveNotByUs)
      decisions.frozenSeats.insert(seat)
      stand(by: record, seat: seat)
      return
    }
    judgeRoles(of: &draft, record, isWithheld: &isWithheld)
    notePresence(seat)
    if draft.changes.contains(where: { isKey($0.attribute.path) }) { draft.classes.insert(.rekey) }
    guard !draft.changes.isEmpty || !newOwners.isEmpty else {
      guard !isWithheld else { return }
      // Whom it refers to may still make a difference.
      if input.hasReferences { decisions.drafts.append(draft) } else { decisions.count(.same) }
      return
    }
    decisions.drafts.append(draft)
  }

  /// Changes nothing of a member, whatever its record says; who owns it may be new.
  private mutating func keep(
    _ record: UnitedRecord, seat: Int, situation: Situation, rule: String, newOwners: [String]
  ) {
    notePresence(seat)
    stand(by: record, seat: seat)
    guard newOwners.isEmpty else {
      decisions.drafts.append(
        MemberDraft(
          subject: subject(ofSeat: seat), seat: seat, step: .update([]), situation: situation,
          classes: [], rule: rule, records: record.numbers, newOwners: newOwners))
      return
    }
    let standing = input.index.members.standings[seat]
    let isSame =
      valueChanges(record.image, seat: seat).isEmpty
      && activity(record, standing: standing, isAdoption: false) == .unchanged
    decisions.count(isSame ? .same : .notUpdated)
  }

  private enum Activity {
    case unchanged
    case deactivate
    case reactivate
    case heldInactive
  }

  private func activity(
    _ record: UnitedRecord, standing: MemberStanding, isAdoption: Bool
  ) -> Activity {
    let wanted = input.activeID.flatMap { record.image[$0] }
      .map { $0.elementsEqual("true".utf8) }
    if standing.contains(.active) { return wanted == false ? .deactivate : .unchanged }
    guard wanted != false, !isAdoption else { return .unchanged }
    if standing.contains(.deactivatedByUs) {
      guard wanted == true || standing.contains(.leaver) else { return .unchanged }
      return input.rules.reactivation == .never ? .heldInactive : .reactivate
    }
    guard wanted == true else { return .unchanged }
    return input.rules.reactivation == .always ? .reactivate : .heldInactive
  }

  /// The managed values but `active` that the record says and the member does not have.
  private func valueChanges(_ image: AttributeImage, seat: Int) -> [AttributeChange] {
    let current = input.details[seat]
    var changes: [AttributeChange] = []
    image.forEachDifference(from: current) { id, before, after in
      guard id != input.activeID else { return }
      changes.append(
        AttributeChange(
          attribute: input.rules.memberAttributes[id],
          before: before.map { current.text(at: $0) },
          after: after.isEmpty ? nil : image.text(at: after)))
    }
    return changes
  }

  private func activeChange(from active: Bool) -> AttributeChange {
    AttributeChange(
      attribute: ManagedAttribute(path: .active, kind: .boolean), before: "\(active)",
      after: "\(!active)")
  }

  /// Whether a change of this attribute is a rekey.
  func isKey(_ path: AttributePath) -> Bool {
    path == .workEmail || path == .userName || input.rules.memberKeys.contains { $0.path == path }
  }

  /// The member is there again: its absences are over.
  mutating func notePresence(_ seat: Int) {
    if let absence = input.absences[seat] {
      decisions.bookkeeping.presences.append(absence.member)
    }
  }
}

extension [AttributeChange] {
  /// With one more change, in the order of the paths.
  fileprivate func adding(_ change: AttributeChange) -> [AttributeChange] {
    (filter { $0.attribute.path != change.attribute.path } + [change])
      .sorted { $0.attribute.path < $1.attribute.path }
  }
}

extension Array {
  /// Runs of elements that share a value, in order.
  func chunked<Value: Equatable>(by value: (Element) -> Value) -> [[Element]] {
    var chunks: [[Element]] = []
    for element in self {
      if let last = chunks.last?.first, value(last) == value(element) {
        chunks[chunks.count - 1].append(element)
      } else {
        chunks.append([element])
      }
    }
    return chunks
  }
}
