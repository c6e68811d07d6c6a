import Identity
import Matching
import PlanFile

// Members whom an earlier record of changes wants to refer to somebody who was not there yet.

extension ReferencePlanning {
  /// Gives those who wait whom they wait for, unless tonight's records have said otherwise.
  mutating func decideAwaited() {
    guard !input.awaited.isEmpty else { return }
    let begun = Set(decisions.bookkeeping.awaitedReferences.map(\.member))
    var places: [Int: Int] = [:]
    for (place, draft) in decisions.drafts.enumerated() { places[draft.seat] = place }
    for awaited in input.awaited {
      let reference = Reference(seat: awaited.seat, attribute: awaited.attribute)
      if awaited.isStated || stated.contains(reference) {
        // What begins anew tonight takes the place of the old.
        if !begun.contains(input.ids[awaited.seat]) { settle(awaited) }
        continue
      }
      guard !decisions.frozenSeats.contains(awaited.seat),
        !input.members.owners[awaited.seat].isEmpty,
        case .seat(let seat) = resolve(awaited.key, awaited.hash), let id = id(ofSeat: seat)
      else { continue }
      guard let change = change(of: awaited.attribute, awaited.seat, id) else {
        settle(awaited)
        continue
      }
      if add(change, for: awaited, &places) { settle(awaited) }
    }
  }

  private mutating func settle(_ awaited: ReferenceInput.Awaited) {
    decisions.bookkeeping.awaitedReferences.append(
      AwaitedReference(
        member: input.ids[awaited.seat],
        attribute: input.rules.memberAttributes[awaited.attribute].path, wanted: nil))
  }

  /// Adds a change to what is done to the member already; whoever leaves tonight goes on waiting.
  private mutating func add(
    _ change: AttributeChange, for awaited: ReferenceInput.Awaited, _ places: inout [Int: Int]
  ) -> Bool {
    if let place = places[awaited.seat] {
      switch decisions.drafts[place].step {
      case .update(let changes): decisions.drafts[place].step = .update(changes.merging([change]))
      case .reactivate(let changes):
        decisions.drafts[place].step = .reactivate(changes.merging([change]))
      case .create, .deactivate, .delete: return false
      }
      return true
    }
    places[awaited.seat] = decisions.drafts.count
    decisions.drafts.append(
      MemberDraft(
        subject: subject(ofSeat: awaited.seat), seat: awaited.seat, step: .update([change]),
        situation: .differs, classes: [], rule: "mapping", records: [awaited.record],
        newOwners: []))
    if awaited.isSame || unchanged.contains(awaited.seat) {
      decisions.situations[.same, default: 1] -= 1
    }
    return true
  }
}
