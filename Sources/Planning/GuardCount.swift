import Identity
import PlanFile

/// How much operations do of everything that guards judge.
struct GuardCount {
  /// What one team loses.
  struct Loss {
    let team: SubjectRef
    var amount: Int
  }

  private(set) var amounts: [GuardName: Int] = [:]
  /// By team.
  private(set) var losses: [ResourceID: Loss] = [:]

  /// Counts the operations of a range; those that are alike in what guards look at follow each other for long.
  mutating func add(_ operations: [Operation], _ range: Range<Int>) {
    var last: (kind: Operation.Kind, classes: ChangeClass, situation: Situation)?
    var names: [GuardName] = []
    var repeats = 0
    let span = operations.span
    var isNewcomer = false
    for place in range {
      // A million of them are looked at without a look at their causes.
      let isAnother = span[place].isOfNewcomer
      if isAnother, isNewcomer {
        repeats += 1
        continue
      }
      isNewcomer = isAnother
      let looks = (span[place].kind, span[place].classes, span[place].situation)
      if let last, last == looks {
        repeats += 1
      } else {
        add(repeats, names)
        last = looks
        names = span[place].guards
        repeats = 1
      }
      if looks.0 == .removeMembership { lose(1, from: span[place].subject) }
    }
    add(repeats, names)
  }

  /// Counts memberships by their groups.
  mutating func add(_ run: SharedRun<Memberships>) {
    let memberships = run.owner
    var counts = [Int](repeating: 0, count: memberships.groups.count)
    for place in run.places { counts[Int(memberships.members[Int(place)].group)] += 1 }
    for (group, count) in zip(memberships.groups, counts) where count > 0 {
      add(count, GuardName.names(of: group.kind, group.classes, group.situation))
      if !group.isAddition { lose(count, from: memberships.teams[group.team]) }
    }
  }

  private mutating func add(_ count: Int, _ names: [GuardName]) {
    guard count > 0 else { return }
    for name in names { amounts[name, default: 0] += count }
  }

  private mutating func lose(_ count: Int, from team: SubjectRef) {
    losses[team.id, default: Loss(team: team, amount: 0)].amount += count
  }
}
