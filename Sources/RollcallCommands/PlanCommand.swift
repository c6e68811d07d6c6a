import ArgumentParser
import PlanFile
import Reconciling

/// `rollcall plan` works out what would change.
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Work out what would change, and change nothing.",
    discussion: """
      Reads the exports, matches them with the state, judges the whole plan by the guards, and prints a \
      summary. With --out the plan is written, sealed, for show, approve and apply. A plan that a guard \
      refuses is written too, and the commands to run next are printed.

        rollcall plan --out tonight.plan

      With --compare nothing is planned for good: both policies are planned on the same exports and state, and \
      what the other one would do otherwise is printed, person by person. The other file stands in for the \
      first one, so its relative paths and its state are those of the first.

        rollcall plan --compare drafts/next.yaml

      Exit code 4 if refused, else 10 if something is held or withheld, else 2 if there are changes and \
      --detailed-exitcode is given, else 0. With --compare 2 if the two differ and --detailed-exitcode is given, \
      else 0.
      """)

  @Option(
    help: ArgumentHelp("Write the plan to this file, readable by you only.", valueName: "file"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Say what this other policy would change, compared with the policy.", valueName: "file"))
  var compare: String?

  @Flag(name: .customLong("detailed-exitcode"), help: "Exit with 2 if there are changes.")
  var detailedExitCode = false

  @Flag(help: "Exit with 0 (or 2) although something is held or withheld.")
  var exitZeroOnHold = false

  @OptionGroup(title: "Job options")
  var jobOptions: JobOptions

  @OptionGroup(title: "Console options")
  var outputOptions: OutputOptions

  @OptionGroup(title: "Console options")
  var consoleOptions: ConsoleOptions

  func validate() throws {
    guard out != "-" else {
      throw ValidationError("--out takes the name of a file; for programs there is --output json.")
    }
    guard compare == nil || (out == nil && !exitZeroOnHold) else {
      throw ValidationError(
        "--compare writes no plan and holds nothing; leave out --out and --exit-zero-on-hold.")
    }
  }

  func run() async throws {
    let console = Console(consoleOptions)
    if let compare {
      try await run(comparingWith: compare, console)
      return
    }
    let watch = RunWatch(console)
    let job = try jobOptions.job()
    let planned = try await job.plan(savingTo: out, notify: watch.notify)
    try watch.end()
    try console.summarize(
      planned.reportSource, as: outputOptions.output, planFile: out,
      jobOptions: jobOptions.forNextCommand)
    Lasting.keep(planned)
    let rules = ExitRules(tellsChanges: detailedExitCode, forgivesHolds: exitZeroOnHold)
    try rules.status(of: planned.plan).conclude()
  }

  private func run(comparingWith path: String, _ console: Console) async throws {
    let watch = RunWatch(console)
    let compared = try await jobOptions.job().compare(with: path, notify: watch.notify)
    try watch.end()
    switch outputOptions.output {
    case .text: try console.answer(ComparisonText(style: console.style).page(for: compared))
    case .json: try console.answer(compared.json)
    }
    if detailedExitCode, !compared.comparison.isEmpty { throw ExitStatus.changes }
  }
}
