import ArgumentParser

/// How much is said, and in which colours.
struct ConsoleOptions: ParsableArguments {
  @Flag(
    name: [.long, .customShort("q")],
    help: "Print no summaries and no progress; errors and the data asked for are still printed.")
  var quiet = false

  @Flag(
    name: [.long, .customShort("v")],
    help: "Say on standard error what is being done and how long it took.")
  var verbose = false

  @Flag(
    name: .customLong("no-color"),
    help: "No colours, even on a terminal; so does the environment variable NO_COLOR.")
  var noColor = false

  func validate() throws {
    guard !(quiet && verbose) else {
      throw ValidationError("--quiet and --verbose cannot both be given.")
    }
  }
}

/// In which form results go to standard output.
struct OutputOptions: ParsableArguments {
  enum Form: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
  }

  @Option(help: ArgumentHelp("For people (text) or for programs (json).", valueName: "form"))
  var output = Form.text
}
