/// Finds records that stand in a list of the record that they belong to, as the groups of a Keycloak realm do.
///
/// ```
/// {"path":"/sales","subGroups":[{"path":"/sales/west","subGroups":[]}]}
///                               └──────────── this ────────────────┘
/// ```
///
/// Only those right in it; each may have a list of its own. The record has been read and is well formed.
enum NestedRecords {
  static func ranges(
    inList name: [UInt8], of record: Range<Int>, in text: [UInt8]
  ) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var (depth, start, place) = (0, 0, record.lowerBound)
    var (isNamed, isInside) = (false, false)
    while place < record.upperBound {
      switch text[place] {
      case UInt8(ascii: "\""):
        let end = closingQuote(after: place, in: text)
        if depth == 1, isName(endingAt: end, in: text, below: record.upperBound) {
          isNamed = text[(place + 1)..<end].elementsEqual(name)
        }
        place = end
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        if depth == 2 { isInside = isNamed && text[place] == UInt8(ascii: "[") }
        if depth == 3 { start = place }
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        if depth == 3, isInside, text[place] == UInt8(ascii: "}") {
          found.append(start..<place + 1)
        }
        depth -= 1
      default: break
      }
      place += 1
    }
    return found
  }

  private static func closingQuote(after place: Int, in text: [UInt8]) -> Int {
    var end = place + 1
    while text[end] != UInt8(ascii: "\"") { end += text[end] == UInt8(ascii: "\\") ? 2 : 1 }
    return end
  }

  /// Whether a colon follows.
  private static func isName(endingAt end: Int, in text: [UInt8], below limit: Int) -> Bool {
    text[(end + 1)..<limit].first { !$0.isJSONSpace } == UInt8(ascii: ":")
  }
}
