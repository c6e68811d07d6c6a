import Foundation

/// One program doing one job.
struct Contender {
  private(set) var name: String
  let process: ChildProcess
  /// Files that must not be there when it starts.
  var fresh: [URL] = []
  /// Whether `--verbose` makes it tell how long each stage takes.
  var hasStages = false
  /// Reads from its results what it found; nil where the job finds nothing.
  var counts: (() throws -> ChangeCounts)?

  /// The same under another name, and held to nothing of its own.
  func named(_ name: String) -> Contender {
    var other = self
    other.name = name
    other.counts = nil
    return other
  }
}

/// What DESIGN §3 asks of a scenario.
struct Budget {
  /// The largest ratio of our wall time to the peer's.
  var timeRatio: Double?
  /// The largest ratio of our peak memory to the peer's.
  var memoryRatio: Double?
  /// The largest peak, in MiB.
  var memory: Int?
}

/// Two programs doing the same job with the same files; the peer may be missing.
struct Contest {
  let scenario: Scenario
  let ours: Contender
  let peer: Contender?
  let budget: Budget
  /// How many times as much our side has to do; ratios of time are divided by it.
  var share = 1.0
  /// What both print when they have found the same; nil where that is not compared.
  var answers: (ours: URL, peer: URL)?
}

/// What came out of a contest.
struct ContestResult {
  let contest: Contest
  let ours: [Measurement]
  let peer: [Measurement]
  let counts: ChangeCounts?
  /// Where our time goes, from one turn more that is in none of the figures.
  let stages: StageProfile?
}

extension Contest {
  /// Runs both once to warm up, then in turns, so that a slow minute of the machine hits both.
  func held(pairs: Int, telling: (String) -> Void) throws -> ContestResult {
    _ = try turn(of: ours, telling)
    if let peer { _ = try turn(of: peer, telling) }
    let counts = try agreedCounts()
    try checkAnswers()
    var ourTurns: [Measurement] = []
    var peerTurns: [Measurement] = []
    for _ in 0..<pairs {
      ourTurns.append(try turn(of: ours, telling))
      if let peer { peerTurns.append(try turn(of: peer, telling)) }
    }
    return ContestResult(
      contest: self, ours: ourTurns, peer: peerTurns, counts: counts, stages: try stages(telling))
  }

  private func stages(_ telling: (String) -> Void) throws -> StageProfile? {
    guard ours.hasStages else { return nil }
    for file in ours.fresh { try? FileManager.default.removeItem(at: file) }
    var process = ours.process
    process.command.append("--verbose")
    let measurement = try process.measured()
    let profile = try StageProfile(wall: measurement.wall, log: process.complaints)
    telling("  stages       \(profile.line)")
    return profile
  }

  private func turn(of contender: Contender, _ telling: (String) -> Void) throws -> Measurement {
    for file in contender.fresh { try? FileManager.default.removeItem(at: file) }
    let measurement = try contender.process.measured()
    telling(
      "  \(contender.name.padded(to: 12)) \(measurement.wall.text(3)) s  "
        + "\((measurement.user + measurement.system).text(3)) s processor  "
        + "\(measurement.peak >> 20) MiB")
    return measurement
  }

  private func checkAnswers() throws {
    guard let answers, peer != nil else { return }
    let ours = try String(contentsOf: answers.ours, encoding: .utf8)
    let others = try String(contentsOf: answers.peer, encoding: .utf8)
    guard ours == others else {
      throw BenchFailure.otherAnswer(scenario: scenario.rawValue, ours: ours, peer: others)
    }
  }

  private func agreedCounts() throws -> ChangeCounts? {
    let found = try ours.counts?()
    if let found, let others = try peer?.counts?(),
      !found.agrees(with: others)
    {
      throw BenchFailure.disagreement(scenario: scenario.rawValue, ours: found, peer: others)
    }
    return found
  }
}
