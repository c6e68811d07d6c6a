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
    notify: (JobProgress) -> Void = { _ in }
  ) throws(JobFailure) -> VerifiedState {
    do throws(StoreFailure) {
      let store = try StateStore.open(statePath, as: .reading)
      notify(JobProgress(.checkingState))
      if let words = try store.verifyFile() {
        throw StoreFailure(.corrupt(detail: words), path: statePath)
      }
      notify(JobProgress(.checkingJournal))
      let found = try store.checkWholeJournal()
      let verified = VerifiedState(
        lineage: store.identity.lineage, journalHead: store.identity.journalHead,
        runCount: found.runCount, operationCount: found.operationCount,
        erasedCount: found.erasedCount)
      try store.close()
      return verified
    } catch {
      if case .corrupt = error.problem { throw .unverified(error.message) }
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

  func checkJournal(ofRun number: Int) throws(StoreFailure) {
    if let breach = try journalBreach(ofRun: number) {
      throw StoreFailure(.journalChanged(breach), path: path)
    }
  }

  func checkWholeJournal() throws(StoreFailure) -> JournalVerification {
    let found = try verifyJournal()
    if let breach = found.breach { throw StoreFailure(.journalChanged(breach), path: path) }
    return found
  }
}
