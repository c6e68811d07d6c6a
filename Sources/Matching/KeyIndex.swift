import Identity
import Scanning

/// Finds seats by the hash of a key: open addressing over slots of eight bytes, no strings kept.
///
/// ```
/// hashes   seat 0 → 0x51…, seat 1 → 0x93…, seat 2 → 0x51…
/// slots    … […51 | 0 +1] … […93 | 1 +1] …       the hash but for its highest bits, and a seat plus one; 0 is free
/// repeats  0x51… → [2]
/// ```
///
/// A seat of a million takes 20 bits of a slot, and the other 44 are the hash's lowest. The highest choose where the
/// search begins, so that one place of memory tells whether it is this hash: among a million seats another one passes for
/// it once in some 10¹³ look-ups, about as often as two whole hashes are equal. Hashes must be well mixed (`KeyHasher`).
/// Half of the slots are free: with a third of them, searches took half as long again. Of several seats with one hash
/// only the first has a slot, so a column with the same value a million times is no slower than any other. Equal hashes
/// mean "look at both": callers compare the real values before they change anything.
package struct KeyIndex: Sendable {
  private var slots: [UInt64]
  private let capacity: Int
  /// How many bits of a slot hold a seat.
  private let seatBits: UInt64
  /// By hash: the seats after the first that have it, ascending; few in any sound state.
  private var repeats: [UInt64: [Int]] = [:]

  /// Indexes `hashes[seat]` for every seat, of which there are less than 2³¹; `KeyHasher.none` is left out.
  package init(_ hashes: [UInt64]) {
    precondition(hashes.count < 1 << 31)
    capacity = 2 * hashes.count + 1
    // As many as the largest seat plus one has.
    seatBits = UInt64(UInt64.bitWidth - UInt64(hashes.count).leadingZeroBitCount)
    slots = Array(largeCapacity: capacity)
    slots.append(contentsOf: repeatElement(0, count: capacity))
    fill(hashes.span)
  }

  /// Gives every seat its slot.
  private mutating func fill(_ hashes: Span<UInt64>) {
    // Taken out for the loop, which then does not ask at each seat whether somebody else holds them.
    var filled = slots
    slots = []
    defer { slots = filled }
    var table = filled.mutableSpan
    let none = KeyHasher.none
    for seat in hashes.indices {
      let next = seat + Self.ahead
      if next < hashes.count { table.span.prefetch(place(of: hashes[next])) }
      let hash = hashes[seat]
      guard hash != none else { continue }
      var slot = place(of: hash)
      while table[slot] != 0, !fits(table[slot], hash) { slot = place(after: slot) }
      if table[slot] == 0 {
        table[slot] = hash &<< seatBits | UInt64(seat + 1)
      } else {
        repeats[hash, default: []].append(seat)
      }
    }
  }

  /// Where the search for a hash begins (Lemire, "Fast Random Integer Generation in an Interval", 2019).
  @inline(__always)
  private func place(of hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(capacity)).high)
  }

  @inline(__always)
  private func place(after slot: Int) -> Int { slot + 1 == capacity ? 0 : slot + 1 }

  /// Whether a slot is that of the hash.
  @inline(__always)
  private func fits(_ slot: UInt64, _ hash: UInt64) -> Bool {
    (slot ^ (hash &<< seatBits)) &>> seatBits == 0
  }

  @inline(__always)
  private func seat(in slot: UInt64) -> Int { Int(slot & ~(UInt64.max &<< seatBits)) - 1 }

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
    slots.span.prefetch(place(of: hash))
  }

  /// The only seat with this hash, or what else there is.
  @inline(__always)
  package func lookup(_ hash: UInt64) -> Hit {
    guard let first = first(hash) else { return .none }
    return repeats.isEmpty || repeats[hash] == nil ? .one(first) : .several
  }

  /// For each hash the only seat with it, or -1 where there is none or more than one.
  package func seats(of hashes: [UInt64]) -> [Int32] {
    let (asked, slots, none, isPlain) = (hashes.span, slots.span, KeyHasher.none, repeats.isEmpty)
    return [Int32](capacity: hashes.count) { seats in
      for row in asked.indices {
        if row + Self.farAhead < asked.count { prefetch(asked[row + Self.farAhead]) }
        let hash = asked[row]
        var slot = place(of: hash)
        while slots[slot] != 0, !fits(slots[slot], hash) { slot = place(after: slot) }
        let isFound = hash != none && slots[slot] != 0
        let isOnly = isPlain || repeats[hash] == nil
        seats.append(
          isFound && isOnly ? Int32(truncatingIfNeeded: seat(in: slots[slot])) : -1)
      }
    }
  }

  /// The only seat with this hash.
  @inline(__always)
  package func candidate(_ hash: UInt64) -> Int? {
    guard case .one(let seat) = lookup(hash) else { return nil }
    return seat
  }

  /// Every seat with this hash, ascending.
  package func all(_ hash: UInt64) -> [Int] {
    guard let first = first(hash) else { return [] }
    return [first] + (repeats[hash] ?? [])
  }

  /// The lowest seat with this hash.
  @inline(__always)
  func first(_ hash: UInt64) -> Int? {
    guard hash != KeyHasher.none else { return nil }
    var slot = place(of: hash)
    while slots[slot] != 0 {
      if fits(slots[slot], hash) { return seat(in: slots[slot]) }
      slot = place(after: slot)
    }
    return nil
  }

  package enum Hit: Sendable, Hashable {
    case none
    case one(Int)
    case several
  }
}
