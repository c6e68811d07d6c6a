import Dispatch
import Foundation
import Glibc
import Reconciling

/// Watches one job for as long as it runs: its progress, Ctrl-C, SIGTERM and a terminal that hangs up.
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
    let ended = Self.ignoresHangup ? [SIGINT, SIGTERM] : [SIGINT, SIGTERM, SIGHUP]
    let ready = DispatchSemaphore(value: 0)
    signals = ended.map { number in
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { progress.interrupt() }
      source.setRegistrationHandler { ready.signal() }
      source.activate()
      return source
    }
    // Another thread sees to it. Until it has, a signal ends the program and leaves what was begun.
    for _ in signals { ready.wait() }
    timer = console.showsProgress ? Self.timer { progress.show() } : nil
  }

  /// Whether whoever started us wants us to outlive the terminal, as `nohup` does.
  ///
  /// A signal source would be told all the same.
  private static var ignoresHangup: Bool {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("SigIgn:") }
    let mask = line?.split(whereSeparator: \.isWhitespace).last.flatMap { UInt64($0, radix: 16) }
    return (mask ?? 0) & (1 << UInt64(SIGHUP - 1)) != 0
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

  /// From now on this is what a signal is told.
  func note(_ outcome: RunOutcome) { progress.note(outcome) }

  /// Takes the progress line away while something else is printed.
  func pause() { progress.clear() }

  /// Takes the progress line away.
  ///
  /// - Throws: `interrupted` where a signal came too late to stop the job.
  func end() throws(ExitStatus) {
    try progress.end()
  }
}
