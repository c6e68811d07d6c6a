package import Identity
package import PlanFile
import Scanning

/// One run as the journal tells it: all that a report of it is made from.
package struct JournaledRun: Sendable, Hashable {
  package let record: RunRecord
  package let memberAttributes: AttributeSet
  package let teamAttributes: AttributeSet
  /// In the order they were carried out.
  ///
  /// Where a person has been erased, a name reads `erasedName` and the values are gone.
  package let operations: [Operation]
  package let grounds: [Evidence.Grounds]
  /// As given to `beginRun`; nil where it has been erased.
  package let evidence: [UInt8]?

  package static let erasedName = "(erased)"
}

extension StateStore {
  /// All runs, the first one first.
  package func runs() throws(StoreFailure) -> [RunRecord] {
    try query { queries throws(StoreFailure) in
      let words = try queries.words()
      return try queries.statements("SELECT \(JournaledRun.columns) FROM run ORDER BY number")
        .all { row in
          var record = JournaledRun.Row(row).record
          record.word = words[record.number]
          return record
        }
    }
  }

  /// The attributes that the last run managed; nil before the first.
  ///
  /// A refused one has managed nothing, and neither has a person's word that ended the pause after it.
  package func lastAttributes() throws(StoreFailure) -> (
    members: AttributeSet, teams: AttributeSet
  )? {
    try query { queries throws(StoreFailure) in
      let row = try queries.statements(
        """
        SELECT member_attributes, team_attributes FROM run
        WHERE outcome NOT IN ('refused', 'resumed') ORDER BY number DESC LIMIT 1
        """
      ).first { ($0.text(0), $0.text(1)) }
      guard let row else { return nil }
      guard let members = AttributeSet(canonicalText: row.0),
        let teams = AttributeSet(canonicalText: row.1)
      else {
        throw StoreFailure(
          .corrupt(detail: "the attributes of the last run are damaged"), path: path)
      }
      return (members, teams)
    }
  }

  /// One run with all it did, or `unknownRun`.
  ///
  /// The values of a create are not in the journal. They are taken from the resource as it is now, with everything
  /// that later operations changed turned back. `progress` is told how many operations are read, and of how many.
  package func journaledRun(
    _ number: Int, progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(StoreFailure) -> JournaledRun {
    try query { queries throws(StoreFailure) in
      let rows = try queries.statements("SELECT \(JournaledRun.columns) FROM run WHERE number = ?")
      guard let row = try rows.bind(number, at: 1).first({ JournaledRun.Row($0) }) else {
        throw StoreFailure(.unknownRun(number), path: path)
      }
      return try JournalReader(queries.statements, row)
        .run(word: queries.words()[number], progress)
    }
  }
}

extension StateQueries {
  /// What persons have said, by the number of the run: they are few.
  fileprivate func words() throws(StoreFailure) -> [Int: RunRecord.Word] {
    var words: [Int: RunRecord.Word] = [:]
    try statements("SELECT run, approver, reason FROM used_approval").each { row in
      words[row.integer(0)] = RunRecord.Word(by: row.text(1), reason: row.text(2))
    }
    let resumed = RunRecord.Outcome.resumed.rawValue
    try statements(
      "SELECT run, evidence FROM run_evidence JOIN run ON run = number WHERE outcome = '\(resumed)'"
    ).each { row in
      guard let evidence = try? JSONParser.parse(row.bytes(1)),
        let by = evidence["by"]?.text, let reason = evidence["resumed"]?.text
      else { return }
      words[row.integer(0)] = RunRecord.Word(by: by, reason: reason)
    }
    return words
  }
}

extension JournaledRun {
  static let columns =
    "number, outcome, started, finished, plan, policy, approval, member_attributes, "
    + "team_attributes, first_operation, operation_count, counts, evidence_digest, head"

  /// One row of the `run` table.
  struct Row {
    let outcome: String
    let counts: [UInt8]
    let memberAttributes: String
    let teamAttributes: String
    let firstOperation: Int
    let operationCount: Int
    let evidenceDigest: [UInt8]
    let record: RunRecord

    init(_ row: SQLStatement) {
      outcome = row.text(1)
      counts = row.bytes(11)
      memberAttributes = row.text(7)
      teamAttributes = row.text(8)
      firstOperation = row.integer(9)
      operationCount = row.integer(10)
      evidenceDigest = row.bytes(12)
      record = RunRecord(
        number: row.integer(0), outcome: RunRecord.Outcome(rawValue: outcome) ?? .applied,
        startedAt: row.integer(2), finishedAt: row.integer(3), planName: row.text(4),
        policyDigest: row.text(5), head: row.text(13), approval: row.optionalText(6),
        counts: JournalText.counts(parsing: counts))
    }

