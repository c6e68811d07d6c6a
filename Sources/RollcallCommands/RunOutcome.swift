import Reporting

/// What a job has done for good so far, as it is told to whoever ends it before its end.
///
/// ```
/// RunOutcome.applied(run: 3, reports: "rollcall report --run 3").sentence
/// // Run 3 is applied, and the state is the new one. Its reports are not whole; `rollcall report --run 3` writes
/// // them.
/// ```
struct RunOutcome: Sendable, Hashable {
  let sentence: String

  static let nothingWritten = RunOutcome(
    sentence: "Nothing was written; the state is as it was.")

  /// Several files are loaded one after the other, each in a transaction of its own.
  static let partlyLoaded = RunOutcome(
    sentence: "The files before this one are loaded; `rollcall history` shows them.")

  /// Of a state that is only read.
  static let reportsNotWhole = RunOutcome(
    sentence: "The state is as it was; the reports are not whole.")

  static func applied(run number: Int, reports command: String) -> RunOutcome {
    RunOutcome(
      sentence: "Run \(number) is applied, and the state is the new one. "
        + "Its reports are not whole; `\(VisibleText(command))` writes them.")
  }

  /// Once the reports stand.
  static func reported(run number: Int) -> RunOutcome {
    RunOutcome(
      sentence: "Run \(number) is applied, the state is the new one, and its reports are written.")
  }

  /// The marker is written, which is all that a refusal leaves in the state.
  static func refused(reports command: String?) -> RunOutcome {
    RunOutcome(
      sentence:
        "The plan is refused and members and teams are as they were; later unattended runs stop until a "
        + "person has looked."
        + (command.map { " Its reports are not whole; `\(VisibleText($0))` writes them." } ?? ""))
  }
}
