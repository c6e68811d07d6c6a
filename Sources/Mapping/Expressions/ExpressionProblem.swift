package import Identity

/// Why a text is not an expression that can be used, and where in it.
package struct ExpressionProblem: Error, Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    // Reading
    case empty
    case tooLong(limit: Int)
    case tooDeep(limit: Int)
    case strayScalar(Unicode.Scalar)
    case wrongQuote(Unicode.Scalar)
    case textNotClosed
    case columnNotClosed
    case emptyColumn
    case badNumber(String)
    case badHexadecimal(String)
    /// Beyond 64 bits.
    case numberTooLarge(String)
    case callNotClosed(String)
    case operandExpected
    case trailingText
    case chainedComparison

    // Checking
    case unknownFunction(String, suggestion: String?)
    case unknownWord(String, suggestion: String?)
    case argumentCount(function: String, signature: String, found: Int)
    case oddArguments(function: String, signature: String)
    case argumentMissing(function: String, parameter: String)
    case wrongType(function: String, parameter: String, expected: String, found: String)
    case notAConstant(function: String, parameter: String)
    case badConstant(function: String, parameter: String, value: String, allowed: [String])
    case misplacedWord(String)
    case misplacedComparison
    case unknownColumn(String, suggestion: String?)
    case badPattern(PatternProblem)
    case noSuchGroup(String, suggestion: String?, groups: [String])
    case replaceMode
    case badDateFormat(String)
    case unknownCulture(String)
    case uniqueNotOutermost
    case uniqueRules(Int)
    case unknownTable(String, suggestion: String?)
    case noDefaultDomain
    case notInEntra(String)
    /// The attribute cannot take what the expression comes to.
    case wrongAttribute(kind: ManagedAttribute.Kind, found: ExpressionType)
  }

  package let kind: Kind
  /// In Unicode scalars of the expression.
  package let range: Range<Int>

  package init(kind: Kind, range: Range<Int>) {
    self.kind = kind
    self.range = range
  }
}
