import Identity
import TestSupport
import Testing

/// A look at each attribute by itself is the slow twin.
struct AttributeImageDifferencesTests {
  private struct Difference: Equatable {
    let id: AttributeID
    let before: [UInt8]?
    let after: [UInt8]
  }

  private func image(_ random: inout SeededGenerator, clears: Bool) -> AttributeImage {
    var image = AttributeImage()
    for index in 0..<12 where Bool.random(using: &random) {
      let value = (0..<Int.random(in: (clears ? 0 : 1)...2, using: &random)).map { _ in
        UInt8.random(in: 97...98, using: &random)
      }
      image.append(AttributeID(index * 40), value)
    }
    return image
  }

  @Test(arguments: UInt64(0)..<200)
  func saysWhatOneLookAtEachAttributeSays(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let (desired, current) = (image(&random, clears: true), image(&random, clears: false))
    let expected = desired.entries.compactMap { entry -> Difference? in
      let (before, after) = (current[entry.id], desired.bytes[entry.range])
      guard !after.elementsEqual(before ?? []) else { return nil }
      return Difference(id: entry.id, before: before.map { Array($0) }, after: Array(after))
    }
    var found: [Difference] = []
    desired.forEachDifference(from: current) { id, before, after in
      found.append(
        Difference(
          id: id, before: before.map { Array(current.bytes[$0]) },
          after: Array(desired.bytes[after])))
    }
    #expect(found == expected, "seed \(seed)")
    #expect(desired.differs(from: current) == !expected.isEmpty, "seed \(seed)")
    #expect(!current.differs(from: current), "seed \(seed)")
  }

  @Test func textsAreReadWhereTheyStand() {
    var image = AttributeImage()
    image.append(AttributeID(1), "Zoë".utf8)
    #expect(image.range(of: AttributeID(1)).map { image.text(at: $0) } == "Zoë")
  }
}
