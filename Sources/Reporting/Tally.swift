import Identity
import PlanFile
import Scanning

/// How much something gains, changes and loses.
struct Flow: Sendable, Hashable {
  var gained = 0
  var changed = 0
  var lost = 0

  var total: Int { gained + changed + lost }

  mutating func add(_ operation: Operation) {
    switch operation.kind {
    case .createMember, .createTeam, .reactivateMember, .addMembership: gained += 1
    case .updateMember where operation.classes.contains(.removal): lost += 1
    case .updateMember, .updateTeam: changed += 1
    case .deactivateMember, .deleteMember, .removeMembership: lost += 1
    }
  }

  mutating func add(_ other: Flow) {
    gained += other.gained
    changed += other.changed
    lost += other.lost
  }
}

extension Flow {
  /// What a run of the journal did; its counts do not tell who was disabled by value.
  init(_ run: RunRecord) {
    for (kind, number) in run.counts {
      // A state that somebody edited may hold any number; these can still be added up.
      let count = min(max(number, 0), 1 << 40)
      switch kind {
      case .createMember, .createTeam, .reactivateMember, .addMembership: gained += count
      case .updateMember, .updateTeam: changed += count
      case .deactivateMember, .deleteMember, .removeMembership: lost += count
      }
    }
  }
}

/// A plan counted for the charts, in one pass however many operations it has.
///
/// ```
/// Tally(source).departments.first?.flow.lost   // of the department with the most changes
/// ```
struct Tally: Sendable {
  /// Operations of one kind; each counts for the gravest of its classes.
  struct Classes: Sendable, Hashable {
    var removal = 0
    var rekey = 0
    var grant = 0
    var plain = 0

    var total: Int { removal + rekey + grant + plain }

    mutating func add(_ classes: ChangeClass) {
      if classes.contains(.removal) {
        removal += 1
      } else if classes.contains(.rekey) {
        rekey += 1
      } else if classes.contains(.grant) {
        grant += 1
      } else {
        plain += 1
      }
    }
  }

  struct Department: Sendable {
    /// Nil for members of whom neither the plan nor the state says one.
    let name: String?
    let flow: Flow
  }

  struct Team: Sendable {
    let team: SubjectRef
    /// The team itself and its memberships.
    var flow = Flow()
    var joining = 0
    var leaving = 0
  }

  let kinds: [Operation.Kind: Classes]
  /// Most changes first; empty where departments are not mapped.
  let departments: [Department]
  /// Most changes first.
  let teams: [Team]

  init(_ source: ReportSource) {
    let decisions = source.plan.decisions
    // By rank: looking a kind up in a dictionary a million times takes longer than all the rest.
    var kinds = [Classes](repeating: Classes(), count: Operation.Kind.allCases.count)
    var departments = DepartmentCount(decisions.memberAttributes, known: source.departments)
    var teams = TeamCount()
    let newcomers = SharedRun<Newcomers>(
      of: decisions.operations, in: decisions.operations.indices)
    if let newcomers {
      kinds[Operation.Kind.createMember.rank].plain += newcomers.range.count
      departments.add(newcomers)
    }
    for place in decisions.operations.indices
    where newcomers.map({ !$0.range.contains(place) }) ?? true {
      let operation = decisions.operations[place]
      let kind = operation.kind
      kinds[kind.rank].add(operation.classes)
      if kind.isAboutTeam {
        teams.add(operation)
      } else {
        departments.add(operation)
      }
    }
    self.kinds = Operation.Kind.allCases.reduce(into: [:]) { counted, kind in
      if kinds[kind.rank].total > 0 { counted[kind] = kinds[kind.rank] }
    }
    self.departments = departments.sorted
    self.teams = teams.sorted
  }
}

/// Keeps names apart by their bytes: Swift's `==` would join composed and decomposed letters.
private struct DepartmentCount {
  private let id: AttributeID?
  private let known: [ResourceID: String]
  private var flows: [ArraySlice<UInt8>: Flow] = [:]
  private var unknown = Flow()

