import ArgumentParser
import Reading
import Reconciling

/// `rollcall inspect` says what is in export files.
struct InspectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Say what is in export files; no policy, no state.",
    discussion: """
      Reads each file to its end and prints its format, encoding and preset, how many records it has, for every \
      column how many are filled and how many values differ, which columns could be keys, and everything that is \
      wrong with it. A pattern in quotes stands for the files of one export; - stands for standard input.

        rollcall inspect users.json
        rollcall inspect 'exports/users-*.csv' groups.csv --hide-values

      Of columns that hold passwords no examples are shown. Exit code 3 if a file cannot be read to its end, or has \
      nothing in it.
      """)

  @Argument(help: ArgumentHelp("The files.", valueName: "file"))
  var files: [String]

  @Flag(
    name: .customLong("hide-values"),
    help: "Show no examples: nothing that stands in the records is printed.")
  var hidesValues = false

  @Option(
    help: ArgumentHelp(
      "How many processor cores to use; the result is the same. (default: all)",
      valueName: "count"))
  var jobs: Int?

  @OptionGroup(title: "Console options")
  var outputOptions: OutputOptions

  @OptionGroup(title: "Console options")
  var consoleOptions: ConsoleOptions

  func validate() throws {
    try JobOptions.check(jobs: jobs)
    guard !files.isEmpty else { throw ValidationError("Name a file to inspect.") }
  }

  func run() async throws {
    let console = Console(consoleOptions)
    let watch = RunWatch(console)
    let exports = try await ExportInspector(jobs: jobs).inspect(files, notify: watch.notify)
    try watch.end()
    switch outputOptions.output {
    case .text:
      let text = InspectText(style: console.style, hidesValues: hidesValues)
      try console.answer(exports.map(text.page).joined(separator: "\n"))
    case .json:
      try console.answer(InspectText.json(for: exports, hidesValues: hidesValues))
    }
    guard exports.allSatisfy({ $0.content.endedProperly && !$0.content.isBlank }) else {
      throw ExitStatus.unreadable
    }
  }
}
