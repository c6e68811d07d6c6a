import Synchronization

/// Counts on all threads how much of a step is done, and tells it now and then.
final class ProgressCount: Sendable {
  /// Telling every single one would take longer than doing it.
  private static let interval = 64

  private let step: JobProgress.Step
  private let total: Int
  private let notify: @Sendable (JobProgress) -> Void
  private let done = Mutex(0)

  init(
    _ step: JobProgress.Step, total: Int, notify: @escaping @Sendable (JobProgress) -> Void
  ) {
    self.step = step
    self.total = total
    self.notify = notify
    notify(JobProgress(step, total: total))
  }

  /// One more is done; told within the lock, so that the numbers only grow.
  func add() {
    done.withLock { done in
      done += 1
      guard done.isMultiple(of: Self.interval) || done == total else { return }
      notify(JobProgress(step, done: done, total: total))
    }
  }
}
