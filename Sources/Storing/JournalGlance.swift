package import PlanFile

/// A look at the journal that counts and compares, and recomputes nothing.
///
/// ```
/// run 11   operations 640..<652   12 stated, 12 there
/// run 12   operations 652..<670   18 stated, 15 there      ← breach
/// ```
///
/// It finds rows that were taken out or put in, at the cost of walking over the operations of the runs that
/// are asked about: 40 ms of processor time for a million. What was changed within a row only `verifyJournal` finds.
private struct JournalGlance {
  private let statements: StatementCache
  private let firstHead: String

  init(_ statements: StatementCache, firstHead: String) {
    self.statements = statements
    self.firstHead = firstHead
  }

  func breach(inLast count: Int) throws(StoreFailure) -> JournalVerification.Breach? {
    let rows = try statements(
      "SELECT \(JournaledRun.columns) FROM run ORDER BY number DESC LIMIT ?")
    let runs = try rows.bind(count, at: 1).all { JournaledRun.Row($0) }.reversed()
    var before: JournaledRun.Row?
    for run in runs {
      let isFirst = run.record.number == 1
      if let before {
        let follows =
          run.record.number == before.record.number + 1
          && run.firstOperation == before.operations.upperBound
        guard follows else { return .run(before.record.number + 1) }
      } else if isFirst, run.firstOperation != 1 {
        return .run(1)
      }
      if let breach = try breach(inCountOf: run) { return breach }
      before = run
    }
    return try breach(after: before)
  }

  private func breach(
    inCountOf run: JournaledRun.Row
  ) throws(StoreFailure) -> JournalVerification.Breach? {
    let number = run.record.number
    guard run.record.counts.values.reduce(0, &+) == run.operationCount else { return .run(number) }
    let found = try JournalExtent(statements: statements).count(in: run.operations)
    guard found != run.operationCount else { return nil }
    return .operationCount(run: number, stated: run.operationCount, found: found)
  }

  /// Runs that are missing at the end, and operations that no run counts.
  private func breach(
    after last: JournaledRun.Row?
  ) throws(StoreFailure) -> JournalVerification.Breach? {
    let head = try Settings(statements.connection).text("journal head")
    guard head == last?.record.head ?? firstHead else { return .head }
    let end = try JournalExtent(statements: statements).last()
    return end < last?.operations.upperBound ?? 1 ? nil : .strayOperation(end)
  }
}

extension StateStore {
  /// Whether the last runs have as many operations as they say, and end where the journal does; nil when they do.
  package func journalBreach(
    inLast count: Int
  ) throws(StoreFailure) -> JournalVerification.Breach? {
    try query { queries throws(StoreFailure) in
      try JournalGlance(queries.statements, firstHead: origin.firstHead).breach(inLast: count)
    }
  }

  /// The run that the journal ends with; nil before the first.
  package func lastRun() throws(StoreFailure) -> RunRecord? {
    try query { queries throws(StoreFailure) in
      try queries.statements(
        "SELECT \(JournaledRun.columns) FROM run ORDER BY number DESC LIMIT 1"
      ).first { JournaledRun.Row($0).record }
    }
  }
}
