import Identity
import Scanning

/// Finds seats by the hash of a key: open addressing over 32-bit slots, no strings kept.
///
/// ```
/// hashes   seat 0 → 0x51…, seat 1 → 0x93…, seat 2 → 0x51…
/// slots    … [51… | 0 +1] … [93… | 1 +1] …       a piece of the hash, and a seat plus one; 0 is free
/// repeats  0x51… → [2]
/// ```
///
/// A seat of a million takes 20 bits of a slot; the other 12 are the hash's highest, so that passing by another key
/// nearly never costs a second look at memory. The low bits choose the slot. The table is at most half full. Of several
/// seats with one hash only the first has a slot, so a column with the same value a million times is no slower than any
/// other. Equal hashes mean "look at both": callers compare the real values before they change anything.
package struct KeyIndex: Sendable {
  private var slots: [UInt32]
  private let mask: Int
  /// The bits of a slot that hold a seat.
  private let seatMask: UInt32
  private let hashes: [UInt64]
  /// By hash: the seats after the first that have it, ascending; few in any sound state.
  private var repeats: [UInt64: [Int]] = [:]

  /// Indexes `hashes[seat]` for every seat, of which there are less than 2³¹; `KeyHasher.none` is left out.
  package init(_ hashes: [UInt64]) {
    precondition(hashes.count < 1 << 31)
    self.hashes = hashes
    var capacity = 16
    while capacity < hashes.count * 2 { capacity *= 2 }
    mask = capacity - 1
    // As many bits as the largest seat plus one has.
    seatMask = UInt32.max >> UInt32(UInt32(hashes.count).leadingZeroBitCount)
    slots = Array(largeCapacity: capacity)
    slots.append(contentsOf: repeatElement(0, count: capacity))
    fill()
  }

  /// Gives every seat its slot.
  private mutating func fill() {
    // Taken out for the loop, which then does not ask at each seat whether somebody else holds them.
    var filled = slots
    slots = []
    defer { slots = filled }
    var table = filled.mutableSpan
    let (column, none) = (self.hashes, KeyHasher.none)
    let hashes = column.span
    for seat in hashes.indices {
      let next = seat + Self.ahead
      if next < hashes.count {
        table.span.prefetch(Int(truncatingIfNeeded: hashes[next]) & mask)
      }
      let hash = hashes[seat]
      guard hash != none else { continue }
      var slot = Int(truncatingIfNeeded: hash) & mask
      while table[slot] != 0,
        !(fits(table[slot], hash) && hashes[self.seat(in: table[slot])] == hash)
      {
        slot = (slot + 1) & mask
      }
      if table[slot] == 0 {
        table[slot] = tag(of: hash) | UInt32(seat + 1)
      } else {
        repeats[hash, default: []].append(seat)
      }
    }
  }

  @inline(__always)
  private func tag(of hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) & ~seatMask }

  /// Whether a slot may be that of the hash.
  @inline(__always)
  private func fits(_ slot: UInt32, _ hash: UInt64) -> Bool { slot & ~seatMask == tag(of: hash) }

  @inline(__always)
  private func seat(in slot: UInt32) -> Int { Int(slot & seatMask) - 1 }

  /// Seats whose hash another seat has, too.
  package var sharedSeats: Set<Int> {
    repeats.keys.reduce(into: []) { $0.formUnion(all($1)) }
  }

  /// How many look-ups before its own a slot is asked for.
  package static let ahead = 16
  /// The same where nothing else is done meanwhile.
  private static let farAhead = 48

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

  /// For each hash the only seat with it, or -1 where there is none or more than one.
  ///
  /// In two rounds, each of which asks for its memory ahead: whom the slots name, and whether that one has the hash. A
  /// third of the keys do not stand where their search begins, and whose hash is wanted is known only at its end.
  package func seats(of hashes: [UInt64]) -> [Int32] {
    var seats = named(by: hashes.span)
    let (own, isPlain) = (self.hashes.span, repeats.isEmpty)
    for place in hashes.indices {
      let next = place + Self.farAhead
      if next < seats.count, seats[next] >= 0 { own.prefetch(Int(seats[next])) }
      let (hash, seat) = (hashes[place], seats[place])
      guard seat >= 0 else { continue }
      if own[Int(seat)] != hash {
        seats[place] = first(hash).map { Int32(truncatingIfNeeded: $0) } ?? -1
      }
      if !isPlain, repeats[hash] != nil { seats[place] = -1 }
    }
    return seats
  }

  /// For each hash the first seat whose slot may be that of the hash, or -1.
  private func named(by hashes: Span<UInt64>) -> [Int32] {
    let slots = slots.span
    return [Int32](capacity: hashes.count) { seats in
      for place in hashes.indices {
        if place + Self.farAhead < hashes.count { prefetch(hashes[place + Self.farAhead]) }
        let hash = hashes[place]
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0, !fits(slots[slot], hash) { slot = (slot + 1) & mask }
        let isNamed = hash != KeyHasher.none && slots[slot] != 0
        seats.append(isNamed ? Int32(truncatingIfNeeded: seat(in: slots[slot])) : -1)
      }
    }
  }

  /// The only seat that may have this hash; mostly it is not looked whether it does.
  @inline(__always)
  package func candidate(_ hash: UInt64) -> Int? {
    guard hash != KeyHasher.none else { return nil }
    var slot = Int(truncatingIfNeeded: hash) & mask
    var found = -1
    while slots[slot] != 0 {
      if fits(slots[slot], hash) {
        if found >= 0 { return first(hash).flatMap { repeats[hash] == nil ? $0 : nil } }
        found = seat(in: slots[slot])
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
  func first(_ hash: UInt64) -> Int? {
    guard hash != KeyHasher.none else { return nil }
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      if fits(slots[slot], hash), hashes[seat(in: slots[slot])] == hash {
        return seat(in: slots[slot])
      }
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
