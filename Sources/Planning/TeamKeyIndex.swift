package import Identity
import Matching
import Scanning

/// Finds teams, or records of teams, by the value of a key.
///
/// ```
/// images                 0 "Sales"   1 "Buyers"   2 "sales"
/// places(of: "SALES")    [0, 2]
/// ```
///
/// Kept are hashes under a key of this run alone, so that no names can be chosen that collide; whom they lead to is
/// compared by the real value. Twenty thousand teams cost no twenty thousand folded texts.
package struct TeamKeyIndex: Sendable {
  enum Hit {
    case none
    case one(Int)
    /// Ascending.
    case several([Int])
  }

  private let images: [AttributeImage]
  private let keys: [AttributeID]
  private let hash: KeyedHash
  private let indexes: [KeyIndex]

  package init(_ images: [AttributeImage], keys: [AttributeID]) {
    let hash = KeyedHash.random()
    self.images = images
    self.keys = keys
    self.hash = hash
    indexes = keys.map { KeyIndex(Self.hashes(of: images, $0, hash)) }
  }

  private static func hashes(
    of images: [AttributeImage], _ key: AttributeID, _ hash: KeyedHash
  ) -> [UInt64] {
    images.map { image in
      guard let range = image.range(of: key) else { return KeyHasher.none }
      return self.hash(image.bytes.span.extracting(range), hash)
    }
  }

  private static func hash(_ value: Span<UInt8>, _ hash: KeyedHash) -> UInt64 {
    value.isEmpty ? KeyHasher.none : max(hash.foldedDigest(value).folded, 1)
  }

  /// Whoever has this value of the key with that number; an empty value is nobody's.
  func lookup(_ value: ArraySlice<UInt8>, key: Int) -> Hit {
    let hash = Self.hash(value.span, hash)
    switch indexes[key].lookup(hash) {
    case .none: return .none
    case .one(let place): return has(value, place, key) ? .one(place) : .none
    case .several:
      let places = indexes[key].all(hash).filter { has(value, $0, key) }
      return places.count > 1 ? .several(places) : places.first.map { .one($0) } ?? .none
    }
  }

  /// By place of an image: the only one here with its value of the first key; -1 where there is none, or several.
  func onlyOnes(of others: [AttributeImage]) -> [Int32] {
    guard let key = keys.first, let index = indexes.first else {
      return Array(repeating: -1, count: others.count)
    }
    var places = index.seats(of: Self.hashes(of: others, key, hash))
    for other in places.indices where places[other] >= 0 {
      guard let value = others[other][key], has(value, Int(places[other]), 0) else {
        places[other] = -1
        continue
      }
    }
    return places
  }

  /// The same as a list.
  package func places(of value: ArraySlice<UInt8>, key: Int) -> [Int] {
    switch lookup(value, key: key) {
    case .none: []
    case .one(let place): [place]
    case .several(let places): places
    }
  }

  private func has(_ value: ArraySlice<UInt8>, _ place: Int, _ key: Int) -> Bool {
    images[place][keys[key]].map { MatchKeyText.same($0, value) } ?? false
  }

  /// Places that may have a value of the key with that number in common with another one, ascending.
  func shared(key: Int) -> [Int] { indexes[key].sharedSeats.sorted() }
}
