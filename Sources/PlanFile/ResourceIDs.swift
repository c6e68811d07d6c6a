package import Identity
import Scanning

/// Ids of members or teams, one for each place: 16 bytes for what takes 24 as a value that may be a text.
///
/// ```
/// place    0         1         2
/// halves   1f0e3c…   –         8c41d0…
/// texts              "ann"
/// ```
package struct ResourceIDs: Sendable {
  private struct Halves: Sendable {
    let high: UInt64
    let low: UInt64
  }

  private var halves: [Halves]
  /// Those that are no UUIDs; all that we make are.
  private var texts: [Int: ResourceID] = [:]

  /// Room for so many ids; plans look at them in no order.
  package init(capacity: Int = 0) {
    halves = Array(largeCapacity: capacity)
  }

  package init(_ ids: some Collection<ResourceID>) {
    self.init(capacity: ids.count)
    for id in ids { append(id) }
  }

  package var count: Int { halves.count }

  /// Asks for an id some steps before it is looked at.
  package func prefetch(_ place: Int) { halves.span.prefetch(place) }

  package mutating func append(_ id: ResourceID) {
    if id.halves == nil { texts[halves.count] = id }
    let (high, low) = id.halves ?? (0, 0)
    halves.append(Halves(high: high, low: low))
  }

  package mutating func append(contentsOf other: ResourceIDs) {
    for (place, id) in other.texts { texts[halves.count + place] = id }
    halves += other.halves
  }

  package subscript(place: Int) -> ResourceID {
    if !texts.isEmpty, let text = texts[place] { return text }
    return ResourceID(high: halves[place].high, low: halves[place].low)
  }
}
