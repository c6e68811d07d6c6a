/// Spreads holds along the chain of those who wait for one another to give a value up.
///
/// ```
/// ann → bob → carl → (dora keeps it)      all three are held
/// ann → bob → carl → ann                  a ring frees itself: nobody is
/// ```
///
/// Each step of a chain is looked at once, however long the chain is and wherever it begins.
struct HoldSpread<Reason> {
  private var waiting: [Int: [(draft: Int, reason: Reason)]] = [:]
  /// The drafts that are held, with what stands in the way of each.
  private(set) var held: [Int: Reason] = [:]

  /// Holds a draft whatever the others do.
  mutating func hold(_ draft: Int, _ reason: Reason) {
    if held[draft] == nil { held[draft] = reason }
  }

  /// Notes that a draft must be held if `giver` is.
  mutating func wait(_ draft: Int, for giver: Int, _ reason: Reason) {
    waiting[giver, default: []].append((draft, reason))
  }

  /// Holds everybody who waits for somebody held.
  mutating func settle() {
    var queue = held.keys.sorted()
    while let giver = queue.popLast() {
      for (draft, reason) in waiting[giver] ?? [] where held[draft] == nil {
        held[draft] = reason
        queue.append(draft)
      }
    }
  }
}
