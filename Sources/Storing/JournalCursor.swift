/// The operations of a part of the journal in their order, whether they stand in rows of their own or in packs.
///
/// ```
/// operation        639   640                       673
/// operation_pack               641…672
/// yields           639   640   641 642 … 672       673
/// ```
///
/// All who read the journal read it through this. It promises no number: where rows are missing, or stand in two
/// places, that is what it yields. The part must be whole runs, because a pack belongs to one.
struct JournalCursor {
  enum Step {
    /// Without values where the person has been erased.
    case operation(JournaledOperation.Facts, JournaledOperation.Values?)
    /// A pack whose columns do not agree, by the number it begins with.
    case damagedPack(Int)

    var number: Int {
      switch self {
      case .operation(let facts, _): facts.number
      case .damagedPack(let first): first
      }
    }
  }

  private let rows: SQLStatement
  private let packs: SQLStatement
  private let end: Int
  /// Where `rows` and `packs` stand; nil behind the last one.
  private var nextRow: Int?
  private var nextPack: Int?
  /// What is left of the pack before.
  private var packed: ArraySlice<OperationPack.Entry> = []

  init(_ statements: StatementCache, _ numbers: Range<Int>) throws(StoreFailure) {
    rows = try statements(
      """
      SELECT \(JournaledOperation.Facts.columns), \(JournaledOperation.Values.columns)
      FROM operation LEFT JOIN operation_value USING (number)
      WHERE number BETWEEN ? AND ? ORDER BY number
      """)
    packs = try statements(
      """
      SELECT \(OperationPack.columns) FROM \(OperationPack.table)
      WHERE first BETWEEN ? AND ? ORDER BY first
      """)
    end = numbers.upperBound
    for statement in [rows, packs] {
      statement.bind(numbers.lowerBound, at: 1).bind(numbers.upperBound - 1, at: 2)
    }
    do throws(StoreFailure) {
      nextRow = try Self.number(rows)
      nextPack = try Self.number(packs)
    } catch {
      close()
      throw error
    }
  }

  private static func number(_ statement: SQLStatement) throws(StoreFailure) -> Int? {
    try statement.next() ? statement.integer(0) : nil
  }

  /// The next operation, or nil behind the last one.
  mutating func next() throws(StoreFailure) -> Step? {
    if packed.isEmpty, let first = nextPack, first <= nextRow ?? .max {
      let pack = OperationPack(packs)
      nextPack = try Self.number(packs)
      guard let entries = pack.entries(), first + pack.count <= end else {
        return .damagedPack(first)
      }
      packed = entries[...]
    }
    if let entry = packed.first, entry.facts.number <= nextRow ?? .max {
      packed.removeFirst()
      return .operation(entry.facts, entry.values)
    }
    guard nextRow != nil else { return nil }
    let facts = JournaledOperation.Facts(rows)
    let values = JournaledOperation.Values(rows, from: 10)
    nextRow = try Self.number(rows)
    return .operation(facts, values)
  }

  /// Gives up what is left; its statements may be asked for again.
  func close() {
    rows.reset()
    packs.reset()
  }
}

/// How many operations the journal has, and where it ends.
struct JournalExtent {
  let statements: StatementCache

  /// How many stand in a part of it.
  func count(in numbers: Range<Int>) throws(StoreFailure) -> Int {
    var count = 0
    for counted in [
      "SELECT count(*) FROM operation WHERE number BETWEEN ? AND ?",
      "SELECT CAST(total(count) AS INTEGER) FROM \(OperationPack.table) WHERE first BETWEEN ? AND ?",
    ] {
      let found =
        try statements(counted).bind(numbers.lowerBound, at: 1).bind(numbers.upperBound - 1, at: 2)
        .first { $0.integer(0) } ?? 0
      // A damaged pack may say any number.
      let (sum, overflows) = count.addingReportingOverflow(found)
      count = overflows ? .max : sum
    }
    return count
  }

  /// The highest number of an operation; 0 before the first.
  func last() throws(StoreFailure) -> Int {
    let row =
      try statements("SELECT coalesce(max(number), 0) FROM operation").first { $0.integer(0) } ?? 0
    let packed =
      try statements(
        "SELECT first + count - 1 FROM \(OperationPack.table) ORDER BY first DESC LIMIT 1"
      ).first { $0.integer(0) } ?? 0
    return max(row, packed)
  }

  /// The first number of values that stand in a row of their own, while their operation stands in none.
  func valuesOfNone() throws(StoreFailure) -> Int? {
    try statements(
      "SELECT min(number) FROM operation_value WHERE number NOT IN (SELECT number FROM operation)"
    ).first { $0.isNull(0) ? nil : $0.integer(0) } ?? nil
  }

  /// The first number of an operation, or of values, that stands outside a part; nil where there is none.
  func stray(outside numbers: Range<Int>) throws(StoreFailure) -> Int? {
    for (table, number) in [
      ("operation", "number"), ("operation_value", "number"), (OperationPack.table, "first"),
    ] {
      let found = try statements(
        "SELECT min(\(number)) FROM \(table) WHERE \(number) < ? OR \(number) >= ?"
      ).bind(numbers.lowerBound, at: 1).bind(numbers.upperBound, at: 2)
        .first { $0.isNull(0) ? nil : $0.integer(0) }
      if let number = found ?? nil { return number }
    }
    return nil
  }
}
