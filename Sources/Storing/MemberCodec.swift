import Identity
import Scanning

/// Computes what `member_index` and `member_key` hold of a resource, under one basis.
final class MemberCodec {
  let basis: IndexBasis
  let reader: ResourceReader
  let fingerprinter: Fingerprinter
  let hasher: KeyHasher

  init(_ basis: IndexBasis, secret: [UInt8]) {
    self.basis = basis
    reader = ResourceReader(attributes: basis.attributes)
    fingerprinter = Fingerprinter(attributes: basis.attributes, secret: secret)
    hasher = KeyHasher(keys: basis.keys, secret: secret)
  }
}

extension Fingerprint {
  /// 16 bytes, the low word first, both little-endian.
  var storedBytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(16)
    bytes.append(littleEndian: self)
    return bytes
  }

  init?(storedBytes bytes: [UInt8]) {
    guard bytes.count == 16 else { return nil }
    func word(_ range: Range<Int>) -> UInt64 {
      bytes[range].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    self.init(low: word(0..<8), high: word(8..<16))
  }
}

extension [UInt8] {
  /// As `Fingerprint.storedBytes`.
  mutating func append(littleEndian fingerprint: Fingerprint) {
    append(littleEndian: fingerprint.low)
    append(littleEndian: fingerprint.high)
  }

  mutating func append(littleEndian word: UInt64) {
    append(addingCapacity: 8) { output in
      var rest = word
      for _ in 0..<8 {
        output.append(UInt8(truncatingIfNeeded: rest))
        rest >>= 8
      }
    }
  }
}
