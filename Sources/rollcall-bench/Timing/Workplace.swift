import Foundation

/// Where a benchmark runs, and what it runs with: turns a scenario into a contest.
struct Workplace {
  let rollcall: String
  let folder: URL
  let data: BenchData
  /// The same for three times as many people, and for ten times as many.
  let threefoldData: BenchData
  let tenfoldData: BenchData
  let peer: DuckDBPeer?
  let sqlite: String?
  let telling: (String) -> Void

  func contest(for scenario: Scenario) throws -> Contest {
    switch scenario {
    case .diff: try diffContest(scenario, new: data.new())
    case .diffShuffled: try diffContest(scenario, new: data.newShuffled())
    case .plan: try planContest(scenario, new: data.new())
    // A header that lost a column makes the export unreliable, so removals are withheld.
    case .planMissingColumn:
      try planContest(scenario, new: data.newWithoutDepartment())
    // The peer is the same plan with the values copied; what differs in number is what the expressions change.
    case .planExpressions:
      Contest(
        scenario: scenario, ours: try plan(scenario, data, new: data.new()),
        peer: try plan(.plan, data, new: data.new()).named("direct mapping"),
        budget: scenario.budget)
    case .memberships: try membershipsContest(scenario)
    case .firstLoad: try firstLoadContest(scenario)
    case .diffTenfold:
      Contest(
        scenario: scenario, ours: try diff(tenfoldData.old(), tenfoldData.new(), scenario),
        peer: try diff(data.old(), data.new(), .diff).named("a tenth"), budget: scenario.budget)
    case .planTenfold:
      Contest(
        scenario: scenario, ours: try plan(scenario, tenfoldData, new: tenfoldData.new()),
        peer: try plan(.plan, data, new: data.new()).named("a tenth"), budget: scenario.budget)
    case .readJSON, .readJSONDecoder, .readLDIF, .readXML, .readGzip, .readJSONThreefold,
      .readLDIFThreefold, .readXMLThreefold, .readGzipThreefold:
      try FormatContests(
        folder: folder, data: data, threefoldData: threefoldData, peer: peer
      ).contest(for: scenario)
    }
  }

  private func diffContest(_ scenario: Scenario, new: URL) throws -> Contest {
    let old = try data.old()
    return Contest(
      scenario: scenario, ours: try diff(old, new, scenario),
      peer: peer?.contender(
        comparing: [
          (
            users(of: old), users(of: new), "userPrincipalName",
            file("\(scenario.rawValue)-duckdb.csv")
          )
        ],
        output: file("duckdb.txt")),
      budget: scenario.budget)
  }

  private func diff(_ old: URL, _ new: URL, _ scenario: Scenario) throws -> Contender {
    let files = (users(of: old), users(of: new))
    let result = file("\(scenario.rawValue).csv")
    let process = ChildProcess(
      command: [
        rollcall, "diff", files.0.path, files.1.path, "--key", "userPrincipalName", "--output",
        "csv",
      ],
      successes: [0, 2], output: result)
    return Contender(
      name: "rollcall", process: process, fresh: [result],
      counts: { try ChangeCounts(ofDifferences: result) })
  }

  private func planContest(
    _ scenario: Scenario, new: URL
  ) throws -> Contest {
    let old = try data.old()
    return Contest(
      scenario: scenario, ours: try plan(scenario, data, new: new),
      peer: peer?.contender(
        comparing: [
          (
            users(of: old), users(of: new), "userPrincipalName",
            file("\(scenario.rawValue)-duckdb.csv")
          )
        ],
        output: file("duckdb.txt")),
      budget: scenario.budget)
  }

  private func plan(
    _ scenario: Scenario, _ data: BenchData, new: URL
  ) throws -> Contender {
    let names: [Scenario: String] = [
      .planTenfold: "people-tenfold", .planExpressions: "people-expressions",
    ]
    let settings = try loadedState(
      names[scenario] ?? "people",
      BenchPolicy(hasExpressions: scenario == .planExpressions), from: data.old())
    let plan = file("\(scenario.rawValue).plan")
    return planning(new, settings, plan: plan) {
      try ChangeCounts(
        ofPlan: plan, creates: "create-member", updates: ["update-member", "reactivate-member"],
        removals: ["deactivate-member", "delete-member"])
    }
  }

