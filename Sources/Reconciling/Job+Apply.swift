import Applying
import Identity
package import PlanFile
import Planning
import Scanning
import Storing

extension Job {
  /// Carries a plan out, or makes one and carries it out in one step.
  ///
  /// The plan at `path` is taken if one is named; else one is made under the lock. The approval is what `approve`
  /// wrote for this plan. Throws `refused` (nothing was written but a run without operations and the marker that
  /// later unattended runs stop at), `suspended` at such a marker, `stale`, `locked`, and what planning throws.
  package func apply(
    planAt path: String?, approvalAt approvalPath: String?,
    notify: @escaping @Sendable (JobProgress) -> Void = { _ in }
  ) async throws(JobFailure) -> AppliedJob {
    let store = try open(.writing)
    let book = try JobFailure.storing { () throws(StoreFailure) in
      try store.checkJournal(inLast: 1)
      return try store.bookkeeping()
    }
    if approvalPath == nil, let marker = book.marker {
      throw .suspended(since: marker.at, planName: marker.planName, reason: marker.breached)
    }
    var planned: PlannedJob
    if let path {
      planned = try Self.load(planAt: path, key: store.secret(.seal), notify: notify)
      try checkOrigin(of: planned, store)
    } else {
      planned = try await plan(on: store, sealingAhead: false, notify: notify)
    }
    let approval = try approvalAt(approvalPath, planned, store)
    if path != nil { try checkIsNew(planned, store) }
    // A plan made a moment ago has been judged, but not with what a person lets pass.
    if path != nil || approval != nil {
      try await judgeAgain(&planned, store, lets: approval?.lets)
    }
    guard !planned.plan.isRefused else {
      // Nobody need approve what could not be applied any more.
      if path != nil { try checkFreshness(of: planned, store) }
      try leaveMarker(planned, store)
      throw .refused(planned)
    }
    notify(JobProgress(.writing, total: planned.plan.decisions.operations.count))
    let run = try carryOut(planned, approval, store, notify: notify)
    try JobFailure.storing { () throws(StoreFailure) in try store.close() }
    return AppliedJob(planned: planned, run: run)
  }

  private func approvalAt(
    _ path: String?, _ planned: PlannedJob, _ store: StateStore
  ) throws(JobFailure) -> Approval? {
    guard let path else { return nil }
    let approval: Approval
    do {
      approval = try ApprovalFile.read(
        path: path, key: store.secret(.seal), plan: planned.name, now: now,
        guards: Set(GuardName.allCases.map(\.rawValue)))
    } catch {
      throw .unverified(error.description)
    }
    let run = try JobFailure.storing { () throws(StoreFailure) in
      try store.run(usingApproval: approval.serial)
    }
    guard run == nil else {
      throw .unverified(
        "The approval \(path) has been used up by run \(run ?? 0); ask for a new one.")
    }
    return approval
  }

  /// A plan belongs to one state and one policy.
  private func checkOrigin(of planned: PlannedJob, _ store: StateStore) throws(JobFailure) {
    var drifts: [String] = []
    if planned.plan.evidence.lineage != store.identity.lineage {
      drifts.append("The plan was made for another state than \(statePath).")
    }
    if planned.plan.evidence.policyDigest != policy.digest {
      drifts.append("The policy \(settings.policy) has changed since the plan was made.")
    }
    guard drifts.isEmpty else { throw .stale(drifts) }
  }

  /// What was applied once is not judged again: by what it has changed itself it would be refused.
  private func checkIsNew(_ planned: PlannedJob, _ store: StateStore) throws(JobFailure) {
    guard !planned.plan.isEmpty else { return }
    let runs = try JobFailure.storing { () throws(StoreFailure) in try store.runs() }
    guard
      let run = runs.last(where: { $0.outcome == .applied && $0.planName == planned.name })
    else { return }
    throw .stale(["The plan has been applied by run \(run.number) already."])
  }

