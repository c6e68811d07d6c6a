import Identity
import Matching
import TestSupport
import Testing

/// A dictionary is the slow twin.
struct SeatDetailsTests {
  private func image(_ number: Int) -> AttributeImage {
    var image = AttributeImage()
    image.append(AttributeID(0), "\(number)".utf8)
    return image
  }

  @Test(arguments: UInt64(0)..<30)
  func holdsWhatADictionaryHolds(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let stride = [1, 64, 4096].randomElement(using: &random) ?? 1
    var (details, expected) = (SeatDetails(), [Int: Int]())
    for number in 0..<Int.random(in: 0..<3000, using: &random) {
      let seat = Int.random(in: 0..<4000, using: &random) * stride
      details.insert(id: ResourceID("\(number)"), image: image(number), at: seat)
      if expected[seat] == nil { expected[seat] = number }
    }
    for number in 0..<4000 {
      let seat = number * stride
      #expect(details.contains(seat) == (expected[seat] != nil), "seed \(seed), seat \(seat)")
      #expect(details.id(of: seat) == expected[seat].map { ResourceID("\($0)") }, "seed \(seed)")
      #expect(details[seat] == expected[seat].map(image) ?? AttributeImage(), "seed \(seed)")
    }
  }
}
