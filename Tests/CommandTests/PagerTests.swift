import Foundation
import Testing

/// `show` on a terminal, which `script` (bsdutils) plays.
struct PagerTests {
  private static let script = "/usr/bin/script"
  private static var isThere: Bool { FileManager.default.isExecutableFile(atPath: script) }

  /// What a person sees, and the exit code.
  private static func show(
    _ job: SmallJob, options: [String] = [], environment: [String: String]
  ) throws -> (text: String, code: Int32) {
    let process = Process()
    let command = ([ProgramRun.program.path, "show", "t.plan"] + options).joined(separator: " ")
    process.executableURL = URL(filePath: script)
    process.arguments = ["-qec", command, "/dev/null"]
    process.currentDirectoryURL = URL(filePath: job.path)
    process.environment = ProgramRun.environment.merging(["TERM": "xterm"]) { $1 }
      .merging(environment) { $1 }
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (String(decoding: text, as: UTF8.self), process.terminationStatus)
  }

  private static func job() throws -> SmallJob {
    let job = try SmallJob(people: SmallJob.crowd(0..<40))
    try #require(try job.run("plan", "--out", "t.plan", "-q").code == 0)
    return job
  }

  @Test(.enabled(if: isThere, "script is not installed"))
  func aPlanIsGivenToThePager() throws {
    let (text, code) = try Self.show(
      Self.job(), environment: ["PAGER": "cat -n", "ROLLCALL_PAGER": "sed 's/^/paged /'"])
    #expect(text.contains("paged "))
    #expect(text.contains("p39@example.com"))
    #expect(code == 0)
  }

  @Test(
    .enabled(if: isThere, "script is not installed"),
    arguments: [["--no-pager"], ["--output", "json"]])
  func thereAreNoPagesForWhoWantsNone(options: [String]) throws {
    let (text, code) = try Self.show(
      Self.job(), options: options, environment: ["PAGER": "sed 's/^/paged /'"])
    #expect(!text.contains("paged "))
    #expect(text.contains("p39@example.com"))
    #expect(code == 0)
  }

  @Test(.enabled(if: isThere, "script is not installed"))
  func whoHasReadEnoughMayGo() throws {
    let (text, code) = try Self.show(Self.job(), environment: ["PAGER": "head -n 1"])
    #expect(!text.contains("p39@example.com"))
    #expect(code == 0)
  }

  @Test(
    .enabled(if: isThere, "script is not installed"),
    arguments: ["", "cat", "no-such-pager-anywhere"])
  func withoutAPagerEverythingIsPrinted(pager: String) throws {
    let (text, code) = try Self.show(Self.job(), environment: ["PAGER": pager])
    #expect(text.contains("p39@example.com"))
    #expect(code == 0)
  }
}
