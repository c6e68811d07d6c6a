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
/// state      ann bob cy          marks   ann 1  bob 1  cy 1            1: in the state
/// exports    cy ann dee                  ann 3  bob 1  cy 3            2: asked for, too
/// left       desired: dee        current: bob
/// ```
///
/// The marks are two bits a seat, a quarter of a megabyte for a million: they stay in the cache of their core, where four
/// bytes a seat did not. Whoever reads a mark for the last time wipes it off.
package struct TeamComparison: Sendable {
  private let table: MembershipTable
  private let members: CurrentMembers
  private let hasher: EdgeHasher
  /// Members who lose their teams although exports list them: of them both sides are kept.
  private let strippedSeats: Set<Int>
  private var marks: [UInt64]
  /// How many teams were asked for their fingerprint, or would have been.
  private var asked = 0
  /// Which share of the last of them was as their fingerprints said.
  private var sameShare = 1.0
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
    marks = Array(repeating: 0, count: max(table.seatCount, members.count) / Self.marksPerWord + 1)
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
  static let worthwhileShare = 0.6

  /// All of a team, for who wants to see what it has in common, too.
  package func whole(team: Int, current: [CurrentEdge]) -> TeamDifference {
    TeamDifference(desired: table.allEdges(ofTeam: team), current: current)
  }

  /// What stands on one side only; memberships that a delta takes back are all kept.
  package mutating func difference(team: Int, current: [CurrentEdge]) -> TeamDifference {
    // Taken out for the loops, which then do not ask at each seat whether somebody else holds them.
    var own = marks
    marks = []
    defer { marks = own }
    var marks = own.mutableSpan
    for edge in current {
      guard let seat = seat(ofOrdinal: edge.member) else { continue }
      let (word, held) = Self.place(of: seat)
      marks[word] |= held
    }
    let desired = missing(from: team, &marks)
    var surplus: [CurrentEdge] = []
    for edge in current {
      guard let seat = seat(ofOrdinal: edge.member) else { continue }
      let (word, held) = Self.place(of: seat)
      let isAsked = marks[word] & held << 1 != 0
      marks[word] &= ~(held | held << 1)
      if !isAsked || strippedSeats.contains(seat) { surplus.append(edge) }
    }
    return TeamDifference(desired: desired, current: surplus)
  }

  private static let marksPerWord = 32

  /// The word with the marks of a seat, and the lower of its two bits; the other one is that it is asked for.
  @inline(__always)
  private static func place(of seat: Int) -> (word: Int, held: UInt64) {
    (seat >> 5, 1 << UInt64(truncatingIfNeeded: seat &<< 1 & 63))
  }

  @inline(__always)
  private func seat(ofOrdinal ordinal: UInt32) -> Int? {
    guard let first = firstOfUnbroken else { return members.seat(ofOrdinal: ordinal) }
    let seat = Int(ordinal) - Int(first)
    return seat >= 0 && seat < memberCount ? seat : nil
  }

  private func missing(from team: Int, _ marks: inout MutableSpan<UInt64>) -> [DesiredEdge] {
    var desired: [DesiredEdge] = []
    let isPlain = strippedSeats.isEmpty
    for number in table.pieces(ofTeam: team) {
      let (batch, places) = table.places(ofPiece: number)
      let (members, hasGone) = (batch.members.span, !batch.gone.isEmpty)
      for edge in places {
        let seat = Int(members[edge])
        let (word, held) = Self.place(of: seat)
        guard marks[word] & held != 0, !(hasGone && batch.isGone(edge)) else {
          desired.append(batch.edge(edge, team: team))
          continue
        }
        marks[word] |= held << 1
        if !isPlain, strippedSeats.contains(seat) { desired.append(batch.edge(edge, team: team)) }
      }
    }
    desired.sort(by: DesiredEdge.precedes)
    return desired
  }
}
