import ArgumentParser
import Reconciling

/// `rollcall explain` tells why one person or team stands as it does.
struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say of one person or team what a run would do tonight, and why not more.",
    discussion: """
      Plans as plan does and follows one person or team through the five steps: import (which records, which \
      exports have none), scope, match (keys, and whom they lead to), evaluate (every value, from its column to \
      the member) and act (what the plan does, and why it does not do what one might expect). WHO is a key, user \
      name, e-mail, id or team name, or a line of an export. --verbose lists values that are the same, too. Nothing is written.

        rollcall explain ann@contoso.com
        rollcall explain exports/users.csv:136
        rollcall explain "Sales EMEA" --output json

      Exit code 64 if nobody goes by the name, 3 if nothing can be planned; what is held or refused is told, and \
      the exit code is 0.
      """)

  @Argument(
    help: ArgumentHelp(
      "A key, user name, e-mail, id, team name, or file:line.", valueName: "who"))
  var who: String

  @OptionGroup(title: "Job options")
  var jobOptions: JobOptions

  @OptionGroup(title: "Console options")
  var outputOptions: OutputOptions

  @OptionGroup(title: "Console options")
  var consoleOptions: ConsoleOptions

  func validate() throws {
    guard !who.isEmpty else {
      throw ValidationError("Name somebody, or a line such as users.csv:42.")
    }
  }

  func run() async throws {
    let console = Console(consoleOptions)
    let watch = RunWatch(console)
    let explanation = try await jobOptions.job().explain(who, notify: watch.notify)
    try watch.end()
    switch outputOptions.output {
    case .text:
      let text = ExplainText(style: console.style, listsAll: console.isVerbose)
      try console.answer(text.page(for: explanation))
    case .json: try console.answer(explanation.json)
    }
  }
}
