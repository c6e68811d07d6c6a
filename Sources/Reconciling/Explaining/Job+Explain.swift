import Identity
import PlanFile
import Storing

extension Job {
  /// Why one person or team stands as it does tonight; changes nothing.
  ///
  /// `who` is a key, user name, e-mail, id or team name, or a place such as `users.csv:42`. The exports are read
  /// and the plan is made as by `plan`; what is told of is part of that plan.
  ///
  /// - Throws: `usage` where nobody goes by the name, or too many do; else what planning throws.
  package func explain(
    _ who: String, notify: @escaping @Sendable (JobProgress) -> Void = { _ in }
  ) async throws(JobFailure) -> Explanation {
    let state = try StateToRead(of: self)
    let witness = RunWitness(WhoToExplain(who))
    var reconciliation = try Reconciliation(
      policy: policy, store: state.store, settings: settings, now: now, notify: notify)
    reconciliation.witness = witness
    let plan = try await FindingLog.listingAll { () async throws(JobFailure) in
      try await reconciliation.plan()
    }
    guard let explainer = Explainer(reconciliation, witness, plan) else {
      throw .unexpected("The run came to no decisions to tell of.")
    }
    var explanation = try await explainer.explanation()
    explanation.names.add(explanation.references, in: plan) { Self.name(of: $0, in: state.store) }
    try state.close()
    return explanation
  }
}

extension Explanation {
  /// The members whose ids stand among the values.
  fileprivate var references: Set<ResourceID> {
    let paths = Set(memberAttributes.attributes.filter { $0.kind == .reference }.map(\.path))
    guard !paths.isEmpty else { return [] }
    return Set(
      subjects.flatMap(\.steps).flatMap(\.values).filter { paths.contains($0.attribute) }
        .flatMap { [$0.current, $0.export].compactMap(\.self) }.map { ResourceID($0) })
  }
}
