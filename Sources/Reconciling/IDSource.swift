import Identity
import Storing
import Synchronization

/// Gives new members and teams the ids that the state keeps for them.
///
/// Deciding cannot fail, so a state that cannot be read is noted here and told by `check`, before the plan goes anywhere.
final class IDSource: Sendable {
  private let store: StateStore
  private let lineage: String
  private let failure = Mutex<StoreFailure?>(nil)
  /// Whether an id of this kind has ever been given out; if not, every key is at its first generation.
  private let isBlank: Mutex<[ResourceID.Kind: Bool]> = Mutex([:])

  init(_ store: StateStore) {
    self.store = store
    lineage = store.identity.lineage
  }

  /// The id of the next bearer of a source key in an export.
  func id(_ kind: ResourceID.Kind, export: String, sourceKey: [UInt8]) -> ResourceID {
    var generation = 0
    do throws(StoreFailure) {
      if try !isBlank(kind) {
        generation = try store.generation(kind, export: export, sourceKey: sourceKey)
      }
    } catch {
      failure.withLock { $0 = $0 ?? error }
    }
    return ResourceID(
      lineage: lineage, export: export, kind: kind, sourceKey: sourceKey, generation: generation)
  }

  /// A first load asks a million times.
  private func isBlank(_ kind: ResourceID.Kind) throws(StoreFailure) -> Bool {
    if let known = isBlank.withLock({ $0[kind] }) { return known }
    let blank = try !store.hasGivenIDs(kind)
    isBlank.withLock { $0[kind] = blank }
    return blank
  }

  /// Throws the first failure there was.
  func check() throws(JobFailure) {
    if let failure = failure.withLock({ $0 }) { throw JobFailure(failure) }
  }
}
