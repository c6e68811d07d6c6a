import Identity
import Matching
import PlanFile

// Members that no record names, or that a delta says have gone: leavers, unmanaged, orphaned; and the ladder
// that leavers climb.

extension MemberPlanning {
  mutating func decideAbsent() {
    for seat in input.absences.keys.sorted() where input.pairing.attendance.record(at: seat) != nil
    {
      notePresence(seat)
    }
    for seat in input.pairing.unseenSeats { decideAbsent(seat) }
  }

  private mutating func decideAbsent(_ seat: Int) {
    let owners = input.index.members.owners[seat]
    guard !owners.isEmpty else {
      decisions.count(.unmanaged)
      return
    }
    let living = owners.intersection(input.knownOwners)
    guard !living.isEmpty else {
      decisions.findings.note(
        .orphaned(
          member: name(ofSeat: seat),
          export: owners.numbers.compactMap { input.ownerNames[$0] }.joined(separator: ", ")))
      decisions.count(.orphaned)
      decisions.absentSeats.insert(seat)
      return
    }
    let exports = input.exports.filter { living.contains($0.owner) }
    // A delta that does not mention somebody says nothing about them; a leaver stays one.
    guard exports.allSatisfy(\.isFull) else {
      if input.index.members.standings[seat].contains(.leaver) {
        decisions.absentSeats.insert(seat)
      }
      return
    }
    decisions.absentSeats.insert(seat)
    guard !input.shieldedSeats.contains(seat) else {
      if isActive(seat), !input.leftAloneSeats.contains(seat) { withhold(seat, .unreadableRecord) }
      return
    }
    guard exports.allSatisfy(\.isReliable) else {
      if isActive(seat) { withhold(seat, .unreliableExport) }
      return
    }
    guard exports.allSatisfy(\.mayRemove) else {
      if isActive(seat) { withhold(seat, .noEarlierRun) }
      return
    }
    climb(seat, digest: exports.map(\.digest).joined(separator: " "))
  }

  private func isActive(_ seat: Int) -> Bool {
    input.index.members.standings[seat].contains(.active)
  }

  /// One more absence, if it counts, and the step of the ladder it leads to.
  private mutating func climb(_ seat: Int, digest: String) {
    let ladder = input.rules.ladder
    let standing = input.index.members.standings[seat]
    let last = input.absences[seat]
    var count = last?.count ?? 0
    let counts =
      last.map { $0.exportDigest != digest && input.now - $0.countedAt >= ladder.minInterval }
      ?? true
    if counts {
      count += 1
      let isOver =
        !standing.contains(.active) && ladder.stripTeams == nil && ladder.delete == nil
      if let id = input.details.id(of: seat), !isOver {
        decisions.bookkeeping.absences.append(
          Bookkeeping.Absence(
            member: id, count: count, exportDigest: digest, countedAt: input.now))
      }
    }
    if let limit = ladder.delete, count >= limit, !standing.contains(.active) {
      remove(seat, .delete, rule: "lifecycle.leavers.delete")
      decisions.strippedSeats.insert(seat)
      return
    }
    if let limit = ladder.stripTeams, count >= limit { decisions.strippedSeats.insert(seat) }
    guard standing.contains(.active) else { return }
    if count >= ladder.deactivate {
      remove(seat, .deactivate, rule: "lifecycle.leavers.deactivate")
    } else {
      waitingLeavers.append(seat)
    }
  }

  private mutating func remove(
    _ seat: Int, _ step: MemberDraft.Step, rule: String, records: [RecordNumber] = []
  ) {
    decisions.drafts.append(
      MemberDraft(
        subject: subject(ofSeat: seat), seat: seat, step: step, situation: .leaver,
        classes: .removal, rule: rule, records: records, newOwners: []))
  }

  /// Leavers that the ladder keeps: told every night, unless the policy never deactivates anybody.
  mutating func withholdWaitingLeavers() {
    for seat in waitingLeavers {
      if input.rules.ladder.deactivatesNobody {
        decisions.count(.leaver)
      } else {
        withhold(seat, .notEnoughAbsences)
      }
    }
  }

  // MARK: - Departures

  /// A delta says that the member has gone; it goes at once, because the next delta will not say so again.
  mutating func depart(_ record: UnitedRecord, seat: Int) {
    let owners = input.index.members.owners[seat]
    let leaving = ExportSet(record.exports.map { input.exports[$0].owner })
    guard !owners.isDisjoint(with: leaving) else { return }
    guard isActive(seat) else {
      decisions.absentSeats.insert(seat)
      return
    }
    if let reason = reasonToStay(record, owners: owners.subtracting(leaving), seat: seat) {
      decisions.frozenSeats.insert(seat)
      // That another export only tells changes is so every night.
      if reason != .deltaExport { decisions.leaveOpen(record.numbers) }
      withhold(seat, reason)
      return
    }
    decisions.absentSeats.insert(seat)
    guard !input.rules.ladder.deactivatesNobody else {
      decisions.count(.leaver)
      return
    }
    remove(seat, .deactivate, rule: "exports.removed", records: record.numbers)
  }

  /// Only who is missing from all its exports, and from all of them for certain, is a leaver.
  private func reasonToStay(
    _ record: UnitedRecord, owners others: ExportSet, seat: Int
  ) -> Finding.WithheldReason? {
    if input.shieldedSeats.contains(seat) { return .unreadableRecord }
    if decisions.frozenSeats.contains(seat) { return .held }
    let others = input.exports.filter { others.contains($0.owner) }
    if !record.isReliable || others.contains(where: { $0.isFull && !$0.isReliable }) {
      return .unreliableExport
    }
    return others.allSatisfy(\.isFull) ? nil : .deltaExport
  }

  // MARK: - Removals that do not happen

  /// A removal that does not happen tonight.
  ///
  /// Of very many only some are named (`MemberInput.details` holds those); the rest are counted.
  mutating func withhold(_ seat: Int, _ reason: Finding.WithheldReason) {
    decisions.count(.withheld)
    guard input.details.contains(seat) else {
      decisions.unnamedWithheld += 1
      decisions.findings.count(1, like: .removalWithheld(member: "", reason: reason))
      return
    }
    let name = name(ofSeat: seat)
    decisions.findings.note(.removalWithheld(member: name, reason: reason))
    decisions.hold("member \(name)", .withheld, isRemoval: true)
  }
}
