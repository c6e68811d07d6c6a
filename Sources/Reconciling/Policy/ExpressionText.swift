import Identity
import Mapping

/// Tells expressions of a mapping from names of columns, and compiles them.
enum ExpressionText {
  /// Whether a text in the place of a column is an expression.
  ///
  /// ```
  /// Join(" ", [givenName], [surname])   [givenName]   "Guest"      expressions
  /// givenName                           Phone (work)               columns
  /// ```
  ///
  /// A name, a blank and a parenthesis are a column's name, unless the name is a function's.
  static func isExpression(_ text: String) -> Bool {
    let text = text.drop { $0.isWhitespace }
    guard let first = text.first else { return false }
    if first == "[" || first == "\"" { return true }
    let word = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    guard !word.isEmpty else { return false }
    let rest = text.dropFirst(word.count)
    if rest.first == "(" { return true }
    return rest.drop(while: \.isWhitespace).first == "("
      && ExpressionFunction(rawValue: String(word)) != nil
  }
}

extension PolicyValue {
  /// The text as an expression; notes everything that is wrong with it, where it stands.
  func expression() -> ExpressionProgram? {
    guard let text = text() else { return nil }
    do {
      return try ExpressionProgram(compiling: text, in: problems.surroundings)
    } catch {
      for problem in error.problems {
        problems.report(
          .expression(problem, ExpressionExcerpt(of: text, at: problem.range)),
          at: problems.place(of: problem.range.lowerBound, in: text, from: node.place), path: path)
      }
      return nil
    }
  }
}

extension PolicyValue {
  /// Notes that an expression comes to what its attribute can never have.
  func check(_ program: ExpressionProgram, fits kind: ManagedAttribute.Kind, hasWords: Bool) {
    guard let problem = program.problem(for: kind, hasWords: hasWords) else { return }
    problems.report(
      .expression(problem, ExpressionExcerpt(of: program.text, at: problem.range)),
      at: problems.place(of: problem.range.lowerBound, in: program.text, from: node.place),
      path: path)
  }
}

extension PolicyProblems {
  /// Where a letter of a scalar stands in the file.
  ///
  /// Follows the text through the lines of the file: what YAML adds (quotes, blanks of a folded line, a backslash)
  /// is passed over. Where the two do not fit, the place of the scalar has to do.
  func place(of offset: Int, in text: String, from start: PolicyPlace) -> PolicyPlace {
    let wanted = Array(text.unicodeScalars)
    var place = start
    var next = 0
    var passed = 0
    while place.line <= lines.count {
      let line = lines[place.line - 1]
      while place.column <= line.count {
        let scalar = line[place.column - 1]
        while next < wanted.count, scalar != wanted[next], wanted[next].properties.isWhitespace {
          next += 1
        }
        if next >= offset, next < wanted.count, scalar == wanted[next] { return place }
        if next < wanted.count, scalar == wanted[next] {
          next += 1
          passed = 0
        } else if !scalar.properties.isWhitespace {
          passed += 1
          guard passed <= 4 else { return start }
        }
        place = PolicyPlace(line: place.line, column: place.column + 1)
      }
      place = PolicyPlace(line: place.line + 1, column: 1)
    }
    return start
  }
}
