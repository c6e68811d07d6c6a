import Scanning

/// What a resource of a SCIM service is, in documents that hold several kinds of them.
///
/// ```
/// {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User", …]}      user
/// {"meta":{"resourceType":"Group"}}                                  group
/// {"meta":{"resourceType":"Role"}}                                   neither
/// {"displayName":"Sales"}                                            it does not say, and may be either
/// ```
package enum SCIMResource: String, Sendable, Hashable {
  case user = "User"
  case group = "Group"

  static let schemas = "schemas"
  static let resourceType = "meta.resourceType"

  private static let core = Array("urn:ietf:params:scim:schemas:core:2.0:".utf8)
  private static let typeName = Array("\"resourceType\"".utf8)

  /// Whether a record is of another kind, by what it says of itself: its schemas count before its type.
  func isOther(schemas: [ArraySlice<UInt8>], types: [ArraySlice<UInt8>]) -> Bool {
    let stated = schemas.filter {
      Self.folded($0.prefix(Self.core.count)) == Self.folded(Self.core)
    }
    .map { $0.dropFirst(Self.core.count) }
    let names = stated.isEmpty ? types : stated
    return !names.isEmpty && !names.contains { Self.folded($0) == Self.folded(rawValue.utf8) }
  }

  /// Whether a text has no record that says to be of another kind.
  func isAlone(in text: [UInt8]) -> Bool {
    mentionsItselfOnly(after: Self.core, in: text)
      && mentionsItselfOnly(after: Self.typeName, in: text)
  }

  private func mentionsItselfOnly(after word: [UInt8], in text: [UInt8]) -> Bool {
    let own = Self.folded(rawValue.utf8)
    var place = 0
    while let found = TextSearch.first(word, in: text, place..<text.count) {
      place = found + word.count
      let rest = text[place...].drop {
        $0.isJSONSpace || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "\"")
      }
      guard Self.folded(rest.prefix(own.count)) == own else { return false }
    }
    return true
  }

  private static func folded(_ text: some Sequence<UInt8>) -> [UInt8] {
    text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
  }
}
