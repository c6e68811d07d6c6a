import Identity
import PlanFile
import Scanning

/// What a look through the whole journal found.
package struct JournalVerification: Sendable, Hashable {
  package enum Breach: Sendable, Hashable {
    /// A run is not what its head says, or its place in the sequence is wrong.
    case run(Int)
    /// An operation, or its values, are not what was written down.
    case operation(Int, run: Int)
    /// Operations or values that belong to no run.
    case strayOperation(Int)
    /// Values in a row of their own, of an operation that has them elsewhere or is nowhere.
    case strayValues(Int)
    /// The last run's head is not the journal's.
    case head
    /// A run says that it carried out more operations, or fewer, than there are.
    case operationCount(run: Int, stated: Int, found: Int)
  }

  package let runCount: Int
  package let operationCount: Int
  /// Operations whose values have been erased, which is allowed.
  package let erasedCount: Int
  /// The first thing that is wrong; nil when nothing is.
  package let breach: Breach?

  package var isSound: Bool { breach == nil }
}

extension StateStore {
  /// Recomputes the chain of the whole journal and names the first thing that is wrong in it.
  ///
  /// `progress` is told how many operations have been looked at, and how many there are.
  package func verifyJournal(
    progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(StoreFailure) -> JournalVerification {
    try query { queries throws(StoreFailure) in
      let changes = LaterChanges(queries.statements, from: 1)
      var verifier = JournalVerifier(
        queries.statements, firstHead: origin.firstHead, changes, progress)
      return try verifier.verify()
    }
  }

  /// Recomputes the chain of one run after the head of the one before it; nil when it is sound.
  package func journalBreach(
    ofRun number: Int, progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(StoreFailure) -> JournalVerification.Breach? {
    try query { queries throws(StoreFailure) in
      let first = try queries.statements("SELECT first_operation FROM run WHERE number = ?")
        .bind(number, at: 1).first { $0.integer(0) }
      let changes = LaterChanges(queries.statements, from: first ?? 1)
      var verifier = JournalVerifier(
        queries.statements, firstHead: origin.firstHead, changes, progress)
      return try verifier.breach(ofRun: number)
    }
  }

  /// Whether SQLite finds the file itself whole; nil when it does, else its words for what is not.
  package func verifyFile() throws(StoreFailure) -> String? {
    try query { queries throws(StoreFailure) in
      let lines = try queries.statements("PRAGMA integrity_check(5)").all { $0.text(0) }
      guard lines == ["ok"] else { return lines.joined(separator: "; ") }
      let memberships = MembershipVerification(queries, secret: origin.fingerprintSecret)
      if let breach = try memberships.breach() { return breach }
      return try MemberNames(queries.statements).breach()
    }
  }
}

private struct JournalVerifier {
  private let statements: StatementCache
  private let firstHead: String
  private let changes: LaterChanges
  private var meter: JournalMeter

  init(
    _ statements: StatementCache, firstHead: String, _ changes: LaterChanges,
    _ progress: @escaping (_ done: Int, _ total: Int) -> Void
  ) {
    self.statements = statements
    self.firstHead = firstHead
    self.changes = changes
    meter = JournalMeter(progress: progress)
  }

  mutating func verify() throws(StoreFailure) -> JournalVerification {
    let runs = try statements("SELECT \(JournaledRun.columns) FROM run ORDER BY number")
      .all { JournaledRun.Row($0) }
    meter.total = runs.reduce(0) { $0.addingReportingOverflow($1.operationCount).partialValue }
    var head = firstHead
    var next = 1
    var erased = 0
    for (index, run) in runs.enumerated() {
      var breach: JournalVerification.Breach?
      if run.record.number != index + 1 || run.firstOperation != next {
        breach = .run(index + 1)
      } else {
        breach = try check(run, after: head, erased: &erased)
      }
      if let breach {
        return JournalVerification(
          runCount: runs.count, operationCount: next - 1, erasedCount: erased, breach: breach)
      }
      head = run.record.head
      next = run.operations.upperBound
    }
    return JournalVerification(
      runCount: runs.count, operationCount: next - 1, erasedCount: erased,
      breach: try checkEnd(head: head, runs: runs.count, operations: next - 1))
  }

  mutating func breach(ofRun number: Int) throws(StoreFailure) -> JournalVerification.Breach? {
    let rows = try statements(
      "SELECT \(JournaledRun.columns) FROM run WHERE number IN (?, ?) ORDER BY number")
    let runs = try rows.bind(number - 1, at: 1).bind(number, at: 2).all { JournaledRun.Row($0) }
    guard let run = runs.last, run.record.number == number,
      runs.count == (number == 1 ? 1 : 2),
      run.firstOperation == (number == 1 ? 1 : runs[0].operations.upperBound)
    else { return .run(number) }
    var erased = 0
    meter.total = run.operationCount
    return try check(
      run, after: number == 1 ? firstHead : runs[0].record.head, erased: &erased)
  }

  private func checkEnd(
    head: String, runs: Int, operations: Int
  ) throws(StoreFailure) -> JournalVerification.Breach? {
    let extent = JournalExtent(statements: statements)
    if let number = try extent.stray(outside: 1..<operations + 1) {
      return .strayOperation(number)
    }
    if let number = try extent.valuesOfNone() { return .strayValues(number) }
    let strayRun = try statements("SELECT min(run) FROM run_evidence WHERE run < 1 OR run > ?")
      .bind(runs, at: 1).first { $0.isNull(0) ? nil : $0.integer(0) }
    if let number = strayRun ?? nil { return .run(number) }
    return head == (try Settings(statements.connection).text("journal head")) ? nil : .head
  }

  private mutating func check(
    _ run: JournaledRun.Row, after head: String, erased: inout Int
  ) throws(StoreFailure) -> JournalVerification.Breach? {
    let number = run.record.number
    guard let start = run.start else { return .run(number) }
    guard try isEvidenceSound(run) else { return .run(number) }
    var chain = JournalChain(after: head)
    chain.add(
      start, run: number, firstOperation: run.firstOperation, evidenceDigest: run.evidenceDigest)
    if let breach = try checkOperations(run, start, adding: &chain, erased: &erased) {
      return breach
    }
    chain.add(
      outcome: run.outcome, finishedAt: run.record.finishedAt,
      operationCount: run.operationCount, counts: run.counts)
    return chain.head() == run.record.head ? nil : .run(number)
  }

  private func isEvidenceSound(_ run: JournaledRun.Row) throws(StoreFailure) -> Bool {
    let row = try statements("SELECT salt, evidence FROM run_evidence WHERE run = ?")
      .bind(run.record.number, at: 1).first { ($0.bytes(0), $0.bytes(1)) }
    guard let (salt, evidence) = row else { return true }
    return JournalFields.digest(salt: salt, evidence) == run.evidenceDigest
  }

  private mutating func checkOperations(
    _ run: JournaledRun.Row, _ start: RunStart, adding chain: inout JournalChain,
    erased: inout Int
  ) throws(StoreFailure) -> JournalVerification.Breach? {
    let replay = JournalReplay(
      statements, changes, members: start.memberAttributes, teams: start.teamAttributes)
    var journal = try JournalCursor(statements, run.operations)
    defer { journal.close() }
    for number in run.operations {
      let step = try journal.next()
      guard case .operation(let facts, let values)? = step, facts.number == number,
        try isSound(facts, values, replay, &erased)
      else {
        // What stands there a second time comes before what is asked for.
        return .operation(min(step?.number ?? number, number), run: run.record.number)
      }
      chain.add(facts)
      meter.add()
    }
    // A pack that begins here and ends in no run, or operations that stand here twice.
    if let step = try journal.next() { return .operation(step.number, run: run.record.number) }
    return nil
  }

  /// Whether the values are those that were written down, or erased.
  ///
  /// What a resource was when it was created may not be known any more; then its digest stands for
  /// it.
  private func isSound(
    _ facts: JournaledOperation.Facts, _ values: JournaledOperation.Values?,
    _ replay: JournalReplay, _ erased: inout Int
  ) throws(StoreFailure) -> Bool {
    guard let values else {
      erased += 1
      return true
    }
    let isCreate = Operation.Kind(rawValue: facts.kind)?.isCreate == true
    let image = isCreate ? try replay.created(by: facts) : nil
    if isCreate, image == nil { return true }
    return JournaledOperation.digest(facts, values, created: image) == facts.digest
  }
}

extension JournaledRun.Row {
  /// What the run began with, but for the evidence; nil when it is damaged.
  fileprivate var start: RunStart? {
    guard let members = AttributeSet(canonicalText: memberAttributes),
      let teams = AttributeSet(canonicalText: teamAttributes)
    else { return nil }
    return RunStart(
      startedAt: record.startedAt, planName: LateText(record.planName),
      policyDigest: record.policyDigest,
      approval: record.approval, memberAttributes: members, teamAttributes: teams, evidence: [])
  }
}
