import Foundation
import Testing

/// Data on a terminal: no character of it may steer the terminal, whatever the form.
struct TerminalTests {
  private static let hostile = "x\u{1b}[2J\u{7}\u{9b}\u{202e}\u{2066}\u{ad}\u{7f}y"

  private static func job() throws -> SmallJob {
    let job = try SmallJob()
    try job.write("id,mail,name,enabled\na,a@example.com,\"\(hostile)\",yes\n", as: "users.csv")
    try job.write("id,mail,name,enabled\na,a@example.com,plain,yes\n", as: "old.csv")
    try #require(try job.run("apply", "--quiet").code == 0)
    return job
  }

  @Test(arguments: [
    ["report", "--run", "1", "--format", "csv", "--to", "-"],
    ["report", "--run", "1", "--format", "json", "--to", "-"],
    ["report", "--run", "1", "--format", "text", "--to", "-"],
    ["report", "--run", "1", "--format", "markdown", "--to", "-"],
    ["report", "--run", "1", "--format", "html", "--to", "-"],
    ["export", "--format", "csv"], ["export", "--format", "json"], ["export", "--format", "scim"],
    ["diff", "old.csv", "users.csv", "--key", "id"],
    ["diff", "old.csv", "users.csv", "--key", "id", "--output", "csv"],
    ["diff", "old.csv", "users.csv", "--key", "id", "--output", "json"],
    ["inspect", "users.csv"], ["inspect", "users.csv", "--output", "json"],
    ["init", "users.csv", "--out", "-"],
    ["explain", "a@example.com", "--no-color"],
    ["explain", "a@example.com", "--output", "json"],
  ])
  func noCharacterOfDataSteersTheTerminal(command: [String]) throws {
    let job = try Self.job()
    let terminal = try Terminal()
    let run = try ProgramRun(
      command, in: job.path, environment: ["TERM": "dumb"], output: terminal.screen)
    #expect(run.code == 0, "\(run.complaints)")
    let text = terminal.text()
    #expect(!text.isEmpty)
    for scalar in text.unicodeScalars where scalar != "\n" {
      let category = scalar.properties.generalCategory
      let isSeen = category != .control && category != .format
      #expect(isSeen, "U+\(String(scalar.value, radix: 16)) of \(command)")
    }
  }

  /// Into a file or a pipe it is the value itself.
  @Test(arguments: [
    ["export", "--format", "csv"],
    ["diff", "old.csv", "users.csv", "--key", "id", "--output", "csv"],
    ["report", "--run", "1", "--format", "csv", "--to", "-"],
  ])
  func elsewhereCSVStaysExact(command: [String]) throws {
    let job = try Self.job()
    let run = try ProgramRun(command, in: job.path)
    // Of a report the operations, which have no values.
    let isReport = command[0] == "report"
    #expect(run.output.contains(isReport ? "a@example.com" : Self.hostile), "\(run.output)")
  }
}
