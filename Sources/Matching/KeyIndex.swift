import Identity
import Scanning

/// Finds seats by the hash of a key: open addressing over 64-bit slots, no strings kept.
///
/// ```
/// hashes   seat 0 → 0x51…, seat 1 → 0x93…, seat 2 → 0x51…
/// slots    … [51… | 0 +1] [51… | 2 +1] … [93… | 1 +1] …     half the hash, and a seat plus one; 0 is free
/// ```
///
/// Half of the hash stands in the slot, so that passing by another key costs no second look at memory; the low
/// bits choose the slot, the high ones are kept. The table is at most half full. Of several seats with one hash only the
/// first has a slot, so a column with the same value a million times is no slower than any other. Equal hashes mean
/// "look at both": callers compare the real values before they change anything.
package struct KeyIndex: Sendable {
  private var slots: [UInt64]
  private let mask: Int
  private let hashes: [UInt64]
  /// By hash: the seats after the first that have it, ascending; few in any sound state.
  private var repeats: [UInt64: [Int]] = [:]

  private static let tagMask: UInt64 = 0xFFFF_FFFF_0000_0000

  /// Indexes `hashes[seat]` for every seat; `KeyHasher.none` is left out.
  package init(_ hashes: [UInt64]) {
    self.hashes = hashes
    var capacity = 16
    while capacity < hashes.count * 2 { capacity *= 2 }
    mask = capacity - 1
    slots = Array(largeCapacity: capacity)
    slots.append(contentsOf: repeatElement(0, count: capacity))
    for seat in hashes.indices {
      if seat + Self.ahead < hashes.count { prefetch(hashes[seat + Self.ahead]) }
      if hashes[seat] != KeyHasher.none { insert(seat) }
    }
  }

  private mutating func insert(_ seat: Int) {
    let hash = hashes[seat]
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      if (slots[slot] ^ hash) & Self.tagMask == 0, hashes[Self.seat(in: slots[slot])] == hash {
        repeats[hash, default: []].append(seat)
        return
      }
      slot = (slot + 1) & mask
    }
    slots[slot] = hash & Self.tagMask | UInt64(seat + 1)
  }

  @inline(__always)
  private static func seat(in slot: UInt64) -> Int { Int(slot & ~tagMask) - 1 }

  /// Seats whose hash another seat has, too.
  package var sharedSeats: Set<Int> {
    repeats.keys.reduce(into: []) { $0.formUnion(all($1)) }
  }

  /// How many look-ups before its own a slot is asked for.
  package static let ahead = 16

  /// Asks for the slot at which a search for the hash begins.
  @inline(__always)
  package func prefetch(_ hash: UInt64) {
    slots.span.prefetch(Int(truncatingIfNeeded: hash) & mask)
  }

  /// The only seat with this hash, or what else there is.
  @inline(__always)
  package func lookup(_ hash: UInt64) -> Hit {
    guard let first = first(hash) else { return .none }
    return repeats[hash] == nil ? .one(first) : .several
  }

  /// The seat whose half of the hash is the only one that fits; the caller compares the whole.
  @inline(__always)
  package func candidate(_ hash: UInt64) -> Int? {
    guard hash != KeyHasher.none else { return nil }
    var slot = Int(truncatingIfNeeded: hash) & mask
    var found = -1
    while slots[slot] != 0 {
      if (slots[slot] ^ hash) & Self.tagMask == 0 {
        if found >= 0 { return nil }
        found = Self.seat(in: slots[slot])
      }
      slot = (slot + 1) & mask
    }
    return found >= 0 && (repeats.isEmpty || repeats[hash] == nil) ? found : nil
  }

  /// Every seat with this hash, ascending.
  package func all(_ hash: UInt64) -> [Int] {
    guard let first = first(hash) else { return [] }
    return [first] + (repeats[hash] ?? [])
  }

  /// The lowest seat with this hash.
  private func first(_ hash: UInt64) -> Int? {
    guard hash != KeyHasher.none else { return nil }
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      let seat = Self.seat(in: slots[slot])
      if (slots[slot] ^ hash) & Self.tagMask == 0, hashes[seat] == hash { return seat }
      slot = (slot + 1) & mask
    }
    return nil
  }

  package enum Hit: Sendable, Hashable {
    case none
    case one(Int)
    case several
  }
}
