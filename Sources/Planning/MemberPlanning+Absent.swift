import Identity
import Matching
import PlanFile

// Members that no record names: leavers, unmanaged, orphaned; and the ladder that leavers climb.

extension MemberPlanning {
  mutating func decideAbsent() {
    for seat in input.absences.keys.sorted() where input.pairing.attendance.record(at: seat) != nil
    {
      notePresence(seat)
    }
    for seat in 0..<input.index.members.count where !input.pairing.isPresent(seat) {
      decideAbsent(seat)
    }
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
      decisions.frozenSeats.insert(seat)
      return
    }
    let exports = input.exports.filter { living.contains($0.owner) }
    // A delta that does not mention somebody says nothing about them.
    guard exports.allSatisfy(\.isFull) else {
      decisions.frozenSeats.insert(seat)
      return
    }
    decisions.absentSeats.insert(seat)
    guard !input.shieldedSeats.contains(seat) else {
      if isActive(seat) { withhold(seat, .unreadableRecord) }
      return
    }
    guard exports.allSatisfy(\.isReliable) else {
      if isActive(seat) { withhold(seat, .unreliableExport) }
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
      withhold(seat, .notEnoughAbsences)
    }
  }

  private mutating func remove(_ seat: Int, _ step: MemberDraft.Step, rule: String) {
    decisions.drafts.append(
      MemberDraft(
        subject: subject(ofSeat: seat), seat: seat, step: step, situation: .leaver,
        classes: .removal, rule: rule, records: [], newOwners: []))
  }
}
