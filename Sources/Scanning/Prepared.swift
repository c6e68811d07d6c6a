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
/// SQLite writes with one thread; what it writes need not be made by the same one. Whoever takes what no thread has begun
/// works it out itself: the system has as many threads for this as cores, and where each of them waits for a value that
/// stands in the queue behind them, nothing would go on until it notices, a second later.
package final class Prepared<Value: Sendable>: Sendable {
  private enum Work: Sendable {
    case make(@Sendable () -> Value)
    case change(Value, @Sendable (inout Value) -> Void)

    consuming func done() -> Value {
      switch consume self {
      case .make(let body): return body()
      case .change(var value, let body):
        body(&value)
        return value
      }
    }
  }

  private enum State: Sendable {
    case waiting(Work)
    case begun
    case done(Value)
  }

  private let state: Mutex<State>
  private let isThere = DispatchSemaphore(value: 0)

  package init(_ body: @escaping @Sendable () -> Value) {
    state = Mutex(.waiting(.make(body)))
    begin()
  }

  /// Has another thread change a value in its place; nobody else may hold it, or it is copied.
  package init(changing value: consuming Value, _ body: @escaping @Sendable (inout Value) -> Void) {
    state = Mutex(.waiting(.change(value, body)))
    begin()
  }

  private func begin() {
    DispatchQueue.global(qos: .userInitiated).async { [self] in
      guard let work = claim() else { return }
      let value = work.done()
      state.withLock { $0 = .done(value) }
      isThere.signal()
    }
  }

  /// The work, for the one who asks first.
  private func claim() -> Work? {
    state.withLock { state in
      guard case .waiting(let work) = state else { return nil }
      state = .begun
      return work
    }
  }

  /// Waits for the value, or works it out; to be called once.
  package func take() -> Value {
    if let work = claim() { return work.done() }
    isThere.wait()
    return state.withLock { state in
      guard case .done(let value) = state else {
        preconditionFailure("a prepared value was taken twice")
      }
      state = .begun
      return value
    }
  }
}
