/// Why a text is not a regular expression that can be used, and where in it.
package struct PatternProblem: Error, Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case groupNotClosed
    case groupNotOpened
    case classNotClosed
    case nothingToRepeat
    case reversedRange
    case reversedCount
    case badEscape(String)
    case badGroup(String)
    case noSuchGroup(String)
    case unknownCategory(String)
    /// `(?(name)a|b)`.
    case conditional
    /// `(?<open-close>…)`.
    case balancing(String)
    /// `\p{IsGreek}`.
    case block(String)
    case tooDeep
    case tooLarge
  }

  package let kind: Kind
  /// In Unicode scalars from the beginning of the pattern.
  package let offset: Int
}
