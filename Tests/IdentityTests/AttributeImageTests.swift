import Identity
import TestSupport
import Testing

struct AttributeImageTests {
  @Test func theLayoutIsTheDocumentedOne() {
    var image = AttributeImage()
    image.append(AttributeID(7), "Buyer".utf8)
    image.append(AttributeID(0x0109), Array("ann".utf8).span)
    #expect(
      image.bytes == [7, 0, 5, 0, 0, 0] + "Buyer".utf8 + [9, 1, 3, 0, 0, 0] + "ann".utf8)
  }

  @Test func absentAndEmptyAreTwoThings() {
    var image = AttributeImage()
    image.append(AttributeID(1), [])
    #expect(image.text(AttributeID(1)) == "")
    #expect(image.text(AttributeID(2)) == nil)
    #expect(!image.isEmpty)
    #expect(AttributeImage().isEmpty)
  }

  @Test(arguments: UInt64(0)..<50)
  func valuesComeBackAsTheyWentIn(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var image = AttributeImage()
    var expected: [(AttributeID, [UInt8])] = []
    for index in 0..<20 where Bool.random(using: &random) {
      let value = (0..<Int.random(in: 0...300, using: &random)).map { _ in
        UInt8.random(in: 0 ... .max, using: &random)
      }
      image.append(AttributeID(index * 3), value)
      expected.append((AttributeID(index * 3), value))
    }
    let copy = try #require(AttributeImage(bytes: image.bytes))
    #expect(copy == image, "seed \(seed)")
    let found = copy.entries.map { ($0.id, Array(copy.bytes[$0.range])) }
    #expect(found.elementsEqual(expected, by: ==), "seed \(seed)")
    for (id, value) in expected { #expect(copy[id].map(Array.init) == value, "seed \(seed)") }
  }

  @Test(
    arguments: [
      [1], [1, 0, 0, 0, 0], [1, 0, 1, 0, 0, 0], [1, 0, 2, 0, 0, 0, 65],
      [1, 0, 0xFF, 0xFF, 0xFF, 0xFF], [1, 0, 0xFF, 0xFF, 0xFF, 0x7F, 65],
      [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0], [2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0],
      [1, 0, 0, 0, 0, 0, 9],
    ] as [[UInt8]])
  func malformedBytesAreRefused(bytes: [UInt8]) {
    #expect(AttributeImage(bytes: bytes) == nil)
  }

  @Test func everyShortenedImageIsRefusedOrEndsBetweenValues() {
    var image = AttributeImage()
    image.append(AttributeID(1), "ab".utf8)
    image.append(AttributeID(2), "c".utf8)
    let whole = (0...image.bytes.count).filter {
      AttributeImage(bytes: Array(image.bytes[..<$0])) != nil
    }
    #expect(whole == [0, 8, 15])
  }
}
