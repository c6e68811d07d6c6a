import Identity
import PlanFile
import Scanning

/// Puts operations in the order in which they can be carried out one by one.
///
/// Kinds go in the order of `Operation.Kind`; within a kind, subjects by name and id. An update that
/// takes a key value goes behind the update that gives it up; a ring of such updates keeps its
/// canonical order, because the embedded state carries it out in one transaction. A create, or an update, goes behind
/// the create of whom it refers to, as far as there is no ring. Memberships that stand in columns have an order of their
/// own (`MembershipOrder`).
struct OperationOrder {
  private let keys: Set<AttributePath>
  /// The same attributes of members, by their ids.
  private let memberKeys: [(id: AttributeID, path: AttributePath)]
  /// The attributes of members that hold ids of members.
  private let references: [AttributeID]
  /// So many names are worth a second thread.
  private let parallelSize: Int

  init(
    keys: Set<AttributePath>, members: AttributeSet = AttributeSet([]),
    references: [AttributeID] = [], parallelSize: Int = 1 << 16
  ) {
    self.keys = keys
    self.parallelSize = parallelSize
    self.references = references
    memberKeys = members.ids.map { ($0, members[$0].path) }.filter { keys.contains($0.path) }
  }

  /// The places of `operations` in order.
  func order(_ operations: [Operation]) -> [Int] {
    let newcomers = SharedRun<Newcomers>(of: operations, in: operations.indices)
    let canonical = canonicalOrder(of: operations, newcomers)
    // Newcomers who name nobody wait for nobody.
    if let newcomers, newcomers.range == operations.indices,
      newcomers.owner.attributes.isDisjoint(with: references)
    {
      return canonical
    }
    let (places, isWhole) = referredBeforeReferring(canonical, operations)
    return isWhole ? places : freedBeforeTaken(places, operations)
  }

  /// Most names are ASCII and differ in their first letters, which need no look at the operations themselves.
  private func canonicalOrder(
    of operations: [Operation], _ newcomers: SharedRun<Newcomers>?
  ) -> [Int] {
    let middle = operations.count < parallelSize ? 0 : operations.count / 2
    let upper = Prepared { NameLetters(of: operations, middle..<operations.count, newcomers) }
    let lower = NameLetters(of: operations, 0..<middle, newcomers)
    var (plain, others) = NameLetters.merged(lower, upper.take(), newcomers)
    plain.forEachTie { ties in
      // Those have been put in order by their whole names.
      if let newcomers, ties.allSatisfy({ newcomers.range.contains(Int($0.place)) }) { return }
      ties.sort { Self.precedes(Int($0.place), Int($1.place), operations) }
    }
    others = others.sortedInParallel { Self.precedes($0, $1, operations) }
    return plain.map { Int($0.place) }.merged(withFew: others) {
      Self.precedes($0, $1, operations)
    }
  }

  private static func precedes(_ left: Int, _ right: Int, _ operations: [Operation]) -> Bool {
    let (one, other) = (operations[left], operations[right])
    if one.kind.rank != other.kind.rank { return one.kind.rank < other.kind.rank }
    if one.subjectID != other.subjectID { return one.subject < other.subject }
    if one.other != other.other { return one.other < other.other }
    return left < right
  }

  private struct Slot: Hashable {
    /// Members and teams may have the same attribute, and do not take it from each other.
    let isTeam: Bool
    let path: AttributePath
    let value: [UInt8]
  }

  private func freedBeforeTaken(_ places: [Int], _ operations: [Operation]) -> [Int] {
    let givers = givers(places, operations)
    guard !givers.isEmpty else { return places }
    return places.each { takenFrom(givers, operations[$0]) }
  }

  /// Who gives up which values.
  private func givers(_ places: [Int], _ operations: [Operation]) -> [Slot: [Int]] {
    var givers: [Slot: [Int]] = [:]
    for place in places {
      let operation = operations[place]
      for change in keyChanges(of: operation) {
        guard let before = change.before else { continue }
        givers[slot(operation, change, before), default: []].append(place)
      }
    }
    return givers
  }

