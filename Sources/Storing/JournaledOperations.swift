import Identity
import PlanFile
import Scanning

/// The operations of a run as the journal yields them, with memberships and single origins in columns.
///
/// ```
/// journal   update ann   + Sales ann   + Sales bob   + Buyers ann        each with texts of its own
/// kept      update ann   0             1             2                   places in the columns of `Memberships`
/// ```
///
/// The report of a run that added five million memberships would hold three gigabytes of them otherwise.
struct JournaledOperations {
  /// Operations, or grounds, that follow each other: as they are, or so many more of the columns.
  fileprivate enum Piece<Value> {
    case whole([Value])
    case columns(count: Int)
  }

  /// What is in a column already.
  private struct Known {
    private(set) var subjects = SubjectColumn()
    private var places: [ResourceID: Int] = [:]
    /// Of the subject before: memberships of one team follow each other.
    private var last: Int?

    /// The place of a subject; one who is called otherwise than before, or has been erased since, has another one.
    mutating func place(of subject: SubjectRef) -> Int {
      if let last, subjects.id(last) == subject.id, isCalled(subject.name, last) { return last }
      var place = places[subject.id]
      if let known = place, !isCalled(subject.name, known) { place = nil }
      let found = place ?? subjects.count
      if place == nil {
        subjects.append(subject)
        places[subject.id] = found
      }
      last = found
      return found
    }

    private func isCalled(_ name: String, _ place: Int) -> Bool {
      subjects.withName(place) { $0.isSame(as: name.utf8.span) }
    }
  }

  private var pieces: [Piece<Operation>] = []
  private var groundPieces: [Piece<Evidence.Grounds>] = []
  private var teams = Known()
  private var people = Known()
  private var groups: [Memberships.Group] = []
  private var members: [Memberships.Member] = []
  private var origins = SharedOrigins.Columns()
  /// By place among `origins`: the operation that rests on it.
  private var grounded: [UInt32] = []
  private var count = 0

  /// Appends an operation and what it rests on; the first one is operation 0.
  mutating func append(_ operation: Operation, origins: [RecordOrigin], stateBefore: String?) {
    switch operation.action {
    case .addMembership(let member): append(operation, member, isAddition: true)
    case .removeMembership(let member): append(operation, member, isAddition: false)
    default: pieces.append(whole: operation)
    }
    addGrounds(origins, stateBefore)
    count += 1
  }

  private mutating func append(_ operation: Operation, _ member: SubjectRef, isAddition: Bool) {
    let group = Memberships.Group(
      team: teams.place(of: operation.subject), isAddition: isAddition,
      situation: operation.situation, classes: operation.classes, rule: operation.rule)
    if groups.last != group { groups.append(group) }
    members.append(Memberships.Member(group: groups.count - 1, person: people.place(of: member)))
    pieces.appendColumn()
  }

  private mutating func addGrounds(_ origins: [RecordOrigin], _ stateBefore: String?) {
    if stateBefore == nil, origins.count == 1, SharedOrigins.holds(origins[0]),
      let number = UInt32(exactly: count)
    {
      self.origins.append(origins[0])
      grounded.append(number)
      groundPieces.appendColumn()
    } else if !origins.isEmpty || stateBefore != nil {
      groundPieces.append(
        whole: Evidence.Grounds(operation: count, origins: origins, stateBefore: stateBefore))
    }
  }

  /// All operations in their order.
  var operations: [Operation] {
    let memberships = Memberships(
      teams: teams.subjects, people: people.subjects, groups: groups, members: members)
    return pieces.joined(count: count) { Operation(of: memberships, at: $0) }
  }

  /// What they rest on; nothing for one that rests on nothing.
  var grounds: [Evidence.Grounds] {
    let shared = SharedOrigins(origins)
    return groundPieces.joined(count: count) { place in
      Evidence.Grounds(operation: Int(grounded[place]), shared, at: place)
    }
  }
}

extension Array {
  fileprivate mutating func append<Value>(whole value: Value)
  where Element == JournaledOperations.Piece<Value> {
    if case .whole(var values)? = last {
      // Taken out, so that there is one of it.
      self[count - 1] = .whole([])
      values.append(value)
      self[count - 1] = .whole(values)
    } else {
      append(.whole([value]))
    }
  }

  fileprivate mutating func appendColumn<Value>()
  where Element == JournaledOperations.Piece<Value> {
    if case .columns(let columns)? = last {
      self[count - 1] = .columns(count: columns + 1)
    } else {
      append(.columns(count: 1))
    }
  }

  /// All values in their order; `value` has those of the columns by their places.
  fileprivate func joined<Value>(count: Int, _ value: (Int) -> Value) -> [Value]
  where Element == JournaledOperations.Piece<Value> {
    var values: [Value] = []
    values.reserveCapacity(count)
    var place = 0
    for piece in self {
      switch piece {
      case .whole(let whole): values += whole
      case .columns(let count):
        for column in place..<place + count { values.append(value(column)) }
        place += count
      }
    }
    return values
  }
}
