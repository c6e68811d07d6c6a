import Reconciling
import Reporting

// The only place with sentences about a job that could not go on. Stages bring the details; here stands
// what to do next.

extension JobFailure {
  /// What is said on standard error, line by line.
  package var lines: [String] {
    switch self {
    case .policy(let problems): problems
    case .unreadable(let reasons): reasons
    // The summary and the next commands have been shown by the command.
    case .refused: ["The plan is refused; nothing was changed."]
    case .suspended(let since, let planName, let reason):
      [
        "A plan was refused on \(UTCTime(since).short), and nothing is applied unattended until a person "
          + "has looked: \(reason).",
        "Approve that plan (\(planName.prefix(12))…) and apply it with --approval, or, if the cause is "
          + "gone, run: rollcall resume --reason \"…\"",
      ]
    case .stale(let drifts): drifts + ["Nothing was changed. Make a new plan."]
    case .locked(let sentence), .unverified(let sentence), .usage(let sentence),
      .unexpected(let sentence):
      [sentence]
    }
  }
}
