import Identity
import Matching
import TestSupport
import Testing

@testable import Reconciling

/// The closure of teams in teams, against a fixed point that is reached one step at a time.
struct NestedTeamsTests {
  private func edge(_ team: Int, _ member: Int) -> DesiredEdge {
    DesiredEdge(team: team, member: member, record: RecordNumber(export: 0, number: 0))
  }

  private func nested(_ pairs: [(outer: Int, inner: Int)]) -> NestedTeams {
    NestedTeams(
      pairs.map {
        NestedTeams.Inclusion(
          outer: $0.outer, inner: $0.inner, record: RecordNumber(export: 0, number: 0))
      })
  }

  /// Members move outwards until nothing changes any more.
  private func slowly(
    _ edges: [DesiredEdge], _ pairs: [(outer: Int, inner: Int)], teamCount: Int
  ) -> [Int: Set<Int>] {
    var teams: [Int: Set<Int>] = [:]
    for edge in edges { teams[Int(edge.team), default: []].insert(Int(edge.member)) }
    var before: [Int: Set<Int>]
    repeat {
      before = teams
      for (outer, inner) in pairs { teams[outer, default: []].formUnion(teams[inner] ?? []) }
    } while teams != before
    return teams.filter { $0.key < teamCount && !$0.value.isEmpty }
  }

  @Test(arguments: UInt64(0)..<200)
  func agreesWithTheSlowWay(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let (count, teamCount) = (8, Int.random(in: 4...8, using: &random))
    let pairs = (0..<Int.random(in: 0...12, using: &random)).map { _ in
      (
        outer: Int.random(in: 0..<count, using: &random),
        inner: Int.random(in: 0..<count, using: &random)
      )
    }
    let edges = (0..<12).map { _ in
      edge(Int.random(in: 0..<count, using: &random), Int.random(in: 0..<6, using: &random))
    }
    let flat = nested(pairs).flattened(edges, teamCount: teamCount)
    var teams: [Int: Set<Int>] = [:]
    for edge in flat { teams[Int(edge.team), default: []].insert(Int(edge.member)) }
    #expect(teams == slowly(edges, pairs, teamCount: teamCount), "seed \(seed)")
    // Whoever is in a circle reaches it again.
    let circles = nested(pairs).circles
    let inCircles = Set(circles.joined())
    for team in 0..<count {
      let comesBack = nested(pairs).innerTeams(of: [team]).contains(team)
      #expect(inCircles.contains(team) == comesBack, "seed \(seed), team \(team)")
    }
    #expect(circles.joined().count == inCircles.count, "a team is in one circle")
  }

  /// A chain of twenty thousand teams has no circle, and that is soon told.
  @Test func aLongChainIsNoCircle() {
    let pairs = (0..<20_000).map { (outer: $0, inner: $0 + 1) }
    #expect(nested(pairs).circles == [])
    #expect(nested(pairs + [(outer: 20_000, inner: 19_999)]).circles == [[19_999, 20_000]])
  }
}
