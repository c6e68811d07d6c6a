import Identity

/// Reads one expression in Entra's function syntax.
///
/// ```
/// expression     joined (comparison joined)?
/// joined         operand ("&" operand)*
/// operand        "text" | 12 | &HF | [column] | word | Name(argument, …) | (expression)
/// argument       expression, or nothing
/// ```
///
/// White space and line feeds may stand anywhere between tokens, also between a name and its parenthesis.
struct ExpressionParser {
  /// Entra's own limit.
  static let lengthLimit = 10_000
  static let depthLimit = 64

  private var lexer: ExpressionLexer
  private var token: ExpressionToken
  private var depth = 0

  /// The tree of `text`, whole.
  static func parse(_ text: String) throws(ExpressionProblem) -> ExpressionNode {
    guard text.unicodeScalars.count <= lengthLimit else {
      throw ExpressionProblem(
        kind: .tooLong(limit: lengthLimit), range: lengthLimit..<(lengthLimit + 1))
    }
    var parser = try ExpressionParser(text)
    guard parser.token.kind != .end else {
      throw ExpressionProblem(kind: .empty, range: 0..<1)
    }
    let node = try parser.expression()
    guard parser.token.kind == .end else { throw parser.problem(.trailingText) }
    return node
  }

  private init(_ text: String) throws(ExpressionProblem) {
    lexer = ExpressionLexer(text)
    token = try lexer.next()
  }

  private func problem(_ kind: ExpressionProblem.Kind) -> ExpressionProblem {
    ExpressionProblem(
      kind: kind, range: token.range.isEmpty ? token.range.widened : token.range)
  }

  private mutating func advance() throws(ExpressionProblem) {
    token = try lexer.next()
  }

  private mutating func expression() throws(ExpressionProblem) -> ExpressionNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else { throw problem(.tooDeep(limit: Self.depthLimit)) }
    let left = try joined()
    guard case .comparison(let comparison) = token.kind else { return left }
    try advance()
    let right = try joined()
    if case .comparison = token.kind { throw problem(.chainedComparison) }
    return ExpressionNode(
      kind: .comparison(comparison, left, right),
      range: left.range.lowerBound..<right.range.upperBound)
  }

  private mutating func joined() throws(ExpressionProblem) -> ExpressionNode {
    var node = try operand()
    var links = 0
    while token.kind == .ampersand {
      links += 1
      guard links <= Self.depthLimit else { throw problem(.tooDeep(limit: Self.depthLimit)) }
      try advance()
      let right = try operand()
      node = ExpressionNode(
        kind: .concatenation(node, right),
        range: node.range.lowerBound..<right.range.upperBound)
    }
    return node
  }

  private mutating func operand() throws(ExpressionProblem) -> ExpressionNode {
    let range = token.range
    switch token.kind {
    case .text(let text):
      try advance()
      return ExpressionNode(kind: .text(text), range: range)
    case .number(let number):
      try advance()
      return ExpressionNode(kind: .number(number), range: range)
    case .column(let name):
      try advance()
      return ExpressionNode(kind: .column(name), range: range)
    case .word(let name):
      try advance()
      return try token.kind == .opening ? call(name, range) : word(name, range)
    case .opening:
      try advance()
      let node = try expression()
      guard token.kind == .closing else {
        throw ExpressionProblem(kind: .callNotClosed(""), range: range)
      }
      try advance()
      return node
    case .closing, .comma, .comparison, .ampersand, .end: throw problem(.operandExpected)
    }
  }

  private func word(
    _ name: String, _ range: Range<Int>
  ) throws(ExpressionProblem) -> ExpressionNode {
    if let word = ExpressionWord(rawValue: name) {
      return ExpressionNode(kind: .word(word), range: range)
    }
    let near = Suggestion.nearest(to: name, among: ExpressionWord.allCases.map(\.rawValue))
    throw ExpressionProblem(kind: .unknownWord(name, suggestion: near), range: range)
  }

  private mutating func call(
    _ name: String, _ range: Range<Int>
  ) throws(ExpressionProblem) -> ExpressionNode {
    guard let function = ExpressionFunction(rawValue: name) else {
      let near = ExpressionFunction.nearest(to: name)
      throw ExpressionProblem(kind: .unknownFunction(name, suggestion: near), range: range)
    }
    try advance()
    var arguments: [ExpressionNode] = []
    if token.kind != .closing {
      arguments.append(try argument())
      while token.kind == .comma {
        try advance()
        arguments.append(try argument())
      }
    }
    guard token.kind == .closing else {
      throw token.kind == .end
        ? ExpressionProblem(kind: .callNotClosed(name), range: range) : problem(.trailingText)
    }
    let end = token.range.upperBound
    try advance()
    return ExpressionNode(
      kind: .call(function, arguments), range: range.lowerBound..<end)
  }

  private mutating func argument() throws(ExpressionProblem) -> ExpressionNode {
    if token.kind == .comma || token.kind == .closing {
      return ExpressionNode(kind: .missing, range: token.range)
    }
    return try expression()
  }
}

extension Range<Int> {
  fileprivate var widened: Range<Int> { lowerBound..<(lowerBound + 1) }
}
