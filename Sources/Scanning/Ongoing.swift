import Synchronization

/// Something that goes on until it is said to be over, for whoever asks from another thread.
package final class Ongoing: Sendable {
  private let goesOn = Atomic<Bool>(true)

  package init() {}

  package var isOngoing: Bool { goesOn.load(ordering: .acquiring) }

  package func end() { goesOn.store(false, ordering: .releasing) }
}
