import Identity

/// What a part of an expression is known to be before any record is read.
package enum ExpressionType: String, Sendable, Hashable {
  /// A column, or branches of different types: known only with a record.
  case any
  case text
  case number
  case boolean
  case date
  case list
  /// `IgnoreAttributeFlow` and `IgnoreObjectFlow`.
  case flow

  /// Whether a value of this type may stand where `wanted` is asked for.
  ///
  /// A text may be a number or a date: what it is, the record tells. A list is one value to nobody.
  func fits(_ wanted: ExpressionType) -> Bool {
    switch (self, wanted) {
    case (.flow, _): wanted == .flow
    case (_, .any), (.any, _): true
    case (.list, _): wanted == .list
    case (_, .list): false
    case (_, .text): true
    case (_, .number): self == .number || self == .text
    case (_, .date): self == .date || self == .text
    case (_, .boolean): self != .date
    case (_, .flow): false
    }
  }

  /// Whether the value of an attribute of this kind can come of it; with `hasWords`, a boolean is told by words.
  func fits(_ kind: ManagedAttribute.Kind, hasWords: Bool) -> Bool {
    switch (self, kind) {
    case (.any, _), (.text, _), (.flow, _), (_, .list): true
    case (.list, _): false
    case (_, .string), (_, .reference): true
    case (_, .boolean): self == .boolean || hasWords
    case (_, .integer), (_, .decimal): self == .number
    case (_, .dateTime): self == .date
    }
  }

  /// The type of something that is either of the two.
  func united(with other: ExpressionType) -> ExpressionType {
    if self == other || other == .flow { return self }
    return self == .flow ? other : .any
  }
}
