package import Identity
package import PlanFile
package import Storing

/// Carries a plan out on the embedded state: one transaction, all of it or nothing.
///
/// Only the operations decide what is written. Situations, rules and findings go into the journal for people; nothing
/// here looks at them. The plan must have been judged by its guards before.
package struct Application {
  /// Why the state is written.
  package enum Purpose: Sendable {
    /// The exports want it so: what is written is ours.
    case carryingOut
    /// The target is so already (`refresh`): nothing becomes ours by noting it.
    case takingNote
  }

  private let plan: Plan
  private let planName: String
  private let basis: IndexBasis
  /// The attributes no two members may share.
  private let uniqueKeys: [MatchKey]
  /// The attributes no two teams may share.
  private let uniqueTeamKeys: [MatchKey]
  private let teamFingerprinter: Fingerprinter
  private let approval: Approval?
  /// What the journal keeps of the plan beside its operations.
  private let record: [UInt8]
  private let purpose: Purpose

  package init(
    plan: Plan, planName: String, basis: IndexBasis, uniqueKeys: [MatchKey],
    uniqueTeamKeys: [MatchKey], teamFingerprinter: Fingerprinter, approval: Approval?,
    record: [UInt8], purpose: Purpose = .carryingOut
  ) {
    self.plan = plan
    self.planName = planName
    self.basis = basis
    self.uniqueKeys = uniqueKeys
    self.uniqueTeamKeys = uniqueTeamKeys
    self.teamFingerprinter = teamFingerprinter
    self.approval = approval
    self.record = record
    self.purpose = purpose
  }

  /// Checks everything the plan touches, then writes it with its journal and bookkeeping.
  ///
  /// `clock` gives seconds since 1970; it is asked at the beginning and at the end. `progress` is told now and then how
  /// many operations are written, never around the commit.
  package func carryOut(
    on store: StateStore, clock: () -> Int, progress: (Int) -> Void = { _ in }
  ) throws(ApplyFailure) -> RunRecord {
    do {
      return try store.write { state in
        try state.rebase(basis)
        // A directory may well hold one value twice; taking note of it changes nothing there.
        let isOurs = purpose == .carryingOut
        var check = StaleCheck(
          plan: plan, uniqueKeys: isOurs ? uniqueKeys : [],
          uniqueTeamKeys: isOurs ? uniqueTeamKeys : [], teamFingerprinter: teamFingerprinter)
        let drifts = try check.drifts(in: state)
        guard drifts.isEmpty else { throw ApplyFailure.stale(drifts) }
        return try write(to: state, clock: clock, progress: progress)
      }
    } catch let failure as ApplyFailure {
      throw failure
    } catch let failure as StoreFailure {
      throw .store(failure)
    } catch {
      throw .store(StoreFailure(.inputOutput(detail: "\(error)"), path: store.path))
    }
  }

  private func write(
    to state: StateTransaction, clock: () -> Int, progress: (Int) -> Void
  ) throws(StoreFailure) -> RunRecord {
    let run = try state.beginRun(
      RunStart(
        startedAt: clock(), planName: planName, policyDigest: plan.evidence.policyDigest,
        approval: approval?.serial, memberAttributes: plan.decisions.memberAttributes,
        teamAttributes: plan.decisions.teamAttributes, evidence: record))
    var writer = OperationWriter(
      state, for: plan.decisions, purpose: purpose, owners: try owners(in: state))
    for (place, operation) in plan.decisions.operations.enumerated() {
      if place % 1000 == 0 { progress(place) }
      let changed = try writer.write(operation)
      let grounds =
        plan.evidence.grounds.indices.contains(place) ? plan.evidence.grounds[place] : nil
      try state.journal(
        operation, origins: grounds?.origins ?? [], stateBefore: grounds?.stateBefore,
        changes: changed.changes, deleted: changed.deleted)
    }
    guard purpose == .carryingOut else { return try state.finishRun(.refreshed, at: clock()) }
    var book = plan.evidence.bookkeeping
    book.ownerships.removeAll { writer.created.contains($0.subject) && $0.kind == .member }
    // The last absence of a leaver is counted by the very plan that deletes it.
    book.absences.removeAll { writer.deleted.contains($0.member) }
    try state.apply(book)
    if let approval { try state.use(approval, inRun: run, at: clock()) }
    try state.clearMarker()
    let isEmpty = plan.decisions.operations.isEmpty
    return try state.finishRun(isEmpty ? .nothingToDo : .applied, at: clock())
  }

  /// The owners of members this plan creates, so that they are written with them.
  private func owners(
    in state: StateTransaction
  ) throws(StoreFailure) -> [ResourceID: ExportSet] {
    var numbers: [String: ExportSet] = [:]
    var owners: [ResourceID: ExportSet] = [:]
    let renamed = plan.evidence.bookkeeping.renamedExports
    for ownership in plan.evidence.bookkeeping.ownerships where ownership.kind == .member {
      // A renamed export still has its old name until the bookkeeping is written.
      let name = renamed.first { $0.value == ownership.export }?.key ?? ownership.export
      if numbers[name] == nil {
        numbers[name] = ExportSet(export: try state.exportNumber(name))
      }
      owners[ownership.subject, default: []].formUnion(numbers[name] ?? [])
    }
    return owners
  }
}
