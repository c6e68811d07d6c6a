package import PlanFile

/// What members of some seats are called, in no order.
///
/// ```
/// seats     90    4     17
/// subjects  ann   bob   cy
/// ```
package struct SeatedSubjects: Sendable {
  private(set) var subjects = SubjectColumn()
  /// By seat: the place among the subjects plus one, 0 for all others.
  private var places: [UInt32] = []

  package init() {}

  package mutating func append(_ seat: Int, _ subject: SubjectRef) {
    subjects.append(subject)
    note(seat, count: subjects.count)
  }

  /// Adds the members of some seats, by the places of a column.
  package mutating func append(_ seats: [Int], _ column: SubjectColumn) {
    precondition(seats.count == column.count)
    let first = subjects.count
    subjects.append(contentsOf: column)
    makeRoom(for: seats.max() ?? -1)
    for (place, seat) in seats.enumerated() { note(seat, count: first + place + 1) }
  }

  private mutating func note(_ seat: Int, count: Int) {
    makeRoom(for: seat)
    precondition(places[seat] == 0, "a seat is somebody's once")
    places[seat] = UInt32(count)
  }

  private mutating func makeRoom(for seat: Int) {
    guard seat >= places.count else { return }
    places.append(contentsOf: repeatElement(0, count: seat + 1 - places.count))
  }

  /// The place of a member among the subjects; nil for somebody who is not here.
  func place(ofSeat seat: Int) -> Int? {
    guard seat < places.count, places[seat] > 0 else { return nil }
    return Int(places[seat]) - 1
  }
}
