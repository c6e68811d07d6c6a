import ArgumentParser
import Reconciling
import Reporting

/// `rollcall show` prints every change of a plan.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print every change of a plan, with old and new values.",
    discussion: """
      + creates, ~ updates, - deactivates or deletes, ^ reactivates, > joins a team, < leaves it. Each \
      line says why and from which line of which file. The plan's seal is checked where the state is at hand; \
      without a policy file the plan is shown unchecked. On a terminal a long plan is shown page by page, by \
      $ROLLCALL_PAGER, $PAGER or less.

        rollcall show tonight.plan
        rollcall show tonight.plan --output json
      """)

  @Argument(help: ArgumentHelp("What plan --out wrote.", valueName: "plan"))
  var plan: String

  @OptionGroup(title: "Job options")
  var jobOptions: JobOptions

  @Flag(name: .customLong("no-pager"), help: "Print everything at once, even on a terminal.")
  var noPager = false

  @OptionGroup(title: "Console options")
  var outputOptions: OutputOptions

  @OptionGroup(title: "Console options")
  var consoleOptions: ConsoleOptions

  func run() throws {
    let console = Console(consoleOptions)
    let shown = try PlanToShow(at: plan, jobOptions, console)
    let source = shown.source
    switch outputOptions.output {
    case .text:
      let report = TextReport(
        style: console.style, planFile: plan, jobOptions: jobOptions.forNextCommand)
      try console.pager(isWanted: !noPager).show { try report.listing(of: source, to: $0) }
    case .json:
      let output = console.data(.json)
      try JSONReport(planFile: plan, jobOptions: jobOptions.forNextCommand)
        .write(source, to: output.append)
      try output.end()
    }
  }
}
