import Identity
import Scanning
import TestSupport
import Testing

@testable import Matching

/// The well-mixed hash of a value; none of 0.
func hash(of value: UInt64) -> UInt64 {
  value == 0 ? KeyHasher.none : Digest128(low: value, high: 0).folded
}

struct KeyIndexTests {
  /// The dictionary is the slow twin; few distinct hashes make every case common.
  @Test(arguments: UInt64(0)..<50)
  func agreesWithADictionary(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let hashes: [UInt64] = (0..<300).map { _ in
      hash(of: .random(in: 0..<144, using: &random))
    }
    let index = KeyIndex(hashes)
    var seats: [UInt64: [Int]] = [:]
    for (seat, hash) in hashes.enumerated() where hash != KeyHasher.none {
      seats[hash, default: []].append(seat)
    }
    #expect(
      index.sharedSeats == Set(seats.values.filter { $0.count > 1 }.joined()), "seed \(seed)")
    for hash in Set(hashes).union([hash(of: 199), hash(of: 1 << 32)]) {
      let expected = seats[hash] ?? []
      #expect(index.all(hash) == expected, "seed \(seed)")
      let hit: KeyIndex.Hit =
        expected.isEmpty ? .none : expected.count == 1 ? .one(expected[0]) : .several
      #expect(index.lookup(hash) == hit, "seed \(seed)")
      #expect(index.candidate(hash) == (expected.count == 1 ? expected[0] : nil), "seed \(seed)")
    }
  }

  @Test(arguments: UInt64(0)..<20)
  func manyLookUpsAtOnceAreManyLookUps(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let hashes = (0..<200).map { _ in hash(of: .random(in: 0..<400, using: &random)) }
    let index = KeyIndex(hashes)
    let asked = (0..<Int.random(in: 0..<100, using: &random)).map { _ in
      hash(of: .random(in: 0..<500, using: &random))
    }
    let expected = asked.map { hash -> Int32 in
      if case .one(let seat) = index.lookup(hash) { Int32(seat) } else { -1 }
    }
    #expect(index.seats(of: asked) == expected, "seed \(seed)")
  }

  /// A garbled column of a state holds one value for everybody; going through all of them for each took hours.
  @Test func aValueThatAMillionShareIsIndexedAtOnce() {
    let index = KeyIndex(Array(repeating: 7, count: 1_000_000) + [8])
    #expect(index.lookup(7) == .several)
    #expect(index.candidate(7) == nil)
    #expect(index.lookup(8) == .one(1_000_000))
    #expect(index.all(7).count == 1_000_000)
  }

  @Test func noValueIsFoundByNobody() {
    let index = KeyIndex([KeyHasher.none, 5, KeyHasher.none])
    #expect(index.all(KeyHasher.none).isEmpty)
    #expect(index.lookup(KeyHasher.none) == .none)
    #expect(index.lookup(5) == .one(1))
  }
}

struct MembershipTableTests {
  @Test(arguments: UInt64(0)..<20)
  func groupsAsANaiveFilterDoes(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let edges = (0..<200).map { number in
      DesiredEdge(
        team: Int.random(in: 0..<9, using: &random), member: Int.random(in: 0..<30, using: &random),
        record: RecordNumber(export: 0, number: number))
    }
    var table = MembershipTable(edges, teamCount: 9)
    table.sort(teams: [1, 4, 4])
    for team in 0..<9 {
      let expected = edges.filter { $0.team == UInt32(team) }
        .sorted { ($0.member, $0.record) < ($1.member, $1.record) }
      #expect(table.edges(ofTeam: team) == expected, "seed \(seed)")
    }
  }

  @Test(arguments: UInt64(0)..<20)
  func columnsAndSingleEdgesAreTheSameTable(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let edges = (0..<200).map { number in
      DesiredEdge(
        team: Int.random(in: 0..<3, using: &random), member: Int.random(in: 0..<30, using: &random),
        record: RecordNumber(export: number / 70, number: number % 70),
        isGone: Int.random(in: 0..<4, using: &random) == 0)
    }
    #expect(EdgeBatch.batches(of: edges).flatMap(\.edges) == edges, "seed \(seed)")
    let table = MembershipTable(edges, teamCount: 4)
    for team in 0..<4 {
      let listed = edges.filter { $0.team == UInt32(team) && !$0.isGone }
      #expect(
        table.exports(ofTeam: team) == Set(listed.map { Int($0.record.export) }).sorted(),
        "seed \(seed)")
    }
  }
}
