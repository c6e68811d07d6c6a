/// Part of a list that is too long for one answer of its directory: `member;range=0-1499`.
struct ListPart: Sendable, Hashable {
  /// The list's name for people, such as `member of cn=sales,dc=contoso,dc=com`.
  let list: String
  let first: Int
  /// Nil for the part that ends the list.
  let last: Int?
}

/// Puts together what came in parts, to see whether something is missing.
///
/// ```
/// range=0-1499, range=1500-2999, range=3000-*        whole
/// range=0-1499                                       not: who is missing may be in the rest
/// ```
struct ListParts: Sendable {
  private var parts: [String: Set<ListPart>] = [:]
  private var count = 0

  /// A directory has some hundred lists that long; a hostile file could have any number.
  static let limit = 1_000_000

  mutating func insert(_ part: ListPart) {
    count += 1
    if count <= Self.limit { parts[part.list, default: []].insert(part) }
  }

  /// The first list, by name, of which something is missing.
  var firstIncomplete: String? {
    if count > Self.limit { return "range=" }
    let names = parts.filter { !Self.isWhole($0.value) }.keys
    return names.min { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private static func isWhole(_ parts: Set<ListPart>) -> Bool {
    var next = 0
    for part in parts.sorted(by: { $0.first < $1.first }) {
      guard part.first <= next else { return false }
      guard let last = part.last else { return true }
      next = max(next, last + 1)
    }
    return false
  }
}
