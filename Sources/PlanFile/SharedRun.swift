/// Values that follow each other and are all told by places in the columns of one object: that object, once, and numbers.
///
/// ```
/// operations  [update, update, create, create, create]
/// run         range 2..<5, owner the newcomers, places [7, 0, 3]
/// ```
///
/// A loop that asks every operation who it is about counts references to one object, and where two threads do so at
/// once, that takes longer than whatever they do.
package struct SharedRun<Owner: AnyObject & Sendable>: Sendable {
  package let owner: Owner
  /// Which of the values.
  package let range: Range<Int>
  /// The place of each in the columns, by place in `range`.
  package let places: [UInt32]

  init(owner: Owner, range: Range<Int>, places: [UInt32]) {
    self.owner = owner
    self.range = range
    self.places = places
  }

  /// The first such run of some values; nil where there is none.
  ///
  /// `place` is that of a value in the columns of an owner, if it is one of its own: asked for the owner, a million
  /// values would count a million references.
  init?<Value>(
    of values: [Value], _ limits: Range<Int>, owner: (Value) -> Owner?,
    place: (borrowing Value, Owner) -> UInt32?
  ) {
    guard let first = limits.first(where: { owner(values[$0]) != nil }),
      let owner = owner(values[first])
    else { return nil }
    let span = values.span
    var places: [UInt32] = []
    for number in first..<limits.upperBound {
      guard let place = place(span[number], owner) else { break }
      if places.isEmpty { places.reserveCapacity(limits.upperBound - first) }
      places.append(place)
    }
    self.owner = owner
    self.range = first..<first + places.count
    self.places = places
  }

  /// The place of one of the values in the columns.
  @inlinable
  package func column(of place: Int) -> Int { Int(places[place - range.lowerBound]) }
}

extension SharedRun<Newcomers> {
  /// The first creates of newcomers among the operations of `range`.
  package init?(of operations: [Operation], in range: Range<Int>) {
    self.init(of: operations, range) {
      $0.newcomer?.newcomers
    } place: {
      $0.place(among: $1)
    }
  }
}

extension SharedRun<SharedOrigins> {
  /// The first so many runs of some grounds: those of newcomers, and those of memberships that come.
  package static func first(_ count: Int, of grounds: [Evidence.Grounds]) -> [Self] {
    var runs: [Self] = []
    while runs.count < count,
      let next = Self(of: grounds, in: (runs.last?.range.upperBound ?? 0)..<grounds.count)
    {
      runs.append(next)
    }
    return runs
  }

  /// The first grounds that are one record of many.
  package init?(of grounds: [Evidence.Grounds], in range: Range<Int>) {
    self.init(of: grounds, range) {
      $0.shared?.origins
    } place: {
      $0.place(among: $1)
    }
  }
}
