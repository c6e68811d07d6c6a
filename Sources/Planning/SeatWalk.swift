/// Tells of ascending seats whether they stand in a list of ascending seats, in one walk along both.
///
/// ```
/// var present = SeatWalk([2, 5, 9])
/// present.contains(2)   true
/// present.contains(4)   false
/// present.contains(9)   true
/// ```
///
/// A night compares millions of memberships, nearly all of which are on both sides: no set is made of them.
struct SeatWalk {
  private let seats: [Int]
  private var place = 0

  init(_ seats: [Int]) {
    self.seats = seats
  }

  /// No seat may be smaller than the one asked for before.
  mutating func contains(_ seat: Int) -> Bool {
    while place < seats.count, seats[place] < seat { place += 1 }
    return place < seats.count && seats[place] == seat
  }
}
