import Storing

/// A state whose file and journal have been looked through and found whole.
package struct VerifiedState: Sendable, Hashable {
  package let lineage: String
  package let journalHead: String
  package let runCount: Int
  package let operationCount: Int
  /// Operations whose values have been erased, which is allowed.
  package let erasedCount: Int
}

extension Job {
  /// Looks through the state's file and its whole journal.
  ///
  /// - Throws: `unverified` with the first thing that is wrong.
  package func verifyState(
    notify: @escaping (JobProgress) -> Void = { _ in }
  ) throws(JobFailure) -> VerifiedState {
    do throws(StoreFailure) {
      let store = try StateStore.open(statePath, as: .reading)
      notify(JobProgress(.checkingState))
      if let words = try store.verifyFile() {
        throw StoreFailure(.corrupt(detail: words), path: statePath)
      }
      let found = try store.checkWholeJournal(notify: notify)
      let verified = VerifiedState(
        lineage: store.identity.lineage, journalHead: store.identity.journalHead,
        runCount: found.runCount, operationCount: found.operationCount,
        erasedCount: found.erasedCount)
      try store.close()
      return verified
    } catch {
      switch error.problem {
      // A table that is gone is damage, too.
      case .corrupt, .database: throw .unverified(error.message)
      default: break
      }
      throw JobFailure(error)
    }
  }

  /// Throws `unverified` where the last runs are visibly not what was written down; reads no values.
  package func checkJournal(inLast count: Int) throws(JobFailure) {
    let store = try open(.reading)
    defer { try? store.close() }
    try JobFailure.storing { () throws(StoreFailure) in try store.checkJournal(inLast: count) }
  }
}

extension StateStore {
  func checkJournal(inLast count: Int) throws(StoreFailure) {
    if let breach = try journalBreach(inLast: count) {
      throw StoreFailure(.journalChanged(breach), path: path)
    }
  }

  func checkJournal(
    ofRun number: Int, notify: @escaping (JobProgress) -> Void = { _ in }
  ) throws(StoreFailure) {
    let step = JobProgress.Step.checkingJournal
    notify(JobProgress(step))
    let breach = try journalBreach(ofRun: number) { done, total in
      notify(JobProgress(step, done: done, total: total))
    }
    if let breach {
      throw StoreFailure(.journalChanged(breach), path: path)
    }
  }

  func checkWholeJournal(
    notify: @escaping (JobProgress) -> Void = { _ in }
  ) throws(StoreFailure) -> JournalVerification {
    let step = JobProgress.Step.checkingJournal
    notify(JobProgress(step))
    let found = try verifyJournal { done, total in
      notify(JobProgress(step, done: done, total: total))
    }
    if let breach = found.breach { throw StoreFailure(.journalChanged(breach), path: path) }
    return found
  }
}
