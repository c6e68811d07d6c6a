import PlanFile
import Reconciling
import Reporting

extension PlannedJob {
  var reportSource: ReportSource { ReportSource(plan: plan, planName: name, run: nil) }
}

extension AppliedJob {
  var reportSource: ReportSource {
    ReportSource(plan: planned.plan, planName: planned.name, run: run)
  }
}

extension Console {
  /// The summary of a plan or run, as text or JSON.
  ///
  /// `planFile` and `jobOptions` go into the commands to run next.
  func summarize(
    _ source: ReportSource, as form: OutputOptions.Form, planFile: String?, jobOptions: JobWords
  ) throws(OutputEnd) {
    switch form {
    case .text:
      let report = TextReport(style: style, planFile: planFile, jobOptions: jobOptions)
      try say(report.summary(of: source))
    case .json:
      let report = JSONReport(planFile: planFile, jobOptions: jobOptions)
      let output = data(.json)
      do {
        try report.write(source, to: output.append)
        try output.end()
      } catch .closed {
        // What became of the job is in the exit code, whoever reads the rest.
        return
      }
    }
  }
}
