package import Identity
package import PlanFile
package import Scanning

/// What is known of a run when it begins.
package struct RunStart: Sendable, Hashable {
  /// Seconds since 1970.
  package let startedAt: Int
  /// Where the plan is still being sealed, asking for it waits.
  package var planName: String { lateName.text }
  private let lateName: LateText
  package let policyDigest: String
  /// The serial of the approval it uses.
  package let approval: String?
  package let memberAttributes: AttributeSet
  package let teamAttributes: AttributeSet
  /// Whatever a report of this run needs beside its operations; given back byte for byte.
  package let evidence: [UInt8]

  package init(
    startedAt: Int, planName: LateText, policyDigest: String, approval: String?,
    memberAttributes: AttributeSet, teamAttributes: AttributeSet, evidence: [UInt8]
  ) {
    self.startedAt = startedAt
    lateName = planName
    self.policyDigest = policyDigest
    self.approval = approval
    self.memberAttributes = memberAttributes
    self.teamAttributes = teamAttributes
    self.evidence = evidence
  }
}

/// The run that a transaction is writing down.
struct OpenRun {
  let number: Int
  let start: RunStart
  let firstOperation: Int
  let evidenceDigest: [UInt8]
  /// The attribute of members that a resource has even if its create does not name it.
  let active: AttributeID?
  /// The journal's head before the run.
  let head: String
  /// It begins with the name of the plan, so it is begun when the first operation is written down.
  lazy var chain = begunChain
  var salts = SaltSource()
  var nextOperation: Int
  var counts: [String: Int] = [:]

  private var begunChain: JournalChain {
    var chain = JournalChain(after: head)
    chain.add(
      start, run: number, firstOperation: firstOperation, evidenceDigest: evidenceDigest)
    return chain
  }
}

extension StateTransaction {
  /// Begins the one run of this transaction and returns its number.
  @discardableResult
  package func beginRun(_ start: RunStart) throws(StoreFailure) -> Int {
    try attempt { () throws(StoreFailure) in
      let settings = Settings(statements.connection)
      let number =
        1
        + (try statements("SELECT coalesce(max(number), 0) FROM run")
          .first { $0.integer(0) } ?? 0)
      let last = try JournalExtent(statements: statements).last()
      guard last < Int.max / 2 else {
        throw failure(.corrupt(detail: "operation \(last) of the journal is damaged"))
      }
      let operation = last + 1
      var salts = SaltSource()
      let salt = salts.next()
      let digest = JournalFields.digest(salt: salt, start.evidence)
      try statements("INSERT INTO run_evidence VALUES (?, ?, ?)")
        .bind(number, at: 1).bind(salt, at: 2).bind(start.evidence, at: 3).run()
      openRun = OpenRun(
        number: number, start: start, firstOperation: operation, evidenceDigest: digest,
        active: start.memberAttributes.id(of: .active), head: try settings.text("journal head"),
        salts: salts, nextOperation: operation)
      return number
    }
  }

  /// Writes one operation down, with the values before and after.
  ///
  /// A create is written down after its insert: its values are those of the stored resource. Values of
  /// updates and reactivations come from the operation. A deactivation names what it really changed in
  /// `changes`; a deletion hands over the resource it removes.
  package func journal(
    _ operation: Operation, origins: [RecordOrigin] = [], stateBefore: String? = nil,
    changes: [AttributeChange]? = nil, deleted: ResourceDocument? = nil
  ) throws(StoreFailure) {
    try attempt { () throws(StoreFailure) in
      guard var run = openRun else { throw failure(.runNotOpen) }
      // Two copies of the run would copy its buffers at every operation.
      openRun = nil
      let entry = JournaledOperation(
        operation, active: run.active, number: run.nextOperation, salt: run.salts.next(),
        origins: origins,
        stateBefore: stateBefore, changes: changes, deleted: deleted)
      run.nextOperation += 1
      run.counts[entry.facts.kind, default: 0] += 1
      run.chain.add(entry.facts)
      openRun = run
      try write(entry)
    }
  }

