import Mapping
import Reading

/// What reads text that somebody else wrote, and is therefore fuzzed.
enum FuzzTarget: String, CaseIterable {
  case csv
  case json
  case ldif
  case xml
  /// A packed CSV file.
  case gzip
  /// Any export, by what it looks like.
  case detection
  case plan
  case expression
  case filter

  func run(_ input: [UInt8]) {
    switch self {
    case .csv, .gzip: ExportProbe(format: .csv).run(input)
    case .json: ExportProbe(format: .json).run(input)
    case .ldif: ExportProbe(format: .ldif).run(input)
    case .xml: ExportProbe(format: .xml).run(input)
    case .detection: ExportProbe(format: nil).run(input)
    case .plan: PlanProbe.run(input)
    case .expression: Self.runExpression(String(decoding: input, as: UTF8.self))
    case .filter: Self.runFilter(String(decoding: input, as: UTF8.self))
    }
  }

  /// Whatever compiles also runs, on values of every kind.
  private static func runExpression(_ text: String) {
    guard let program = try? ExpressionProgram(compiling: text, in: surroundings) else { return }
    for value in inputs {
      var record: [String: ExpressionTrial.Input] = [:]
      for column in program.columns { record[column] = value }
      _ = ExpressionTrial(program, inputs: record, now: 1_772_330_400).outcome
    }
  }

  private static let surroundings = ExpressionSurroundings(
    defaultDomain: "contoso.com",
    tables: ["t": LookupTable(name: "t", values: [[0x61]: [0x62]])])

  private static let inputs: [ExpressionTrial.Input] = [
    .null, .unknown, .text(""), .text("Zoë O'Neill"), .text("2026-02-28T23:59:59Z"), .text("-12"),
    .list(["a", "", "b@c.d"]),
  ]

  private static func runFilter(_ text: String) {
    guard let filter = try? ScopeFilter(parsing: text) else { return }
    let texts: [[UInt8]] = [[], Array("Sales".utf8), [0xFF], Array("12".utf8)]
    let cells = [nil, []] + texts.map { [ScopeValue($0)] } + [texts.map { ScopeValue($0) }]
    for cell in cells { _ = filter.accepts { _ in cell } }
  }
}
