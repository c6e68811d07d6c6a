import Identity
import TestSupport
import Testing

struct CurrentMembersTests {
  @Test(arguments: UInt64(0)..<20)
  func theSeatOfEveryOrdinalIsFound(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var members = CurrentMembers(keyCount: 2)
    members.ordinals = (UInt32(0)..<200).filter { _ in Bool.random(using: &random) }
    #expect(members.keyHashes.count == 2)
    for ordinal in UInt32(0)...200 {
      #expect(
        members.seat(ofOrdinal: ordinal) == members.ordinals.firstIndex(of: ordinal),
        "seed \(seed), ordinal \(ordinal)")
    }
  }

  @Test func nobodyHasASeatInAnEmptyState() {
    #expect(CurrentMembers(keyCount: 0).seat(ofOrdinal: 0) == nil)
    #expect(CurrentMembers(keyCount: 0).seat(ofOrdinal: .max) == nil)
  }

  @Test func exportsAreCountedUpToTheLast() {
    let set: ExportSet = [ExportSet(export: 0), ExportSet(export: 5), ExportSet(export: 63)]
    #expect(set.numbers == [0, 5, 63])
    #expect(ExportSet().numbers.isEmpty)
  }
}
