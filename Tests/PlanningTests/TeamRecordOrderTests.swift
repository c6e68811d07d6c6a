import Identity
import Matching
import TestSupport
import Testing

@testable import Planning

/// Folded texts in dictionaries are the slow twin.
struct TeamRecordOrderTests {
  private static let keys = [
    MatchKey(path: AttributePath(attribute: "externalId"), id: AttributeID(0)),
    MatchKey(path: AttributePath(attribute: "displayName"), id: AttributeID(1)),
  ]

  private func image(_ random: inout SeededGenerator) -> AttributeImage {
    var image = AttributeImage()
    for index in 0..<2 where Int.random(in: 0..<6, using: &random) > 0 {
      // Some agree in all of their first letters, some but for their case.
      let stem = Bool.random(using: &random) ? "a team with a long name " : "T"
      image.append(AttributeID(index), "\(stem)\(Int.random(in: 0..<60, using: &random))".utf8)
    }
    return image
  }

  private func records(_ random: inout SeededGenerator) -> [OpenRecord] {
    (0..<40).map { number in
      OpenRecord(
        number: RecordNumber(export: number % 2, number: number), image: image(&random),
        keyHashes: [])
    }
  }

  @Test(arguments: UInt64(0)..<100)
  func recordsStandInTheOrderOfTheirSourceKeys(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let records = records(&random)
    let expected = records.indices.sorted { left, right in
      let (one, other) = (
        Self.keys.sourceKey(of: records[left].image), Self.keys.sourceKey(of: records[right].image)
      )
      return one == other
        ? records[left].number < records[right].number : one.lexicographicallyPrecedes(other)
    }
    #expect(TeamRecordOrder(records, keys: Self.keys).places == expected, "seed \(seed)")
  }

  @Test(arguments: UInt64(0)..<100)
  func twinsAreThoseWithOneFoldedText(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let records = records(&random)
    var expected: [RecordNumber: Set<RecordNumber>] = [:]
    for key in Self.keys {
      for record in records {
        guard let value = record.image[key.id], !value.isEmpty else { continue }
        let others = records.filter {
          $0.number != record.number
            && MatchKeyText.folded($0.image[key.id] ?? []) == MatchKeyText.folded(value)
        }
        guard !others.isEmpty else { continue }
        expected[record.number, default: []].formUnion(others.prefix(10).map(\.number))
      }
    }
    #expect(
      TeamRecordOrder(records, keys: Self.keys).twins == expected.mapValues { $0.sorted() },
      "seed \(seed)")
  }

  @Test(arguments: UInt64(0)..<100)
  func teamsAreFoundByWhatADictionaryFindsThemBy(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let teams = (0..<30).map { _ in image(&random) }
    let asked = (0..<60).map { _ in image(&random) }
    let index = TeamKeyIndex(teams, keys: Self.keys.map(\.id))
    for (place, key) in Self.keys.enumerated() {
      let expected = Dictionary(grouping: teams.indices.filter { teams[$0][key.id] != nil }) {
        MatchKeyText.folded(teams[$0][key.id] ?? [])
      }
      for image in asked {
        let value = image[key.id] ?? []
        #expect(
          index.places(of: value, key: place)
            == (value.isEmpty ? [] : expected[MatchKeyText.folded(value)] ?? []), "seed \(seed)")
      }
    }
    let onlyOnes = index.onlyOnes(of: asked)
    for (image, only) in zip(asked, onlyOnes) {
      let places = index.places(of: image[Self.keys[0].id] ?? [], key: 0)
      #expect(only == (places.count == 1 ? Int32(places[0]) : -1), "seed \(seed)")
    }
  }
}
