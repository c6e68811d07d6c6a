import Foundation

/// DuckDB as Python sees it: the fastest ordinary way to compare two CSV files on one machine.
///
/// It lives in a virtual environment of its own below `.build`, which may be thrown away at any time.
struct DuckDBPeer {
  let python: String
  let version: String
  private let script: String
  private let readingScript: String

  /// Sets the environment up where it is not there yet.
  ///
  /// Returns nil, after saying why, where DuckDB cannot be had; the benchmark then runs without it.
  init?(root: URL, work: URL, telling: (String) -> Void) {
    let environment = root.appending(path: ".build/bench-venv", directoryHint: .isDirectory)
    python = environment.appending(path: "bin/python").path
    script = root.appending(path: "Scripts/duckdb_diff.py").path
    readingScript = root.appending(path: "Scripts/duckdb_read.py").path
    let output = work.appending(path: "duckdb-version.txt")
    let asking = ChildProcess(
      command: [python, "-c", "import duckdb; print(duckdb.__version__)"], output: output)
    do {
      if (try? asking.measured()) == nil {
        telling("Installing DuckDB into \(environment.path)")
        try Self.install(into: environment, log: output)
        _ = try asking.measured()
      }
      version = try String(contentsOf: output, encoding: .utf8)
        .trimmingCharacters(in: .whitespacesAndNewlines)
    } catch {
      telling("DuckDB cannot be had here, so rollcall is timed alone. \(error)")
      return nil
    }
  }

  private static func install(into environment: URL, log: URL) throws {
    let making = ChildProcess(
      command: ["/usr/bin/env", "python3", "-m", "venv", environment.path], output: log)
    _ = try making.measured()
    let installing = ChildProcess(
      command: [environment.appending(path: "bin/pip").path, "install", "--quiet", "duckdb"],
      output: log)
    _ = try installing.measured()
  }

  /// Reads SCIM users, one a line, and prints what `rollcall-bench read` prints.
  func contender(reading file: URL, output: URL) -> Contender {
    Contender(
      name: "DuckDB",
      process: ChildProcess(command: [python, readingScript, file.path], output: output))
  }

  /// Compares pairs of files on the given key columns and writes what differs, one CSV per pair.
  func contender(
    comparing pairs: [(old: URL, new: URL, key: String, result: URL)], output: URL
  ) -> Contender {
    let arguments = pairs.flatMap { pair in
      ["--pair", pair.old.path, pair.new.path, pair.key, pair.result.path]
    }
    return Contender(
      name: "DuckDB", process: ChildProcess(command: [python, script] + arguments, output: output),
      fresh: pairs.map(\.result),
      counts: {
        try pairs.reduce(into: ChangeCounts()) { sum, pair in
          let found = try ChangeCounts(ofDifferences: pair.result)
          sum.created += found.created
          sum.changed += found.changed
          sum.removed += found.removed
        }
      })
  }
}
