/// A word, sign or constant of an expression, with its place in the text.
struct ExpressionToken {
  enum Kind: Equatable {
    /// `ToLower`, `vbTextCompare`.
    case word(String)
    /// `[givenName]`, without the brackets.
    case column(String)
    /// `"Doe"`, with its escapes resolved.
    case text(String)
    case number(Int)
    case opening
    case closing
    case comma
    case comparison(ExpressionComparison)
    case ampersand
    case end
  }

  let kind: Kind
  /// In Unicode scalars.
  let range: Range<Int>

  /// Whether an operator may follow it.
  var endsOperand: Bool {
    switch kind {
    case .word, .column, .text, .number, .closing: true
    case .opening, .comma, .comparison, .ampersand, .end: false
    }
  }
}

/// How two values are compared.
package enum ExpressionComparison: String, Sendable, Hashable, CaseIterable {
  case equal = "="
  case unequal = "<>"
  case greaterOrEqual = ">="
  case lessOrEqual = "<="
  case greater = ">"
  case less = "<"
}

/// Cuts the text of an expression into tokens.
///
/// ```
/// Join(".", [givenName])      word  (  text  ,  column  )  end
/// ```
///
/// In a text `\"` is a quote and `\\` a backslash; a backslash before anything else stays, as the patterns in
/// Entra's guides need it.
struct ExpressionLexer {
  private let scalars: [Unicode.Scalar]
  private var place = 0
  private var last: ExpressionToken?

  init(_ text: String) {
    scalars = Array(text.unicodeScalars)
  }

  mutating func next() throws(ExpressionProblem) -> ExpressionToken {
    while place < scalars.count, scalars[place].properties.isWhitespace { place += 1 }
    let start = place
    let kind = try kind()
    let token = ExpressionToken(kind: kind, range: start..<place)
    last = token
    return token
  }

  private func peek(_ distance: Int = 0) -> Unicode.Scalar? {
    place + distance < scalars.count ? scalars[place + distance] : nil
  }

  private func problem(_ kind: ExpressionProblem.Kind, from start: Int) -> ExpressionProblem {
    ExpressionProblem(kind: kind, range: start..<max(place, start + 1))
  }

  private mutating func kind() throws(ExpressionProblem) -> ExpressionToken.Kind {
    let start = place
    guard let scalar = peek() else { return .end }
    if let sign = try sign() { return sign }
    switch scalar {
    case "[": return try column()
    case "\"": return try text()
    case "0"..."9", "-": return try number()
    case "a"..."z", "A"..."Z", "_": return .word(take { $0.isWordScalar })
    case "“", "”", "„", "‘", "’", "'":
      place += 1
      throw problem(.wrongQuote(scalar), from: start)
    default:
      place += 1
      throw problem(.strayScalar(scalar), from: start)
    }
  }

  private mutating func sign() throws(ExpressionProblem) -> ExpressionToken.Kind? {
    for comparison in ExpressionComparison.allCases where starts(with: comparison.rawValue) {
      place += comparison.rawValue.utf8.count
      return .comparison(comparison)
    }
    switch peek() {
    case "(": place += 1; return .opening
    case ")": place += 1; return .closing
    case ",": place += 1; return .comma
    case "&":
      if last?.endsOperand != true, let number = try hexadecimal() { return .number(number) }
      place += 1
      return .ampersand
    default: return nil
    }
  }

  private func starts(with text: String) -> Bool {
    scalars[place...].starts(with: text.unicodeScalars)
  }

  /// `&HF7`.
  private mutating func hexadecimal() throws(ExpressionProblem) -> Int? {
    guard peek(1) == "H" || peek(1) == "h" else { return nil }
    let start = place
    place += 2
    let digits = take { $0.isWordScalar }
    guard let number = Int(digits, radix: 16) else {
      throw problem(
        !digits.isEmpty && digits.allSatisfy(\.isHexDigit)
          ? .numberTooLarge("&H\(digits)") : .badHexadecimal("&H\(digits)"), from: start)
    }
    return number
  }

  private mutating func take(while isPart: (Unicode.Scalar) -> Bool) -> String {
    var text = ""
    while let scalar = peek(), isPart(scalar) {
      text.unicodeScalars.append(scalar)
      place += 1
    }
    return text
  }

  /// A name may hold brackets of its own: `[addresses[type eq "work"].locality]`.
  private mutating func column() throws(ExpressionProblem) -> ExpressionToken.Kind {
    let start = place
    var depth = 0
    var name = ""
    while let scalar = peek() {
      place += 1
      if scalar == "[" { depth += 1 }
      if scalar == "]" { depth -= 1 }
      if depth == 0 {
        let name = name.dropFirst()
        guard !name.isEmpty else { throw problem(.emptyColumn, from: start) }
        return .column(String(name))
      }
      name.unicodeScalars.append(scalar)
    }
    throw ExpressionProblem(kind: .columnNotClosed, range: start..<(start + 1))
  }

  private mutating func text() throws(ExpressionProblem) -> ExpressionToken.Kind {
    let start = place
    place += 1
    var text = ""
    while let scalar = peek() {
      place += 1
      switch scalar {
      case "\"": return .text(text)
      case "\\":
        if let next = peek(), next == "\"" || next == "\\" {
          text.unicodeScalars.append(next)
          place += 1
        } else {
          text.unicodeScalars.append(scalar)
        }
      default: text.unicodeScalars.append(scalar)
      }
    }
    throw ExpressionProblem(kind: .textNotClosed, range: start..<(start + 1))
  }

  private mutating func number() throws(ExpressionProblem) -> ExpressionToken.Kind {
    let start = place
    let sign = peek() == "-" ? "-" : ""
    if !sign.isEmpty { place += 1 }
    let digits = take { $0.isWordScalar || $0 == "." }
    guard let number = Int(sign + digits) else {
      let isNumber = NumberText.isNumber(Array(digits.utf8).span)
      throw problem(
        isNumber ? .numberTooLarge(sign + digits) : .badNumber(sign + digits), from: start)
    }
    return .number(number)
  }
}

extension Unicode.Scalar {
  /// A letter of a function's name.
  fileprivate var isWordScalar: Bool {
    ("a"..."z").contains(self) || ("A"..."Z").contains(self) || ("0"..."9").contains(self)
      || self == "_"
  }
}
