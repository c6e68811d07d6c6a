import ArgumentParser
import Foundation

/// Generates exports, times rollcall and its peers on them, and writes down what came out.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Times rollcall against DuckDB (and SQLite) on generated exports.",
    discussion: """
      Each scenario runs once to warm up and then in alternating pairs. It fails when the contenders \
      do not find the same differences. Without DuckDB, rollcall is timed alone.
      """)

  @Option(help: "People in the old users file.")
  var rows = 1_000_000

  @Option(help: "The seed of the generated exports.")
  var seed: UInt64 = 1

  @Option(help: "Share of people who change, leave or join.")
  var changed = 0.012

  @Option(help: "Timed pairs per scenario.")
  var pairs = 5

  @Option(
    help: """
      A scenario to run; may be given more than once. Without it: \
      \(Scenario.usual.map(\.rawValue).joined(separator: ", ")).
      """)
  var scenario: [Scenario] = []

  @Flag(
    help: """
      Run the long scenarios: \(Scenario.long.map(\.rawValue).joined(separator: ", ")).
      """)
  var long = false

  @Flag(
    help: """
      Run the readers of formats: \(Scenario.formats.map(\.rawValue).joined(separator: ", ")).
      """)
  var formats = false

  @Option(help: "The rollcall to time; by default the one beside this program.")
  var rollcall: String?

  @Option(help: "The repository, for Scripts and .build.")
  var root = "."

  @Option(help: "The folder that gets a folder for this benchmark.")
  var output = "Reports/Benchmarks"

  @Flag(help: "Time rollcall alone.")
  var withoutPeers = false

  func validate() throws {
    guard rows > 0, pairs > 0, (0...1).contains(changed) else {
      throw ValidationError("--rows and --pairs must be positive, --changed from 0 to 1.")
    }
  }

  func run() throws {
    let rootFolder = URL(filePath: root, directoryHint: .isDirectory).absoluteURL
    let folder = rootFolder.appending(path: ".build/bench/\(rows)", directoryHint: .isDirectory)
    try? FileManager.default.removeItem(at: folder)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)

    let duckDB =
      withoutPeers ? nil : DuckDBPeer(root: rootFolder, work: folder, telling: Self.tell)
    let workplace = Workplace(
      rollcall: try program(), folder: folder,
      data: BenchData(
        in: folder.appending(path: "data"), seed: seed, rows: rows, changed: changed),
      threefoldData: BenchData(
        in: folder.appending(path: "data-threefold"), seed: seed, rows: rows * 3, changed: changed),
      tenfoldData: BenchData(
        in: folder.appending(path: "data-tenfold"), seed: seed, rows: rows * 10, changed: changed),
      peer: duckDB, sqlite: withoutPeers ? nil : Self.sqlite, telling: Self.tell)
    let results = try scenarios.map { scenario in
      Self.tell("\(scenario.rawValue), \(rows) rows")
      return try workplace.contest(for: scenario).held(pairs: pairs, telling: Self.tell)
    }
    let machine = Machine(
      root: rootFolder, work: folder, duckDB: duckDB?.version, sqlite: workplace.sqlite)
    try tell(
      BenchReport(
        rows: rows, seed: seed, pairs: pairs, machine: machine, root: rootFolder, results: results))
  }

  private var scenarios: [Scenario] {
    guard scenario.isEmpty else { return scenario }
    return formats ? Scenario.formats : long ? Scenario.long : Scenario.usual
  }

  private func tell(_ report: BenchReport) throws {
    let day = Date().ISO8601Format().prefix(10)
    let folder = URL(filePath: output, directoryHint: .isDirectory)
      .appending(
        path: "\(day)-\(rows)\(long ? "-long" : formats ? "-formats" : "")",
        directoryHint: .isDirectory)
    try report.write(to: folder)
    print("\n\(report.table)\n\nWritten to \(folder.relativePath)")
  }

  private func program() throws -> String {
    let beside = Bundle.main.executableURL?.deletingLastPathComponent().appending(path: "rollcall")
    let path = rollcall ?? beside?.path ?? "rollcall"
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw BenchFailure.noProgram(path)
    }
    return path
  }

  private static var sqlite: String? {
    ["/usr/bin/sqlite3", "/usr/local/bin/sqlite3"].first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }

  /// Progress goes to standard error, so that standard output holds the table alone.
  private static func tell(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }
}
