package import Identity
package import PlanFile
package import Scanning
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
  /// Where the plan is still being sealed, the journal waits for it.
  private let planName: LateText
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
    plan: Plan, planName: LateText, basis: IndexBasis, uniqueKeys: [MatchKey],
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
      return try store.write(isFirstLoad(of: store) ? .bulk : .logged) { state in
        try state.rebase(basis)
        var check = staleCheck
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

  /// What the plan saw and the state no longer holds; nothing of it is written.
  package func drifts(on store: StateStore) throws(StoreFailure) -> [Drift] {
    try store.trial { state throws(StoreFailure) in
      try state.rebase(basis)
      var check = staleCheck
      return try check.drifts(in: state)
    }
  }

  private var staleCheck: StaleCheck {
    // A directory may well hold one value twice; taking note of it changes nothing there.
    let isOurs = purpose == .carryingOut
    return StaleCheck(
      plan: plan, uniqueKeys: isOurs ? uniqueKeys : [],
      uniqueTeamKeys: isOurs ? uniqueTeamKeys : [], teamFingerprinter: teamFingerprinter)
  }

  private func write(
    to state: StateTransaction, clock: () -> Int, progress: (Int) -> Void
  ) throws(StoreFailure) -> RunRecord {
    let run = try state.beginRun(
      RunStart(
        startedAt: clock(), planName: planName, policyDigest: plan.evidence.policyDigest,
        approval: approval?.serial, memberAttributes: plan.decisions.memberAttributes,
        teamAttributes: plan.decisions.teamAttributes, evidence: record))
    let exports = try exportSets(in: state)
    var writer = OperationWriter(
      state, for: plan.decisions, purpose: purpose, exports: exports, owners: owners(exports))
    try writeOperations(to: state, with: &writer, progress: progress)
    if let approval { try state.use(approval, inRun: run, at: clock()) }
    guard purpose == .carryingOut else { return try state.finishRun(.refreshed, at: clock()) }
    var book = plan.evidence.bookkeeping
    book.ownerships = Bookkeeping.Ownerships(
      book.ownerships.ofOthers.filter { $0.kind != .member || writer.owners[$0.subject] != nil })
    // The last absence of a leaver is counted by the very plan that deletes it.
    book.absences.removeAll { writer.deleted.contains($0.member) }
    try state.apply(book)
    try state.clearMarker()
    let isEmpty = plan.decisions.operations.isEmpty
    var record = try state.finishRun(isEmpty ? .nothingToDo : .applied, at: clock())
    record.word = approval.map { RunRecord.Word(by: $0.approver, reason: $0.reason) }
    return record
  }

  private func writeOperations(
    to state: StateTransaction, with writer: inout OperationWriter, progress: (Int) -> Void
  ) throws(StoreFailure) {
    let (creates, additions) = (firstRun(of: .createMember), firstRun(of: .addMembership))
    var place = 0
    while place < plan.decisions.operations.count {
      if place == creates.lowerBound, basis.attributes == plan.decisions.memberAttributes,
        let load = writer.creates(creates, of: plan)
      {
        let first = try state.create(load, progress: progress)
        if !additions.isEmpty { writer.noteCreated(creates, of: plan, from: first) }
        place = creates.upperBound
        continue
      }
      if place == additions.lowerBound, let load = try writer.additions(additions, of: plan) {
        try state.add(load, progress: progress)
        place = additions.upperBound
        continue
      }
      if place % 1000 == 0 { progress(place) }
      let operation = plan.decisions.operations[place]
      let changed = try writer.write(operation)
      let grounds =
        plan.evidence.grounds.indices.contains(place) ? plan.evidence.grounds[place] : nil
      try state.journal(
        operation, origins: grounds?.origins ?? [], stateBefore: grounds?.stateBefore,
        changes: changed.changes, deleted: changed.deleted)
      place += 1
    }
  }

  /// The operations of one kind, which follow each other in the order of every plan; a file may hold any order, and
  /// then it is the first run of them.
  private func firstRun(of kind: Operation.Kind) -> Range<Int> {
    // Where they stand: a copy of a million operations counts as many references.
    let operations = plan.decisions.operations.span
    guard let first = operations.indices.first(where: { operations[$0].kind == kind }) else {
      return 0..<0
    }
    let rest = first..<operations.count
    return first..<(rest.first { operations[$0].kind != kind } ?? operations.count)
  }

  /// So many creates are worth a rollback journal.
  private static let bulkSize = 10_000

  /// Whether this plan fills an empty state: then there is next to nothing that a journal must keep.
  private func isFirstLoad(of store: StateStore) throws(StoreFailure) -> Bool {
    guard firstRun(of: .createMember).count >= Self.bulkSize else { return false }
    return try store.hasNoMembers()
  }

  /// The exports that come to own members, as bits; one that is new here gets its number now.
  private func exportSets(
    in state: StateTransaction
  ) throws(StoreFailure) -> [String: ExportSet] {
    var sets: [String: ExportSet] = [:]
    let book = plan.evidence.bookkeeping
    for export in book.ownerships.memberExports {
      // A renamed export still has its old name until the bookkeeping is written.
      let name = book.renamedExports.first { $0.value == export }?.key ?? export
      sets[export] = ExportSet(export: try state.exportNumber(name))
    }
    return sets
  }

  /// Who will own which members, so that new ones are written with their owners; newcomers tell it themselves.
  private func owners(_ exports: [String: ExportSet]) -> [ResourceID: ExportSet] {
    var owners: [ResourceID: ExportSet] = [:]
    for ownership in plan.evidence.bookkeeping.ownerships.ofOthers where ownership.kind == .member {
      owners[ownership.subject, default: []].formUnion(exports[ownership.export] ?? [])
    }
    return owners
  }
}
