package import Identity

/// The memberships that come or go in one plan, as columns: a first load brings millions of them.
///
/// ```
/// teams     Sales   Buyers
/// people    ann     bob     cy
/// groups    0: Sales, added, listed      1: Sales, removed, unlisted      2: Buyers, added, listed
/// place     0       1       2       3
/// members   0 ann   0 cy    1 bob   2 ann       group and person, eight bytes
/// ```
///
/// An operation of one is a reference to these columns and its place in them. Five million operations with objects of
/// their own took 700 MB, and a night that changes one membership in a hundred spent half of its time behind the exports
/// on counting references.
package final class Memberships: Sendable {
  /// What memberships of one team have in common that come or go for the same reason.
  package struct Group: Sendable, Hashable {
    /// The place of the team among `teams`.
    package let team: Int
    package let isAddition: Bool
    package let situation: Situation
    package let classes: ChangeClass
    package let rule: String

    package init(
      team: Int, isAddition: Bool, situation: Situation, classes: ChangeClass, rule: String
    ) {
      self.team = team
      self.isAddition = isAddition
      self.situation = situation
      self.classes = classes
      self.rule = rule
    }

    /// The same where its team stands so many places further back.
    package func moved(by teams: Int) -> Group {
      Group(
        team: team + teams, isAddition: isAddition, situation: situation, classes: classes,
        rule: rule)
    }

    package var kind: Operation.Kind { isAddition ? .addMembership : .removeMembership }
  }

  /// One membership.
  package struct Member: Sendable, BitwiseCopyable {
    /// The place of its group among `groups`.
    package let group: UInt32
    /// The place of who is meant among `people`.
    package let person: UInt32

    package init(group: Int, person: Int) {
      self.group = UInt32(group)
      self.person = UInt32(person)
    }

    /// The same where its group stands so many places further back.
    package func moved(by groups: Int) -> Member {
      Member(group: Int(group) + groups, person: Int(person))
    }
  }

  package let teams: SubjectColumn
  package let people: SubjectColumn
  package let groups: [Group]
  package let members: [Member]

  /// Takes columns of which each refers to places in those before it.
  package init(
    teams: SubjectColumn = SubjectColumn(), people: SubjectColumn = SubjectColumn(),
    groups: [Group] = [], members: [Member] = []
  ) {
    self.teams = teams
    self.people = people
    self.groups = groups
    self.members = members
  }

  package func group(_ place: Int) -> Group { groups[Int(members[place].group)] }

  package func team(_ place: Int) -> SubjectRef { teams[group(place).team] }

  package func person(_ place: Int) -> SubjectRef { people[Int(members[place].person)] }

  package func teamID(_ place: Int) -> ResourceID { teams.id(group(place).team) }

  package func personID(_ place: Int) -> ResourceID { people.id(Int(members[place].person)) }
}

extension SharedRun<Memberships> {
  /// The operations at the beginning of a plan and those at its end that are memberships of one owner: what goes stands
  /// before everything else, and what comes behind it.
  package static func atEnds(of operations: [Operation]) -> [SharedRun<Memberships>] {
    let span = operations.span
    guard let owner = operations.first?.memberships ?? operations.last?.memberships else {
      return []
    }
    var runs: [SharedRun<Memberships>] = []
    var places: [UInt32] = []
    while places.count < span.count, let place = span[places.count].place(among: owner) {
      places.append(place)
    }
    let end = places.count
    if end > 0 { runs.append(SharedRun(owner: owner, range: 0..<end, places: places)) }
    var start = span.count
    while start > end, span[start - 1].place(among: owner) != nil { start -= 1 }
    guard start < span.count else { return runs }
    places = (start..<span.count).map { operations[$0].place(among: owner) ?? 0 }
    return runs + [SharedRun(owner: owner, range: start..<span.count, places: places)]
  }
}