  /// Both read the people too, although none of them changes: one cannot plan memberships without.
  private func membershipsContest(_ scenario: Scenario) throws -> Contest {
    let (old, new) = (try data.oldWithTeams(), try data.newWithTeams())
    let settings = try loadedState("teams", BenchPolicy(hasTeams: true), from: old)
    let plan = file("\(scenario.rawValue).plan")
    return Contest(
      scenario: scenario,
      ours: planning(new, settings, plan: plan) {
        try ChangeCounts(
          ofPlan: plan, creates: "add-membership", updates: ["update-member"],
          removals: ["remove-membership"])
      },
      peer: peer?.contender(
        comparing: [
          (users(of: old), users(of: new), "userPrincipalName", file("users-duckdb.csv")),
          (
            old.appending(path: "group-members.csv"), new.appending(path: "group-members.csv"),
            "groupId,userPrincipalName", file("memberships-duckdb.csv")
          ),
        ],
        output: file("duckdb.txt")),
      budget: scenario.budget)
  }

  private func firstLoadContest(_ scenario: Scenario) throws -> Contest {
    let old = try data.old()
    let settings = try policy("first-load", BenchPolicy())
    let database = file("sqlite.db")
    let importing = sqlite.map { program in
      Contender(
        name: "sqlite3",
        process: ChildProcess(
          command: [
            program, database.path, ".mode csv", ".import '\(users(of: old).path)' users",
            "CREATE UNIQUE INDEX byUserName ON users(userPrincipalName)",
            "CREATE UNIQUE INDEX byId ON users(id)",
          ],
          output: file("sqlite.txt")),
        fresh: [database])
    }
    return Contest(
      scenario: scenario,
      ours: Contender(
        name: "rollcall",
        process: ChildProcess(
          command: [rollcall, "apply"] + settings + [
            "--exports", old.path, "--now", Self.firstNight,
          ],
          successes: [0, 10], output: file("first-load.txt")),
        fresh: stateFiles("first-load"), hasStages: true),
      peer: importing, budget: scenario.budget)
  }

  private static let firstNight = "2026-03-01T02:00:00Z"
  private static let secondNight = "2026-03-02T02:00:00Z"

  private func planning(
    _ new: URL, _ settings: [String], plan: URL, counts: @escaping () throws -> ChangeCounts
  ) -> Contender {
    Contender(
      name: "rollcall",
      process: ChildProcess(
        command: [rollcall, "plan"] + settings
          + ["--exports", new.path, "--now", Self.secondNight, "--out", plan.path],
        successes: [0, 2, 10], output: plan.appendingPathExtension("txt")),
      fresh: [plan], hasStages: true, counts: counts)
  }

  /// Applies a night to an empty state, once per name, and returns the options that use that state.
  private func loadedState(
    _ name: String, _ policy: BenchPolicy, from night: URL
  ) throws -> [String] {
    let settings = try self.policy(name, policy)
    guard !FileManager.default.fileExists(atPath: file("\(name)/state.db").path) else {
      return settings
    }
    telling("  loading the state (not timed here; see first-load)")
    let loading = ChildProcess(
      command: [rollcall, "apply"] + settings + [
        "--exports", night.path, "--now", Self.firstNight,
      ],
      successes: [0, 10], output: file("\(name)/load.txt"))
    _ = try loading.measured()
    return settings
  }

  private func policy(_ name: String, _ policy: BenchPolicy) throws -> [String] {
    let place = file("\(name)/rollcall.yaml")
    try FileManager.default.createDirectory(
      at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try policy.text.write(to: place, atomically: true, encoding: .utf8)
    return ["--policy", place.path, "--state", file("\(name)/state.db").path]
  }

  private func stateFiles(_ name: String) -> [URL] {
    ["state.db", "state.db-wal", "state.db-shm", "state.db-journal", "reports"]
      .map { file("\(name)/\($0)") }
  }

  private func users(of night: URL) -> URL { night.appending(path: "users.csv") }

  private func file(_ name: String) -> URL { folder.appending(path: name) }
}
