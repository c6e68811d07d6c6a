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
      let end = Result { () throws(ExitStatus) in try watch.end() }
      try tell(applied.reportSource, planFile: plan, job, console)
      try end.get()
      try ExitRules(forgivesHolds: exitZeroOnHold).status(ofApplied: applied.planned.plan)
        .conclude()
    } catch JobFailure.refused(let planned) {
      try watch.end()
      let saved = try planned.path == nil ? save(planned, job) : planned
      try tell(saved.reportSource, planFile: saved.path, job, console)
      throw ExitStatus.refused
    }
  }

  /// Reports first: whoever reads our output may be gone before its end.
  private func tell(
    _ source: ReportSource, planFile: String?, _ job: Job, _ console: Console
  ) throws {
    let folder = ReportFolder(
      path: reportsPath(job), planFile: planFile, jobOptions: jobOptions.forNextCommand)
    let paths = Result { () throws(OutputFailure) in
      try folder.write(source, as: ReportForm.usual)
    }
    try console.summarize(
      source, as: outputOptions.output, planFile: planFile, jobOptions: jobOptions.forNextCommand)
    switch paths {
    case .success(let paths):
      if outputOptions.output == .text {
        try console.say("\n\(console.style(.heading, "Reports"))\n")
        for path in paths { try console.say("  \(VisibleText(path))\n") }
      }
    case .failure(let failure):
      Console.complain([
        source.run == nil
          ? "The reports could not be written."
          : "The run is done, but its reports are not written.",
        failure.description,
      ])
      throw ExitStatus.unexpected
    }
  }

  private func save(_ planned: PlannedJob, _ job: Job) throws -> PlannedJob {
    let folder = ReportFolder(path: reportsPath(job), planFile: nil, jobOptions: "")
    let path = "\(folder.path)/\(ReportFolder.stem(of: planned.reportSource)).plan"
    do {
      try folder.make()
    } catch {
      throw JobFailure.unexpected(error.description)
    }
    return try job.save(planned, to: path)
  }

  private func reportsPath(_ job: Job) -> String { reports ?? job.policy.reportsPath }
}
