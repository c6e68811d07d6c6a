/// A regular expression as it was written, with .NET's meaning.
///
/// ```
/// \+(?<code>\d+)    sequence(one "+", group 1(repeated 1… of one digit))
/// ```
indirect enum PatternNode {
  case empty
  /// One scalar of a set.
  case one(ScalarSet)
  case sequence([PatternNode])
  case alternatives([PatternNode])
  /// What is matched is kept under a number of ours, in the order of the opening parentheses.
  case group(PatternNode, slot: Int)
  case repeated(PatternNode, least: Int, most: Int?, isLazy: Bool)
  case assertion(PatternAssertion)
  case look(PatternNode, isAhead: Bool, isNegated: Bool)
  /// Once left, never gone back into.
  case atomic(PatternNode)
  case reference(PatternGroupName, foldsCase: Bool)

  /// Whether it can match nothing at all, so that a loop over it might never end.
  var isNullable: Bool {
    switch self {
    case .empty, .assertion, .look, .reference: true
    case .one: false
    case .sequence(let parts): parts.allSatisfy(\.isNullable)
    case .alternatives(let parts): parts.contains(where: \.isNullable)
    case .group(let part, _), .atomic(let part): part.isNullable
    case .repeated(let part, let least, _, _): least == 0 || part.isNullable
    }
  }
}

/// A place in the text rather than a letter of it.
enum PatternAssertion {
  case textStart
  case textEnd
  /// `\Z` and `$`: the end, or the line feed that ends the text.
  case lastLineEnd
  case lineStart
  case lineEnd
  case wordBoundary
  case noWordBoundary
  /// `\G`: where the search began.
  case searchStart
}

/// How a reference names its group: `\1`, `\k<code>`, `${code}`.
enum PatternGroupName: Hashable, CustomStringConvertible {
  case number(Int)
  case name(String)

  /// Digits are a number, as .NET has it.
  init(_ text: String) {
    self = Int(text).map { .number($0) } ?? .name(text)
  }

  var description: String {
    switch self {
    case .number(let number): "\(number)"
    case .name(let name): name
    }
  }
}
