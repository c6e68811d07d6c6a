import Foundation
import Scanning

/// What the figures were measured on and with; without it they say little.
struct Machine {
  let facts: [(name: String, value: String)]

  init(root: URL, work: URL, duckDB: String?, sqlite: String?) {
    let asking = Asking(log: work.appending(path: "machine.txt"))
    facts = [
      ("processor", Self.line("model name", of: "/proc/cpuinfo") ?? "unknown"),
      ("vector instructions", "\(VectorInstructions.ofWords)"),
      ("cores", String(ProcessInfo.processInfo.activeProcessorCount)),
      ("memory", Self.line("MemTotal", of: "/proc/meminfo") ?? "unknown"),
      ("kernel", asking.answer("uname", "-sr")),
      ("system", Self.systemName()),
      (
        "Swift", asking.answer(ProcessInfo.processInfo.environment["SWIFT"] ?? "swift", "--version")
      ),
      ("rollcall", asking.answer("git", "-C", root.path, "describe", "--always", "--dirty")),
      ("DuckDB", duckDB.map { "\($0) (Python package, threads=2)" } ?? "not available"),
      ("SQLite shell", sqlite.map { asking.answer($0, "--version") } ?? "not available"),
    ]
  }

  private static func line(_ name: String, of path: String) -> String? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    return text.split(separator: "\n").first { $0.hasPrefix(name) }?
      .split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
  }

  private static func systemName() -> String {
    guard let text = try? String(contentsOfFile: "/etc/os-release", encoding: .utf8) else {
      return "unknown"
    }
    return text.split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }?
      .split(separator: "=").last?.trimmingCharacters(in: CharacterSet(charactersIn: "\""))
      ?? "unknown"
  }
}

/// Asks other programs for one line.
private struct Asking {
  let log: URL

  func answer(_ command: String...) -> String {
    let asking = ChildProcess(command: ["/usr/bin/env"] + command, output: log)
    guard (try? asking.measured()) != nil,
      let text = try? String(contentsOf: log, encoding: .utf8),
      let line = text.split(separator: "\n").first
    else { return "unknown" }
    return String(line)
  }
}
