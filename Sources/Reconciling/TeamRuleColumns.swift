import Identity
import Mapping
import Reading
import Scanning

/// The rules of teams with their columns found in one people export.
///
/// ```
/// Engineering   department eq "Engineering"       row 0 fits: a pair of the rule and the member of that row
///                                                 row 1, System.String[]: whoever that is loses no team by the rule
/// ```
///
/// A batch has few different departments, so each value is looked at once: what a rule says of it stands in a table.
struct TeamRuleColumns: Sendable {
  /// A row that a rule puts into its team or, in a delta, out of it.
  struct Match: Sendable {
    let rule: UInt16
    let row: UInt32
    let isGone: Bool
  }

  struct Rows: Sendable {
    var matches: [Match] = []
    /// Rules of which it cannot be told whether some row fits.
    var doubtful: Set<Int> = []
  }

  private struct Rule: Sendable {
    let number: Int
    let filter: ScopeFilter
    /// Of each column of the filter, its place in `columns`.
    let places: [Int]
  }

  private let rules: [Rule]
  /// Each column once.
  private let columns: [Int]
  /// Whether a row that does not fit says that its member leaves the team: nobody is missing from a delta.
  private let isDelta: Bool

  /// Nil where no rule looks at the export.
  ///
  /// - Throws: `JobFailure.unreadable` when a column is missing: without it a team would be empty.
  init?(
    _ settings: [TeamSettings.Rule], export: ExportSettings, header: ExportHeader, file: String
  ) throws(JobFailure) {
    var columns: [Int] = []
    var rules: [Rule] = []
    for (number, rule) in settings.enumerated()
    where rule.exports?.contains(export.name) ?? true {
      var places: [Int] = []
      for name in rule.filter.columns {
        guard let (column, _) = try ColumnRules.column([name], in: header, file: file) else {
          let near = Suggestion.nearest(to: name, among: header.names)
          throw .unreadable([
            "\(file): there is no column \(name), by which the rule of team \(rule.name) is decided."
              + (near.map { " Did you mean \($0)?" } ?? "")
              + " A rule that is not for this export says so: exports: […]."
          ])
        }
        if !columns.contains(column) { columns.append(column) }
        places.append(columns.firstIndex(of: column) ?? 0)
      }
      rules.append(Rule(number: number, filter: rule.filter, places: places))
    }
    guard !rules.isEmpty else { return nil }
    self.rules = rules
    self.columns = columns
    isDelta = export.content == .delta
  }

  /// What the rules say of the records of a batch but those set aside.
  func rows(of batch: RecordBatch, except excluded: Set<Int>) -> Rows {
    var rows = Rows()
    var values = columns.map { ColumnValues($0) }
    var answers = [[Bool??]](repeating: [], count: rules.count)
    for row in 0..<batch.count where excluded.isEmpty || !excluded.contains(row) {
      for place in values.indices { values[place].load(row, of: batch) }
      for (index, rule) in rules.enumerated() {
        switch answer(rule, values, &answers[index]) {
        case true?:
          rows.matches.append(Match(rule: UInt16(rule.number), row: UInt32(row), isGone: false))
        case false?:
          guard isDelta, !isSilent(rule, batch, row) else { continue }
          rows.matches.append(Match(rule: UInt16(rule.number), row: UInt32(row), isGone: true))
        case nil: rows.doubtful.insert(rule.number)
        }
      }
    }
    return rows
  }

  /// Whether the record lacks a field that the rule looks at: a delta leaves out what has not changed.
  private func isSilent(_ rule: Rule, _ batch: RecordBatch, _ row: Int) -> Bool {
    rule.places.contains { batch.isAbsent(row: row, column: columns[$0]) }
  }

  /// Rules that look at one column are asked once for each of its values.
  private func answer(
    _ rule: Rule, _ values: [ColumnValues], _ known: inout [Bool??]
  ) -> Bool? {
    guard rule.places.count == 1, let place = rule.places.first else {
      return rule.filter.accepts { values[rule.places[$0]].all }
    }
    let number = values[place].number
    while known.count <= number { known.append(.none) }
    if let answer = known[number] { return answer }
    let answer = rule.filter.accepts { _ in values[place].all }
    known[number] = .some(answer)
    return answer
  }
}

/// The different values of one column of a batch, numbered as they come.
private struct ColumnValues {
  private let column: Int
  private let hash = KeyedHash.random()
  private var numbers: [Digest128: Int] = [:]
  /// Of what a digest would not tell apart: several values, and `true` that is no text.
  private var rareNumbers: [[ScopeValue]: Int] = [:]
  private var values: [[ScopeValue]?] = []
  /// That of the row that was loaded last.
  private(set) var number = 0

  init(_ column: Int) {
    self.column = column
  }

  /// What the column holds in that row; nil where nothing is known.
  var all: [ScopeValue]? { values[number] }

  mutating func load(_ row: Int, of batch: RecordBatch) {
    let cell = batch.cell(row: row, column: column)
    let isRare =
      !batch.furtherValues(row: row, column: column).isEmpty || batch.truth(of: cell) != nil
    guard !isRare else { return loadRare(batch.scopeValues(row: row, column: column)) }
    let digest = hash.digest(batch.bytes.span.extracting(cell.range))
    if let known = numbers[digest] {
      number = known
      return
    }
    number = values.count
    numbers[digest] = number
    values.append(batch.scopeValues(row: row, column: column))
  }

  private mutating func loadRare(_ found: [ScopeValue]?) {
    if let found, let known = rareNumbers[found] {
      number = known
      return
    }
    number = values.count
    if let found { rareNumbers[found] = number }
    values.append(found)
  }
}
