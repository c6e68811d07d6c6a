import Foundation
import Identity
import Reporting
import Scanning

/// Where a command speaks: results to standard output, everything else to standard error.
struct Console: Sendable {
  /// Of standard output.
  let style: Style
  /// Whether standard output is one.
  let isTerminal: Bool
  let isQuiet: Bool
  let isVerbose: Bool
  /// Whether a progress line can be rewritten in place.
  let showsProgress: Bool

  init(_ options: ConsoleOptions) {
    let environment = ProcessInfo.processInfo.environment
    isQuiet = options.quiet
    isVerbose = options.verbose
    isTerminal = isatty(STDOUT_FILENO) == 1
    style =
      Self.isColorful(environment, noColor: options.noColor, isTerminal: isTerminal)
      ? .ansi : .plain
    showsProgress = !options.quiet && environment["TERM"] != "dumb" && isatty(STDERR_FILENO) == 1
    Diagnostics.begin(isVerbose: options.verbose)
  }

  /// Colours need a terminal that has them and nobody who does not want them (no-color.org).
  static func isColorful(
    _ environment: [String: String], noColor: Bool, isTerminal: Bool
  ) -> Bool {
    isTerminal && !noColor && (environment["NO_COLOR"] ?? "").isEmpty
      && environment["TERM"] != "dumb"
  }

  /// Prints a summary.
  ///
  /// `--quiet` leaves it out, and a reader that has gone does not change the exit code.
  func say(_ text: String) throws(OutputEnd) {
    guard !isQuiet else { return }
    try answer(text)
  }

  /// A short result that was asked for, printed even when quiet.
  func answer(_ text: String) throws(OutputEnd) {
    do {
      try StandardOutput.write(Array(text.utf8))
    } catch .closed {
      return
    }
  }

  /// A short result as one line of JSON.
  func answer(_ value: JSONValue) throws(OutputEnd) {
    let output = data(.json)
    do {
      try output.append(value.bytes + [UInt8(ascii: "\n")])
      try output.end()
    } catch .closed {
      return
    }
  }

  /// Where a result for programs goes; text of ours passes through `VisibleText` before it comes here.
  func data(_ form: TerminalText.Form?) -> DataOutput { DataOutput(isTerminal ? form : nil) }

  /// A piece of a result that may be long; ends the command when its reader has gone.
  func stream(_ bytes: [UInt8]) throws(OutputEnd) {
    try StandardOutput.write(bytes)
  }

  /// What shows a long text page by page where standard output is a terminal.
  func pager(isWanted: Bool) -> Pager {
    Pager(
      ProcessInfo.processInfo.environment,
      showsPages: isWanted && isTerminal && isatty(STDIN_FILENO) == 1)
  }

  /// Something a person should know that is no error.
  func remark(_ text: String) {
    guard !isQuiet else { return }
    StandardError.write("\(text)\n")
  }

  /// The same for a finding, as an editor finds its place: `users.csv:7: …`.
  func remark(_ finding: Finding) {
    let place = finding.origin.map { "\($0.place): " } ?? ""
    let more = finding.repeats > 0 ? " (and \(StepText.grouped(finding.repeats)) more)" : ""
    remark("\(VisibleText("\(place)\(finding.message)\(more)"))")
  }

  /// What went wrong, one line each; values from data cannot move the cursor.
  static func complain(_ lines: [String]) {
    for line in lines { StandardError.write("rollcall: \(VisibleText(line))\n") }
  }
}
