/// The line of an expression on which something is wrong, with a caret under it.
///
/// ```
/// ToLowr(Join(".", [givenName], [surname]))
/// ^~~~~~
/// ```
package struct ExpressionExcerpt: Sendable, Hashable {
  /// More of a long line than this is cut off around the place.
  static let width = 90

  package let line: String
  package let caret: String

  package init(of text: String, at range: Range<Int>) {
    let scalars = Array(text.unicodeScalars)
    let start = min(range.lowerBound, scalars.count)
    let lineStart = scalars[..<start].lastIndex(of: "\n").map { $0 + 1 } ?? 0
    let lineEnd = scalars[start...].firstIndex(of: "\n") ?? scalars.count
    let first = max(lineStart, start - Self.width * 2 / 3)
    let last = min(lineEnd, first + Self.width)
    let before = first > lineStart ? "…" : ""
    let after = last < lineEnd ? "…" : ""
    line = before + String(String.UnicodeScalarView(scalars[first..<last])) + after
    let length = max(1, min(range.upperBound, last) - start)
    caret =
      String(repeating: " ", count: start - first + before.unicodeScalars.count) + "^"
      + String(repeating: "~", count: length - 1)
  }
}
