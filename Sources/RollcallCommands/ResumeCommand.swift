import ArgumentParser
import Reconciling
import Scanning

/// `rollcall resume` ends the pause that a refusal has left.
struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Let unattended runs apply again after a refusal.",
    discussion: """
      After a guard has refused a plan, every later apply stops with exit code 4 until a person has looked. \
      If the cause is gone (a wrong export was replaced), resume ends that pause; what the next plan does \
      is judged by the guards as always. If a file has lost a column or many rows on purpose, --accept \
      takes its new shape for good.

        rollcall resume --reason "Export was cut off, sent again"
        rollcall resume --reason "Fax numbers are gone for good" --accept staff
      """)

  @Option(help: ArgumentHelp("Why; kept in the journal.", valueName: "text"))
  var reason: String

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Forget what this export looked like, so that its new shape is not held against it.",
      valueName: "export"))
  var accept: [String] = []

  @OptionGroup(title: "Job options")
  var jobOptions: JobOptions

  @OptionGroup(title: "Console options")
  var outputOptions: OutputOptions

  @OptionGroup(title: "Console options")
  var consoleOptions: ConsoleOptions

  func validate() throws {
    guard reason.contains(where: { !$0.isWhitespace }) else {
      throw ValidationError("--reason is for whoever reads the journal; say why.")
    }
  }

  func run() throws {
    let console = Console(consoleOptions)
    try jobOptions.job().resume(reason: reason, accepting: accept)
    switch outputOptions.output {
    case .text: try console.say("Resumed: unattended runs may apply again.\n")
    case .json:
      try console.answer(
        .object(["resumed": .bool(true), "accepted": .array(accept.map { .string($0) })]))
    }
  }
}
