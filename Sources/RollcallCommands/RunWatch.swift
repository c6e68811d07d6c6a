import Dispatch
import Glibc
import Reconciling

/// Watches one job for as long as it runs: its progress, Ctrl-C and SIGTERM.
///
/// ```
/// let watch = RunWatch(console)
/// let planned = try await job.plan(notify: watch.notify)
/// try watch.end()
/// ```
final class RunWatch {
  private let progress: RunProgress
  private let signals: [any DispatchSourceSignal]
  private let timer: (any DispatchSourceTimer)?

  init(_ console: Console) {
    let progress = RunProgress()
    self.progress = progress
    signals = [SIGINT, SIGTERM].map { number in
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { progress.interrupt() }
      source.activate()
      return source
    }
    timer = console.showsProgress ? Self.timer { progress.show() } : nil
  }

  private static func timer(
    _ body: @escaping @Sendable () -> Void
  ) -> any DispatchSourceTimer {
    let timer = DispatchSource.makeTimerSource(queue: .global())
    timer.schedule(deadline: .now() + .seconds(1), repeating: .milliseconds(200))
    timer.setEventHandler(handler: body)
    timer.activate()
    return timer
  }

  deinit {
    timer?.cancel()
    for source in signals { source.cancel() }
    progress.clear()
  }

  /// What a job calls; from any thread.
  var notify: @Sendable (JobProgress) -> Void {
    { [progress] in progress.take($0) }
  }

  /// Takes the progress line away.
  ///
  /// - Throws: `interrupted` where a signal came too late to stop the job.
  func end() throws(ExitStatus) {
    try progress.end()
  }
}
