import Identity
import Mapping
import Reading

/// A policy's mapping rules resolved against the header of one export.
struct ColumnRules: Sendable {
  let rules: [AttributeRule]
  /// Where each attribute comes from, for `check`: a column or an expression; nil for a constant.
  let columns: [AttributeID: String]
  /// The columns that something is made from.
  let usedColumns: Set<String>
  /// The header's names.
  let names: [String]
  /// Columns that the policy names and the export does not have.
  let findings: [Finding]

  /// - Throws: `JobFailure.unreadable` when a mapped column stands in the header twice.
  init(
    _ mapping: [MappingRule], header: ExportHeader, attributes: AttributeSet, file: String,
    now: Int
  ) throws(JobFailure) {
    var rules: [AttributeRule] = []
    var columns: [AttributeID: String] = [:]
    var used: Set<String> = []
    var findings: [Finding] = []
    for rule in mapping {
      guard let id = attributes.id(of: rule.path) else { continue }
      let words = rule.vocabulary.map {
        Vocabulary(true: $0.trueWords, false: $0.falseWords)
      }
      switch rule.source {
      case .constant(let text):
        rules.append(
          AttributeRule(
            attribute: id, source: .constant(Array(text.utf8)),
            appliesOnCreate: rule.apply == .onCreate))
      case .columns(let names):
        let found = try Self.column(names, in: header, file: file)
        if rule.origin == .policy, found.map({ header.lacks($0.0) }) ?? true {
          findings.append(
            Finding(
              .missingColumn(
                column: names.joined(separator: " or "), attribute: "\(rule.path)")))
        }
        guard let (column, name) = found else { continue }
        if !header.lacks(column) { columns[id] = name }
        used.insert(name)
        rules.append(
          AttributeRule(
            attribute: id, source: .column(column), vocabulary: words,
            clearsWhenEmpty: rule.whenEmpty == .clear,
            appliesOnCreate: rule.apply == .onCreate,
            defaultValue: rule.defaultValue.map { Array($0.utf8) }))
      case .expression(let program):
        let places = try Self.places(of: program, in: header, file: file)
        guard places.missing.isEmpty else {
          // Half of its columns would give half a value.
          findings += places.missing.map {
            Finding(.missingColumn(column: $0, attribute: "\(rule.path)"))
          }
          continue
        }
        columns[id] = program.text
        used.formUnion(places.found.map { header.names[$0] })
        rules.append(
          AttributeRule(
            attribute: id,
            source: .expression(
              ExpressionSource(program: program, columns: places.found, now: now)),
            vocabulary: words, clearsWhenEmpty: rule.whenEmpty == .clear,
            appliesOnCreate: rule.apply == .onCreate,
            defaultValue: rule.defaultValue.map { Array($0.utf8) }))
      }
    }
    self.rules = rules
    self.columns = columns
    usedColumns = used
    names = header.names
    self.findings = findings
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
