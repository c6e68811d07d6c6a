package import Identity
import Scanning

/// All memberships that tonight's exports ask for, grouped by team.
///
/// ```
/// batches   7 7 7 3 3 │ 3 3 9 │ …           columns, as the exports were read
/// pieces    team 3: batch 0 [3..<5], batch 1 [0..<2]     team 7: batch 0 [0..<3]     …
/// ```
///
/// The memberships stay where reading has put them, eight bytes each; only the pieces are put in team order, by
/// counting. Of teams that have been compared, what stands on one side only is kept (`differences`), sorted.
package struct MembershipTable: Sendable {
  private struct Piece: Sendable {
    let batch: UInt32
    let start: UInt32
    let end: UInt32
  }

  private let batches: [EdgeBatch]
  private var pieces: [Piece] = []
  private var starts: [Int] = [0]
  private var differences: [[DesiredEdge]?]

  /// One more than the highest seat of a member.
  package let seatCount: Int
  /// The number of the export that lists everything, if one does and takes nothing back.
  private let onlyExport: [Int]?

  /// Groups what was read; `teamCount` is one more than the largest team seat.
  package init(_ batches: [EdgeBatch], teamCount: Int) {
    self.batches = batches
    seatCount = batches.lazy.map(\.seatCount).max() ?? 0
    differences = Array(repeating: nil, count: teamCount)
    let exports = Set(batches.lazy.map(\.export))
    onlyExport =
      exports.count == 1 && batches.allSatisfy(\.gone.isEmpty) ? Array(exports) : nil
    var counts = [Int](repeating: 0, count: teamCount + 1)
    for batch in batches {
      for run in batch.runs { counts[Int(run.team) + 1] += 1 }
    }
    for team in 0..<teamCount { counts[team + 1] += counts[team] }
    starts = counts
    var next = counts
    pieces = Array(repeating: Piece(batch: 0, start: 0, end: 0), count: counts[teamCount])
    for (number, batch) in batches.enumerated() {
      for (run, head) in batch.runs.enumerated() {
        let places = batch.places(ofRun: run)
        pieces[next[Int(head.team)]] = Piece(
          batch: UInt32(number), start: UInt32(places.lowerBound), end: UInt32(places.upperBound))
        next[Int(head.team)] += 1
      }
    }
  }

  /// Groups edges that come one by one.
  package init(_ unordered: [DesiredEdge], teamCount: Int) {
    self.init(EdgeBatch.batches(of: unordered), teamCount: teamCount)
  }

  /// Which of the pieces are of a team, in the order of reading.
  func pieces(ofTeam team: Int) -> Range<Int> {
    team + 1 < starts.count ? starts[team]..<starts[team + 1] : 0..<0
  }

  /// Where the memberships of a piece are.
  func places(ofPiece number: Int) -> (batch: EdgeBatch, places: Range<Int>) {
    let piece = pieces[number]
    return (batches[Int(piece.batch)], Int(piece.start)..<Int(piece.end))
  }

  /// What the exports ask of one team, by member and then by record; one member may stand there more than once.
  ///
  /// Of a team that was compared, only what the state does not hold just so.
  package func edges(ofTeam team: Int) -> [DesiredEdge] {
    (team < differences.count ? differences[team] : nil) ?? allEdges(ofTeam: team)
  }

  func allEdges(ofTeam team: Int) -> [DesiredEdge] {
    var edges: [DesiredEdge] = []
    for number in pieces(ofTeam: team) {
      let (batch, places) = places(ofPiece: number)
      for place in places { edges.append(batch.edge(place, team: team)) }
    }
    edges.sort(by: DesiredEdge.precedes)
    return edges
  }

  /// Keeps only these edges of a team: those in which exports and state differ.
  package mutating func keep(_ edges: [DesiredEdge], ofTeam team: Int) { differences[team] = edges }

  /// Sorts some teams once, for who asks for all their edges more than once.
  package mutating func sort(teams: [Int]) {
    for team in teams where differences[team] == nil { keep(allEdges(ofTeam: team), ofTeam: team) }
  }

  /// The numbers of the exports that list memberships of a team, ascending; none where each has gone.
  package func exports(ofTeam team: Int) -> [Int] {
    if let onlyExport { return count(ofTeam: team) > 0 ? onlyExport : [] }
    var exports: [Int] = []
    for piece in pieces[pieces(ofTeam: team)] {
      let batch = batches[Int(piece.batch)]
      guard !exports.contains(batch.export) else { continue }
      let places = Int(piece.start)..<Int(piece.end)
      if places.contains(where: { !batch.isGone($0) }) { exports.append(batch.export) }
    }
    return exports.sorted()
  }

  /// Whether a team's members are exactly those of the state, by fingerprint; members that are not in the state yet
  /// make a difference.
  package func isUnchanged(
    team: Int, fingerprint: Fingerprint, members: CurrentMembers, hasher: EdgeHasher
  ) -> Bool {
    var sum = Fingerprint.zero
    let first = members.firstOfUnbroken
    for piece in pieces[pieces(ofTeam: team)] {
      let batch = batches[Int(piece.batch)]
      let places = Int(piece.start)..<Int(piece.end)
      if let gone = batch.firstGone(from: places.lowerBound), gone < places.upperBound {
        return false
      }
      if let first, batch.seatCount <= members.count {
        // Ordinals that lie all over the memory would take five times as long as their digests.
        sum &+= hasher.digest(ofMembers: batch.members.span.extracting(places), above: first)
        continue
      }
      for place in places {
        let member = Int(batch.members[place])
        guard member < members.count else { return false }
        sum &+= hasher.digest(ofMember: members.ordinals[member])
      }
    }
    return sum == fingerprint
  }

  /// How many memberships the exports list for a team, each as often as it is listed.
  func count(ofTeam team: Int) -> Int {
    let pieces = pieces.span
    return self.pieces(ofTeam: team).reduce(0) { count, number in
      count + Int(pieces[number].end) - Int(pieces[number].start)
    }
  }
}
