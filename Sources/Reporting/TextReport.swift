import PlanFile

/// What the console says of a plan or a run; `+Summary` for `plan` and `apply`, `+Listing` for `show`.
///
/// ```
/// let report = TextReport(style: .ansi, planFile: "tonight.plan")
/// print(report.summary(of: source), terminator: "")
/// ```
///
/// Everything that comes from data passes through `VisibleText`.
package struct TextReport: Sendable {
  package let style: Style
  /// As the operator would type it; the commands to run next name it.
  package let planFile: String?
  /// What else these commands need, as a shell takes it: `--policy other.yaml`.
  package let jobOptions: JobWords

  /// Longer values are cut, and say so; the JSON report has them whole.
  static let valueLimit = 2000

  package init(style: Style = .plain, planFile: String?, jobOptions: JobWords = "") {
    self.style = style
    self.planFile = planFile
    self.jobOptions = jobOptions
  }

  func shown(_ text: String) -> String {
    VisibleText(text, limit: Self.valueLimit).description
  }

  /// `== Guards`, with an empty line before it.
  func heading(_ text: String) -> String {
    "\n\(style(.heading, text))\n"
  }

  /// Fills up to a width; counted in scalars, which is right for our own words and near for others.
  func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.unicodeScalars.count))
  }

  func rightAligned(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.unicodeScalars.count)) + text
  }

  /// Verdict, what it means, and which plan it is about.
  func opening(of source: ReportSource) -> String {
    let verdict = Verdict(source)
    return style(verdict.tone(of: source), shown(verdict.title(of: source))) + "\n"
      + shown(verdict.explanation(of: source)) + "\n"
      + style(.quiet, "Plan \(shown(source.planName)), made \(UTCTime(source.plan.evidence.now))")
      + "\n" + (source.pseudonymousSentence.map { style(.heading, $0) + "\n" } ?? "")
  }

  /// The commands that are open now; empty where there are none.
  func closing(of source: ReportSource, without omitted: NextStep.Purpose? = nil) -> String {
    let steps = NextStep.steps(after: source, planFile: planFile, jobOptions: jobOptions)
      .filter { $0.purpose != omitted }
    guard !steps.isEmpty else { return "" }
    let width = steps.map { $0.purpose.sentence.count + 2 }.max() ?? 0
    return heading("Next")
      + steps.map { step in
        "  \(padded(step.purpose.sentence + ":", width))\(shown(step.command))\n"
      }.joined()
  }
}