  private func checkFreshness(of planned: PlannedJob, _ store: StateStore) throws(JobFailure) {
    let application = try application(of: planned, nil, store)
    let drifts = try JobFailure.storing { () throws(StoreFailure) in
      try application.drifts(on: store)
    }
    guard drifts.isEmpty else { throw .stale(drifts.map(\.message)) }
  }

  /// Judges a plan from a file by the state as it is now, with what an approval lets pass.
  private func judgeAgain(
    _ planned: inout PlannedJob, _ store: StateStore, lets: [String: Int]?
  ) async throws(JobFailure) {
    let basis = try runBasis(store)
    let members = try await JobFailure.storing { () async throws(StoreFailure) in
      try await store.members(basis.index, threads: settings.jobs)
    }
    let teams = try JobFailure.storing { () throws(StoreFailure) in try store.teams() }
    let operations = planned.plan.decisions.operations
    planned.plan.evidence.verdicts = GuardRound(limits: policy.guards.limits, lets: lets ?? [:])
      .judge(operations, Populations(members, teams: teams.map(\.facts)))
    try refuseProtected(operations, basis, store)
  }

  /// Protection holds for members as they are now, whatever the plan saw.
  private func refuseProtected(
    _ operations: [Operation], _ basis: RunBasis, _ store: StateStore
  ) throws(JobFailure) {
    guard !basis.rules.protectedMembers.isEmpty else { return }
    for operation in operations {
      let id: ResourceID
      switch operation.action {
      case .removeMembership(let member): id = member.id
      default:
        guard !operation.classes.isDisjoint(with: [.removal, .rekey]) else { continue }
        id = operation.subject.id
      }
      let found = try JobFailure.storing { () throws(StoreFailure) -> CurrentMember? in
        guard let ordinal = try store.ordinal(ofMember: id) else { return nil }
        return try store.member(ordinal)
      }
      guard let found,
        let rule = basis.rules.protection(
          of: found.resource.document.image(of: basis.memberAttributes))
      else { continue }
      throw .stale([
        "\(operation.subject.name) is now protected by \(rule); make a new plan."
      ])
    }
  }

  func runBasis(_ store: StateStore) throws(JobFailure) -> RunBasis {
    let book = try JobFailure.storing { () throws(StoreFailure) in try store.bookkeeping() }
    let roster = try ExportRoster(
      policy.exports, book: book, resolve: { settings.resolve($0, in: policy) })
    return try RunBasis(policy, store, roster: roster)
  }

  /// Leaves the marker, and in the journal a run that did nothing: a refused night is part of what happened.
  private func leaveMarker(_ planned: PlannedJob, _ store: StateStore) throws(JobFailure) {
    let breached = planned.plan.evidence.verdicts.filter { !$0.passed }
      .map { verdict in
        "\(verdict.name)\(verdict.scope.map { " of \($0)" } ?? ""): \(verdict.amount), \(verdict.limit)"
      }.joined(separator: "; ")
    let marker = GuardMarker(at: now, planName: planned.name, breached: breached)
    let start = RunStart(
      startedAt: now, planName: planned.lateName, policyDigest: policy.digest, approval: nil,
      memberAttributes: planned.plan.decisions.memberAttributes,
      teamAttributes: planned.plan.decisions.teamAttributes,
      evidence: record(of: planned, key: store.secret(.seal)))
    do {
      try store.write { state in
        try state.beginRun(start)
        try state.setMarker(marker)
        try state.finishRun(.refused, at: now)
      }
      try store.close()
    } catch let failure as StoreFailure {
      throw JobFailure(failure)
    } catch {
      throw .unexpected("\(error)")
    }
  }

  private func carryOut(
    _ planned: PlannedJob, _ approval: Approval?, _ store: StateStore,
    notify: @Sendable (JobProgress) -> Void
  ) throws(JobFailure) -> RunRecord {
    let application = try application(of: planned, approval, store)
    do {
      let total = planned.plan.decisions.operations.count
      return try application.carryOut(on: store, clock: { settings.now ?? SystemClock.now }) {
        notify(JobProgress(.writing, done: $0, total: total))
      }
    } catch {
      switch error {
      case .stale(let drifts): throw .stale(drifts.map(\.message))
      case .store(let failure): throw JobFailure(failure)
      }
    }
  }

