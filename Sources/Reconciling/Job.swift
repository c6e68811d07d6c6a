import Applying
import Identity
package import PlanFile
import Planning
import Scanning
import Storing

/// What an operator can have done: one call per command, over one policy and one state.
package struct Job: Sendable {
  package let settings: JobSettings
  package let policy: Policy

  /// Reads the policy; throws `policy` with every problem it has.
  package init(_ settings: JobSettings) throws(JobFailure) {
    self.settings = settings
    do {
      policy = try Policy.load(contentsOf: settings.policy)
    } catch {
      throw .policy(error.problems.flatMap { $0.lines(in: error.path) })
    }
  }

  package var statePath: String { settings.state ?? policy.statePath }

  /// Seconds since 1970, as `--now` or the clock has it.
  package var now: Int { settings.now ?? SystemClock.now }

  // MARK: - Planning

  /// Makes a plan and changes nothing.
  ///
  /// A plan that a guard refuses is a value, not a failure. With `path` it is written, too, whole or not at all.
  package func plan(
    savingTo path: String? = nil, notify: @escaping @Sendable (JobProgress) -> Void = { _ in }
  ) async throws(JobFailure) -> PlannedJob {
    if let path { try checkTarget(path, of: .plan) }
    let store = try open(.readingOrCreating)
    let planned = try await plan(on: store, savingTo: path, notify: notify)
    try JobFailure.storing { () throws(StoreFailure) in try store.close() }
    return planned
  }

  /// So many operations leave enough behind to be worth looking for.
  private static let largePlan = 100_000

  /// Makes a plan, and seals it: a plan that is not written has a name all the same.
  ///
  /// Without `sealingAhead`, a large one is sealed while the caller goes on: a first load writes its members meanwhile.
  func plan(
    on store: StateStore, savingTo path: String? = nil, sealingAhead: Bool = true,
    notify: @escaping @Sendable (JobProgress) -> Void
  ) async throws(JobFailure) -> PlannedJob {
    let reconciliation = try Reconciliation(
      policy: policy, store: store, settings: settings, now: now, notify: notify)
    let plan = try await reconciliation.plan()
    if plan.decisions.operations.count > Self.largePlan { FreedMemory.giveBack() }
    if !sealingAhead, path == nil, plan.decisions.operations.count > Self.largePlan {
      let key = store.secret(.seal)
      // Whoever writes meanwhile has more to do, and the other core is enough for this.
      let name = LateText {
        PlanWriter.$piecesAhead.withValue(1) {
          PlanWriter.write(plan, key: key) { (_: [UInt8]) in }.planName
        }
      }
      return PlannedJob(plan: plan, lateName: name)
    }
    notify(JobProgress(.sealing))
    // The name of a plan is the digest of its file, so what is written anyway is not made twice.
    // Each operation has a line, and one with its grounds.
    let lines = 2 * plan.decisions.operations.count
    let progress = { (done: Int) in
      guard done < lines else { return }
      notify(JobProgress(.sealing, done: done, total: lines))
    }
    if let path { return try save(plan, to: path, key: store.secret(.seal), progress) }
    let seal = PlanWriter.write(plan, key: store.secret(.seal), progress: progress) {
      (_: [UInt8]) in
    }
    return PlannedJob(plan: plan, name: seal.planName)
  }

  /// Writes a plan whole or not at all, readable by its owner only.
  package func save(_ planned: PlannedJob, to path: String) throws(JobFailure) -> PlannedJob {
    let store = try open(.reading)
    let key = store.secret(.seal)
    try JobFailure.storing { () throws(StoreFailure) in try store.close() }
    return try save(planned.plan, to: path, key: key)
  }

  private func save(
    _ plan: Plan, to path: String, key: [UInt8], _ progress: (Int) -> Void = { _ in }
  ) throws(JobFailure) -> PlannedJob {
    do {
      var name = ""
      try OutputFile.write(to: path) { (sink) throws(OutputFailure) in
        let seal = try PlanWriter.write(plan, key: key, progress: progress) {
          (piece) throws(OutputFailure) in
          try sink.append(piece)
        }
        name = seal.planName
      }
      return PlannedJob(plan: plan, name: name, path: path)
    } catch {
      throw .unexpected(error.description)
    }
  }

  /// Reads a plan; its seal is checked where the state is at hand.
  package func load(
    planAt path: String, notify: @escaping (JobProgress) -> Void = { _ in }
  ) throws(JobFailure) -> PlannedJob {
    var key: [UInt8]?
    if SystemFiles.exists(statePath) {
      let store = try open(.reading)
      key = store.secret(.seal)
      try JobFailure.storing { () throws(StoreFailure) in try store.close() }
    }
    return try Self.load(planAt: path, key: key, notify: notify)
  }

  /// Reads a plan under the seal's key; without one its seal stays unchecked.
  package static func load(
    planAt path: String, key: [UInt8]?, notify: @escaping (JobProgress) -> Void = { _ in }
  ) throws(JobFailure) -> PlannedJob {
    do {
      let step = JobProgress.Step.readingPlan(file: path)
      notify(JobProgress(step))
      let sealed = try PlanReader.read(path: path, key: key) { done, total in
        let megabyte = 1_000_000
        notify(JobProgress(step, done: done / megabyte, total: total / megabyte))
      }
      return PlannedJob(plan: sealed.plan, name: sealed.planName, path: path)
    } catch {
      if case .unreadable = error.reason { throw .usage(error.description) }
      throw .unverified(error.description)
    }
  }

  // MARK: - Deciding as a person

  /// Writes a person's word that a refused plan may pass.
  ///
  /// `lets` gives amounts by guard name; `until` is in seconds since 1970, at most seven days ahead.
  package func approve(
    planAt path: String, lets: [String: Int], until: Int, reason: String, to target: String,
    notify: @escaping (JobProgress) -> Void = { _ in }
  ) throws(JobFailure) {
    try checkTarget(target, of: .approval)
    let store = try open(.reading)
    let key = store.secret(.seal)
    try JobFailure.storing { () throws(StoreFailure) in try store.close() }
    let planned = try Self.load(planAt: path, key: key, notify: notify)
    try checkApproval(of: planned, lets: lets, until: until)
    var random = SystemRandomNumberGenerator()
    let approval = Approval(
      plan: planned.name, lets: lets, reason: reason, approver: SystemUser.name, issuedAt: now,
      until: until, serial: String(random.next() as UInt64, radix: 16))
    do {
      try OutputFile.write(to: target) { (sink) throws(OutputFailure) in
        try sink.append(ApprovalFile.bytes(of: approval, key: key))
      }
    } catch {
      throw .unexpected(error.description)
    }
  }

  private func checkApproval(
    of planned: PlannedJob, lets: [String: Int], until: Int
  ) throws(JobFailure) {
    let week = 7 * 86_400
    guard until > now, until - now <= week else {
      throw .usage("An approval must end within seven days from now.")
    }
    for name in lets.keys.sorted() where GuardName(rawValue: name) == nil {
      let names = GuardName.allCases.map(\.rawValue).joined(separator: ", ")
      throw .usage("There is no guard called \(name). The guards are: \(names).")
    }
    let open = planned.plan.evidence.verdicts.filter { verdict in
      !verdict.passed && (lets[verdict.name] ?? -1) < verdict.amount
    }
    guard let first = open.first else { return }
    throw .usage(
      "The plan would still be refused by \(first.name): it needs --let \(first.name)=\(first.amount)."
    )
  }

  /// Ends the pause that a refused run has left, and forgets what the named exports used to look like.
  package func resume(reason: String, accepting exports: [String] = []) throws(JobFailure) {
    let store = try open(.writing)
    let book = try JobFailure.storing { () throws(StoreFailure) in
      try store.checkJournal(inLast: 1)
      return try store.bookkeeping()
    }
    for name in exports where book.baselines[name] == nil {
      throw .usage("There is no good run of an export called \(name) to forget.")
    }
    do {
      try store.write { state in
        try state.beginRun(runStart(reason: reason))
        try state.clearMarker()
        for name in exports { try state.forgetBaseline(of: name) }
        try state.finishRun(.resumed, at: now)
      }
      try store.close()
    } catch let failure as StoreFailure {
      throw JobFailure(failure)
    } catch {
      throw .unexpected("\(error)")
    }
  }

  private func runStart(reason: String) -> RunStart {
    RunStart(
      startedAt: now, planName: "", policyDigest: policy.digest, approval: nil,
      memberAttributes: policy.attributeSet(for: .members),
      teamAttributes: policy.attributeSet(for: .teams),
      evidence: JSONValue.object([
        "resumed": .string(reason), "by": .string(SystemUser.name),
      ]).bytes)
  }

  // MARK: - The state

  func open(_ access: StateStore.Access) throws(JobFailure) -> StateStore {
    try JobFailure.storing { () throws(StoreFailure) in
      try StateStore.open(statePath, as: access)
    }
  }

  /// All runs, the first one first.
  package func history(last count: Int = .max) throws(JobFailure) -> [RunRecord] {
    let store = try open(.reading)
    return try JobFailure.storing { () throws(StoreFailure) in
      try store.withHeldCounts(store.runs().suffix(count))
    }
  }

  /// Why unattended runs wait for a person, in the words in which `apply` would stop; nil where they do not.
  package func suspension() throws(JobFailure) -> JobFailure? {
    let store = try open(.reading)
    let book = try JobFailure.storing { () throws(StoreFailure) in try store.bookkeeping() }
    return book.marker.map {
      .suspended(since: $0.at, planName: $0.planName, reason: $0.breached)
    }
  }
}
