import Identity
import PlanFile
import Scanning

/// Puts operations in the order in which they can be carried out one by one.
///
/// Kinds go in the order of `Operation.Kind`; within a kind, subjects by name and id. An update that
/// takes a key value goes behind the update that gives it up; a ring of such updates keeps its
/// canonical order, because the embedded state carries it out in one transaction. A create goes behind
/// the create of whom it refers to, as far as there is no ring.
struct OperationOrder {
  private let keys: Set<AttributePath>
  /// The attributes of members that hold ids of members.
  private let references: [AttributeID]

  init(keys: Set<AttributePath>, references: [AttributeID] = []) {
    self.keys = keys
    self.references = references
  }

  /// The places of `operations` in order.
  func order(_ operations: [Operation]) -> [Int] {
    // Most names differ in their first letters, which need no look at the operations themselves.
    let heads = operations.map { Head($0) }
    let canonical = Array(operations.indices).sortedInParallel { left, right in
      let (one, other) = (heads[left], heads[right])
      if one.rank != other.rank { return one.rank < other.rank }
      if one.isPlain, other.isPlain, one.letters != other.letters {
        return one.letters.0 == other.letters.0
          ? one.letters.1 < other.letters.1 : one.letters.0 < other.letters.0
      }
      if operations[left].subjectID != operations[right].subjectID {
        return operations[left].subject < operations[right].subject
      }
      return operations[left].other < operations[right].other
    }
    return freedBeforeTaken(referredBeforeReferring(canonical, operations), operations)
  }

  /// What nearly always decides between two operations.
  private struct Head {
    let rank: UInt8
    /// Whether the name is ASCII: then texts are in the order of their bytes.
    let isPlain: Bool
    /// The first 16 bytes of the name, as numbers that sort as they do.
    let letters: (UInt64, UInt64)

    init(_ operation: Operation) {
      rank = UInt8(operation.kind.rank)
      var isPlain = true
      var words: (UInt64, UInt64) = (0, 0)
      var count = 0
      operation.withName { name in
        for index in name.indices {
          let byte = name[index]
          if byte >= 0x80 || byte == 0 { isPlain = false }
          if count < 8 {
            words.0 |= UInt64(byte) << UInt64(56 - count * 8)
          } else if count < 16 {
            words.1 |= UInt64(byte) << UInt64(120 - count * 8)
          }
          count += 1
        }
      }
      self.isPlain = isPlain
      letters = words
    }
  }

  private struct Slot: Hashable {
    /// Members and teams may have the same attribute, and do not take it from each other.
    let isTeam: Bool
    let path: AttributePath
    let value: [UInt8]
  }

  private func freedBeforeTaken(_ places: [Int], _ operations: [Operation]) -> [Int] {
    var givers: [Slot: [Int]] = [:]
    for place in places {
      let operation = operations[place]
      for change in keyChanges(of: operation) {
        guard let before = change.before else { continue }
        givers[slot(operation, change, before), default: []].append(place)
      }
    }
    guard !givers.isEmpty else { return places }
    return places.each { place in
      let operation = operations[place]
      return keyChanges(of: operation).flatMap { change in
        change.after.flatMap { givers[slot(operation, change, $0)] } ?? []
      }
    }
  }

  /// Puts managers before those whom they manage, where this plan creates both.
  private func referredBeforeReferring(_ places: [Int], _ operations: [Operation]) -> [Int] {
    guard !references.isEmpty else { return places }
    var creates: [ResourceID: Int] = [:]
    for place in places where operations[place].kind == .createMember {
      creates[operations[place].subjectID] = place
    }
    guard creates.count > 1 else { return places }
    return places.each { place in
      guard operations[place].kind == .createMember,
        case .createMember(let image) = operations[place].action
      else { return [] }
      return references.compactMap { image.text($0) }.compactMap { creates[ResourceID($0)] }
    }
  }

  /// What an update does to keys; what is new has nothing to give up.
  private func keyChanges(of operation: Operation) -> [AttributeChange] {
    guard operation.kind != .createMember else { return [] }
    return operation.changes.filter { keys.contains($0.attribute.path) }
  }

  private func slot(_ operation: Operation, _ change: AttributeChange, _ value: String) -> Slot {
    Slot(
      isTeam: operation.kind == .updateTeam, path: change.attribute.path,
      value: MatchKeyText.folded(value.utf8))
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
