import Identity
import PlanFile

/// The membership changes of one team.
struct TeamChanges: Sendable {
  let team: SubjectRef
  /// Places in the plan's operations, those that add first, then by name.
  var operations: [Int]
  var joining: Int
  var leaving: Int

  /// All teams with changes among `indices`, by name.
  static func all(_ indices: some Sequence<Int>, in operations: [Operation]) -> [TeamChanges] {
    var places: [ResourceID: Int] = [:]
    var teams: [TeamChanges] = []
    for index in indices where operations[index].kind.isMembership {
      let operation = operations[index]
      let id = operation.subject.id
      let place = places[id] ?? teams.count
      if place == teams.count {
        places[id] = place
        teams.append(
          TeamChanges(team: operation.subject, operations: [], joining: 0, leaving: 0))
      }
      teams[place].operations.append(index)
      if operation.kind == .addMembership {
        teams[place].joining += 1
      } else {
        teams[place].leaving += 1
      }
    }
    for place in teams.indices {
      teams[place].operations.sort { left, right in
        Self.key(operations[left], left) < Self.key(operations[right], right)
      }
    }
    return teams.sorted { $0.team < $1.team }
  }

  private static func key(_ operation: Operation, _ index: Int) -> (Int, String, Int) {
    (operation.kind == .addMembership ? 0 : 1, operation.edgeMember?.name ?? "", index)
  }
}