    /// The numbers of its operations, whatever a damaged row may say.
    var operations: Range<Int> {
      let first = max(firstOperation, 0)
      let (end, isBeyond) = first.addingReportingOverflow(max(operationCount, 0))
      return first..<(isBeyond ? .max : end)
    }
  }
}

/// Puts the operations of one run together again.
private struct JournalReader {
  private let statements: StatementCache
  private let row: JournaledRun.Row
  private let memberAttributes: AttributeSet
  private let teamAttributes: AttributeSet

  init(_ statements: StatementCache, _ row: JournaledRun.Row) throws(StoreFailure) {
    guard let members = AttributeSet(canonicalText: row.memberAttributes),
      let teams = AttributeSet(canonicalText: row.teamAttributes)
    else {
      throw StoreFailure(
        .corrupt(detail: "the attributes of run \(row.record.number) are damaged"),
        path: statements.connection.path)
    }
    self.statements = statements
    self.row = row
    memberAttributes = members
    teamAttributes = teams
  }

  func run(
    word: RunRecord.Word?, _ progress: @escaping (_ done: Int, _ total: Int) -> Void
  ) throws(StoreFailure) -> JournaledRun {
    var meter = JournalMeter(total: row.operationCount, progress: progress)
    var operations = JournaledOperations()
    try eachOperation { operation, origins, stateBefore in
      operations.append(operation, origins: origins, stateBefore: stateBefore)
      meter.add()
    }
    let evidence = try statements("SELECT evidence FROM run_evidence WHERE run = ?")
      .bind(row.record.number, at: 1).first { $0.bytes(0) }
    var record = row.record
    record.word = word
    return JournaledRun(
      record: record, memberAttributes: memberAttributes, teamAttributes: teamAttributes,
      operations: operations.operations, grounds: operations.grounds, evidence: evidence)
  }

  private func eachOperation(
    _ body: (Operation, _ origins: [RecordOrigin], _ stateBefore: String?) -> Void
  ) throws(StoreFailure) {
    let replay = JournalReplay(
      statements, LaterChanges(statements, from: row.firstOperation),
      members: memberAttributes, teams: teamAttributes)
    var journal = try JournalCursor(statements, row.operations)
    defer { journal.close() }
    while let step = try journal.next() {
      guard case .operation(let facts, let values) = step else { throw damaged(step.number) }
      let created = try replay.created(by: facts)
      guard
        let operation = Operation(
          facts, values, created: created, attributes: (memberAttributes, teamAttributes)),
        let origins = JournalText.origins(parsing: facts.origins)
      else { throw damaged(facts.number) }
      body(operation, origins, facts.stateBefore)
    }
  }

  private func damaged(_ number: Int) -> StoreFailure {
    StoreFailure(
      .corrupt(detail: "operation \(number) of the journal is damaged"),
      path: statements.connection.path)
  }
}

extension Operation {
  /// Nil for what no journal of ours says.
  fileprivate init?(
    _ facts: JournaledOperation.Facts, _ values: JournaledOperation.Values?,
    created: AttributeImage?, attributes: (members: AttributeSet, teams: AttributeSet)
  ) {
    guard let kind = Kind(rawValue: facts.kind),
      let situation = Situation(rawValue: facts.situation),
      let changes = kind.hasChanges
        ? JournalText.changes(
          before: values?.before, after: values?.after,
          of: kind.isOfTeam ? attributes.teams : attributes.members) : []
    else { return nil }
    let other = SubjectRef(
      id: ResourceID(facts.other ?? ""), name: values?.otherName ?? JournaledRun.erasedName)
    let action: Action =
      switch kind {
      case .createMember: .createMember(created ?? AttributeImage())
      case .updateMember: .updateMember(changes)
      case .deactivateMember: .deactivateMember
      case .reactivateMember: .reactivateMember(changes)
      case .deleteMember: .deleteMember
      case .createTeam: .createTeam(created ?? AttributeImage())
      case .updateTeam: .updateTeam(changes)
      case .addMembership: .addMembership(other)
      case .removeMembership: .removeMembership(other)
      }
    self.init(
      subject: SubjectRef(
        id: ResourceID(facts.subject), name: values?.name ?? JournaledRun.erasedName),
      action: action, situation: situation,
      classes: ChangeClass(rawValue: UInt8(truncatingIfNeeded: facts.classes)), rule: facts.rule)
  }
}

extension Operation.Kind {
  fileprivate var hasChanges: Bool {
    switch self {
    case .updateMember, .reactivateMember, .updateTeam: true
    case .createMember, .createTeam, .deactivateMember, .deleteMember, .addMembership,
      .removeMembership:
      false
    }
  }
}
