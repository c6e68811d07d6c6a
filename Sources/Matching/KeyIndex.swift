import Identity

/// Finds seats by the hash of a key: open addressing over 32-bit seats, no strings kept.
///
/// ```
/// hashes   seat 0 → 0x51…, seat 1 → 0x93…, seat 2 → 0x51…
/// slots    … [0 +1] [2 +1] … [1 +1] …     a seat plus one; 0 is free; equal hashes stand in a row
/// ```
///
/// The table is at most half full, so a miss costs one or two looks. Equal hashes mean "look at both":
/// callers compare the real values before they change anything.
package struct KeyIndex: Sendable {
  private var slots: [UInt32]
  private let mask: Int
  private let hashes: [UInt64]

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
      slots[slot] = UInt32(seat + 1)
    }
  }

  /// The only seat with this hash, or what else there is.
  @inline(__always)
  package func lookup(_ hash: UInt64) -> Hit {
    guard hash != KeyHasher.none else { return .none }
    var slot = Int(truncatingIfNeeded: hash) & mask
    var found = -1
    while slots[slot] != 0 {
      let seat = Int(slots[slot] - 1)
      if hashes[seat] == hash {
        if found >= 0 { return .several }
        found = seat
      }
      slot = (slot + 1) & mask
    }
    return found >= 0 ? .one(found) : .none
  }

  /// Every seat with this hash, ascending.
  package func all(_ hash: UInt64) -> [Int] {
    guard hash != KeyHasher.none else { return [] }
    var slot = Int(truncatingIfNeeded: hash) & mask
    var seats: [Int] = []
    while slots[slot] != 0 {
      let seat = Int(slots[slot] - 1)
      if hashes[seat] == hash { seats.append(seat) }
      slot = (slot + 1) & mask
    }
    return seats.sorted()
  }

  package enum Hit: Sendable, Hashable {
    case none
    case one(Int)
    case several
  }
}
