import Identity
import TestSupport
import Testing

@testable import PlanFile

/// Pieces of newcomers are the ownerships they stand for.
struct OwnershipsTests {
  private static let newcomers: [Newcomers] = (0..<2).map { number in
    var image = AttributeImage()
    image.append(AttributeID(0), "ann".utf8)
    return Newcomers(
      ids: ResourceIDs((0..<9).map { ResourceID("id-\(number)-\($0)") }),
      images: Array(repeating: image, count: 9),
      records: (0..<9).map { RecordNumber(export: $0 % 2, number: $0) },
      seats: (0..<9).map { UInt32($0) }, userName: AttributeID(0), exports: ["staff", "guests"])
  }

  @Test(arguments: UInt64(0)..<60)
  func aListIsWhatWasAddedToIt(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var expected: [Bookkeeping.Ownership] = []
    var next = 0
    for number in 0..<30 {
      // Mostly the next newcomer, now and then another one or somebody else.
      if Int.random(in: 0..<5, using: &random) == 0 {
        expected.append(
          Bookkeeping.Ownership(
            kind: Bool.random(using: &random) ? .member : .team,
            subject: ResourceID("other-\(number)"), export: "robots"))
      } else {
        if Int.random(in: 0..<4, using: &random) == 0 {
          next = Int.random(in: 0..<9, using: &random)
        }
        let list = Self.newcomers[Int.random(in: 0..<8, using: &random) / 7]
        expected.append(Bookkeeping.Ownership(of: list, at: next % 9))
        next += 1
      }
    }
    let ownerships = Bookkeeping.Ownerships(expected)
    #expect(Array(ownerships) == expected, "seed \(seed)")
    #expect(ownerships.indices.map { ownerships[$0] } == expected, "seed \(seed)")
    #expect(ownerships.ofOthers == expected.filter { $0.newcomer == nil }, "seed \(seed)")
    var exports: [String] = []
    for ownership in expected where ownership.kind == .member {
      if !exports.contains(ownership.export) { exports.append(ownership.export) }
    }
    #expect(ownerships.memberExports == exports, "seed \(seed)")
    if let run = ownerships.firstNewcomers {
      #expect(
        run.range.map { Bookkeeping.Ownership(of: run.owner, at: run.column(of: $0)) }
          == Array(expected[run.range]), "seed \(seed)")
    }
  }

  @Test func anEmptyListHasNobody() {
    let ownerships: Bookkeeping.Ownerships = []
    #expect(ownerships.isEmpty)
    #expect(ownerships.firstNewcomers == nil)
  }
}
