import Identity
import TestSupport
import Testing

struct ResourceIDTests {
  private func id(
    lineage: String = "l", export: String = "people", kind: ResourceID.Kind = .member,
    key: String = "E1", generation: Int = 1
  ) -> ResourceID {
    ResourceID(
      lineage: lineage, export: export, kind: kind, sourceKey: Array(key.utf8),
      generation: generation)
  }

  /// RFC 9562 §5.5: version 5 in the third group, variant 10 in the fourth.
  @Test(arguments: 0..<50)
  func itHasTheShapeOfAUUIDOfVersion5(number: Int) throws {
    let text = id(key: "E\(number)").description
    #expect(
      text.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/)
        != nil, "\(text)")
  }

  /// Taken from an independent SHA-1 of `1:l6:people6:member2:E11:1`.
  @Test func itIsTheSameEverywhere() {
    #expect(id().description == "55dad249-f657-5e98-8165-5309e33b3cb7")
  }

  @Test func everyPartMakesItAnother() {
    let ids = [
      id(), id(lineage: "m"), id(export: "guests"), id(kind: .team), id(key: "E2"),
      id(generation: 2), id(key: "e1"),
    ]
    #expect(Set(ids).count == ids.count)
  }

  @Test func partsDoNotRunIntoEachOther() {
    #expect(id(lineage: "a", export: "bc") != id(lineage: "ab", export: "c"))
    #expect(id(lineage: "", export: "1:a") != id(lineage: "1:a", export: ""))
    #expect(id(key: "E1", generation: 12) != id(key: "E11", generation: 2))
  }

  @Test func idsAreOrderedByTheirText() {
    #expect(ResourceID("a") < ResourceID("b"))
    #expect(!(ResourceID("a") < ResourceID("a")))
    let texts = [
      "00000000-0000-0000-0000-000000000001", "00000000-0000-5000-8000-000000000000",
      "00000000-0000-5000-8000-00000000000A", "0b0e", "a0000000-0000-5000-8000-000000000000", "b",
    ]
    #expect(texts.reversed().map { ResourceID($0) }.sorted().map(\.description) == texts)
  }

  @Test func itsHalvesMakeTheSameTextInEveryWay() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<1000 {
      let (high, low) = (random.next(), random.next())
      let id = ResourceID(high: high, low: low)
      let digits = [high, low].map { half in
        let text = String(half, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
      }.joined()
      #expect(id.description.filter { $0 != "-" } == digits)
      #expect(ResourceID(id.description) == id)
      let written = [UInt8](capacity: ResourceID.uuidLength) { _ = id.appendUUID(to: &$0) }
      #expect(String(decoding: written, as: UTF8.self) == id.description)
    }
    var isUUID = true
    let none = [UInt8](capacity: ResourceID.uuidLength) { out in
      isUUID = ResourceID("ann").appendUUID(to: &out)
    }
    #expect(!isUUID && none.isEmpty)
  }

  /// What is not spelled as a UUID is kept letter by letter.
  @Test(arguments: UInt64(0)..<200)
  func anyOtherSpellingIsKept(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var text = Array(ResourceID(high: random.next(), low: random.next()).description.utf8)
    text[Int.random(in: 0..<36, using: &random)] =
      Array("-0aAfFgG/:`z ".utf8).randomElement(using: &random) ?? 0
    if seed % 10 == 0 { text.removeLast() }
    let id = ResourceID(text.span)
    #expect(id.description == String(decoding: text, as: UTF8.self), "seed \(seed)")
    let isSpelled = text.enumerated().allSatisfy { place, byte in
      [8, 13, 18, 23].contains(place) == (byte == UInt8(ascii: "-"))
        && "-0123456789abcdef".utf8.contains(byte)
    }
    #expect(id.isUUID == (isSpelled && text.count == 36), "seed \(seed)")
  }
}
