/// Tells of ascending seats whether they stand in a list with ascending seats, in one walk along both.
///
/// ```
/// var held = SeatWalk(edges)                                  of 2, 5 and 9
/// held.contains(2) { members.seat(ofOrdinal: $0.member) }     true
/// held.contains(4) { members.seat(ofOrdinal: $0.member) }     false
/// ```
///
/// A night compares the memberships of twenty thousand teams: no set is made of them, and no list of their seats.
struct SeatWalk<Element> {
  private let elements: [Element]
  private var place = 0

  init(_ elements: [Element]) {
    self.elements = elements
  }

  /// No seat may be smaller than the one asked for before; `seatOf` gives nil for what does not count.
  @inline(__always)
  mutating func contains(_ seat: Int, by seatOf: (Element) -> Int?) -> Bool {
    while place < elements.count {
      guard let next = seatOf(elements[place]), next >= seat else {
        place += 1
        continue
      }
      return next == seat
    }
    return false
  }
}
