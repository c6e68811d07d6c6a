import Identity
import Mapping
import PlanFile
import Reading

/// A policy's mapping rules resolved against the header of one export.
struct ColumnRules: Sendable {
  private(set) var rules: [AttributeRule] = []
  /// Where each attribute comes from, for `check`: a column or an expression; nil for a constant.
  private(set) var columns: [AttributeID: String] = [:]
  /// The columns that something is made from.
  private(set) var usedColumns: Set<String> = []
  /// The header's names.
  let names: [String]
  /// Columns that the policy names and the export does not have.
  private(set) var findings: [Finding] = []

  /// - Throws: `JobFailure.unreadable` when a mapped column stands in the header twice.
  init(
    _ mapping: [MappingRule], header: ExportHeader, attributes: AttributeSet, file: String,
    now: Int
  ) throws(JobFailure) {
    names = header.names
    for rule in mapping {
      guard let id = attributes.id(of: rule.path) else { continue }
      switch rule.source {
      case .constant(let text):
        rules.append(rule.resolved(id, .constant(Array(text.utf8))))
      case .columns(let names):
        try add(names, for: id, rule, header, file: file)
      case .expression(let program):
        try add(program, for: id, rule, header, file: file, now: now)
      }
    }
  }

  private mutating func add(
    _ names: [String], for id: AttributeID, _ rule: MappingRule, _ header: ExportHeader,
    file: String
  ) throws(JobFailure) {
    let found = try Self.column(names, in: header, file: file)
    if rule.origin == .policy, found.map({ header.lacks($0.0) }) ?? true {
      findings.append(
        Finding(
          .missingColumn(
            column: names.joined(separator: " or "), attribute: "\(rule.path)",
            suggestion: names.lazy.compactMap {
              Suggestion.nearest(to: $0, among: header.names)
            }.first)))
    }
    guard let (column, name) = found else { return }
    if !header.lacks(column) {
      columns[id] = rule.references.map { "\(name), which is another member's \($0)" } ?? name
    }
    usedColumns.insert(name)
    rules.append(
      rule.resolved(id, rule.references == nil ? .column(column) : .reference(column)))
  }

  private mutating func add(
    _ program: ExpressionProgram, for id: AttributeID, _ rule: MappingRule,
    _ header: ExportHeader, file: String, now: Int
  ) throws(JobFailure) {
    let places = try Self.places(of: program, in: header, file: file)
    guard places.missing.isEmpty else {
      // Half of its columns would give half a value.
      findings += places.missing.map {
        Finding(
          .missingColumn(
            column: $0, attribute: "\(rule.path)",
            suggestion: Suggestion.nearest(to: $0, among: header.names)))
      }
      return
    }
    columns[id] = program.text
    usedColumns.formUnion(places.found.map { header.names[$0] })
    let source = ExpressionSource(program: program, columns: places.found, now: now)
    rules.append(rule.resolved(id, .expression(source)))
  }

  /// Where the columns of an expression stand, and which of them do not.
  private static func places(
    of program: ExpressionProgram, in header: ExportHeader, file: String
  ) throws(JobFailure) -> (found: [Int], missing: [String]) {
    var found: [Int] = []
    var missing: [String] = []
    for name in program.columns {
      if let (place, _) = try column([name], in: header, file: file), !header.lacks(place) {
        found.append(place)
      } else {
        missing.append(name)
      }
    }
    return (found, missing)
  }

  /// In how many records each column, or what an expression makes of some, has a value; constants say nothing.
  ///
  /// `counts` are those of the mapping's rules, in their order.
  func shares(
    _ counts: [ValueCount], of mapping: RecordMapping, _ summary: ReadSummary
  ) -> [Bookkeeping.ColumnShare] {
    let garbled = Set(
      summary.findings.compactMap { finding in
        switch finding.subject {
        case .lostLetters(let column), .doublyEncoded(let column): column
        default: nil
        }
      })
    var seen: Set<String> = []
    // Of two rules with one column, the one that takes it for a boolean tells more.
    let rules =
      zip(mapping.rules, counts).filter { $0.0.vocabulary != nil }
      + zip(mapping.rules, counts).filter { $0.0.vocabulary == nil }
    return rules.compactMap { rule, count in
      // A rule that says nothing of those who are there is worked out for newcomers alone.
      guard !rule.isInitial, let column = columns[rule.attribute], seen.insert(column).inserted
      else { return nil }
      return Bookkeeping.ColumnShare(
        column: column, filled: count.filled, yes: count.yes, no: count.no,
        isGarbled: garbled.contains(column))
    }
  }

  /// The first of `names` that the header has, with its place.
  static func column(
    _ names: [String], in header: ExportHeader, file: String
  ) throws(JobFailure) -> (Int, String)? {
    switch header.column(anyOf: names) {
    case (.found(let place), let name): return (place, name)
    case (.missing, _): return nil
    case (.ambiguous, let name):
      throw .unreadable([
        "\(file): the column \(name) is mapped but stands in the header more than once; "
          + "rename one of them, or map another column."
      ])
    }
  }
}

extension MappingRule {
  /// The rule as it maps records of one export: with the place of its column, or what else it takes its value from.
  fileprivate func resolved(_ id: AttributeID, _ source: AttributeRule.Source) -> AttributeRule {
    let isConstant = if case .constant = source { true } else { false }
    return AttributeRule(
      attribute: id, source: source,
      vocabulary: isConstant
        ? nil : vocabulary.map { Vocabulary(true: $0.trueWords, false: $0.falseWords) },
      clearsWhenEmpty: !isConstant && whenEmpty == .clear, appliesOnCreate: apply == .onCreate,
      defaultValue: isConstant ? nil : defaultValue.map { Array($0.utf8) })
  }
}
