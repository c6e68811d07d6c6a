import Scanning

/// An attribute by which records find their member, at its place in the matching order.
package struct MatchKey: Sendable, Hashable {
  package let path: AttributePath
  package let id: AttributeID

  package init(path: AttributePath, id: AttributeID) {
    self.path = path
    self.id = id
  }
}

/// Hashes key values for the index: exact bytes, ASCII case folded, under the state's secret.
///
/// A hash only says where to look. Before anything is changed because of it, the real value is read
/// and compared (`MatchKeyText.same`).
package struct KeyHasher: Sendable {
  /// Stands for "has no value"; no value hashes to it.
  package static let none: UInt64 = 0

  package let keys: [MatchKey]
  private let hashes: [KeyedHash]

  package init(keys: [MatchKey], secret: [UInt8]) {
    self.keys = keys
    hashes = keys.map { KeyedHash(secret: secret, purpose: "key \($0.path)") }
  }

  /// The hash of a value of the key at `index` in the matching order.
  package func hash(_ value: Span<UInt8>, key index: Int) -> UInt64 {
    guard !value.isEmpty else { return Self.none }
    return max(hashes[index].foldedDigest(value).folded, 1)
  }

  /// The `KeyedHash.keyWordCount` words of one key, for loops that keep those of all keys together.
  package func words(key index: Int) -> [UInt64] { hashes[index].words }

  /// The hash of every key an image has, in matching order.
  package func hashes(of image: AttributeImage) -> [UInt64] {
    var found: [UInt64] = []
    appendHashes(of: image, to: &found)
    return found
  }

  /// Appends the hash of every key an image has, in matching order.
  package func appendHashes(of image: AttributeImage, to hashes: inout [UInt64]) {
    let bytes = image.bytes.span
    for index in keys.indices {
      let range = image.range(of: keys[index].id)
      hashes.append(range.map { hash(bytes.extracting($0), key: index) } ?? Self.none)
    }
  }
}

/// How key values compare.
package enum MatchKeyText {
  /// The form in which the state stores a key: bytes with ASCII letters in lower case.
  package static func folded(_ text: some Sequence<UInt8>) -> [UInt8] {
    text.map(\.asciiFolded)
  }

  /// The same for the values of images, of which a night folds thousands.
  package static func folded(_ text: ArraySlice<UInt8>) -> [UInt8] {
    [UInt8](capacity: text.count) { folded in
      for byte in text { folded.append(byte.asciiFolded) }
    }
  }

  /// Whether two values are one key: the same bytes but for the case of ASCII letters.
  package static func same(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool
  {
    guard left.count == right.count else { return false }
    var other = right.makeIterator()
    for byte in left where byte.asciiFolded != other.next()?.asciiFolded { return false }
    return true
  }

  /// The same for the values of images.
  package static func same(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    let (mine, theirs) = (left.span, right.span)
    return mine.indices.allSatisfy { mine[$0].asciiFolded == theirs[$0].asciiFolded }
  }
}
