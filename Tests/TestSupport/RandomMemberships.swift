import Identity
package import PlanFile

/// Memberships in columns, and the same as whole operations: what is said of one must be said of the other.
package struct RandomMemberships {
  package let columns: Memberships
  /// By place in the columns.
  package let whole: [Operation]

  /// Up to `count` memberships, some of them the same, of teams and people of whom many agree in their first letters,
  /// and some in their names.
  package init(count: Int, using random: inout SeededGenerator) {
    let ends = ["a", "b", "ä", "", "a\u{301}", "\"q\"", "b"]
    func subjects(_ count: Int, _ start: String) -> [SubjectRef] {
      (0..<count).map { number in
        let id =
          Bool.random(using: &random)
          ? ResourceID(high: random.next(), low: random.next()) : ResourceID("\(start) \"\(number)")
        let isLong = Int.random(in: 0..<3, using: &random) > 0
        let name =
          (isLong ? "somebody.somewhere@" : start) + (ends.randomElement(using: &random) ?? "")
        return SubjectRef(id: id, name: name)
      }
    }
    let (teams, people) = (subjects(5, "t"), subjects(12, "é"))
    let groups = (0..<8).map { number in
      let isAddition = Bool.random(using: &random)
      return Memberships.Group(
        team: Int.random(in: teams.indices, using: &random), isAddition: isAddition,
        situation: [.listed, .unlisted, .emptied, .leaver].randomElement(using: &random) ?? .listed,
        classes: ChangeClass(rawValue: UInt8.random(in: 0..<8, using: &random)),
        rule: "memberships, roles: \"\(number)\"")
    }
    let members = (0..<Int.random(in: 0...count, using: &random)).map { _ in
      Memberships.Member(
        group: Int.random(in: groups.indices, using: &random),
        person: Int.random(in: people.indices, using: &random))
    }
    columns = Memberships(
      teams: SubjectColumn(teams), people: SubjectColumn(people), groups: groups, members: members)
    whole = members.map { member in
      let (group, person) = (groups[Int(member.group)], people[Int(member.person)])
      return Operation(
        subject: teams[group.team],
        action: group.isAddition ? .addMembership(person) : .removeMembership(person),
        situation: group.situation, classes: group.classes, rule: group.rule)
    }
  }

  /// The operations of the columns, by place.
  package var operations: [Operation] {
    columns.members.indices.map { Operation(of: columns, at: $0) }
  }
}

extension SubjectColumn {
  package init(_ subjects: [SubjectRef]) {
    self.init()
    for subject in subjects { append(subject) }
  }
}
