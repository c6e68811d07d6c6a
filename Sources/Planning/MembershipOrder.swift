import PlanFile
import Scanning

/// The order of memberships that stand in columns: of those that go, and of those that come, by team and then by member,
/// each by name and id; the same that `OperationOrder` gives whole operations.
///
/// ```
/// people    bob  ann  cy            ranks 1 0 2
/// places    by the rank of the member, then, keeping that order, by the rank of the team
/// ```
///
/// Names are compared once for each team and each member, not once for each pair of memberships.
struct MembershipOrder: Sendable {
  /// The places of those that go, in order, and of those that come.
  private(set) var removals: [Int] = []
  private(set) var additions: [Int] = []
  /// How many different memberships there are: what both goes and comes counts once.
  private(set) var edgeCount = 0

  init(_ memberships: Memberships) {
    guard !memberships.members.isEmpty else { return }
    let (teams, people) = (memberships.teams, memberships.people)
    let peopleRanks = Prepared { people.ranks() }
    let teamRanks = teams.ranks()
    let (groups, members) = (memberships.groups, memberships.members)
    let personRanks = peopleRanks.take()
    // What goes stands in the first half of the buckets.
    let buckets = groups.map { group in
      teamRanks[group.team] + (group.isAddition ? teams.count : 0)
    }
    let byPerson = members.indices.bucketed(count: people.count) {
      personRanks[Int(members[$0].person)]
    }
    let places = byPerson.bucketed(count: 2 * teams.count) { buckets[Int(members[$0].group)] }
    let border = places.firstIndex { groups[Int(members[$0].group)].isAddition } ?? places.count
    removals = Array(places[..<border])
    additions = Array(places[border...])
    edgeCount = Self.count(removals, additions) { place in
      (teamRanks[groups[Int(members[place].group)].team], personRanks[Int(members[place].person)])
    }
  }

  /// How many different edges two lists have, each of which is in the order of its edges.
  private static func count(
    _ removals: [Int], _ additions: [Int], edge: (Int) -> (team: Int, person: Int)
  ) -> Int {
    var (count, removal, addition) = (0, 0, 0)
    var last = (team: -1, person: -1)
    while removal < removals.count || addition < additions.count {
      let gone = removal < removals.count ? edge(removals[removal]) : (Int.max, Int.max)
      let come = addition < additions.count ? edge(additions[addition]) : (Int.max, Int.max)
      let next = min(gone, come, by: <)
      if gone == next { removal += 1 } else { addition += 1 }
      if next != last { count += 1 }
      last = next
    }
    return count
  }
}

/// The lesser of two by their order; tuples have one, and are not `Comparable`.
private func min<T>(_ one: T, _ other: T, by precedes: (T, T) -> Bool) -> T {
  precedes(other, one) ? other : one
}

extension SubjectColumn {
  /// By place: how many different subjects stand before it in the order of all.
  fileprivate func ranks() -> [Int] {
    var ranks = [Int](repeating: 0, count: count)
    var (rank, last) = (-1, -1)
    for place in order() {
      if last < 0 || id(place) != id(last) || self[place] != self[last] { rank += 1 }
      ranks[place] = rank
      last = place
    }
    return ranks
  }
}

extension Collection<Int> {
  /// The same numbers by their buckets, each bucket in the order it had.
  fileprivate func bucketed(count bucketCount: Int, bucket: (Int) -> Int) -> [Int] {
    var next = [Int](repeating: 0, count: bucketCount + 1)
    for number in self { next[bucket(number) + 1] += 1 }
    for place in 0..<bucketCount { next[place + 1] += next[place] }
    var sorted = [Int](repeating: 0, count: count)
    for number in self {
      let own = bucket(number)
      sorted[next[own]] = number
      next[own] += 1
    }
    return sorted
  }
}
