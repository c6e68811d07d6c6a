import Applying
import Identity
import PlanFile
import Planning
import Reading
import Storing

extension Job {
  /// Loads current members, teams or memberships from files into the state: unmanaged, journaled.
  ///
  /// What the files do not mention stays; nobody becomes managed. So the tool can be tried on a
  /// directory that exists.
  ///
  /// Each of the CSV files is read like the export it stands for: the one called `name`, or the first whose columns fit.
  package func refresh(
    from files: [String], as name: String? = nil,
    notify: @escaping @Sendable (JobProgress) -> Void = { _ in }
  ) async throws(JobFailure) -> [AppliedJob] {
    let store = try open(.writing)
    var applied: [AppliedJob] = []
    for file in files {
      let refresh = try Refresh(
        job: self, store: store, file: file, exportName: name, notify: notify)
      let plan = try await refresh.plan()
      applied.append(try carryOut(plan, on: store, notify: notify))
    }
    try JobFailure.storing { () throws(StoreFailure) in try store.close() }
    return applied
  }

  private func carryOut(
    _ plan: Plan, on store: StateStore, notify: (JobProgress) -> Void
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
        uniqueTeamKeys: basis.teamKeys, teamFingerprinter: basis.teamFingerprinter, approval: nil,
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
