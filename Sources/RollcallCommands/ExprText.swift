import Identity
import Mapping
import Reporting
import Scanning

/// What `rollcall expr` prints.
///
/// ```
/// "ann o'hara"   text
///
/// ToLower(Join(" ", [givenName], [surname]))   "ann o'hara"
///   Join(" ", [givenName], [surname])          "Ann O'Hara"
///     [givenName]                              "Ann"
///     [surname]                                "O'Hara"
/// ```
struct ExprText {
  /// A longer part of an expression is cut off.
  private static let partLimit = 60

  let style: Style

  func page(for trial: ExpressionTrial) -> String {
    var rows: [(part: String, outcome: ExpressionTrial.Outcome)] = []
    add(trial.root, depth: 0, to: &rows)
    let width = rows.map { $0.part.count }.max() ?? 0
    let tree = rows.map { part, outcome in
      "\(part)\(String(repeating: " ", count: width - part.count))  \(words(for: outcome))\n"
    }
    return headline(trial.outcome) + "\n\n" + tree.joined()
  }

  private func headline(_ outcome: ExpressionTrial.Outcome) -> String {
    switch outcome {
    case .value(let result): style(.good, Self.shown(result)) + "   " + result.typeName
    case .fault, .skipped, .unknown: words(for: outcome)
    }
  }

  /// Constants show themselves; all else is a row.
  private func add(
    _ part: ExpressionTrial.Part, depth: Int,
    to rows: inout [(part: String, outcome: ExpressionTrial.Outcome)]
  ) {
    let text = part.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    rows.append(
      (
        String(repeating: "  ", count: depth) + "\(VisibleText(text, limit: Self.partLimit))",
        part.outcome
      ))
    for inner in part.parts where !inner.isConstant { add(inner, depth: depth + 1, to: &rows) }
  }

  private func words(for outcome: ExpressionTrial.Outcome) -> String {
    switch outcome {
    case .value(let result): return Self.shown(result)
    case .skipped: return style(.quiet, "not needed")
    case .unknown(let column):
      return style(.bad, "unknown: \(VisibleText(column)) holds a type name")
    case .fault(let fault): return style(.bad, "failed: \(VisibleText(Self.sentence(for: fault)))")
    }
  }

  static func sentence(for fault: ExpressionFault) -> String {
    fault.kind.message + (fault.input.map { " (given “\($0)”)" } ?? "")
  }

  private static func shown(_ result: ExpressionResult) -> String {
    switch result {
    case .null: "nothing"
    case .text(let text): "\"\(VisibleText(text))\""
    case .number(let number): "\(number)"
    case .boolean(let boolean): boolean ? "True" : "False"
    case .date(let text): text
    case .list(let texts): "[\(texts.map { "\"\(VisibleText($0))\"" }.joined(separator: ", "))]"
    case .ignoreAttribute: "IgnoreAttributeFlow: the attribute is left as it is"
    case .ignoreObject: "IgnoreObjectFlow: the record is left out"
    case .redacted: "[Redact]"
    }
  }

  // MARK: - Mistakes

  /// Each mistake with the line it stands on and a caret under it.
  static func complaints(about failure: ExpressionFailure) -> [String] {
    failure.problems.flatMap { complaint($0, failure.text) }
  }

  static func complaints(
    aboutColumns missing: [Int], of program: ExpressionProgram, columns: [String]
  ) -> [String] {
    missing.flatMap { index in
      let name = program.columns[index]
      let near = Suggestion.nearest(to: name, among: columns)
      return complaint(
        ExpressionProblem(
          kind: .unknownColumn(name, suggestion: near), range: program.range(ofColumn: index)),
        program.text)
    }
  }

  private static func complaint(_ problem: ExpressionProblem, _ text: String) -> [String] {
    let excerpt = ExpressionExcerpt(of: text, at: problem.range)
    return [
      "character \(problem.range.lowerBound + 1): \(problem.message)", "  " + excerpt.line,
      "  " + excerpt.caret,
    ]
  }
}

extension ExpressionTrial.Part {
  /// A text, number or word: what it comes to is what it says.
  fileprivate var isConstant: Bool {
    parts.isEmpty && !text.hasPrefix("[") && !text.hasSuffix(")")
  }
}

extension ExpressionTrial {
  /// The document of `--output json`: `{"value":…,"type":…,"tree":…}`.
  var json: JSONValue {
    var members = root.outcomeMembers
    members.append(JSONMember(name: "tree", value: root.json))
    return .object(members)
  }
}

extension ExpressionTrial.Part {
  fileprivate var json: JSONValue {
    var members = [JSONMember(name: "expression", value: .string(text))] + outcomeMembers
    if !parts.isEmpty {
      members.append(JSONMember(name: "parts", value: .array(parts.map(\.json))))
    }
    return .object(members)
  }

  fileprivate var outcomeMembers: [JSONMember] {
    func members(_ value: JSONValue, _ type: String) -> [JSONMember] {
      [JSONMember(name: "value", value: value), JSONMember(name: "type", value: .string(type))]
    }
    switch outcome {
    case .value(let result): return members(result.json, result.typeName)
    case .skipped: return members(.null, "skipped")
    case .unknown: return members(.null, "unknown")
    case .fault(let fault):
      return members(.null, "error") + [
        JSONMember(
          name: "error", value: .string(ExprText.sentence(for: fault)))
      ]
    }
  }
}

extension ExpressionResult {
  fileprivate var json: JSONValue {
    switch self {
    case .null: .null
    case .text(let text), .date(let text): .string(text)
    case .number(let number): .number(number)
    case .boolean(let boolean): .bool(boolean)
    case .list(let texts): .array(texts.map { .string($0) })
    case .ignoreAttribute: .string("IgnoreAttributeFlow")
    case .ignoreObject: .string("IgnoreObjectFlow")
    case .redacted: .string("[Redact]")
    }
  }
}
