import ArgumentParser
import Identity
import Reading
import Reconciling
import Reporting

extension TableChanges.Form: ExpressibleByArgument {}

/// `rollcall diff` compares two CSV files.
struct DiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two CSV files row by row; no policy, no state.",
    discussion: """
      Rows belong together if their key columns have the same values; the order of rows and columns, \
      delimiters, quotes and encodings do not matter. - stands for standard input.

        rollcall diff monday.csv tuesday.csv --key userPrincipalName
        rollcall diff old.csv new.csv --key groupId,memberId --output csv

      Exit code 0; with --detailed-exitcode 2 if anything differs, a key could not be compared, or the \
      columns are not the same.
      """)

  @Argument(help: "The file as it was.")
  var old: String

  @Argument(help: "The file as it is.")
  var new: String

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "The column that tells rows apart; several with commas or by repeating.",
      valueName: "column"))
  var key: [String]

  @Option(
    help: ArgumentHelp(
      "For people (text), programs (json) or spreadsheets (csv).", valueName: "form"))
  var output = TableChanges.Form.text

  @Flag(name: .customLong("detailed-exitcode"), help: "Exit with 2 if the files differ.")
  var detailedExitCode = false

  @Option(
    help: ArgumentHelp(
      "How many processor cores to use; the result is the same. (default: all)",
      valueName: "count"))
  var jobs: Int?

  @OptionGroup(title: "Console options")
  var consoleOptions: ConsoleOptions

  private var keyColumns: [String] {
    key.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }

  func validate() throws {
    try JobOptions.check(jobs: jobs)
    guard !keyColumns.isEmpty, keyColumns.allSatisfy({ !$0.isEmpty }) else {
      throw ValidationError("--key takes the names of columns, such as --key groupId,memberId.")
    }
    guard Set(keyColumns).count == keyColumns.count else {
      throw ValidationError("--key names a column twice.")
    }
    guard old != "-" || new != "-" else {
      throw ValidationError("Only one of the two files can be standard input.")
    }
  }

  func run() async throws {
    let console = Console(consoleOptions)
    do {
      let diff = try TableDiff(
        old: old, new: new, key: keyColumns, jobs: jobs ?? ExportReader.allCores)
      let watch = RunWatch(console)
      watch.notify(JobProgress(.comparing))
      let changes = try await diff.changes { done, total in
        watch.notify(JobProgress(.comparing, done: done, total: total))
      }
      try watch.end()
      tell(changes.findings, console)
      let data = console.data(output.terminalForm)
      try changes.write(as: output) { (bytes) throws(OutputEnd) in try data.append(bytes) }
      try data.end()
      guard detailedExitCode, !changes.isEmpty else { return }
      throw ExitStatus.changes
    } catch let failure as ReadFailure {
      throw JobFailure.unreadable([failure.message])
    }
  }

  private func tell(_ findings: [Finding], _ console: Console) {
    for finding in findings where finding.severity > .note { console.remark(finding) }
  }
}

extension TableChanges.Form {
  /// Text is fit for a terminal already.
  fileprivate var terminalForm: TerminalText.Form? {
    switch self {
    case .text: nil
    case .json: .json
    case .csv: .csv
    }
  }
}
