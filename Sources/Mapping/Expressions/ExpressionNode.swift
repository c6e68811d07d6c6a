/// An expression as a tree, with the places of its parts in the text.
struct ExpressionNode {
  indirect enum Kind {
    case text(String)
    case number(Int)
    case column(String)
    /// An argument left out: nothing between two commas.
    case missing
    case word(ExpressionWord)
    case call(ExpressionFunction, [ExpressionNode])
    case comparison(ExpressionComparison, ExpressionNode, ExpressionNode)
    case concatenation(ExpressionNode, ExpressionNode)
  }

  let kind: Kind
  /// In Unicode scalars of the text.
  let range: Range<Int>

  var isMissing: Bool {
    if case .missing = kind { true } else { false }
  }

  var text: String? {
    if case .text(let text) = kind { text } else { nil }
  }

  var parts: [ExpressionNode] {
    switch kind {
    case .text, .number, .column, .missing, .word: []
    case .call(_, let arguments): arguments
    case .comparison(_, let left, let right), .concatenation(let left, let right): [left, right]
    }
  }

  /// Everything in it, itself first.
  func forEach(_ body: (ExpressionNode) -> Void) {
    body(self)
    for part in parts { part.forEach(body) }
  }
}

/// A word that stands for itself.
package enum ExpressionWord: String, Sendable, Hashable, CaseIterable {
  /// The attribute is left as it is.
  case ignoreAttributeFlow = "IgnoreAttributeFlow"
  /// The whole record is left out.
  case ignoreObjectFlow = "IgnoreObjectFlow"
  case textCompare = "vbTextCompare"
  case binaryCompare = "vbBinaryCompare"
}
