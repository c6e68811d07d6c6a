import Identity
import TestSupport
import Testing

struct AttributeImageTests {
  @Test func theLayoutIsTheDocumentedOne() {
    var image = AttributeImage()
    image.append(AttributeID(7), "Buyer".utf8)
    image.append(AttributeID(0x0109), Array("ann".utf8).span)
    #expect(
      image.bytes == [7, 5] + "Buyer".utf8 + [0x89, 2, 3] + "ann".utf8)
    var digested: [UInt8] = []
    image.appendDigested(to: &digested)
    #expect(
      digested == [7, 0, 5, 0, 0, 0] + "Buyer".utf8 + [9, 1, 3, 0, 0, 0] + "ann".utf8)
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
      [1], [0x81], [1, 1], [1, 2, 65], [1, 0x80], [1, 0x81, 0, 65], [0x81, 0, 1, 65],
      [1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [1, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 65],
      [0x81, 0x80, 0x04, 0], [1, 0, 1, 0], [2, 0, 1, 0], [1, 0, 9],
    ] as [[UInt8]])
  func malformedBytesAreRefused(bytes: [UInt8]) {
    #expect(AttributeImage(bytes: bytes) == nil)
  }

  @Test func imagesThatShareMemoryAreWhatTheyWereAlone() {
    let images = ["ann", "", "a longer name"].map { name in
      var image = AttributeImage()
      if !name.isEmpty { image.append(AttributeID(3), name.utf8) }
      image.append(AttributeID(5), "x".utf8)
      return image
    }
    var shared = AttributeImage.sharingMemory(images)
    #expect(shared == images)
    #expect(shared.map(\.hashValue) == images.map(\.hashValue))
    #expect(shared.map { $0.text(AttributeID(3)) } == ["ann", nil, "a longer name"])
    #expect(shared.map { $0.entries.map(\.id.index) } == [[3, 5], [5], [3, 5]])

    // What is added to one is none of the others'.
    shared[0].append(AttributeID(9), "y".utf8)
    #expect(shared[0].text(AttributeID(9)) == "y")
    #expect(shared[1...] == images[1...])
  }

  @Test func everyShortenedImageIsRefusedOrEndsBetweenValues() {
    var image = AttributeImage()
    image.append(AttributeID(1), "ab".utf8)
    image.append(AttributeID(2), "c".utf8)
    let whole = (0...image.bytes.count).filter {
      AttributeImage(bytes: Array(image.bytes[..<$0])) != nil
    }
    #expect(whole == [0, 4, 7])
  }

  @Test(arguments: UInt64(0)..<20)
  func aWalkAndAPackTellWhatTheEntriesTell(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var (pack, scratch) = (AttributeImage.Pack(count: 30), AttributeImage())
    var images: [AttributeImage] = []
    for _ in 0..<30 {
      scratch.removeAll()
      #expect(scratch.isEmpty)
      for index in 0..<200 where Int.random(in: 0..<9, using: &random) == 0 {
        let count = Int.random(in: 0...200, using: &random)
        scratch.append(AttributeID(index), [UInt8](repeating: UInt8(index), count: count))
      }
      pack.append(scratch)
      images.append(AttributeImage(bytes: Array(scratch.packed)) ?? AttributeImage())
    }
    #expect(pack.images == images, "seed \(seed)")
    for image in pack.images {
      let (memory, entries) = (image.bytes, Array(image.entries))
      var steps = image.steps
      for entry in entries {
        let step = steps.next(in: memory.span)
        #expect(step?.index == entry.id.index && step?.range == entry.range, "seed \(seed)")
        #expect(image.range(of: entry.id) == entry.range, "seed \(seed)")
      }
      #expect(steps.next(in: memory.span) == nil, "seed \(seed)")
      #expect(image.range(of: AttributeID(500)) == nil)
      var digested: [UInt8] = []
      image.appendDigested(to: &digested)
      #expect(digested.count == image.digestedCount && digested.count <= image.digestedRoom)
    }
  }
}
