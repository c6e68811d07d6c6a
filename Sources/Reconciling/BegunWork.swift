import Scanning

/// Something that another thread works out while this one goes on; whoever allows one core gets it done when it is asked
/// for.
///
/// ```
/// let teams = BegunWork(jobs: settings.jobs) { read(store) }
/// let records = try await readTeams()         when this throws, `teams` is still waited for
/// decide(records, teams.take())
/// ```
///
/// What is begun may read the state, which is closed when a run fails: nothing is left at work behind it.
final class BegunWork<Value: Sendable> {
  private let body: @Sendable () -> Value
  private var prepared: Prepared<Value>?

  /// Begins at once, unless `jobs` is 1.
  init(jobs: Int?, _ body: @escaping @Sendable () -> Value) {
    self.body = body
    prepared = jobs == 1 ? nil : Prepared(body)
  }

  /// Waits for the value; to be called once.
  func take() -> Value {
    guard let prepared else { return body() }
    self.prepared = nil
    return prepared.take()
  }

  deinit { _ = prepared?.take() }
}
