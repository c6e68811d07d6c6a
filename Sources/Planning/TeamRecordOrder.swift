import Identity
import Matching
import Scanning

/// What is to be known of tonight's records of teams before any of them is decided about.
struct TeamRecordOrder: Sendable {
  /// The places of all records, whatever the order of the rows: new teams stand in that of their source keys.
  let places: [Int]
  /// Records that share a key value with others, and some of those: each is reported itself.
  let twins: [RecordNumber: [RecordNumber]]

  init(_ records: [OpenRecord], keys: [MatchKey]) {
    places = Self.canonicalPlaces(of: records, keys)
    twins = Self.twins(records, keys)
  }

  private static func canonicalPlaces(of records: [OpenRecord], _ keys: [MatchKey]) -> [Int] {
    var letters = records.indices.map { place in
      let image = records[place].image
      if let key = keys.first, let value = image[key.id], !value.isEmpty {
        return LeadingLetters(folding: value.span, place: place)
      }
      return LeadingLetters(of: keys.sourceKey(of: image).span, place: place)
    }
    letters.putInOrder()
    letters.sortTies { left, right in
      let (one, other) = (records[Int(left.place)], records[Int(right.place)])
      let (mine, theirs) = (keys.sourceKey(of: one.image), keys.sourceKey(of: other.image))
      return mine == theirs ? one.number < other.number : mine.lexicographicallyPrecedes(theirs)
    }
    return letters.map { Int($0.place) }
  }

  private static func twins(
    _ records: [OpenRecord], _ keys: [MatchKey]
  ) -> [RecordNumber: [RecordNumber]] {
    let index = TeamKeyIndex(records.map(\.image), keys: keys.map(\.id))
    var twins: [RecordNumber: Set<RecordNumber>] = [:]
    for (place, key) in keys.enumerated() {
      // In most nights nobody shares anything.
      let groups = Dictionary(grouping: index.shared(key: place)) { record in
        records[record].image[key.id].map { MatchKeyText.folded($0) } ?? []
      }
      for group in groups.values where group.count > 1 {
        for record in group {
          let others = group.lazy.filter { $0 != record }.prefix(10).map { records[$0].number }
          twins[records[record].number, default: []].formUnion(others)
        }
      }
    }
    return twins.mapValues { $0.sorted() }
  }
}
