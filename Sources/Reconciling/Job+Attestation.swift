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
    let store = try open(.reading)
    let planned = try await plan(on: store, notify: notify)
    let key = store.secret(.seal)
    try JobFailure.storing { () throws(StoreFailure) in try store.close() }
    guard let attestation = Attestation(of: planned.plan) else { return .notClean(planned) }
    do {
      try OutputFile.write(to: target) { (sink) throws(OutputFailure) in
        try sink.append(attestation.bytes(key: key))
      }
    } catch {
      throw .unexpected(error.description)
    }
    return .attested(attestation)
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
    let runs = try JobFailure.storing { () throws(StoreFailure) in try store.runs() }
    let place =
      attestation.journalHead == store.identity.journalHead
      ? runs.count
      : runs.firstIndex { $0.head == attestation.journalHead }.map { $0 + 1 }
    return VerifiedAttestation(
      attestation: attestation, runsSince: place.map { runs.count - $0 },
      isPolicyTheSame: attestation.policyDigest == policy.digest)
  }

  /// Checks the seal of a plan; unlike `load`, never without the state.
  package func verify(planAt path: String) throws(JobFailure) -> PlannedJob {
    let store = try open(.reading)
    defer { try? store.close() }
    return try load(planAt: path, key: store.secret(.seal))
  }
}
