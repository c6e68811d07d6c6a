import Identity
import Scanning
import TestSupport
import Testing

@testable import Matching

struct PairingTests {
  private static let keys = [
    MatchKey(path: AttributePath(attribute: "externalId"), id: AttributeID(0)),
    MatchKey(path: AttributePath(attribute: "userName"), id: AttributeID(1)),
  ]
  private let hasher = KeyHasher(keys: PairingTests.keys, secret: Array(repeating: 3, count: 32))

  private func image(_ values: [String?]) -> AttributeImage {
    var image = AttributeImage()
    for (index, value) in values.enumerated() {
      if let value { image.append(AttributeID(index), value.utf8) }
    }
    return image
  }

  private func index(_ members: [AttributeImage]) -> (MemberIndex, SeatDetails) {
    var columns = CurrentMembers(keyCount: 2)
    var details = SeatDetails()
    for (seat, image) in members.enumerated() {
      columns.ordinals.append(UInt32(seat))
      columns.fingerprints.append(.zero)
      columns.standings.append(.active)
      columns.owners.append(ExportSet(export: 0))
      for (key, hash) in hasher.hashes(of: image).enumerated() {
        columns.keyHashes[key].append(hash)
      }
      details.insert(id: ResourceID("\(seat)"), image: image, at: seat)
    }
    return (MemberIndex(members: columns, keys: Self.keys, matchCount: 2), details)
  }

  /// So many records are matched by several threads; a look at each member by itself is the slow twin.
  @Test(arguments: [10, 5000])
  func everyRecordIsWhoHasItsFirstKeyThatAnybodyHas(count: Int) {
    var random = SeededGenerator(seed: UInt64(count))
    let (index, details) = index((0..<count).map { image(["e\($0)", "u\($0)"]) })
    var taken = Set(0..<count).shuffled(using: &random)
    var expected: [Int: Pairing.Pair] = [:]
    var joiners: [RecordNumber] = []
    let open = (0..<count).map { number -> OpenRecord in
      let seat = taken.removeLast()
      let values: [String?] =
        switch number % 3 {
        case 0: ["E\(seat)", "new\(number)"]
        case 1: [nil, "U\(seat)"]
        default: ["x\(number)", "y\(number)"]
        }
      let record = OpenRecord(
        number: RecordNumber(export: 0, number: number), image: image(values),
        keyHashes: hasher.hashes(of: image(values)))
      if number % 3 == 2 {
        joiners.append(record.number)
      } else {
        expected[seat] = Pairing.Pair(record: record, seat: seat, key: number % 3)
      }
      return record
    }
    let pairing = Pairing(
      open, attendance: Attendance(memberCount: count), index: index, details: details)
    #expect(pairing.pairs == expected.keys.sorted().compactMap { expected[$0] })
    #expect(pairing.joiners.map(\.number) == joiners)
    #expect(pairing.unseenSeats == (0..<count).filter { expected[$0] == nil })
    for seat in 0..<count { #expect(pairing.isPresent(seat) == (expected[seat] != nil)) }
  }

  @Test(arguments: UInt64(0)..<50)
  func seatsAreListedOnceAndInOrderAsASetHasThem(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let seats = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
      Int.random(in: 0..<30, using: &random)
    }
    #expect(seats.sortedOnce == Set(seats).sorted(), "seed \(seed)")
  }
}
