import Foundation

/// Reading to batches, and nothing else, held against what else can read the same file.
struct FormatContests {
  let folder: URL
  let data: BenchData
  let threefoldData: BenchData
  let peer: DuckDBPeer?

  /// What both sides of `read-json` are asked for.
  private static let columns = [
    "id", "userName", "displayName", "title", "active", "name.familyName", "name.givenName",
    "emails.value",
  ]

  func contest(for scenario: Scenario) throws -> Contest {
    switch scenario {
    case .readJSON:
      let file = try scim(data)
      return contest(
        scenario, reading(file, scenario, columns: Self.columns),
        peer?.contender(reading: file, output: answer(scenario, "peer")), comparingAnswers: true)
    case .readJSONDecoder:
      let file = try scim(data)
      let decoding = Contender(
        name: "JSONDecoder",
        process: ChildProcess(
          command: [program, "decode", file.path], output: answer(scenario, "peer")))
      return contest(
        scenario, reading(file, scenario, columns: Self.columns), decoding, comparingAnswers: true)
    case .readLDIF: return try ldif(scenario)
    case .readXML: return try xml(scenario)
    case .readJSONThreefold: return try threefold(scenario, columns: Self.columns, file: scim)
    case .readLDIFThreefold: return try threefold(scenario, file: ldif)
    case .readXMLThreefold: return try threefold(scenario, file: dsml)
    case .readGzipThreefold: return try threefold(scenario, file: packed)
    default: return try gzip(scenario)
    }
  }

  /// How the memory grows with the file: hardly, for batches are read one after the other.
  private func threefold(
    _ scenario: Scenario, columns: [String] = [], file: (BenchData) throws -> URL
  ) throws -> Contest {
    contest(
      scenario, reading(try file(threefoldData), scenario, columns: columns),
      reading(try file(data), scenario, columns: columns, part: "peer").named("a third"))
  }

  private func ldif(_ scenario: Scenario) throws -> Contest {
    let file = try ldif(data)
    let table = try data.old().appending(path: "users.csv")
    var contest = contest(
      scenario, reading(file, scenario), reading(table, scenario, part: "peer").named("CSV"))
    contest.share = try size(of: file) / size(of: table)
    return contest
  }

  private func xml(_ scenario: Scenario) throws -> Contest {
    let file = try dsml(data)
    let linting = Contender(
      name: "xmllint",
      process: ChildProcess(
        command: ["/usr/bin/env", "xmllint", "--stream", "--noout", file.path],
        output: answer(scenario, "peer")))
    return contest(scenario, reading(file, scenario), linting)
  }

  private func gzip(_ scenario: Scenario) throws -> Contest {
    let table = try data.old().appending(path: "users.csv")
    let packed = try packed(data)
    let command = "gzip -dc '\(packed.path)' >/dev/null; '\(program)' read '\(table.path)'"
    let both = Contender(
      name: "gzip and read",
      process: ChildProcess(
        command: ["/bin/sh", "-c", command], output: answer(scenario, "peer")))
    return contest(scenario, reading(packed, scenario), both, comparingAnswers: true)
  }

  private func scim(_ data: BenchData) throws -> URL {
    try data.formatted("users.jsonl") { try $0.writeSCIM(to: $1) }
  }

  private func ldif(_ data: BenchData) throws -> URL {
    try data.formatted("users.ldif") { try $0.writeLDIF(to: $1) }
  }

  private func dsml(_ data: BenchData) throws -> URL {
    try data.formatted("users.dsml") { try $0.writeDSML(to: $1) }
  }

  private func packed(_ data: BenchData) throws -> URL {
    let table = try data.old().appending(path: "users.csv")
    return try data.formatted("users.csv.gz") { _, file in
      let packing = ChildProcess(
        command: ["/bin/sh", "-c", "gzip -c '\(table.path)'"], output: file)
      _ = try packing.measured()
    }
  }

  private func contest(
    _ scenario: Scenario, _ ours: Contender, _ other: Contender?, comparingAnswers: Bool = false
  ) -> Contest {
    var contest = Contest(
      scenario: scenario, ours: ours, peer: other, budget: scenario.budget)
    if comparingAnswers { contest.answers = (answer(scenario, "ours"), answer(scenario, "peer")) }
    return contest
  }

  private func reading(
    _ file: URL, _ scenario: Scenario, columns: [String] = [], part: String = "ours"
  ) -> Contender {
    let columns = columns.flatMap { ["--column", $0] }
    return Contender(
      name: "rollcall",
      process: ChildProcess(
        command: [program, "read", file.path] + columns, output: answer(scenario, part)))
  }

  /// This program: it reads with the same code as `rollcall` does.
  private var program: String { Bundle.main.executablePath ?? "rollcall-bench" }

  private func answer(_ scenario: Scenario, _ part: String) -> URL {
    folder.appending(path: "\(scenario.rawValue)-\(part).txt")
  }

  private func size(of file: URL) throws -> Double {
    let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
    return Double(attributes[.size] as? Int ?? 1)
  }
}
