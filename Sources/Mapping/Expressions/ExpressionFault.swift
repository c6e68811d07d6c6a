/// Why an expression has no value for one record.
package struct ExpressionFault: Error, Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    case notANumber
    /// Beyond 64 bits.
    case numberTooLarge
    case notADate
    case notTrueOrFalse
    case notInFormat(String)
    /// A comparison, or a function that needs a value, got none.
    case noValue
    /// Several values where one is wanted.
    case severalValues(Int)
    case noSuchItem(index: Int, count: Int)
    case outOfRange
    case patternTooSlow
    case resultTooLong(limit: Int)
    case notInTable(String)
    case allTaken(Int)
    case impossibleRandomString
  }

  package let kind: Kind
  /// The part of the expression that failed, in Unicode scalars of its text.
  package let range: Range<Int>
  /// What that part was given; nil where it was nothing.
  package let input: String?
}

/// Why a part of an expression was left before it had a value.
enum ExpressionStop: Error {
  case fault(ExpressionFault.Kind, step: Int, input: String?)
  case ignoreAttribute
  case ignoreObject
  /// A cell holds a type name where its value should be: nothing is known.
  case unknownInput(column: Int)
}
