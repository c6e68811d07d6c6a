import Identity
import TestSupport
import Testing

@testable import Storing

struct TeamMembersTests {
  private static func edges(_ random: inout SeededGenerator) -> [CurrentEdge] {
    let highest = Bool.random(using: &random) ? 40 : TeamMembers.limit - 1
    let members = Set(
      (0..<Int.random(in: 0..<30, using: &random)).map { _ in
        UInt32.random(in: 0...highest, using: &random)
      })
    return members.sorted().map {
      CurrentEdge(member: $0, isOurs: Bool.random(using: &random))
    }
  }

  @Test(arguments: UInt64(0)..<100)
  func whatIsPackedIsReadAgain(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let edges = Self.edges(&random)
    let bytes = TeamMembers(edges).bytes
    #expect(bytes.count == edges.count * 4, "seed \(seed)")
    #expect(TeamMembers(bytes.span)?.edges == edges, "seed \(seed)")
  }

  @Test func aPackedTeamIsWhatItsPictureSays() {
    let edges = [(4, true), (17, false), (90, true)].map {
      CurrentEdge(member: $0.0, isOurs: $0.1)
    }
    #expect(TeamMembers(edges).bytes == [4, 0, 0, 0, 17, 0, 0, 0x80, 90, 0, 0, 0])
  }

  @Test(
    arguments: [
      [1, 0, 0], [5, 0, 0, 0, 4, 0, 0, 0], [5, 0, 0, 0, 5, 0, 0, 0], [5, 0, 0, 0, 5, 0, 0, 0x80],
    ] as [[UInt8]])
  func damagedBytesAreNoTeam(bytes: [UInt8]) {
    #expect(TeamMembers(bytes.span) == nil)
  }

  /// A dictionary is the slow twin.
  @Test(arguments: UInt64(0)..<200)
  func aChangeIsThatOfADictionary(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let edges = Self.edges(&random)
    let removed = edges.map(\.member).filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
    let added = Self.edges(&random)
    var expected: [UInt32: Bool]? = Dictionary(
      uniqueKeysWithValues: edges.map { ($0.member, $0.isOurs) })
    for member in removed { expected?[member] = nil }
    for edge in added {
      if expected?.updateValue(edge.isOurs, forKey: edge.member) != nil { expected = nil }
    }
    let changed = TeamMembers(edges)
      .changed(removing: removed.shuffled(using: &random), adding: added.shuffled(using: &random))
    #expect(
      changed?.edges
        == expected?.sorted { $0.key < $1.key }
        .map { CurrentEdge(member: $0.key, isOurs: $0.value) }, "seed \(seed)")
    #expect(TeamMembers(edges).changed(removing: [99, 99], adding: []) == nil, "seed \(seed)")
  }
}
