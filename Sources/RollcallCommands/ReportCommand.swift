import ArgumentParser
import PlanFile
import Reconciling
import Reporting
import Scanning

/// `rollcall report` writes reports of a plan or a run.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write reports of a plan or of a run.",
    discussion: """
      Of the last run if neither a plan nor a run is named. Writes a page (html), a document for programs \
      (json) and four tables for spreadsheets (csv) to the policy's report folder, and prints their names; on \
      request also a summary for a ticket or a chat (markdown) and what show prints (text).

        rollcall report
        rollcall report tonight.plan --format html markdown --to Reports
        rollcall report --run 12 --format json --to -
      """)

  @Argument(help: ArgumentHelp("What plan --out wrote.", valueName: "plan"))
  var plan: String?

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp("The number of a run, as history shows it.", valueName: "number"))
  var runNumber: Int?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "html, json, csv, markdown or text; several are possible. (default: html json csv)"),
    transform: { try Self.forms(in: $0) })
  var format: [[ReportForm]] = []

  @Option(
    help: ArgumentHelp(
      "The folder to write to, or - for standard output (of csv, the operations).",
      valueName: "folder"))
  var to: String?

  @Flag(
    help: """
      Replace values of people by digests under a key of the state: equal values stay equal, so that \
      what belongs together can be joined, and nobody without the state can try names out.
      """)
  var pseudonymous = false

  @OptionGroup(title: "Job options")
  var jobOptions: JobOptions

  @OptionGroup(title: "Console options")
  var outputOptions: OutputOptions

  @OptionGroup(title: "Console options")
  var consoleOptions: ConsoleOptions

  private var forms: [ReportForm] {
    let given = format.flatMap(\.self)
    return given.isEmpty ? ReportForm.usual : ReportForm.allCases.filter(given.contains)
  }

  /// `html,json` as well as `html json`.
  private static func forms(in text: String) throws -> [ReportForm] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
      guard let form = ReportForm(rawValue: String(word)) else {
        throw ValidationError("“\(word)” is none of html, json, csv, markdown and text.")
      }
      return form
    }
  }

  func validate() throws {
    guard plan == nil || runNumber == nil else {
      throw ValidationError("Name a plan or a run, not both.")
    }
    guard to != "-" || forms.count == 1 else {
      throw ValidationError("Standard output takes one report; name one --format.")
    }
  }

  func run() throws {
    let console = Console(consoleOptions)
    var (source, planFile, job) = try found(console)
    let usualFolder = job?.policy.reportsPath
    if pseudonymous {
      guard let job else {
        throw JobFailure.usage(
          "--pseudonymous takes its key from the state; without a policy there is none.")
      }
      let watch = RunWatch(console)
      watch.notify(JobProgress(.replacingNames))
      source = try job.pseudonymous(source)
      try watch.end()
    }
    guard let path = to ?? usualFolder else {
      throw JobFailure.usage("Without a policy there is no report folder; name one with --to.")
    }
    let folder = ReportFolder(
      path: path, planFile: pseudonymous ? nil : planFile,
      // The names of files may be those of people.
      jobOptions: pseudonymous ? "" : jobOptions.forNextCommand)
    if to == "-" {
      for file in forms.flatMap(ReportFile.files).prefix(1) {
        try write(source, as: file, to: folder, console)
      }
      return
    }
    do {
      let watch = RunWatch(console)
      watch.note(.reportsNotWhole)
      let paths = try folder.write(source, as: forms, notify: watch.notify)
      try watch.end()
      try tell(paths, console)
    } catch let failure as OutputFailure {
      throw JobFailure.unexpected(failure.description)
    }
  }

  /// Writes one report to standard output; where that is no terminal, a line tells how far it is.
  private func write(
    _ source: ReportSource, as file: ReportFile, to folder: ReportFolder, _ console: Console
  ) throws {
    let output = console.data(file.terminalForm)
    guard !console.isTerminal else {
      try folder.write(source, as: file, to: output.append)
      return try output.end()
    }
    let watch = RunWatch(console)
    watch.note(.reportsNotWhole)
    let total = source.plan.decisions.operations.count
    let step = JobProgress.Step.reporting(file: "the report")
    watch.notify(JobProgress(step))
    try folder.write(
      source, as: file, progress: { watch.notify(JobProgress(step, done: $0, total: total)) },
      to: output.append)
    try output.end()
    try watch.end()
  }

  /// What is reported, the file of its plan, and the job where there is a policy.
  private func found(
    _ console: Console
  ) throws -> (source: ReportSource, planFile: String?, job: Job?) {
    if let plan {
      let shown = try PlanToShow(at: plan, jobOptions, console)
      let source = shown.planned.reportSource
      return (shown.job?.withBackground(source) ?? source, plan, shown.job)
    }
    let job = try jobOptions.job()
    let watch = RunWatch(console)
    var source = try job.reportSource(run: runNumber, notify: watch.notify)
    let planFile = savedPlan(of: &source, job, notify: watch.notify)
    source = job.withBackground(source)
    try watch.end()
    return (source, planFile, job)
  }

  /// The journal keeps no changes of a run that was refused; the plan that was saved then has them.
  private func savedPlan(
    of source: inout ReportSource, _ job: Job, notify: @escaping (JobProgress) -> Void
  ) -> String? {
    guard source.run?.outcome == .refused, source.plan.decisions.operations.isEmpty
    else { return nil }
    let folder = ReportFolder(path: job.policy.reportsPath, planFile: nil, jobOptions: "")
    guard let path = folder.savedPlan(of: source),
      let planned = try? job.load(planAt: path, notify: notify), planned.name == source.planName
    else { return nil }
    source.take(planned.reportSource.plan)
    return path
  }

  private func tell(_ paths: [String], _ console: Console) throws {
    switch outputOptions.output {
    case .text: try console.answer(paths.map { $0 + "\n" }.joined())
    case .json: try console.answer(.object(["reports": .array(paths.map { .string($0) })]))
    }
  }
}
