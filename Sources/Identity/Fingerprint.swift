import Crypto
package import Scanning

/// 128 bits that stand for all managed values of one member or team.
///
/// It is the sum of one keyed digest per attribute, so an attribute can be taken out again by
/// subtraction, and attributes may be added in any order. An absent attribute adds nothing.
package typealias Fingerprint = Digest128

/// Turns values into fingerprints under the key of one state.
///
/// Each attribute has an independent key, derived from the state's secret and the attribute's path,
/// so that the same fingerprint comes out whichever other attributes
/// the policy maps.
package struct Fingerprinter: Sendable {
  /// Part of the stored digest of the attribute set: change it whenever fingerprints change.
  package static let version = 1

  package let attributes: AttributeSet
  private let hashes: [KeyedHash]
  /// The key words of all attributes one after the other: references to keys of their own would be counted at every value.
  private let words: [UInt64]

  /// Takes the 32 random bytes kept in the state as `secret`.
  package init(attributes: AttributeSet, secret: [UInt8]) {
    self.attributes = attributes
    hashes = attributes.attributes.map {
      KeyedHash(secret: secret, purpose: "attribute \($0.path)")
    }
    words = hashes.flatMap(\.words)
  }

  /// What one value adds to the fingerprint.
  ///
  /// An empty value adds nothing: it is absence or a clear.
  @inline(__always)
  package func digest(of value: Span<UInt8>, for id: AttributeID) -> Fingerprint {
    hashes[id.index].digest(value)
  }

  /// The hash of one attribute, for loops that look it up once.
  package func hash(for id: AttributeID) -> KeyedHash { hashes[id.index] }

  /// The fingerprint of a whole image.
  package func fingerprint(of image: AttributeImage) -> Fingerprint {
    var sum = Fingerprint.zero
    let (bytes, words) = (image.bytes.span, words.span)
    let width = KeyedHash.keyWordCount
    var steps = image.steps
    while let (index, range) = steps.next(in: bytes) {
      sum &+= KeyedHash.digest(
        bytes.extracting(range), keyWords: words.extracting(index * width..<(index + 1) * width))
    }
    return sum
  }
}

extension KeyedHash {
  /// A hash for one purpose, its key words taken from HMAC-SHA256 (RFC 2104) in counter mode.
  package init(secret: [UInt8], purpose: String) {
    let key = SymmetricKey(data: secret)
    var words: [UInt64] = []
    var counter: UInt8 = 0
    while words.count < KeyedHash.keyWordCount {
      let input = Array("rollcall hash \(purpose)".utf8) + [0, counter]
      var word: UInt64 = 0
      for (index, byte) in HMAC<SHA256>.authenticationCode(for: input, using: key).enumerated() {
        word = word << 8 | UInt64(byte)
        if index % 8 == 7 { words.append(word) }
      }
      counter += 1
    }
    self.init(keyWords: words)
  }
}