  /// Writes what is known of one operation to its two tables.
  func write(_ entry: JournaledOperation) throws(StoreFailure) {
    let addFacts = try statements(
      "INSERT INTO operation (\(JournaledOperation.Facts.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )
    entry.facts.bind(to: addFacts)
    try addFacts.run()
    let addValues = try statements(
      "INSERT INTO operation_value (number, \(JournaledOperation.Values.columns)) VALUES (?, ?, ?, ?, ?, ?)"
    )
    entry.values.bind(to: addValues, number: entry.facts.number)
    try addValues.run()
  }

  /// Ends the run, at a time in seconds since 1970, and moves the journal's head.
  @discardableResult
  package func finishRun(
    _ outcome: RunRecord.Outcome, at finishedAt: Int
  ) throws(StoreFailure) -> RunRecord {
    try attempt { () throws(StoreFailure) in
      guard var run = openRun else { throw failure(.runNotOpen) }
      openRun = nil
      let counts = JournalText.counts(run.counts)
      run.chain.add(
        outcome: outcome.rawValue, finishedAt: finishedAt,
        operationCount: run.nextOperation - run.firstOperation, counts: counts)
      let head = run.chain.head()
      try write(run, outcome, finishedAt, counts, head)
      try Settings(statements.connection).set("journal head", to: head)
      return RunRecord(
        number: run.number, outcome: outcome, startedAt: run.start.startedAt,
        finishedAt: finishedAt, planName: run.start.planName,
        policyDigest: run.start.policyDigest, head: head, approval: run.start.approval,
        counts: JournalText.counts(parsing: counts))
    }
  }

  private func write(
    _ run: OpenRun, _ outcome: RunRecord.Outcome, _ finishedAt: Int, _ counts: [UInt8],
    _ head: String
  ) throws(StoreFailure) {
    let start = run.start
    try statements(
      "INSERT INTO run (\(JournaledRun.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )
    .bind(run.number, at: 1).bind(outcome.rawValue, at: 2).bind(start.startedAt, at: 3)
    .bind(finishedAt, at: 4).bind(start.planName, at: 5).bind(start.policyDigest, at: 6)
    .bind(start.approval, at: 7).bind(start.memberAttributes.canonicalText, at: 8)
    .bind(start.teamAttributes.canonicalText, at: 9).bind(run.firstOperation, at: 10)
    .bind(run.nextOperation - run.firstOperation, at: 11).bind(text: counts, at: 12)
    .bind(run.evidenceDigest, at: 13).bind(head, at: 14).run()
  }
}

extension JournalChain {
  mutating func add(
    _ start: RunStart, run: Int, firstOperation: Int, evidenceDigest: [UInt8]
  ) {
    add(run)
    add(start.startedAt)
    add(start.planName)
    add(start.policyDigest)
    add(start.approval)
    add(start.memberAttributes.canonicalText)
    add(start.teamAttributes.canonicalText)
    add(firstOperation)
    add(evidenceDigest)
  }

  mutating func add(outcome: String, finishedAt: Int, operationCount: Int, counts: [UInt8]) {
    add(outcome)
    add(finishedAt)
    add(operationCount)
    add(counts)
  }
}

extension JournalText {
  /// How many operations of each kind there are: `{"create-member":12,"update-member":3}`.
  static func counts(_ counts: [String: Int]) -> [UInt8] {
    JSONValue.object(
      counts.sorted { $0.key < $1.key }.map { JSONMember(name: $0.key, value: .number($0.value)) }
    ).bytes
  }

  static func counts(parsing text: [UInt8]) -> [Operation.Kind: Int] {
    var counts: [Operation.Kind: Int] = [:]
    for member in (try? JSONParser.parse(text))?.members ?? [] {
      guard let kind = Operation.Kind(rawValue: member.name) else { continue }
      counts[kind] = member.value.integer
    }
    return counts
  }
}

extension JournaledOperation {
  init(
    _ operation: Operation, active: AttributeID?, number: Int, salt: [UInt8],
    origins: [RecordOrigin], stateBefore: String?, changes: [AttributeChange]?,
    deleted: ResourceDocument?
  ) {
    var other: SubjectRef?
    var created: AttributeImage?
    var changes = changes
    switch operation.action {
    case .createMember(let image): created = image.asStored(active: active)
    case .createTeam(let image): created = image.asStored(active: nil)
    case .updateMember(let own), .reactivateMember(let own), .updateTeam(let own):
      changes = changes ?? own
    case .addMembership(let member), .removeMembership(let member): other = member
    case .deactivateMember, .deleteMember: break
    }
    let facts = Facts(
      number: number, kind: operation.kind.rawValue, subject: operation.subject.id.description,
      other: other?.id.description, situation: operation.situation.rawValue,
      classes: Int(operation.classes.rawValue), rule: operation.rule,
      origins: JournalText.origins(origins), stateBefore: stateBefore)
    let values = Values(
      salt: salt, name: operation.subject.name, otherName: other?.name,
      before: deleted?.canonicalBytes ?? changes.map { JournalText.values($0, \.before) },
      after: changes.map { JournalText.values($0, \.after) })
    self.init(facts: facts, values: values, created: created)
  }
}
