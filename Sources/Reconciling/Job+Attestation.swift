import Identity
package import PlanFile
import Storing

/// What came of asking the state for its word.
package enum Attesting: Sendable, Hashable {
  case attested(Attestation)
  /// Something is left to do or to look at.
  case notClean(PlannedJob)
}

/// An attestation whose seal is this state's, and what has become of the state since.
package struct VerifiedAttestation: Sendable, Hashable {
  package let attestation: Attestation
  /// How many runs the journal has had since; nil where it has no such place.
  package let runsSince: Int?
  package let isPolicyTheSame: Bool
}

extension Job {
  /// Plans, and where nothing is left to do writes the state's sealed word that it equals the exports.
  package func attest(
    to target: String, notify: @escaping @Sendable (JobProgress) -> Void = { _ in }
  ) async throws(JobFailure) -> Attesting {
    try checkTarget(target, of: .attestation)
    let store = try open(.reading)
    // A word about a state whose past somebody has changed is worth nothing.
    _ = try JobFailure.storing { () throws(StoreFailure) in
      try store.checkWholeJournal(notify: notify)
    }
    let planned = try await plan(on: store, notify: notify)
    let key = store.secret(.seal)
    let members = try await countMembers(store)
    try JobFailure.storing { () throws(StoreFailure) in try store.close() }
    guard !planned.plan.isClean || !planned.plan.evidence.inputs.isEmpty else {
      throw .unreadable([
        "No export has a file tonight, so there is nothing that the state could equal. "
          + "Nothing is attested; run attest with the files of the last run."
      ])
    }
    guard let attestation = Attestation(of: planned.plan, members: members) else {
      return .notClean(planned)
    }
    do {
      try OutputFile.write(to: target) { (sink) throws(OutputFailure) in
        try sink.append(attestation.bytes(key: key))
      }
    } catch {
      throw .unexpected(error.description)
    }
    return .attested(attestation)
  }

  private func countMembers(_ store: StateStore) async throws(JobFailure) -> Attestation.Members {
    let basis = try runBasis(store)
    let members = try await JobFailure.storing { () async throws(StoreFailure) in
      try await store.members(basis.index, threads: settings.jobs)
    }
    let active = members.standings.count { $0.contains(.active) }
    return Attestation.Members(active: active, inactive: members.count - active)
  }

  /// Checks the seal of an attestation, which only the state that gave it can do.
  package func verify(attestationAt path: String) throws(JobFailure) -> VerifiedAttestation {
    let store = try open(.reading)
    defer { try? store.close() }
    let attestation: Attestation
    do {
      attestation = try Attestation.read(path: path, key: store.secret(.seal))
    } catch {
      if case .unreadable = error.reason { throw .usage(error.description) }
      throw .unverified(error.description)
    }
    let runs = try JobFailure.storing { () throws(StoreFailure) in
      try store.checkJournal(inLast: .max)
      return try store.runs()
    }
    let place =
      attestation.journalHead == store.identity.journalHead
      ? runs.count
      : runs.firstIndex { $0.head == attestation.journalHead }.map { $0 + 1 }
    return VerifiedAttestation(
      attestation: attestation, runsSince: place.map { runs.count - $0 },
      isPolicyTheSame: attestation.policyDigest == policy.digest)
  }

  /// Checks the seal of a plan; unlike `load`, never without the state.
  package func verify(
    planAt path: String, notify: @escaping (JobProgress) -> Void = { _ in }
  ) throws(JobFailure) -> PlannedJob {
    let store = try open(.reading)
    defer { try? store.close() }
    try JobFailure.storing { () throws(StoreFailure) in try store.checkJournal(inLast: .max) }
    return try Self.load(planAt: path, key: store.secret(.seal), notify: notify)
  }
}
