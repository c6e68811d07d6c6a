import ArgumentParser
import PlanFile
import Reconciling
import Reporting
import Scanning

/// `rollcall history` lists the runs of the journal.
struct HistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "List the runs that the journal knows.",
    discussion: """
      The latest run first: its number, when, what became of it, how many changes, what was held, the plan's name, and who \
      approved or resumed it and why. If unattended runs wait for a person after a refusal, it says so. Exit code 9 \
      where a run listed has more or fewer operations than it says; verify looks closer.

        rollcall history
        rollcall history --last 100 --output json
      """)

  @Option(help: ArgumentHelp("How many runs to list.", valueName: "count"))
  var last = 20

  @OptionGroup(title: "Job options")
  var jobOptions: JobOptions

  @OptionGroup(title: "Console options")
  var outputOptions: OutputOptions

  @OptionGroup(title: "Console options")
  var consoleOptions: ConsoleOptions

  func validate() throws {
    guard last > 0 else { throw ValidationError("--last takes a number above 0.") }
  }

  func run() throws {
    let console = Console(consoleOptions)
    let job = try jobOptions.job()
    let runs = try job.history(last: last).reversed()
    let suspension = try job.suspension()
    switch outputOptions.output {
    case .text:
      if runs.isEmpty { try console.answer("No runs yet.\n") }
      for run in runs { try console.stream(Array("\(run.line)\n".utf8)) }
      for line in suspension?.lines ?? [] { console.remark("\(VisibleText(line))") }
    case .json:
      try console.answer(
        .object([
          "runs": .array(runs.map(\.json)),
          "waiting": .array((suspension?.lines ?? []).map { .string($0) }),
        ]))
    }
    // What is listed may still tell somebody what has become of it.
    try job.checkJournal(inLast: last)
  }
}

extension RunRecord {
  /// One line of the list: `12  2026-03-01 02:00 UTC  applied  18 changes  5f0c33a1b2c4`.
  fileprivate var line: String {
    let total = counts.values.reduce(0, +)
    let columns = [
      Self.padded("\(number)", 5, left: true), UTCTime(startedAt).short,
      Self.padded(outcome.rawValue, 13),
      Self.padded("\(StepText.grouped(total)) change\(total == 1 ? "" : "s")", 18, left: true),
      held.map { $0 > 0 ? "\(StepText.grouped($0)) held" : "" } ?? "",
      String(planName.prefix(12)),
    ]
    return columns.filter { !$0.isEmpty }.joined(separator: "  ")
      + (approval.map { "  approval \($0)" } ?? "")
      + (word.map { "  by \(VisibleText($0.by)): \(VisibleText($0.reason, limit: 500))" } ?? "")
  }

  private static func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(0, width - text.count))
    return left ? blanks + text : text + blanks
  }

  var json: JSONValue {
    .object([
      "number": .number(number), "outcome": .string(outcome.rawValue),
      "startedAt": .string(UTCTime(startedAt).description),
      "finishedAt": .string(UTCTime(finishedAt).description), "plan": .string(planName),
      "policyDigest": .string(policyDigest), "head": .string(head),
      "approval": approval.map { .string($0) } ?? .null,
      "by": word.map { .string($0.by) } ?? .null,
      "reason": word.map { .string($0.reason) } ?? .null,
      "held": held.map { .number($0) } ?? .null,
      "counts": .object(
        Operation.Kind.allCases.compactMap { kind in
          counts[kind].map { JSONMember(name: kind.rawValue, value: .number($0)) }
        }),
    ])
  }
}
