import Foundation

/// Tells what came out: a table for the terminal, and a folder for the repository.
struct BenchReport {
  let rows: Int
  let seed: UInt64
  let pairs: Int
  let machine: Machine
  /// The repository: paths below it are written without it.
  let root: URL
  let results: [ContestResult]

  /// One line per scenario: medians, ratios, and whether they keep to the budget.
  var table: String {
    let head = [
      "scenario", "rollcall s", "peer s", "time ratio", "budget", "rollcall MiB", "peer MiB",
      "memory ratio", "budget", "within",
    ]
    let lines = [head] + results.compactMap(cells)
    let widths = head.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    let texts = lines.map { line in
      "| " + zip(line, widths).map { $0.padded(to: $1) }.joined(separator: " | ") + " |"
    }
    let rule = "|" + widths.map { String(repeating: "-", count: $0 + 2) + "|" }.joined()
    return ([texts[0], rule] + texts.dropFirst()).joined(separator: "\n")
  }

  /// Writes raw.csv, summary.md and SETUP.md into `folder`.
  func write(to folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in [("raw.csv", raw), ("summary.md", summary), ("SETUP.md", setup)] {
      try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }
  }

  private func cells(_ result: ContestResult) -> [String]? {
    guard let ours = Medians(result.ours) else { return nil }
    let peer = Medians(result.peer)
    let budget = result.contest.budget
    let time = peer.map { ours.wall / $0.wall / result.contest.share }
    let memory = peer.map { Double(ours.peak) / Double($0.peak) }
    return [
      result.contest.scenario.rawValue, ours.wall.text(3), peer?.wall.text(3) ?? "–",
      time?.text(3) ?? "–", budget.timeRatio.map { "≤ \($0.text(2))" } ?? "–",
      String(ours.peak >> 20), (peer?.peak).map { String($0 >> 20) } ?? "–",
      memory?.text(3) ?? "–", memoryText(budget), verdict(budget, ours, time: time, memory: memory),
    ]
  }

  private func memoryText(_ budget: Budget) -> String {
    budget.memoryRatio.map { "≤ \($0.text(2))" } ?? budget.memory.map { "≤ \($0) MiB" } ?? "–"
  }

  /// The budget is stated for a million rows; other sizes get no verdict.
  private func verdict(
    _ budget: Budget, _ ours: Medians, time: Double?, memory: Double?
  ) -> String {
    guard rows == 1_000_000, let time, let memory else { return "–" }
    let holds = [
      budget.timeRatio.map { time <= $0 }, budget.memoryRatio.map { memory <= $0 },
      budget.memory.map { ours.peak >> 20 <= $0 },
    ]
    return holds.allSatisfy { $0 ?? true } ? "yes" : "no"
  }

  private var raw: String {
    let lines = results.flatMap { result in
      [(result.contest.ours, result.ours)].appending(result.contest.peer.map { ($0, result.peer) })
        .flatMap { contender, turns in
          turns.enumerated().map { number, turn in
            "\(result.contest.scenario.rawValue),\(contender.name),\(number + 1),"
              + "\(turn.wall.text(4)),\(turn.user.text(4)),\(turn.system.text(4)),\(turn.peak / 1024)"
          }
        }
    }
    return (["scenario,contender,turn,wall_s,user_s,sys_s,peak_kib"] + lines)
      .joined(separator: "\n") + "\n"
  }

  private var summary: String {
    let jobs = results.map { result in
      let spread = Medians(result.ours).map { "\($0.fastest.text(3)) to \($0.slowest.text(3)) s" }
      return "- `\(result.contest.scenario.rawValue)`: \(result.contest.scenario.title). "
        + (result.counts.map { "\($0). " } ?? "") + "rollcall took \(spread ?? "–")."
    }
    return """
      # \(rows) people, seed \(seed)

      Medians of \(pairs) alternating pairs after one warm-up; whole processes, their largest resident set;
      files in the page cache. Both found the same differences, or there would be no table.

      \(table)

      \(jobs.joined(separator: "\n"))
      \(stages)
      """
  }

  private var stages: String {
    let lines = results.compactMap { result -> String? in
      guard let profile = result.stages else { return nil }
      let next = profile.longest.map { " Next to be worked at: \($0)." } ?? ""
      return "- `\(result.contest.scenario.rawValue)`: \(profile.line).\(next)"
    }
    guard !lines.isEmpty else { return "" }
    return """

      Where the time goes, as `--verbose` tells in one more turn:

      \(lines.joined(separator: "\n"))

      """
  }

  private var target: String {
    results.contains { Scenario.long.contains($0.contest.scenario) } ? "bench-long" : "bench"
  }

  private var setup: String {
    let commands = results.flatMap { result in
      ([result.contest.ours].appending(result.contest.peer)).map {
        $0.process.command.map(\.asShellWord).joined(separator: " ")
          .replacingOccurrences(of: root.path + "/", with: "")
      }
    }
    return """
      # Measured on

      | what | which |
      |---|---|
      \(machine.facts.map { "| \($0.name) | \($0.value) |" }.joined(separator: "\n"))

      Made anew by `make \(target) ROWS=\(rows)`. The commands were:

      ```
      \(commands.joined(separator: "\n"))
      ```

      """
  }
}

extension Array {
  fileprivate func appending(_ element: Element?) -> [Element] {
    element.map { self + [$0] } ?? self
  }
}

extension String {
  fileprivate var asShellWord: String {
    contains { " '\"(){};*".contains($0) }
      ? "'" + replacingOccurrences(of: "'", with: "'\\''") + "'" : self
  }
}
