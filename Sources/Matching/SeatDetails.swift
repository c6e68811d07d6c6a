package import Identity

/// The ids and current values of a few members, by seat.
///
/// ```
/// seats    7, 4, 900            in the order in which they came
/// slots    … [2 +1] … [0 +1] … [1 +1] …      places in `seats`; 0 is free
/// ```
///
/// Open addressing: whoever decides about a member asks for it again and again.
package struct SeatDetails: Sendable {
  private var slots: [UInt32] = []
  private var seats: [Int] = []
  private var ids: [ResourceID] = []
  private var images: [AttributeImage] = []

  package init() {}

  package mutating func insert(id: ResourceID, image: AttributeImage, at seat: Int) {
    guard place(of: seat) == nil else { return }
    seats.append(seat)
    ids.append(id)
    images.append(image)
    if seats.count * 2 > slots.count {
      slots = Array(repeating: 0, count: max(slots.count * 2, 64))
      for place in seats.indices { slots[slot(of: seats[place])] = UInt32(place + 1) }
    } else {
      slots[slot(of: seat)] = UInt32(seats.count)
    }
  }

  /// The slot of a seat, or the free one where it belongs; one half of all is free.
  private func slot(of seat: Int) -> Int {
    let mask = slots.count - 1
    // Whichever seats they are, a product spreads them (Knuth, The Art of Computer Programming, 6.4).
    let product = UInt64(truncatingIfNeeded: seat) &* 0x9E37_79B9_7F4A_7C15
    var slot = Int(truncatingIfNeeded: product >> 32) & mask
    while slots[slot] != 0, seats[Int(slots[slot]) - 1] != seat { slot = (slot + 1) & mask }
    return slot
  }

  private func place(of seat: Int) -> Int? {
    guard !slots.isEmpty else { return nil }
    let slot = slots[slot(of: seat)]
    return slot == 0 ? nil : Int(slot) - 1
  }

  package func contains(_ seat: Int) -> Bool { place(of: seat) != nil }

  /// The values of a seat; none for a seat that was not asked for.
  package subscript(seat: Int) -> AttributeImage {
    place(of: seat).map { images[$0] } ?? AttributeImage()
  }

  package func id(of seat: Int) -> ResourceID? { place(of: seat).map { ids[$0] } }
}
