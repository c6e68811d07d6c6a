import PlanFile

// What a report in which nobody is named says of itself, and how its reader keeps it that way.

extension ReportSource {
  /// For the head of a report; nil where values stand as they are.
  var pseudonymousSentence: String? {
    guard isPseudonymous else { return nil }
    return "Pseudonymous: values of people are replaced by digests (p-…); "
      + "equal values have equal digests."
  }
}

extension [NextStep] {
  /// The commands for whoever reads a report of this source: one in which nobody is named leads to no other kind.
  ///
  /// ```
  /// rollcall show PLAN   → rollcall report PLAN --pseudonymous
  /// ```
  func forReaders(of source: ReportSource) -> [NextStep] {
    guard source.isPseudonymous else { return self }
    return map { step in
      guard step.purpose == .show else { return step }
      let command = step.command.replacing("rollcall show ", with: "rollcall report ")
      return NextStep(purpose: .show, command: command + " --pseudonymous")
    }
  }
}
