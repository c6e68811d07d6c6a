import Foundation
import Scanning
import Testing

@testable import Mapping

/// The documented examples of Entra's functions, where they lie beside the project.
struct ExpressionVectorTests {
  private static let vectors = ExpressionVector.all

  @Test(
    .enabled(if: !vectors.isEmpty, "the vectors are not beside the project"),
    arguments: vectors.indices)
  func documentedExampleGivesWhatItsExpressionSays(index: Int) throws {
    let vector = Self.vectors[index]
    let program = try vector.program()
    let result = vector.result(of: program)
    switch vector.check {
    case "shape-only":
      let text = try #require(result.text, "\(vector.expression)")
      #expect(vector.hasShape(text), "\(vector.expression) → \(text)")
    case "consistent": #expect(result.matches(vector.expected), "\(vector.expression) → \(result)")
    default: #expect(result.matches(vector.literal), "\(vector.expression) → \(result)")
    }
  }

  @Test(.enabled(if: !vectors.isEmpty, "the vectors are not beside the project"))
  func allVectorsAreThere() {
    #expect(Self.vectors.count > 300)
    #expect(Set(Self.vectors.map(\.check)).contains("consistent"))
  }
}

/// One documented example.
struct ExpressionVector: Sendable {
  let expression: String
  let inputs: [String: ExpressionTrial.Input]
  let expected: ExpressionTrial.Outcome?
  let literal: ExpressionTrial.Outcome?
  let check: String
  let now: String?
  let taken: [String]

  static let all: [ExpressionVector] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "shared/vectors/expressions.json")
    guard let data = try? Data(contentsOf: file),
      case .array(let list)? = try? JSONParser.parse(Array(data))
    else { return [] }
    return list.compactMap(ExpressionVector.init)
  }()

  init?(_ object: JSONValue) {
    guard let expression = object["expression"]?.text, let check = object["check"]?.text,
      case .object(let members)? = object["inputs"]
    else { return nil }
    self.expression = expression
    self.check = check
    inputs = Dictionary(
      uniqueKeysWithValues: members.map { member in
        if case .array(let list) = member.value {
          (member.name, .list(list.compactMap(\.text)))
        } else {
          (member.name, member.value.text.map { .text($0) } ?? .null)
        }
      })
    expected = Self.outcome(object["expected"])
    literal = Self.outcome(object["literal_result"])
    let context = object["context"]
    now = context?["now"]?.text
    if case .array(let list)? = context?["taken"] {
      taken = list.compactMap(\.text)
    } else {
      taken = []
    }
  }

  private static func outcome(_ value: JSONValue?) -> ExpressionTrial.Outcome? {
    switch value {
    case .array(let list): .value(.list(list.compactMap(\.text)))
    case .string(let text): .value(.text(text))
    case .bool(let value): .value(.boolean(value))
    case .number(let text): Int(text).map { .value(.number($0)) }
    default: nil
    }
  }

  func program() throws -> ExpressionProgram {
    try ExpressionProgram(
      compiling: expression, in: ExpressionSurroundings(defaultDomain: "example.org"))
  }

  func result(of program: ExpressionProgram) -> ExpressionTrial.Outcome {
    let moment = now.flatMap { DateText.moment(of: Array($0.utf8).span) }
    let seconds = moment.map { ($0.ticks - DateMoment.unixZero) / DateMoment.ticksPerSecond }
    return ExpressionTrial(
      program, inputs: inputs, now: seconds ?? 1_753_833_600, taken: taken, seed: 7
    ).outcome
  }

  func hasShape(_ text: String) -> Bool {
    switch expression.prefix(while: { $0 != "(" }) {
    case "Guid":
      text.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/) != nil
    case "Join": text.wholeMatch(of: /bjensen[0-9]{3}@example\.org/) != nil
    default:
      text.count == (expression.hasPrefix("RandomString(10") ? 10 : 6)
        && !text.contains { $0 == "?" || $0 == "," } && text.contains(where: \.isNumber)
        && text.contains(where: \.isLowercase)
    }
  }
}

extension ExpressionTrial.Outcome {
  var text: String? {
    guard case .value(.text(let text)) = self else { return nil }
    return text
  }

  /// Whether the documentation means this: it writes dates and sentinels as text.
  func matches(_ expected: ExpressionTrial.Outcome?) -> Bool {
    switch (self, expected) {
    case (.value(.date(let text)), .value(.text(let other))): text == other
    case (.value(.ignoreAttribute), .value(.text(let other))):
      other == "<ignore>" || other == "IgnoreAttributeFlow"
    default: self == expected
    }
  }
}