  /// The updates that give up what this one takes.
  private func takenFrom(_ givers: [Slot: [Int]], _ operation: Operation) -> [Int] {
    keyChanges(of: operation).flatMap { change in
      change.after.flatMap { givers[slot(operation, change, $0)] } ?? []
    }
  }

  /// Puts managers before those whom they manage, where this plan creates them.
  ///
  /// The second is whether values that are given up have been thought of, too.
  private func referredBeforeReferring(
    _ places: [Int], _ operations: [Operation]
  ) -> ([Int], isWhole: Bool) {
    guard
      !operations.allSatisfy({ $0.isOfNewcomerWithout(references) || $0.kind != .createMember })
        || operations.contains(where: { !referred(by: $0).isEmpty })
    else { return (places, false) }
    var creates: [ResourceID: Int] = [:]
    for place in places where operations[place].kind == .createMember {
      creates[operations[place].subjectID] = place
    }
    guard !creates.isEmpty else { return (places, false) }
    let isLate = operations.contains { operation in
      referred(by: operation).contains { creates[$0] != nil }
    }
    // An update that waits for somebody new keeps what others wait for, new people too.
    let givers = isLate ? givers(places, operations) : [:]
    let ordered = places.each { place in
      let operation = operations[place]
      guard case .createMember(let image) = operation.action else {
        return isLate
          ? takenFrom(givers, operation) + referred(by: operation).compactMap { creates[$0] } : []
      }
      return references.compactMap { image.text($0) }.compactMap { creates[ResourceID($0)] }
        + (givers.isEmpty ? [] : takenFrom(givers, image))
    }
    return (ordered, isLate)
  }

  /// Whom an update refers to from now on.
  private func referred(by operation: Operation) -> [ResourceID] {
    guard !references.isEmpty else { return [] }
    switch operation.kind {
    case .updateMember, .reactivateMember:
      return operation.changes.lazy.filter { $0.attribute.kind == .reference }
        .compactMap(\.after).map { ResourceID($0) }
    default: return []
    }
  }

  /// The updates that give up what somebody new takes.
  private func takenFrom(_ givers: [Slot: [Int]], _ image: AttributeImage) -> [Int] {
    memberKeys.flatMap { key in
      image[key.id].flatMap {
        givers[Slot(isTeam: false, path: key.path, value: MatchKeyText.folded($0))]
      } ?? []
    }
  }

  /// What an update does to keys; what is new has nothing to give up.
  private func keyChanges(of operation: Operation) -> [AttributeChange] {
    switch operation.kind {
    case .updateMember, .reactivateMember, .updateTeam: break
    default: return []
    }
    return operation.changes.filter { keys.contains($0.attribute.path) }
  }

  private func slot(_ operation: Operation, _ change: AttributeChange, _ value: String) -> Slot {
    Slot(
      isTeam: operation.kind == .updateTeam, path: change.attribute.path,
      value: MatchKeyText.folded(value.utf8))
  }
}

/// The leading letters of names, as far as these are ASCII.
private struct NameLetters {
  private(set) var plain: [LeadingLetters] = []
  /// The places of all others.
  private(set) var others: [Int] = []
  /// How many newcomers ahead their values are asked for.
  private static let ahead = 8

  /// The names of the operations of a range, put in order: those of newcomers all the way, others by their letters.
  init(of operations: [Operation], _ range: Range<Int>, _ newcomers: SharedRun<Newcomers>?) {
    plain.reserveCapacity(range.count)
    var place = range.lowerBound
    while place < range.upperBound {
      if let newcomers, newcomers.range.contains(place) {
        let own = place..<min(newcomers.range.upperBound, range.upperBound)
        add(newcomers, own)
        place = own.upperBound
        continue
      }
      let group = operations[place].kind.rank
      operations[place].withName { add($0, place: place, group: group) }
      place += 1
    }
    plain.putInOrder()
    guard let newcomers else { return }
    plain.forEachTie { ties in
      guard ties.allSatisfy({ newcomers.range.contains(Int($0.place)) }) else { return }
      ties.sort { newcomers.precedes(Int($0.place), Int($1.place)) }
    }
  }

