import Identity

/// Finds seats by the hash of a key: open addressing over 64-bit slots, no strings kept.
///
/// ```
/// hashes   seat 0 → 0x51…, seat 1 → 0x93…, seat 2 → 0x51…
/// slots    … [51… | 0 +1] [51… | 2 +1] … [93… | 1 +1] …     half the hash, and a seat plus one; 0 is free
/// ```
///
/// Half of the hash stands in the slot, so that passing by another key costs no second look at memory; the low
/// bits choose the slot, the high ones are kept. The table is at most half full. Equal hashes mean "look at both": callers
/// compare the real values before they change anything.
package struct KeyIndex: Sendable {
  private var slots: [UInt64]
  private let mask: Int
  private let hashes: [UInt64]

  private static let tagMask: UInt64 = 0xFFFF_FFFF_0000_0000

  /// Indexes `hashes[seat]` for every seat; `KeyHasher.none` is left out.
  package init(_ hashes: [UInt64]) {
    self.hashes = hashes
    var capacity = 16
    while capacity < hashes.count * 2 { capacity *= 2 }
    mask = capacity - 1
    slots = Array(repeating: 0, count: capacity)
    for seat in hashes.indices where hashes[seat] != KeyHasher.none {
      var slot = Int(truncatingIfNeeded: hashes[seat]) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = hashes[seat] & Self.tagMask | UInt64(seat + 1)
    }
  }

  /// The slot at which a search for the hash begins; to have it in the cache when it does.
  @inline(__always)
  package func firstSlot(of hash: UInt64) -> UInt64 {
    slots[Int(truncatingIfNeeded: hash) & mask]
  }

  /// The only seat with this hash, or what else there is.
  @inline(__always)
  package func lookup(_ hash: UInt64) -> Hit {
    guard hash != KeyHasher.none else { return .none }
    var slot = Int(truncatingIfNeeded: hash) & mask
    var found = -1
    while slots[slot] != 0 {
      if (slots[slot] ^ hash) & Self.tagMask == 0 {
        let seat = Int(slots[slot] & ~Self.tagMask) - 1
        if hashes[seat] == hash {
          if found >= 0 { return .several }
          found = seat
        }
      }
      slot = (slot + 1) & mask
    }
    return found >= 0 ? .one(found) : .none
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
        found = Int(slots[slot] & ~Self.tagMask) - 1
      }
      slot = (slot + 1) & mask
    }
    return found >= 0 ? found : nil
  }

  /// Every seat with this hash, ascending.
  package func all(_ hash: UInt64) -> [Int] {
    guard hash != KeyHasher.none else { return [] }
    var slot = Int(truncatingIfNeeded: hash) & mask
    var seats: [Int] = []
    while slots[slot] != 0 {
      let seat = Int(slots[slot] & ~Self.tagMask) - 1
      if hashes[seat] == hash { seats.append(seat) }
      slot = (slot + 1) & mask
    }
    return seats.count > 1 ? seats.sorted() : seats
  }

  package enum Hit: Sendable, Hashable {
    case none
    case one(Int)
    case several
  }
}
