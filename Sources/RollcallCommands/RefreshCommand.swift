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

  @OptionGroup(title: "Job options")
  var jobOptions: JobOptions

  @OptionGroup(title: "Console options")
  var outputOptions: OutputOptions

  @OptionGroup(title: "Console options")
  var consoleOptions: ConsoleOptions

  func run() async throws {
    let console = Console(consoleOptions)
    let watch = RunWatch(console)
    let applied = try await jobOptions.job().refresh(
      from: from, as: standsFor, notify: watch.notify)
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