  /// The names of two ranges, the lower one first, in one order of the same kind.
  static func merged(
    _ lower: consuming NameLetters, _ upper: consuming NameLetters,
    _ newcomers: SharedRun<Newcomers>?
  ) -> (plain: [LeadingLetters], others: [Int]) {
    let plain = lower.plain.merged(with: upper.plain) { left, right in
      guard let newcomers, newcomers.range.contains(Int(left.place)),
        newcomers.range.contains(Int(right.place))
      else { return false }
      return newcomers.precedes(Int(right.place), Int(left.place))
    }
    return (plain, lower.others + upper.others)
  }

  private mutating func add(_ name: Span<UInt8>, place: Int, group: Int) {
    // Texts of ASCII are in the order of their bytes.
    if name.isPlainASCII {
      plain.append(LeadingLetters(of: name, place: place, group: group))
    } else {
      others.append(place)
    }
  }

  private mutating func add(_ run: SharedRun<Newcomers>, _ range: Range<Int>) {
    let images = run.owner.images
    for place in range {
      if place + 2 * Self.ahead < range.upperBound {
        images.span.prefetch(run.column(of: place + 2 * Self.ahead))
      }
      if place + Self.ahead < range.upperBound {
        run.owner.prefetchName(run.column(of: place + Self.ahead))
      }
      let column = run.column(of: place)
      let image = images[column]
      add(
        image.bytes.span.extracting(run.owner.nameRange(column)), place: place,
        group: Operation.Kind.createMember.rank)
    }
  }
}

extension SharedRun<Newcomers> {
  /// Whether one comes before another in the order of plain names, and of ids where these agree.
  fileprivate func precedes(_ left: Int, _ right: Int) -> Bool {
    let (one, other) = (column(of: left), column(of: right))
    let names = (name(one), name(other))
    if names.0 != names.1 { return names.0.lexicographicallyPrecedes(names.1) }
    if owner.ids[one] != owner.ids[other] { return owner.ids[one] < owner.ids[other] }
    return left < right
  }

  private func name(_ column: Int) -> ArraySlice<UInt8> {
    owner.images[column].bytes[owner.nameRange(column)]
  }
}

extension [Int] {
  /// These places, a permutation, in their order but each behind those it needs; a ring keeps the order it is met in.
  fileprivate func each(behind needs: (Int) -> [Int]) -> [Int] {
    var ordered: [Int] = []
    ordered.reserveCapacity(count)
    var visited = [Bool](repeating: false, count: count)
    // Depth first to what is needed; the stack is ours because a chain may be long.
    var stack: [(place: Int, needs: ArraySlice<Int>)] = []
    func visit(_ place: Int) {
      visited[place] = true
      let own = needs(place)
      if own.isEmpty { ordered.append(place) } else { stack.append((place, own[...])) }
    }
    for start in self where !visited[start] {
      visit(start)
      while let top = stack.indices.last {
        if let next = stack[top].needs.popFirst() {
          if !visited[next] { visit(next) }
        } else {
          ordered.append(stack.removeLast().place)
        }
      }
    }
    return ordered
  }
}

extension Operation {
  /// The other end of a membership.
  var other: SubjectRef {
    switch action {
    case .addMembership(let member), .removeMembership(let member): member
    default: subject
    }
  }

  /// The changes of an update or reactivation.
  fileprivate var changes: [AttributeChange] {
    switch action {
    case .updateMember(let changes), .reactivateMember(let changes), .updateTeam(let changes):
      changes
    default: []
    }
  }
}
