import Identity
import Scanning
import TestSupport
import Testing

@testable import Mapping

/// What is remembered of earlier rows is what the row itself would come to.
struct RepeatedInputsTests {
  private static let secret = [UInt8](repeating: 9, count: 32)
  private static let expressions = [
    #"Switch([0], "none", "a", "A", "bb", "B")"#, #"Join("/", [0], [1])"#,
    #"Replace([1], , "(a)*b", , "<$1>", , )"#, #"IIF([0] = "a", "yes", "no")"#,
    #"Left([1], 1)"#, #"Item(Split([1], "b"), 2)"#, "[0]", "CBool([1])",
  ]

  private static func mapping() throws -> RecordMapping {
    let paths = expressions.indices.map { AttributePath(attribute: "a\($0)") }
    let set = AttributeSet(
      paths.enumerated().map { index, path in
        ManagedAttribute(path: path, kind: index == 3 ? .boolean : index == 4 ? .integer : .string)
      })
    let ids = try paths.map { try #require(set.id(of: $0)) }
    let rules = try expressions.enumerated().map { index, text in
      let program = try ExpressionProgram(compiling: text)
      return AttributeRule(
        attribute: ids[index],
        source: .expression(
          ExpressionSource(
            program: program, columns: program.columns.map { Int($0) ?? 0 }, now: 0)),
        vocabulary: index == 3 ? Vocabulary(true: ["yes"], false: ["no"]) : nil)
    }
    return RecordMapping(
      rules: rules, fingerprinter: Fingerprinter(attributes: set, secret: secret),
      keyHasher: KeyHasher(keys: [MatchKey(path: paths[1], id: ids[1])], secret: secret))
  }

  private static func batch(_ rows: ArraySlice<[String]>) -> RecordBatch {
    .table(rows, columnCount: 2)
  }

  /// Rows around the ends of the stretches after which looking up is judged, with values that repeat, stop
  /// repeating, share beginnings, change places, are empty, fail, or are names of types.
  private static func rows(_ seed: UInt64) -> [[String]] {
    var bits = SeededBits(seed: seed)
    let few = ["a", "bb", "", "ab", "aab", "3b4", "a long value of more than one word", "a", "é"]
    let count = [1, 255, 256, 257, 511, 513, 900].randomElement(using: &bits) ?? 1
    let changes = Int.random(in: 0...count, using: &bits)
    return (0..<count).map { row in
      (0..<2).map { _ in
        switch Int.random(in: 0..<20, using: &bits) {
        case 0: "System.Object[]"
        case 1: "\(Int.random(in: 0..<3000, using: &bits))b\(row)"
        case _ where row >= changes: "value \(row) of its own"
        default: few.randomElement(using: &bits) ?? ""
        }
      }
    }
  }

  /// Rows on their own, of which nothing is remembered, judge.
  @Test(arguments: UInt64(0)..<30)
  func batchIsItsRowsOneByOne(seed: UInt64) throws {
    let mapping = try Self.mapping()
    let rows = Self.rows(seed)
    let whole = mapping.map(Self.batch(rows[...]))
    var counts = Array(repeating: ValueCount(), count: mapping.rules.count)
    var lost: [Int: Int] = [:]
    var problems: [Int: Finding.Subject] = [:]
    var failed: [Int: Int] = [:]
    for row in rows.indices {
      let alone = mapping.map(Self.batch(rows[row...row]))
      #expect(whole.fingerprints[row] == alone.fingerprints[0], "row \(row), seed \(seed)")
      #expect(whole.keyHash(row: row, key: 0) == alone.keyHash(row: 0, key: 0))
      for index in counts.indices { counts[index] += alone.counts[index] }
      for (column, value) in alone.lostValues { lost[column, default: 0] += value.count }
      problems[row] = alone.problems.first?.subject
      failed[row] = alone.failedKeys[0]
    }
    #expect(whole.counts == counts)
    #expect(whole.lostValues.mapValues(\.count) == lost)
    #expect(whole.failedKeys == failed)
    #expect(whole.problems.map(\.row) == problems.keys.sorted())
    for problem in whole.problems { #expect(problem.subject == problems[problem.row]) }
  }
}
