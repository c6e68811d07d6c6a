import ArgumentParser
import PlanFile
import Reconciling
import Reporting

extension StateFormat: ExpressibleByArgument {}

/// `rollcall export` writes out the current state.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write out the current members and teams.",
    discussion: """
      csv has one row per member with its teams in the last column, json one object per line, scim one \
      ListResponse (RFC 7644) of Users and Groups. Values are exact: neutralise csv before a spreadsheet \
      opens it.

        rollcall export --format csv --to members.csv
        rollcall export --format json | jq -r .userName
      """)

  @Option(help: "csv, json or scim.")
  var format: StateFormat

  @Option(
    help: ArgumentHelp(
      "The file to write, readable by you only. (default: standard output)", valueName: "file"))
  var to: String?

  @OptionGroup(title: "Job options")
  var jobOptions: JobOptions

  @OptionGroup(title: "Console options")
  var consoleOptions: ConsoleOptions

  func run() throws {
    let console = Console(consoleOptions)
    let job = try jobOptions.job()
    if let to, to != "-" { try job.checkTarget(to, of: .state(format)) }
    let file = to.flatMap { $0 == "-" ? nil : $0 }
    // On a terminal the data themselves show how far it is.
    guard file != nil || !console.isTerminal else { return try stream(job, console) { _ in } }
    let watch = RunWatch(console)
    if let file {
      try write(to: file, job, watch.notify)
    } else {
      try stream(job, console, watch.notify)
    }
    try watch.end()
  }

  private func stream(
    _ job: Job, _ console: Console, _ notify: @escaping (JobProgress) -> Void
  ) throws {
    let output = console.data(format == .csv ? .csv : .json)
    try job.export(format, notify: notify) { try output.append($0) }
    try output.end()
  }

  private func write(
    to path: String, _ job: Job, _ notify: @escaping (JobProgress) -> Void
  ) throws {
    do {
      try OutputFile.write(to: path) { sink in
        let append = { (bytes: [UInt8]) throws in try sink.append(bytes) }
        try withoutActuallyEscaping(append) {
          try job.export(format, notify: notify, to: $0)
        }
      }
    } catch {
      if case .content(let cause) = error.reason { throw cause }
      throw JobFailure.unexpected(error.description)
    }
  }
}
