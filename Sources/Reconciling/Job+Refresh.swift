import Applying
import Identity
import PlanFile
import Planning
import Reading
import Scanning
import Storing

/// A person's word that a refresh may change more of managed members than the guards admit.
package struct RefreshAllowance: Sendable, Hashable {
  /// Amounts by guard name.
  package let lets: [String: Int]
  package let reason: String

  package init(lets: [String: Int], reason: String) {
    self.lets = lets
    self.reason = reason
  }
}

extension Job {
  /// Loads current members, teams or memberships from files into the state: unmanaged, journaled.
  ///
  /// What the files do not mention stays; nobody becomes managed. So the tool can be tried on a
  /// directory that exists.
  ///
  /// Each of the CSV files is read like the export it stands for: the one called `name`, or the first whose columns fit.
  ///
  /// What a file would change of members that are managed already is judged by the guards: `refused` is thrown, and
  /// nothing of that file is noted. `allowance` is a person's word that some of it may pass.
  package func refresh(
    from files: [String], as name: String? = nil, allowance: RefreshAllowance? = nil,
    notify: @escaping @Sendable (JobProgress) -> Void = { _ in }
  ) async throws(JobFailure) -> [AppliedJob] {
    let store = try open(.writing)
    try JobFailure.storing { () throws(StoreFailure) in try store.checkJournal(inLast: 1) }
    var applied: [AppliedJob] = []
    for file in files {
      let refresh = try Refresh(
        job: self, store: store, file: file, exportName: name, lets: allowance?.lets ?? [:],
        notify: notify)
      let plan = try await refresh.plan()
      guard !plan.isRefused else { throw .refused(PlannedJob(plan: plan, name: "")) }
      applied.append(try carryOut(plan, approval(allowance, for: plan), on: store, notify: notify))
    }
    try JobFailure.storing { () throws(StoreFailure) in try store.close() }
    return applied
  }

  /// For the journal: who let a file pass, and why; nil where nothing had to be let pass.
  private func approval(_ allowance: RefreshAllowance?, for plan: Plan) -> Approval? {
    let limits = GuardRound(limits: policy.guards.limits)
    guard let allowance, !plan.evidence.verdicts.allSatisfy({ limits.admits($0) }) else {
      return nil
    }
    var random = SystemRandomNumberGenerator()
    return Approval(
      plan: "", lets: allowance.lets, reason: allowance.reason, approver: SystemUser.name,
      issuedAt: now, until: now, serial: String(random.next() as UInt64, radix: 16))
  }

  private func carryOut(
    _ plan: Plan, _ approval: Approval?, on store: StateStore,
    notify: (JobProgress) -> Void
  ) throws(JobFailure) -> AppliedJob {
    let basis = try runBasis(store)
    var bytes: [UInt8] = []
    var record = plan
    record.decisions.operations = []
    record.evidence.grounds = []
    _ = PlanWriter.write(record, key: store.secret(.seal)) { (piece: [UInt8]) in bytes += piece }
    let total = plan.decisions.operations.count
    notify(JobProgress(.writing, total: total))
    do {
      let run = try Application(
        plan: plan, planName: "", basis: basis.index, uniqueKeys: basis.uniqueKeys,
        uniqueTeamKeys: basis.teamKeys, teamFingerprinter: basis.teamFingerprinter,
        approval: approval,
        record: bytes, purpose: .takingNote
      ).carryOut(on: store, clock: { settings.now ?? SystemClock.now }) {
        notify(JobProgress(.writing, done: $0, total: total))
      }
      return AppliedJob(planned: PlannedJob(plan: plan, name: ""), run: run)
    } catch {
      switch error {
      case .stale(let drifts): throw .stale(drifts.map(\.message))
      case .store(let failure): throw JobFailure(failure)
      }
    }
  }
}
