import PlanFile
import Storing

extension JobFailure {
  /// Runs something of the state's and says in one sentence why it failed.
  static func storing<T>(
    _ body: () throws(StoreFailure) -> T
  ) throws(JobFailure) -> T {
    do { return try body() } catch { throw JobFailure(error) }
  }

  /// The same, for reads that use all cores.
  static func storing<T>(
    _ body: () async throws(StoreFailure) -> T
  ) async throws(JobFailure) -> T {
    do { return try await body() } catch { throw JobFailure(error) }
  }

  init(_ failure: StoreFailure) {
    switch failure.problem {
    case .locked: self = .locked(failure.message)
    case .approvalUsed, .journalChanged: self = .unverified(failure.message)
    case .unknownRun, .missing: self = .usage(failure.message)
    default: self = .unexpected(failure.message)
    }
  }
}
