import ArgumentParser
import Identity
import PlanFile
import Reconciling
import Reporting
import Scanning

/// `rollcall refresh` loads what a target holds into the state.
struct RefreshCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "refresh",
    abstract: "Load current members, teams and memberships from files into the state.",
    discussion: """
      For trying rollcall on a directory that exists: export what the target holds now, and load it. All \
      of it is unmanaged, so nothing is ever removed because of it; what the policy's exports match is held \
      as found until adopt: says otherwise. Each file is read with the columns of the export it stands for, \
      in the order given (people and teams before memberships), and journaled as a run of its own.

        rollcall refresh --from target-users.csv target-groups.csv target-members.csv
        rollcall refresh --from dump.csv --as staff

      What a file says of members that exports manage already is noted, too, and judged by the policy's guards: \
      if it would make more of them inactive than removals admits, say, it is refused (exit code 4) and nothing \
      of that file is noted. Where the target really is like that, a person lets it pass:

        rollcall refresh --from target-users.csv --let removals=26 --reason "Plant in Graz was closed there"
      """)

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("CSV files of what the target holds.", valueName: "file"))
  var from: [String]

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      "Read them like this export of the policy. (default: the first whose columns fit)",
      valueName: "export"))
  var standsFor: String?

  @Option(
    name: .customLong("let"), parsing: .singleValue,
    help: ArgumentHelp(
      "How much a guard lets pass, such as removals=26; once for each guard.",
      valueName: "guard=amount"),
    transform: { try GuardAllowance(parsing: $0) })
  var lets: [GuardAllowance] = []

  @Option(help: ArgumentHelp("Why --let; kept in the journal.", valueName: "text"))
  var reason: String?

  @OptionGroup(title: "Job options")
  var jobOptions: JobOptions

  @OptionGroup(title: "Console options")
  var outputOptions: OutputOptions

  @OptionGroup(title: "Console options")
  var consoleOptions: ConsoleOptions

  func validate() throws {
    guard Set(lets.map(\.name)).count == lets.count else {
      throw ValidationError("--let names a guard twice.")
    }
    guard lets.isEmpty == (reason == nil) else {
      throw ValidationError("--let and --reason go together: what may pass, and why.")
    }
    guard reason?.contains(where: { !$0.isWhitespace }) != false else {
      throw ValidationError("--reason is for whoever reads the journal; say why.")
    }
  }

  private var allowance: RefreshAllowance? {
    reason.map { reason in
      RefreshAllowance(
        lets: Dictionary(uniqueKeysWithValues: lets.map { ($0.name.rawValue, $0.amount) }),
        reason: reason)
    }
  }

  func run() async throws {
    let console = Console(consoleOptions)
    let watch = RunWatch(console)
    let applied: [AppliedJob]
    do {
      applied = try await jobOptions.job().refresh(
        from: from, as: standsFor, allowance: allowance, notify: watch.notify)
    } catch {
      guard case .refused(let planned) = error else { throw error }
      try watch.end()
      Console.complain(refusal(of: planned))
      throw ExitStatus.refused
    }
    let end = Result { () throws(ExitStatus) in try watch.end() }
    switch outputOptions.output {
    case .text:
      for (file, job) in zip(from, applied) { try tell(job, from: file, console) }
    case .json:
      let runs = zip(from, applied).map { file, job in
        JSONMember(name: file, value: job.run.json)
      }
      try console.answer(.object(["runs": .object(runs)]))
    }
    try end.get()
  }

  /// The figures, and what a person can do.
  private func refusal(of planned: PlannedJob) -> [String] {
    let breached = planned.plan.evidence.verdicts.filter { !$0.passed }
    let file = planned.plan.evidence.inputs.first?.file ?? ""
    let lets = breached.map { "--let \($0.name)=\($0.amount)" }.joined(separator: " ")
    let words = [
      "rollcall refresh --from \(ShellWord(file))", standsFor.map { "--as \(ShellWord($0))" } ?? "",
      lets, "--reason \"…\"",
    ]
    let command = (words + [jobOptions.forNextCommand.ofState]).filter { !$0.isEmpty }
    return [
      "\(file) is refused for what it would change of members that are managed; nothing of it was noted."
    ]
      + breached.map {
        "\($0.title): \($0.amount) of \($0.population), limit \($0.limit)."
      }
      + ["If the target really is like that: " + command.joined(separator: " ")]
  }

  private func tell(_ applied: AppliedJob, from file: String, _ console: Console) throws {
    try console.say("\(VisibleText(file)): \(applied.run.summary) (run \(applied.run.number))\n")
    for finding in applied.planned.plan.evidence.findings where finding.severity > .note {
      console.remark(finding)
    }
  }
}

extension RunRecord {
  /// `245 create-member, 3 update-member`, or that nothing was new.
  fileprivate var summary: String {
    let parts = Operation.Kind.allCases.compactMap { kind in
      counts[kind].flatMap { $0 > 0 ? "\(StepText.grouped($0)) \(kind.rawValue)" : nil }
    }
    return parts.isEmpty ? "nothing new" : parts.joined(separator: ", ")
  }
}
