import Identity
import Storing
import Synchronization

/// Gives new members and teams the ids that the state keeps for them.
///
/// Deciding cannot fail, so a state that cannot be read is noted here and told by `check`, before the plan goes anywhere.
final class IDSource: Sendable {
  private let store: StateStore
  private let failure = Mutex<StoreFailure?>(nil)

  init(_ store: StateStore) {
    self.store = store
  }

  /// The id of the next bearer of a source key in an export.
  func id(_ kind: ResourceID.Kind, export: String, sourceKey: [UInt8]) -> ResourceID {
    var generation = 0
    do throws(StoreFailure) {
      generation = try store.generation(kind, export: export, sourceKey: sourceKey)
    } catch {
      failure.withLock { $0 = $0 ?? error }
    }
    return ResourceID(
      lineage: store.identity.lineage, export: export, kind: kind, sourceKey: sourceKey,
      generation: generation)
  }

  /// Throws the first failure there was.
  func check() throws(JobFailure) {
    if let failure = failure.withLock({ $0 }) { throw JobFailure(failure) }
  }
}