  init(_ attributes: AttributeSet, known: [ResourceID: String]) {
    id = attributes.id(of: .department)
    self.known = known
  }

  mutating func add(_ operation: Operation) {
    guard let id else { return }
    if let name = name(operation, id) {
      flows[name, default: Flow()].add(operation)
    } else {
      unknown.add(operation)
    }
  }

  /// How many newcomers ahead their values are asked for.
  private static let ahead = 8

  /// Adds newcomers, who gain a member each and are of no class.
  mutating func add(_ run: SharedRun<Newcomers>) {
    guard let id else { return }
    // Their values lie all over the memory: two threads wait for it at the same time.
    let middle = run.range.lowerBound + run.range.count / 2
    let (lower, upper) = (run.range.lowerBound..<middle, middle..<run.range.upperBound)
    let others = Prepared { Self.count(upper, of: run, id) }
    for counts in [Self.count(lower, of: run, id), others.take()] {
      for (name, count) in counts.named { flows[name, default: Flow()].gained += count }
      unknown.gained += counts.unknown
    }
  }

  private typealias Counts = (named: [ArraySlice<UInt8>: Int], unknown: Int)

  /// How many of these newcomers will be in which department.
  private static func count(
    _ range: Range<Int>, of run: SharedRun<Newcomers>, _ id: AttributeID
  ) -> Counts {
    var counts: Counts = ([:], 0)
    let images = run.owner.images
    for place in range {
      if place + ahead < range.upperBound {
        run.owner.prefetch(run.column(of: place + ahead))
      }
      if let name = images[run.column(of: place)][id], !name.isEmpty {
        counts.named[name, default: 0] += 1
      } else {
        counts.unknown += 1
      }
    }
    return counts
  }

  /// Where the member will belong, or else where it belongs.
  private func name(_ operation: Operation, _ id: AttributeID) -> ArraySlice<UInt8>? {
    switch operation.action {
    case .createMember(let image):
      return image[id].flatMap { $0.isEmpty ? nil : $0 }
    case .updateMember(let changes), .reactivateMember(let changes):
      if let change = changes.first(where: { $0.attribute.path == .department }),
        let name = [change.after, change.before].compactMap(\.self).first(where: { !$0.isEmpty })
      {
        return Array(name.utf8)[...]
      }
    case .deactivateMember, .deleteMember, .createTeam, .updateTeam, .addMembership,
      .removeMembership:
      break
    }
    return known[operation.subjectID].map { Array($0.utf8)[...] }
  }

  var sorted: [Tally.Department] {
    let named = flows.map { name, flow in
      Tally.Department(name: String(decoding: name, as: UTF8.self), flow: flow)
    }
    let ordered = named.sorted { left, right in
      (right.flow.total, left.name ?? "") < (left.flow.total, right.name ?? "")
    }
    guard !ordered.isEmpty, unknown.total > 0 else { return ordered }
    return ordered + [Tally.Department(name: nil, flow: unknown)]
  }
}

/// Operations on one team mostly follow each other, so the last one is looked at first.
private struct TeamCount {
  private var places: [ResourceID: Int] = [:]
  private var teams: [Tally.Team] = []
  private var last = 0

  mutating func add(_ operation: Operation) {
    let id = operation.subjectID
    if !teams.indices.contains(last) || teams[last].team.id != id {
      if let place = places[id] {
        last = place
      } else {
        last = teams.count
        places[id] = last
        teams.append(Tally.Team(team: operation.subject))
      }
    }
    teams[last].flow.add(operation)
    switch operation.kind {
    case .addMembership: teams[last].joining += 1
    case .removeMembership: teams[last].leaving += 1
    default: break
    }
  }

  var sorted: [Tally.Team] {
    teams.sorted { left, right in
      left.flow.total == right.flow.total
        ? left.team < right.team : left.flow.total > right.flow.total
    }
  }
}
