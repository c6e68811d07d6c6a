import Identity
import Scanning
import TestSupport
import Testing

@testable import Storing

struct MemberIndexPageTests {
  static func randomEntry(
    keyCount: Int, using random: inout SeededGenerator
  ) -> MemberIndexPage.Entry {
    func word() -> UInt64 { UInt64.random(in: 0...UInt64.max, using: &random) }
    return MemberIndexPage.Entry(
      standing: MemberStanding(rawValue: UInt8.random(in: 0..<128, using: &random)),
      owners: ExportSet(rawValue: word()), fingerprint: Fingerprint(low: word(), high: word()),
      keyHashes: (0..<keyCount).map { _ in word() })
  }

  @Test(arguments: [0, 1, 2, 5], [UInt64(1), 2])
  func aPageGivesBackWhatWasPutIntoIt(keyCount: Int, seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var page = MemberIndexPage(keyCount: keyCount)
    var entries: [Int: MemberIndexPage.Entry] = [:]
    for _ in 0..<300 {
      let place = Int.random(in: 0..<MemberIndexPage.places, using: &random)
      let entry = Self.randomEntry(keyCount: keyCount, using: &random)
      page.set(place, to: entry)
      entries[place] = entry
    }
    let stored = try #require(MemberIndexPage(page.bytes))
    #expect(stored.keyCount == keyCount)
    for place in 0..<MemberIndexPage.places { #expect(stored[place] == entries[place]) }

    var places: [Int] = []
    var next = 0
    while let run = MemberIndexPage.run(in: stored.bytes.span, from: next) {
      places += run
      next = run.upperBound
    }
    #expect(places == entries.keys.sorted())
  }

  @Test func thePageLooksAsItIsDrawn() {
    var page = MemberIndexPage(keyCount: 2)
    #expect(page.bytes.count == 10496)
    #expect(page.bytes.allSatisfy { $0 == 0 })
    let place = MemberIndexPage.place(ofOrdinal: 770)
    page.set(
      place,
      to: MemberIndexPage.Entry(
        standing: [.active], owners: ExportSet(rawValue: 0x0102),
        fingerprint: Fingerprint(low: 3, high: 4), keyHashes: [5, 0x0607]))
    let wanted: [Int: UInt8] = [
      2: 129, 272: 2, 273: 1, 2336: 3, 2344: 4, 6416: 5, 8464: 7, 8465: 6,
    ]
    for (offset, byte) in page.bytes.enumerated() where byte != 0 || wanted[offset] != nil {
      #expect(wanted[offset] == byte, "byte \(offset)")
    }
    #expect(MemberIndexPage.number(ofOrdinal: 770) == 3)
    #expect(MemberIndexPage.ordinals(ofPage: 3) == 768...1023)
  }

  @Test(arguments: [0, 1, 4352, 6399, 6401, 8447, 10495, 10497])
  func whatHasAnotherLengthIsNoPage(count: Int) {
    #expect(MemberIndexPage([UInt8](repeating: 0, count: count)) == nil)
  }
}
