package import Identity

/// What exports and state do not have in common of one team's memberships.
package struct TeamDifference: Sendable {
  /// Sorted by member, and then by record.
  package let desired: [DesiredEdge]
  package let current: [CurrentEdge]
}

/// Compares teams one after the other, in time proportional to their memberships: nothing is sorted but what differs.
///
/// ```
/// state      ann bob cy          marks   ann 4  bob 4  cy 4            4: in the state
/// exports    cy ann dee                  ann 5  bob 4  cy 5            5: asked for, too
/// left       desired: dee        current: bob
/// ```
///
/// The marks of a team are two numbers that no team before it had, so nobody wipes them off: four bytes a seat.
package struct TeamComparison: Sendable {
  private let table: MembershipTable
  private let members: CurrentMembers
  private let hasher: EdgeHasher
  /// Members who lose their teams although exports list them: of them both sides are kept.
  private let strippedSeats: Set<Int>
  private var marks: [UInt32]
  private var lastMark: UInt32 = 0
  /// How many teams were asked for their fingerprint, or would have been.
  private var asked = 0
  /// Which share of the last of them was as their fingerprints said.
  private var sameShare = 0.5
  private let memberCount: Int
  /// Where nobody was deleted, a seat is the ordinal less this.
  private let firstOfUnbroken: UInt32?

  package init(
    _ table: MembershipTable, members: CurrentMembers, hasher: EdgeHasher, strippedSeats: Set<Int>
  ) {
    self.table = table
    self.members = members
    self.hasher = hasher
    self.strippedSeats = strippedSeats
    firstOfUnbroken = members.firstOfUnbroken
    memberCount = members.count
    marks = Array(repeating: 0, count: max(table.seatCount, members.count))
  }

  /// Whether fingerprint and number say that the state holds what the exports ask for.
  package func isUnchanged(team: Int, _ current: TeamFacts) -> Bool {
    table.count(ofTeam: team) == current.edgeCount
      && table.isUnchanged(
        team: team, fingerprint: current.edgeFingerprint, members: members, hasher: hasher)
  }

  /// The same for one team after the other, of which some that are unchanged may not be told to be.
  ///
  /// Fingerprints save nothing in a night in which most teams change, and take half as long as the comparison: then only
  /// one team in sixteen is asked. Of a team that is unchanged, `difference` finds nothing.
  package mutating func looksUnchanged(team: Int, _ current: TeamFacts) -> Bool {
    guard table.count(ofTeam: team) == current.edgeCount else { return false }
    asked += 1
    guard sameShare >= Self.worthwhileShare || asked % 16 == 0 else { return false }
    let isSame = isUnchanged(team: team, current)
    sameShare += ((isSame ? 1 : 0) - sameShare) / 4
    return isSame
  }

  /// So many teams must be unchanged that it is quicker to ask them all.
  static let worthwhileShare = 0.4

  /// All of a team, for who wants to see what it has in common, too.
  package func whole(team: Int, current: [CurrentEdge]) -> TeamDifference {
    TeamDifference(desired: table.allEdges(ofTeam: team), current: current)
  }

  /// What stands on one side only; memberships that a delta takes back are all kept.
  package mutating func difference(team: Int, current: [CurrentEdge]) -> TeamDifference {
    lastMark += 2
    let (held, asked) = (lastMark, lastMark + 1)
    for edge in current {
      if let seat = seat(ofOrdinal: edge.member) { marks[seat] = held }
    }
    let desired = missing(from: team, held: held, asked: asked)
    let surplus = current.filter { edge in
      guard let seat = seat(ofOrdinal: edge.member) else { return false }
      return marks[seat] != asked || strippedSeats.contains(seat)
    }
    return TeamDifference(desired: desired, current: surplus)
  }

  @inline(__always)
  private func seat(ofOrdinal ordinal: UInt32) -> Int? {
    guard let first = firstOfUnbroken else { return members.seat(ofOrdinal: ordinal) }
    let seat = Int(ordinal) - Int(first)
    return seat >= 0 && seat < memberCount ? seat : nil
  }

  private mutating func missing(from team: Int, held: UInt32, asked: UInt32) -> [DesiredEdge] {
    var desired: [DesiredEdge] = []
    let (isPlain, stripped) = (strippedSeats.isEmpty, strippedSeats)
    table.forEachEdge(ofTeam: team) { batch, place in
      let seat = Int(batch.members[place])
      guard !batch.isGone(place) else {
        desired.append(batch.edge(place, team: team))
        return
      }
      guard marks[seat] == held || marks[seat] == asked else {
        desired.append(batch.edge(place, team: team))
        return
      }
      marks[seat] = asked
      if !isPlain, stripped.contains(seat) { desired.append(batch.edge(place, team: team)) }
    }
    desired.sort(by: DesiredEdge.precedes)
    return desired
  }
}
