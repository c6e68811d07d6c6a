import Glibc
import Logging
import PlanFile
import Reconciling
import Reporting
import Synchronization

/// Where a job is: shown on a terminal, told to a log, and known when a signal asks for the truth.
///
/// ```
/// step                    on a signal
/// loading … deciding      ends at once: nothing was written
/// writing                 ends when the job next tells where it is, which is never during a commit:
///                         the transaction is rolled back. Told nothing more, the job ends by itself, and
///                         the state is the new one.
/// writing, second signal  ends at once: old or new, and history tells which
/// reporting               ends at once: the state is the new one, and the reports are not whole
/// ```
///
/// Whatever ends it, no temporary file stays behind.
final class RunProgress: Sendable {
  private struct Situation {
    var progress: JobProgress?
    var stepBegan: ContinuousClock.Instant
    /// Whether a progress line stands on the terminal.
    var isShown = false
    var isInterrupted = false
    /// A signal came while writing and the commit was faster.
    var isLate = false
    /// What is done for good.
    var outcome = RunOutcome.nothingWritten
  }

  /// How long a step may take before it is worth a line.
  private static let patience = Duration.seconds(1)

  private let clock = ContinuousClock()
  private let situation: Mutex<Situation>

  init() {
    situation = Mutex(Situation(stepBegan: clock.now))
  }

  /// Takes the progress line away.
  ///
  /// - Throws: `interrupted` where a signal came too late to stop the job.
  func end() throws(ExitStatus) {
    let isLate = situation.withLock { situation in
      close(&situation)
      answerLate(&situation)
      return situation.isLate
    }
    if isLate { throw .interrupted }
  }

  /// Takes note of what is done for good; what comes after it may be stopped at once.
  func note(_ outcome: RunOutcome) {
    situation.withLock { situation in
      close(&situation)
      situation.outcome = outcome
      answerLate(&situation)
    }
  }

  private func answerLate(_ situation: inout Situation) {
    guard situation.isInterrupted else { return }
    situation.isInterrupted = false
    situation.isLate = true
    say("Interrupted, but too late: everything had been written. The state is the new one.")
  }

  /// The same after a failure.
  func clear() {
    situation.withLock { close(&$0) }
  }

  // MARK: - Progress

  /// Takes what a job tells; from any thread.
  func take(_ progress: JobProgress) {
    situation.withLock { situation in
      if situation.progress?.step == .writing, progress.step != .writing {
        situation.outcome = .partlyLoaded
      }
      if situation.isInterrupted { stop(&situation) }
      if progress.step != situation.progress?.step {
        close(&situation)
        situation.stepBegan = clock.now
        Diagnostics.logger.debug("\(StepText(progress, after: 0)) …")
      }
      situation.progress = progress
    }
  }

  /// Writes the line anew; called by a timer, so that a step that tells nothing is seen to go on.
  func show() {
    situation.withLock { situation in
      let duration = clock.now - situation.stepBegan
      guard let progress = situation.progress, duration >= Self.patience else { return }
      situation.isShown = true
      let line = VisibleText("\(StepText(progress, after: duration / .seconds(1)))", limit: 78)
      StandardError.write("\r\(line)\u{1b}[K")
    }
  }

  /// Ends the step: its line goes, and a log is told how long it took.
  private func close(_ situation: inout Situation) {
    if situation.isShown { StandardError.write("\r\u{1b}[K") }
    situation.isShown = false
    guard let step = situation.progress?.step else { return }
    let seconds = (clock.now - situation.stepBegan) / .seconds(1)
    let hundredths = Int((seconds * 100).rounded())
    let text = "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    Diagnostics.logger.debug("\(StepText.name(of: step)): \(text) s")
    situation.progress = nil
  }

  // MARK: - Signals

  /// Answers a signal.
  func interrupt() {
    situation.withLock { situation in
      guard situation.progress?.step == .writing else {
        close(&situation)
        end("Interrupted. \(situation.outcome.sentence)")
      }
      guard !situation.isInterrupted else {
        end(
          "Interrupted twice. The state is as it was before this run or as planned, never between; "
            + "`rollcall history` shows whether the run is there.")
      }
      situation.isInterrupted = true
      say("Interrupted while writing; stopping at the next safe point. Once more stops at once.")
    }
  }

  /// Runs on the thread that writes, between two writes: the transaction is open and dies with us.
  private func stop(_ situation: inout Situation) {
    close(&situation)
    guard situation.outcome == .nothingWritten else {
      end("Interrupted. \(situation.outcome.sentence)")
    }
    end("Interrupted while writing. Nothing of it remains; the state is as it was before this run.")
  }

  private func say(_ text: String) {
    StandardError.write("rollcall: \(text)\n")
  }

  /// Without the handlers of `exit`, which might wait for the thread that is writing.
  private func end(_ text: String) -> Never {
    say(text)
    UnfinishedFiles.removeAll { _exit(ExitStatus.interrupted.rawValue) }
  }
}
