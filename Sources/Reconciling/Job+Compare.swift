import Identity
package import PlanFile

/// Two policies planned on the same exports and the same state.
package struct ComparedPlans: Sendable {
  /// The policy files, as they were named.
  package let policies: (first: String, second: String)
  package let first: Plan
  package let second: Plan
  package let comparison: PlanComparison
  /// Of the members that values refer to.
  package let names: ReferenceNames
}

extension Job {
  /// Plans by this policy and by another one, and says what would be different; changes nothing.
  ///
  /// The other policy stands in for this one: its relative paths, tables included, start in this one's folder, and
  /// its `state:` is left aside.
  ///
  /// - Throws: `policy` for what is wrong with the other file; else what planning throws.
  package func compare(
    with path: String, notify: @escaping @Sendable (JobProgress) -> Void = { _ in }
  ) async throws(JobFailure) -> ComparedPlans {
    let other: Policy
    do {
      other = try Policy.load(contentsOf: path, relativeTo: settings.policy)
    } catch {
      throw .policy(error.problems.flatMap { $0.lines(in: error.path) })
    }
    var settings = settings
    settings.exportsFolder = settings.exportsFolder ?? policy.folder ?? ""
    let state = try StateToRead(of: self)
    let now = now
    func plan(by policy: Policy) async throws(JobFailure) -> Plan {
      let reconciliation = try Reconciliation(
        policy: policy, store: state.store, settings: settings, now: now, notify: notify)
      return try await FindingLog.listingAll { () async throws(JobFailure) in
        try await reconciliation.plan()
      }
    }
    let first = try await plan(by: policy)
    let second: Plan
    do {
      second = try await plan(by: other)
    } catch .unreadable(let lines) {
      throw .unreadable(lines.map { "by \(path): \($0)" })
    } catch {
      throw error
    }
    var names = ReferenceNames()
    for plan in [first, second] {
      names.add(plan.references, in: plan) { Self.name(of: $0, in: state.store) }
    }
    try state.close()
    return ComparedPlans(
      policies: (self.settings.policy, path), first: first, second: second,
      comparison: PlanComparison(first, second)
        .hiding(Redaction(first.evidence.redacted + second.evidence.redacted)), names: names)
  }
}

extension FindingLog {
  /// Runs `body` with findings listed one by one, however many there are.
  static func listingAll<T: Sendable>(
    _ body: () async throws(JobFailure) -> T
  ) async throws(JobFailure) -> T {
    do {
      return try await $listedPerCode.withValue(.max) { try await body() }
    } catch let failure as JobFailure {
      throw failure
    } catch {
      throw .unexpected("\(error)")
    }
  }
}
