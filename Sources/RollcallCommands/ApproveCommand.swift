import ArgumentParser
import PlanFile
import Reconciling
import Reporting
import Scanning

/// `rollcall approve` lets a refused plan pass, once.
struct ApproveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve",
    abstract: "Let a refused plan pass, once and for a while.",
    discussion: """
      Writes an approval: your word that this plan, and no other, may exceed the guards you name, up to \
      the amounts you name. The first run that applies the plan with it uses it up.

        rollcall approve tonight.plan --let removals=240 --until 2h --reason "Plant in Graz was sold"
        rollcall apply tonight.plan --approval tonight.plan.approval

      The guards are those of the policy: \(GuardName.allCases.map(\.rawValue).joined(separator: ", ")).
      """)

  @Argument(help: ArgumentHelp("The plan that was refused.", valueName: "plan"))
  var plan: String

  @Option(
    name: .customLong("let"), parsing: .singleValue,
    help: ArgumentHelp(
      "How much a guard lets pass, such as removals=240; once for each guard.",
      valueName: "guard=amount"),
    transform: { try GuardAllowance(parsing: $0) })
  var lets: [GuardAllowance]

  @Option(
    help: ArgumentHelp(
      "How long it holds: 30m, 2h, 7d at most, or a time such as 2026-12-01T06:00Z.",
      valueName: "time"),
    transform: { try Deadline(parsing: $0) })
  var until: Deadline

  @Option(help: ArgumentHelp("Why; kept in the journal.", valueName: "text"))
  var reason: String

  @Option(
    help: ArgumentHelp(
      "Where to write it. (default: the plan's name and .approval)", valueName: "file"))
  var out: String?

  @OptionGroup(title: "Job options")
  var jobOptions: JobOptions

  @OptionGroup(title: "Console options")
  var outputOptions: OutputOptions

  @OptionGroup(title: "Console options")
  var consoleOptions: ConsoleOptions

  func validate() throws {
    guard !lets.isEmpty else {
      throw ValidationError("Name what may pass, such as --let removals=240.")
    }
    guard Set(lets.map(\.name)).count == lets.count else {
      throw ValidationError("--let names a guard twice.")
    }
    guard reason.contains(where: { !$0.isWhitespace }) else {
      throw ValidationError("--reason is for whoever reads the journal; say why.")
    }
  }

  func run() throws {
    let console = Console(consoleOptions)
    let job = try jobOptions.job()
    let target = out ?? plan + ".approval"
    let end = until.seconds(from: job.now)
    let watch = RunWatch(console)
    try job.approve(
      planAt: plan,
      lets: Dictionary(uniqueKeysWithValues: lets.map { ($0.name.rawValue, $0.amount) }),
      until: end, reason: reason, to: target, notify: watch.notify)
    try watch.end()
    switch outputOptions.output {
    case .text:
      let words = ["rollcall apply \(ShellWord(plan)) --approval \(ShellWord(target))"]
      let command = (words + [jobOptions.forNextCommand.ofState]).filter { !$0.isEmpty }
      try console.say(
        """
        Approved until \(UTCTime(end).short), for one run: \(VisibleText(target))
        Apply it:  \(VisibleText(command.joined(separator: " ")))

        """)
    case .json:
      try console.answer(
        .object([
          "approval": .string(target), "plan": .string(plan),
          "until": .string(UTCTime(end).description),
        ]))
    }
  }
}
