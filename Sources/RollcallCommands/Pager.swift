import Foundation

/// Shows what is longer than the terminal page by page, as `git` and `man` do.
///
/// ```
/// let pager = Pager(environment, showsPages: true)
/// try pager.show { write in try report.listing(of: source, to: write) }
/// ```
///
/// `ROLLCALL_PAGER`, else `PAGER`, else `less` is given the text; `cat` or nothing at all means no pages. Where it
/// cannot be started, the text goes to standard output as it would without it.
struct Pager: Sendable {
  /// The shell command; nil for none.
  let command: String?
  private let environment: [String: String]

  /// `showsPages`: whether anybody is there to turn them.
  init(_ environment: [String: String], showsPages: Bool) {
    self.environment = environment
    command = showsPages ? Self.command(environment) : nil
  }

  private static func command(_ environment: [String: String]) -> String? {
    let chosen = environment["ROLLCALL_PAGER"] ?? environment["PAGER"]
    let command = (chosen ?? "less").trimmingCharacters(in: .whitespaces)
    guard !command.isEmpty, command != "cat", environment["TERM"] != "dumb" else { return nil }
    guard chosen == nil else { return command }
    return isInstalled(command, environment) ? command : nil
  }

  private static func isInstalled(_ program: String, _ environment: [String: String]) -> Bool {
    (environment["PATH"] ?? "").split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
    }
  }

  /// Calls `body` with what it is to write to, and comes back when the reader has seen enough.
  func show(_ body: (([UInt8]) throws -> Void) throws -> Void) throws {
    guard let command else { return try body { try StandardOutput.write($0) } }
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.environment = withDefaults
    process.standardInput = pipe
    do {
      try process.run()
    } catch {
      return try body { try StandardOutput.write($0) }
    }
    // Ctrl-C is the pager's from here on: it ends a search, not the program that feeds it.
    signal(SIGINT, SIG_IGN)
    defer { signal(SIGINT, SIG_DFL) }
    try? pipe.fileHandleForReading.close()
    let end = Result { try feed(body, to: pipe.fileHandleForWriting) }
    try? pipe.fileHandleForWriting.close()
    process.waitUntilExit()
    try end.get()
    // What the shell says of a command that is not there, or that it may not run.
    guard process.terminationReason == .exit, [126, 127].contains(process.terminationStatus) else {
      return
    }
    try body { try StandardOutput.write($0) }
  }

  /// Whoever has read enough closes the pipe, and that is no failure.
  private func feed(
    _ body: (([UInt8]) throws -> Void) throws -> Void, to pipe: FileHandle
  ) throws {
    do {
      try body { bytes in
        do {
          try pipe.write(contentsOf: Data(bytes))
        } catch {
          throw OutputEnd.closed
        }
      }
    } catch OutputEnd.closed {
      return
    }
  }

  /// `less` shows colours, ends by itself where everything fits on the screen, and leaves it there.
  private var withDefaults: [String: String] {
    environment.merging(["LESS": "FRX"]) { own, _ in own }
  }
}
