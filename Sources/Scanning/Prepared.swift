import Dispatch
import Synchronization

/// A value that another thread works out while this one goes on.
///
/// ```
/// let next = Prepared { block(after: current) }
/// try write(current)             the other core works on `next` meanwhile
/// current = next.take()
/// ```
///
/// SQLite writes with one thread; what it writes need not be made by the same one.
package final class Prepared<Value: Sendable>: Sendable {
  private let slot = Mutex<Value?>(nil)
  private let isThere = DispatchSemaphore(value: 0)

  package init(_ body: @escaping @Sendable () -> Value) {
    DispatchQueue.global(qos: .userInitiated).async { [self] in
      let value = body()
      slot.withLock { $0 = value }
      isThere.signal()
    }
  }

  /// Has another thread change a value in its place; nobody else may hold it, or it is copied.
  package init(changing value: consuming Value, _ body: @escaping @Sendable (inout Value) -> Void) {
    slot.withLock { [value] in $0 = value }
    DispatchQueue.global(qos: .userInitiated).async { [self] in
      slot.withLock { slot in
        guard var value = slot.take() else { return }
        body(&value)
        slot = value
      }
      isThere.signal()
    }
  }

  /// Waits for the value; to be called once.
  package func take() -> Value {
    isThere.wait()
    guard let value = slot.withLock({ $0.take() }) else {
      preconditionFailure("a prepared value was taken twice")
    }
    return value
  }
}
