// What a filter asks of the elements of one attribute (`valuePath` of RFC 7644 §3.4.2.2).
//
// ```
// emails[type eq "work" and value co "x"]    the column emails[type eq "work"].value, of which one value has an x
// emails[type eq "work"].value co "x"        the same, as Entra writes paths
// emails[value co "x" or type eq "home"]     one of the columns emails.value and emails.type
// ```
//
// A column holds one part of each element, so that one part can be looked at, of elements that another one picks.

extension ScopeFilterParser {
  private struct Question {
    let part: String
    let test: ScopeTest
    /// Of `part eq "…"`: what it must be.
    let picked: String?
  }

  /// Nil where a column with its brackets has been read, and what is asked of it follows.
  ///
  /// The reader stands before the bracket that opens.
  mutating func elements(of name: String) throws(ScopeFilter.Problem) -> ScopeFilter.Node? {
    let start = place
    _ = take("[")
    var alternatives = [try questions()]
    while take(word: "or") { alternatives.append(try questions()) }
    guard next == "]" else { throw unexpected("]") }
    place += 1
    if next == "." { return try pathTest(name, alternatives, from: start) }
    skipBlanks()
    var nodes: [ScopeFilter.Node] = []
    for questions in alternatives {
      guard let node = node(of: name, questions) else { throw .valueFilter(offset: start) }
      nodes.append(node)
    }
    return nodes.count == 1 ? nodes[0] : .any(nodes)
  }

  private mutating func questions() throws(ScopeFilter.Problem) -> [Question] {
    var questions = [try question()]
    while take(word: "and") { questions.append(try question()) }
    return questions
  }

  private mutating func question() throws(ScopeFilter.Problem) -> Question {
    guard next != "(" else { throw .valueFilter(offset: place) }
    let start = place
    var part = ""
    while let scalar = next, !scalar.properties.isWhitespace,
      !["[", "]", "(", ")", "\""].contains(scalar)
    {
      part.unicodeScalars.append(scalar)
      place += 1
    }
    guard !part.isEmpty else { throw unexpected("a sub-attribute") }
    skipBlanks()
    if part.lowercased() == "not", next == "(" { throw .valueFilter(offset: start) }
    if take(word: "pr") {
      return Question(part: part, test: ScopeTest(.present, foldsCase: true), picked: nil)
    }
    let kind = try comparison()
    var ahead = self
    let written = next == "\"" ? try ahead.text() : nil
    let test = try test(kind)
    let value = written ?? String(decoding: test.value, as: UTF8.self)
    let isPath = !value.isEmpty && !value.contains { "\"]".contains($0) }
    return Question(part: part, test: test, picked: test.kind == .equal && isPath ? value : nil)
  }

  /// The questions as some of one column; nil where no column answers them.
  private mutating func node(of name: String, _ questions: [Question]) -> ScopeFilter.Node? {
    let parts = Set(questions.map(\.part))
    if parts.count == 1 {
      return .someValue(
        column: column("\(name).\(questions[0].part)"), questions.map(\.test))
    }
    // What picks elements is asked once, and is not what people look for.
    guard parts.count == 2,
      let picking = questions.filter({ question in
        question.picked != nil && questions.filter { $0.part == question.part }.count == 1
      }).max(by: { $0.part == "value" && $1.part != "value" }),
      let value = picking.picked
    else { return nil }
    let others = questions.filter { $0.part != picking.part }
    return .someValue(
      column: column(Self.path(name, picking.part, value, others[0].part)), others.map(\.test))
  }

  /// `emails[type eq "work"].value`, a column by its path.
  private mutating func pathTest(
    _ name: String, _ alternatives: [[Question]], from start: Int
  ) throws(ScopeFilter.Problem) -> ScopeFilter.Node {
    guard alternatives.count == 1, alternatives[0].count == 1, let value = alternatives[0][0].picked
    else { throw .valueFilter(offset: start) }
    _ = take(".")
    var part = ""
    while let scalar = next, !scalar.properties.isWhitespace, scalar != "(", scalar != ")" {
      part.unicodeScalars.append(scalar)
      place += 1
    }
    guard !part.isEmpty else { throw unexpected("a sub-attribute") }
    skipBlanks()
    let column = column(Self.path(name, alternatives[0][0].part, value, part))
    if take(word: "pr") { return .test(column: column, ScopeTest(.present, foldsCase: true)) }
    let kind = try comparison()
    return .test(column: column, try test(kind))
  }

  private static func path(
    _ name: String, _ picking: String, _ value: String, _ part: String
  ) -> String {
    "\(name)[\(picking) eq \"\(value)\"].\(part)"
  }
}