  private func application(
    of planned: PlannedJob, _ approval: Approval?, _ store: StateStore
  ) throws(JobFailure) -> Application {
    let basis = try runBasis(store)
    return Application(
      plan: planned.plan, planName: planned.lateName, basis: basis.index,
      uniqueKeys: basis.uniqueKeys, uniqueTeamKeys: basis.teamKeys,
      teamFingerprinter: basis.teamFingerprinter, approval: approval,
      record: record(of: planned, key: store.secret(.seal)))
  }

  /// The plan without what the journal has line by line.
  private func record(of planned: PlannedJob, key: [UInt8]) -> [UInt8] {
    var record = planned.plan
    record.decisions.operations = []
    record.evidence.grounds = []
    // Who owns a new member stands with the member.
    record.evidence.bookkeeping.ownerships = Bookkeeping.Ownerships(
      planned.plan.ownershipsOfOthersThanNewMembers)
    var bytes: [UInt8] = []
    _ = PlanWriter.write(record, key: key) { (piece: [UInt8]) in bytes += piece }
    return bytes
  }

  /// What a report of a run is written from; without a number, of the last one that was about a plan.
  package func reportSource(
    run number: Int?, notify: @escaping (JobProgress) -> Void = { _ in }
  ) throws(JobFailure) -> ReportSource {
    let store = try open(.reading)
    let runs = try JobFailure.storing { () throws(StoreFailure) in try store.runs() }
    let last = runs.last { $0.outcome != .resumed } ?? runs.last
    guard let wanted = number ?? last?.number else {
      throw .usage("No run has been made on \(statePath) yet.")
    }
    let journaled = try JobFailure.storing { () throws(StoreFailure) in
      if runs.contains(where: { $0.number == wanted }) {
        try store.checkJournal(ofRun: wanted, notify: notify)
      }
      notify(JobProgress(.readingRun))
      return try store.journaledRun(wanted) { done, total in
        notify(JobProgress(.readingRun, done: done, total: total))
      }
    }
    var plan: Plan
    if let bytes = journaled.evidence,
      let sealed = try? PlanReader.read(bytes, named: "run \(wanted)", key: store.secret(.seal))
    {
      plan = sealed.plan
    } else {
      plan = Plan.bare(
        of: journaled, lineage: store.identity.lineage, redacted: policy.redacted)
    }
    plan.decisions.operations = journaled.operations
    plan.evidence.grounds = journaled.grounds
    return ReportSource(plan: plan, planName: journaled.record.planName, run: journaled.record)
  }
}

extension Plan {
  /// What exports come to own that is there already.
  fileprivate var ownershipsOfOthersThanNewMembers: [Bookkeeping.Ownership] {
    let others = evidence.bookkeeping.ownerships.ofOthers
    guard !others.isEmpty else { return [] }
    let new = Set(
      decisions.operations.lazy.filter { $0.kind == .createMember && $0.newcomerExport == nil }
        .map(\.subjectID))
    return others.filter { $0.kind != .member || !new.contains($0.subject) }
  }

  /// A plan of which only the operations are known: a refresh, or a run whose evidence was erased.
  fileprivate static func bare(
    of run: JournaledRun, lineage: String, redacted: [AttributePath]
  ) -> Plan {
    Plan(
      decisions: Decisions(
        memberAttributes: run.memberAttributes, teamAttributes: run.teamAttributes,
        operations: [], holds: [], situations: [:], lowerBound: run.operations.count),
      evidence: Evidence(
        toolVersion: RollcallVersion.text, now: run.record.startedAt,
        policyDigest: run.record.policyDigest, lineage: lineage, journalHead: run.record.head,
        inputs: [], health: [], verdicts: [], grounds: [], findings: [],
        bookkeeping: Bookkeeping(), redacted: redacted))
  }
}
