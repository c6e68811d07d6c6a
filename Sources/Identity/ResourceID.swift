import Crypto

/// The id of a member or team: a UUIDv5 (RFC 9562 §5.5) that nobody has to hand out.
///
/// It is made of the state's lineage, the export that first named the record, the record's source key, and a
/// generation that grows after each delete, so that a reused employee number is a new person.
package struct ResourceID: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// `8-4-4-4-12` lower-case hexadecimal digits.
  package let description: String

  /// Takes an id that was made before.
  package init(_ text: String) {
    description = text
  }

  package enum Kind: String, Sendable {
    case member
    case team
  }

  package init(
    lineage: String, export: String, kind: Kind, sourceKey: [UInt8], generation: Int
  ) {
    // Lengths keep ("a", "bc") and ("ab", "c") apart.
    var hash = Insecure.SHA1()
    for part in [
      Array(lineage.utf8), Array(export.utf8), Array(kind.rawValue.utf8), sourceKey,
      Array(String(generation).utf8),
    ] {
      hash.update(data: Array("\(part.count):".utf8) + part)
    }
    var bytes = Array(hash.finalize().prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x50
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = bytes.map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
    description = [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { digits[$0].joined() }
      .joined(separator: "-")
  }

  package static func < (left: ResourceID, right: ResourceID) -> Bool {
    left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
  }
}
