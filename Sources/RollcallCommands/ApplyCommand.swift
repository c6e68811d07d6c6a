import ArgumentParser
import PlanFile
import Reconciling
import Reporting
import Scanning

/// `rollcall apply` carries out a plan.
struct ApplyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Carry out a plan, or plan and apply in one step.",
    discussion: """
      Without a plan it makes one and applies it, as a cron job wants it. The guards are judged again \
      before the first write, and everything is written in one transaction: stopped at any moment, the \
      state is the old one or the new one. Reports are written to the policy's report folder.

        rollcall apply tonight.plan
        rollcall apply tonight.plan --approval tonight.plan.approval
        rollcall apply                      every night at two, from cron

      If a guard refuses (exit code 4), nothing is applied, and later runs stop with 4 too until a person \
      approves the plan or runs resume. A plan that was made here is then saved to the report folder.
      """)

  @Argument(
    help: ArgumentHelp("What plan --out wrote; without it a plan is made.", valueName: "plan"))
  var plan: String?

  @Option(help: ArgumentHelp("What approve wrote for this plan.", valueName: "file"))
  var approval: String?

  @Option(
    help: ArgumentHelp(
      "Write the reports here instead of the policy's folder.", valueName: "folder"))
  var reports: String?

  @Flag(help: "Exit with 0 although something is held or withheld.")
  var exitZeroOnHold = false

  @OptionGroup(title: "Job options")
  var jobOptions: JobOptions

  @OptionGroup(title: "Console options")
  var outputOptions: OutputOptions

  @OptionGroup(title: "Console options")
  var consoleOptions: ConsoleOptions

  func validate() throws {
    guard approval == nil || plan != nil else {
      throw ValidationError("--approval is for one plan; name the plan as well.")
    }
  }

  func run() async throws {
    let console = Console(consoleOptions)
    let watch = RunWatch(console)
    let job = try jobOptions.job()
    do {
      let applied = try await job.apply(planAt: plan, approvalAt: approval, notify: watch.notify)
      let number = applied.run.number
      let source = job.withBackground(applied.reportSource)
      let command = reportCommand("--run \(number)", source)
      watch.note(.applied(run: number, reports: command))
      let isReported = try write(
        source, command, planFile: plan, job, console, watch, then: .reported(run: number))
      try watch.end()
      guard isReported else { throw ExitStatus.unexpected }
      try ExitRules(forgivesHolds: exitZeroOnHold).status(ofApplied: applied.planned.plan)
        .conclude()
    } catch JobFailure.refused(let planned) {
      watch.note(.refused(reports: nil))
      let path = plan ?? saved(planned, job)
      // Refused stays refused, whatever becomes of its reports.
      let source = job.withBackground(planned.reportSource)
      let command = path.map { reportCommand("\(ShellWord($0))", source) }
      watch.note(.refused(reports: command))
      _ = try write(
        source, command, planFile: path, job, console, watch, then: .refused(reports: nil))
      try watch.end()
      throw ExitStatus.refused
    }
  }

  /// What writes the reports of `subject` (`--run 3`) where they are not.
  private func reportCommand(_ subject: String, _ source: ReportSource) -> String {
    let forms = ReportForm.left(by: source)
    let words = [
      "rollcall report", subject,
      forms == ReportForm.usual
        ? "" : "--format " + forms.map(\.rawValue).joined(separator: " "),
      reports.map { "--to \(ShellWord($0))" } ?? "", jobOptions.forNextCommand.ofState,
    ]
    return words.filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// Writes the reports, then the summary: whoever reads our output may be gone before its end.
  ///
  /// Returns whether the reports could be written.
  private func write(
    _ source: ReportSource, _ command: String?, planFile: String?, _ job: Job, _ console: Console,
    _ watch: RunWatch, then outcome: RunOutcome
  ) throws -> Bool {
    let folder = ReportFolder(
      path: reportsPath(job), planFile: planFile, jobOptions: jobOptions.forNextCommand)
    let paths = Result { () throws(OutputFailure) in
      try folder.write(source, as: ReportForm.left(by: source), notify: watch.notify)
    }
    if case .success = paths { watch.note(outcome) } else { watch.pause() }
    try console.summarize(
      source, as: outputOptions.output, planFile: planFile, jobOptions: jobOptions.forNextCommand)
    switch paths {
    case .success(let paths):
      if outputOptions.output == .text {
        let list = paths.map { "  \(VisibleText($0))\n" }.joined()
        try console.say("\n\(console.style(.heading, "Reports"))\n\(list)")
      }
      return true
    case .failure(let failure):
      let fact = source.run == nil ? "The plan is refused" : "The run is done"
      let later = command.map { ["Once that is repaired: \($0)"] } ?? []
      Console.complain(
        ["\(fact), but its reports are not written.", failure.description] + later)
      return false
    }
  }

  /// Keeps a refused plan that was made here, so that it can be approved; nil where that fails.
  private func saved(_ planned: PlannedJob, _ job: Job) -> String? {
    let folder = ReportFolder(path: reportsPath(job), planFile: nil, jobOptions: "")
    do {
      try folder.make()
      let place = ReportFolder.withoutDetours(folder.path)
      let path = "\(place)/\(ReportFolder.stem(of: planned.reportSource)).plan"
      return try job.save(planned, to: path).path
    } catch let failure as JobFailure {
      Console.complain(failure.lines)
    } catch {
      Console.complain(["\(error)"])
    }
    return nil
  }

  private func reportsPath(_ job: Job) -> String { reports ?? job.policy.reportsPath }
}
