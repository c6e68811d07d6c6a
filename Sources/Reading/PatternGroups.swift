/// How many groups a regular expression has, which is asked before anything is matched with it.
package enum PatternGroups {
  /// - Throws: what the standard library says of a text that is no regular expression.
  package static func count(in text: String) throws -> Int {
    _ = try Regex(text)
    // Fits the empty text whatever the pattern is, and so shows its groups.
    let shape = try Regex("(?:\(text)\n)|")
    return "".wholeMatch(of: shape).map { $0.output.count - 1 } ?? 0
  }
}
