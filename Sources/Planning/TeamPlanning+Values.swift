import Identity
import Matching
import PlanFile

// Key values of teams: who may take one tonight.

extension TeamPlanning {
  /// Holds what needs a key value that another team keeps, and what needs what those would have freed.
  ///
  /// No two records want the same value: those are twins.
  mutating func holdTakenValues() {
    // In most nights no team wants a value that it does not have.
    guard intents.contains(where: { !wantedKeys(of: $0).isEmpty }) else { return }
    var movers: [Int: Int] = [:]
    for (place, intent) in intents.enumerated() {
      if let seat = intent.seat { movers[seat] = place }
    }
    var spread = HoldSpread<(seat: Int, key: Int)>()
    for (place, intent) in intents.enumerated() {
      for (key, value) in wantedKeys(of: intent) {
        for seat in index.places(of: value[...], key: key) where seat != intent.seat {
          if let giver = movers[seat], gives(up: key, intents[giver]) {
            spread.wait(place, for: giver, (seat, key))
          } else {
            spread.hold(place, (seat, key))
          }
        }
      }
    }
    spread.settle()
    for (place, obstacle) in spread.held.sorted(by: { $0.key < $1.key }) {
      note(obstacle, of: intents[place])
    }
    intents = intents.indices.filter { spread.held[$0] == nil }.map { intents[$0] }
  }

  /// The key values that an intent would give a team which does not have them, folded.
  private func wantedKeys(of intent: Intent) -> [(key: Int, value: [UInt8])] {
    input.rules.teamKeys.enumerated().compactMap { place, key in
      guard intent.seat == nil || intent.changes.contains(where: { $0.attribute.path == key.path }),
        let value = intent.record.image[key.id], !value.isEmpty
      else { return nil }
      return (place, MatchKeyText.folded(value))
    }
  }

  private func gives(up key: Int, _ intent: Intent) -> Bool {
    let path = input.rules.teamKeys[key].path
    return intent.changes.contains { change in
      change.attribute.path == path
        && !MatchKeyText.same((change.before ?? "").utf8, (change.after ?? "").utf8)
    }
  }

  private mutating func note(_ obstacle: (seat: Int, key: Int), of intent: Intent) {
    if let seat = intent.seat { freeze([seat]) }
    if let conflict = intent.conflict, conflict.seat == obstacle.seat {
      hold(
        intent.record, .conflictingKeys,
        conflictFinding(intent.record, seat: conflict.seat, key: conflict.key))
      return
    }
    let key = input.rules.teamKeys[obstacle.key]
    hold(
      intent.record, .valueTaken,
      .uniqueValueTaken(
        attribute: "\(key.path)", value: intent.record.image.text(key.id) ?? "",
        holder: "team " + decisions.teams[obstacle.seat].subject.name))
  }
}
