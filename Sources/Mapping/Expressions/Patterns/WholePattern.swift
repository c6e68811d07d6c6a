import Scanning

/// A pattern that is to fit a whole text, for what policies match besides values: last lines, names of files.
///
/// ```
/// TRL;(\d+)     TRL;00001204      .whole(group: "00001204")
/// (a+)+$        aaaaaaaaaaaab     .none, at once
/// ```
///
/// The search has the bounds of `PatternMatcher`; where one is reached, the pattern does not fit.
package struct WholePattern: Sendable {
  private let pattern: Pattern

  package enum Fit: Sendable, Hashable {
    case none
    /// What the first group found, if there is one and it took part.
    case whole(group: String?)
  }

  package init(_ text: String) throws(PatternProblem) {
    pattern = try Pattern("\\A(?:\(text))\\z")
  }

  package func fit(_ text: String) -> Fit {
    let bytes = Array(text.utf8)
    var matcher = PatternMatcher()
    guard (try? matcher.find(pattern, in: bytes.span, from: 0)) == true else { return .none }
    guard pattern.groupCount > 0, let range = matcher.range(of: 1) else {
      return .whole(group: nil)
    }
    return .whole(group: String(decoding: bytes[range], as: UTF8.self))
  }
}
