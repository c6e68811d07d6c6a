import ArgumentParser
import Reconciling
import Reporting
import Scanning

/// `rollcall check` validates the policy and the headers of its exports.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check the policy file and every export that it names.",
    discussion: """
      Says which files will be read, which column gives which attribute, and what is missing. Reads headers \
      only, and touches no state.

        rollcall check
        rollcall check --policy Samples/Contoso/rollcall.yaml --exports Samples/Contoso/night-1

      Exit code 78 if the policy is invalid, 3 if an export could not be read.
      """)

  @OptionGroup(title: "Job options")
  var jobOptions: JobOptions

  @OptionGroup(title: "Console options")
  var outputOptions: OutputOptions

  @OptionGroup(title: "Console options")
  var consoleOptions: ConsoleOptions

  func run() throws {
    let console = Console(consoleOptions)
    let report = try jobOptions.job().check()
    switch outputOptions.output {
    case .text:
      let text = CheckText(style: console.style)
      try console.say(text.page(for: report, policy: jobOptions.settings.policy))
      if console.isQuiet { Console.complain(report.exports.flatMap(\.errors)) }
    case .json: try console.answer(report.json)
    }
    if !report.isGood { throw ExitStatus.unreadable }
  }
}
