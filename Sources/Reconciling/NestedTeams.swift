import Identity
import Matching

/// Teams that stand among the members of other teams, and what becomes of their members.
///
/// ```
/// Staff  ∋ Sales, ann        Staff: ann, bob, cy
/// Sales  ∋ West, bob         Sales: bob, cy
/// West   ∋ cy                West: cy
/// ```
///
/// A circle gives each team in it the members of all of them, and is told. Seats behind those of the real teams are teams
/// that the policy leaves out: their members count for the outer teams, and they have none of their own.
struct NestedTeams {
  /// A row that names a team where a member stands.
  struct Inclusion: Sendable, Hashable {
    let outer: Int
    let inner: Int
    let record: RecordNumber
  }

  private let inner: [Int: [Int]]
  private let outer: [Int: [Int]]

  init(_ inclusions: [Inclusion]) {
    inner = Dictionary(grouping: inclusions, by: \.outer).mapValues {
      Set($0.map(\.inner)).sorted()
    }
    outer = Dictionary(grouping: inclusions, by: \.inner).mapValues {
      Set($0.map(\.outer)).sorted()
    }
  }

  /// The edges with those of inner teams in the outer ones, too; each member of an outer team once, and nobody in a
  /// team that is not there.
  func flattened(_ edges: [DesiredEdge], teamCount: Int) -> [DesiredEdge] {
    var flat = edges.filter { Int($0.team) < teamCount }
    guard !inner.isEmpty else { return flat }
    let own = Dictionary(
      grouping: edges.lazy.filter { inner[Int($0.team)] != nil || outer[Int($0.team)] != nil },
      by: { Int($0.team) })
    for team in inner.keys.sorted() where team < teamCount {
      var members = Set((own[team] ?? []).lazy.filter { !$0.isGone }.map(\.member))
      for source in reached(from: [team], along: inner).sorted() where source != team {
        // Who leaves an inner team may be in the outer one by another way.
        for edge in own[source] ?? [] where !edge.isGone && members.insert(edge.member).inserted {
          flat.append(DesiredEdge(team: team, member: Int(edge.member), record: edge.record))
        }
      }
    }
    return flat
  }

  /// These teams and all that they stand in.
  func withOuterTeams(_ teams: Set<Int>) -> Set<Int> {
    teams.union(reached(from: teams.sorted(), along: outer))
  }

  /// All that stand in these teams, however deep.
  func innerTeams(of teams: [Int]) -> Set<Int> { reached(from: teams, along: inner) }

  /// The teams of each circle, ascending; the circles by their first team.
  var circles: [[Int]] {
    var circles: [[Int]] = []
    var seen: Set<Int> = []
    for team in teamsBetweenCircles.sorted() where !seen.contains(team) {
      let inside = reached(from: [team], along: inner)
      guard inside.contains(team) else { continue }
      // Whoever reaches the team and is reached by it is in one circle with it.
      let circle = inside.intersection(reached(from: [team], along: outer)).sorted()
      seen.formUnion(circle)
      circles.append(circle)
    }
    return circles
  }

  /// The teams that are left when those are taken away that no circle leads to or comes from: mostly none, however many
  /// teams stand in each other.
  private var teamsBetweenCircles: Set<Int> {
    Self.left(of: inner, feeding: outer).intersection(Self.left(of: outer, feeding: inner))
  }

  /// The teams that are left when those without a step are taken away, as long as there are any.
  private static func left(of steps: [Int: [Int]], feeding back: [Int: [Int]]) -> Set<Int> {
    var counts = steps.mapValues(\.count)
    var queue = back.keys.filter { counts[$0] == nil }
    while let team = queue.popLast() {
      for other in back[team] ?? [] {
        guard let count = counts[other] else { continue }
        counts[other] = count == 1 ? nil : count - 1
        if count == 1 { queue.append(other) }
      }
    }
    return Set(counts.keys)
  }

  /// All that can be reached in one step or more.
  private func reached(from start: [Int], along steps: [Int: [Int]]) -> Set<Int> {
    var reached: Set<Int> = []
    var queue = start.flatMap { steps[$0] ?? [] }
    while let team = queue.popLast() {
      guard reached.insert(team).inserted else { continue }
      queue += steps[team] ?? []
    }
    return reached
  }
}
