import Foundation

/// How long each stage of one run took, as rollcall itself tells with `--verbose`.
///
/// ```
/// … debug rollcall: [RollcallCommands] reading staff: 0.91 s
/// … debug rollcall: [RollcallCommands] writing: 6.02 s
///     ⟶ reading staff 0.91 s (12 %), writing 6.02 s (81 %), the rest 0.51 s (7 %)
/// ```
struct StageProfile {
  let stages: [(name: String, seconds: Double)]
  let wall: Double

  init(wall: Double, log: URL) throws {
    self.wall = wall
    stages = try String(contentsOf: log, encoding: .utf8).split(separator: "\n").compactMap {
      line in
      guard line.hasSuffix(" s"), let start = line.range(of: "] "),
        let colon = line.range(of: ": ", options: .backwards),
        start.upperBound < colon.lowerBound,
        let seconds = Double(line[colon.upperBound...].dropLast(2))
      else { return nil }
      return (String(line[start.upperBound..<colon.lowerBound]), seconds)
    }
  }

  /// All stages and what no stage accounts for: start, summary, reports, exit.
  private var all: [(name: String, seconds: Double)] {
    stages + [("the rest", max(0, wall - stages.reduce(0) { $0 + $1.seconds }))]
  }

  var line: String {
    all.map { "\($0.name) \($0.seconds.text(2)) s (\(($0.seconds / wall * 100).text(0)) %)" }
      .joined(separator: ", ")
  }

  /// What to work at next.
  var longest: String? { stages.max { $0.seconds < $1.seconds }?.name }
}
