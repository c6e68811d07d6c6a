package import Identity

/// One membership a record asks for, by seats.
package struct DesiredEdge: Sendable, Hashable {
  package let team: UInt32
  package let member: UInt32
  package let record: RecordNumber
  /// Whether a delta export says that it has gone.
  package let isGone: Bool

  package init(team: Int, member: Int, record: RecordNumber, isGone: Bool = false) {
    self.team = UInt32(team)
    self.member = UInt32(member)
    self.record = record
    self.isGone = isGone
  }

  /// By member, and then by record.
  static func precedes(_ left: DesiredEdge, _ right: DesiredEdge) -> Bool {
    left.member == right.member ? left.record < right.record : left.member < right.member
  }
}

/// The memberships of one piece of an export, in the order of its rows, in columns.
///
/// ```
/// rows      Sales,ann   Sales,bob   Buyers,cy
/// runs      team 3 from 0           team 7 from 2
/// members   17          4           90
/// numbers   0           1           2            of the records, counted from the first of the piece
/// ```
///
/// Exports list a team's members one after the other, so a team is named once for many of them, and a membership
/// takes eight bytes.
package struct EdgeBatch: Sendable {
  /// Memberships of one team that follow each other.
  package struct Run: Sendable, Hashable {
    package let team: UInt32
    package let start: UInt32

    package init(team: UInt32, start: Int) {
      self.team = team
      self.start = UInt32(start)
    }
  }

  package let export: Int
  package let firstNumber: Int
  package let runs: [Run]
  /// By membership: the member's seat.
  package let members: [UInt32]
  /// By membership: its record, counted from `firstNumber`.
  package let numbers: [UInt32]
  /// The places of those that a delta says have gone, ascending.
  package let gone: [UInt32]
  /// One more than the highest seat of a member; it costs a look at each, so it is asked once.
  package let seatCount: Int

  package init(
    export: Int, firstNumber: Int, runs: [Run], members: [UInt32], numbers: [UInt32],
    gone: [UInt32] = []
  ) {
    precondition(members.count == numbers.count)
    self.export = export
    self.firstNumber = firstNumber
    self.runs = runs
    self.members = members
    self.numbers = numbers
    self.gone = gone
    seatCount = members.max().map { Int($0) + 1 } ?? 0
  }

  /// The same memberships as columns; a piece for each change of the export.
  package static func batches(of edges: [DesiredEdge]) -> [EdgeBatch] {
    var batches: [EdgeBatch] = []
    var start = 0
    for place in edges.indices {
      let export = edges[place].record.export
      guard place + 1 == edges.count || edges[place + 1].record.export != export else { continue }
      batches.append(EdgeBatch(edges[start...place], export: Int(export)))
      start = place + 1
    }
    return batches
  }

  private init(_ edges: ArraySlice<DesiredEdge>, export: Int) {
    var runs: [Run] = []
    for (place, edge) in edges.enumerated() where runs.last?.team != edge.team {
      runs.append(Run(team: edge.team, start: place))
    }
    self.init(
      export: export, firstNumber: 0, runs: runs, members: edges.map(\.member),
      numbers: edges.map(\.record.number),
      gone: edges.enumerated().filter { $0.element.isGone }.map { UInt32($0.offset) })
  }

  /// The memberships of a run.
  package func places(ofRun number: Int) -> Range<Int> {
    let end = number + 1 < runs.count ? Int(runs[number + 1].start) : members.count
    return Int(runs[number].start)..<end
  }

  func isGone(_ place: Int) -> Bool {
    guard !gone.isEmpty else { return false }
    return firstGone(from: place) == place
  }

  /// The first place from this one on of a membership that has gone.
  func firstGone(from place: Int) -> Int? {
    var (low, high) = (0, gone.count)
    while low < high {
      let middle = (low + high) / 2
      if Int(gone[middle]) < place { low = middle + 1 } else { high = middle }
    }
    return low < gone.count ? Int(gone[low]) : nil
  }

  func edge(_ place: Int, team: Int) -> DesiredEdge {
    DesiredEdge(
      team: team, member: Int(members[place]),
      record: RecordNumber(export: export, number: firstNumber + Int(numbers[place])),
      isGone: isGone(place))
  }

  /// All of them one by one.
  package var edges: [DesiredEdge] {
    runs.indices.flatMap { run in
      places(ofRun: run).map { edge($0, team: Int(runs[run].team)) }
    }
  }
}
