import ArgumentParser
import PlanFile
import Reconciling
import Reporting
import Scanning

/// `rollcall attest` has the state give its word that it equals the exports.
struct AttestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attest",
    abstract: "Write a sealed statement that the state equals the exports.",
    discussion: """
      Checks the whole journal, then plans without changing anything. Where nothing is left to do, nobody is \
      held and every export is whole, it writes a statement: at this time the state, with so many members, \
      equalled these exports, each named with its SHA-256, under this policy. What differs because the policy \
      wants it so (protected, unmanaged, out of scope, …) is named with its number. The statement is sealed as \
      a plan is, and verify checks it.

        rollcall apply && rollcall attest --out 2026-03-01.attestation
        rollcall verify 2026-03-01.attestation

      Otherwise nothing is written, and the exit code says why: 4 the plan would be refused, 10 somebody is \
      held, 2 there are changes, 3 an export is not whole or has errors, or no export has a file, 9 the journal \
      is not what was written down.
      """)

  @Option(help: ArgumentHelp("Where to write it, readable by you only.", valueName: "file"))
  var out: String

  @OptionGroup(title: "Job options")
  var jobOptions: JobOptions

  @OptionGroup(title: "Console options")
  var outputOptions: OutputOptions

  @OptionGroup(title: "Console options")
  var consoleOptions: ConsoleOptions

  func run() async throws {
    let console = Console(consoleOptions)
    let watch = RunWatch(console)
    let result = try await jobOptions.job().attest(to: out, notify: watch.notify)
    try watch.end()
    switch result {
    case .attested(let attestation):
      switch outputOptions.output {
      case .text: try console.say("Attested: \(VisibleText(out))\n\(attestation.sentence)\n")
      case .json: try console.answer(attestation.json)
      }
    case .notClean(let planned):
      try console.summarize(
        planned.reportSource, as: outputOptions.output, planFile: nil,
        jobOptions: jobOptions.forNextCommand)
      Console.complain(["Nothing is attested: the state does not equal the exports."])
      let status = ExitRules(tellsChanges: true).status(of: planned.plan)
      throw status == .done ? ExitStatus.unreadable : status
    }
  }
}

/// `rollcall verify` checks the state and its journal, or the seal of what the state has given out.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check the state and its journal, or the seal of a plan or an attestation.",
    discussion: """
      Without a file it looks through the state: whether its file is whole, and whether every run and every \
      operation of the journal is what was written down.

        rollcall verify
        rollcall verify --state backup.db

      With a file it says whether this state made it and nobody has changed it since. Of an attestation it \
      also says whether the state has changed since.

        rollcall verify 2026-03-01.attestation
        rollcall verify tonight.plan

      Exit code 9 if anything is not as it was written, with the first thing that is wrong.
      """)

  @Argument(
    help: ArgumentHelp(
      "What attest or plan --out wrote; without it the state is checked.", valueName: "file"))
  var file: String?

  @OptionGroup(title: "Job options")
  var jobOptions: JobOptions

  @OptionGroup(title: "Console options")
  var outputOptions: OutputOptions

  @OptionGroup(title: "Console options")
  var consoleOptions: ConsoleOptions

  func run() throws {
    let console = Console(consoleOptions)
    let job = try jobOptions.job()
    guard let file else {
      let watch = RunWatch(console)
      let verified = try job.verifyState(notify: watch.notify)
      try watch.end()
      try tell(verified, console)
      return
    }
    let isAttestation: Bool
    do {
      isAttestation = try Attestation.isOne(path: file)
    } catch {
      throw JobFailure.usage(error.description)
    }
    if isAttestation {
      try tell(try job.verify(attestationAt: file), console)
    } else {
      let watch = RunWatch(console)
      let planned = try job.verify(planAt: file, notify: watch.notify)
      try watch.end()
      try tell(planned, console)
    }
  }

  private func tell(_ verified: VerifiedState, _ console: Console) throws {
    func count(_ number: Int, _ noun: String) -> String {
      "\(StepText.grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }
    switch outputOptions.output {
    case .text:
      try console.answer(
        """
        Whole: the state's file, and its journal from the first run to the last.
        \(count(verified.runCount, "run")), \(count(verified.operationCount, "operation")); \
        values erased of \(StepText.grouped(verified.erasedCount)).
        The journal of the state \(verified.lineage) ends with \(verified.journalHead).

        """)
    case .json:
      try console.answer(
        .object([
          "genuine": .bool(true), "kind": .string("state"), "lineage": .string(verified.lineage),
          "journalHead": .string(verified.journalHead), "runs": .number(verified.runCount),
          "operations": .number(verified.operationCount), "erased": .number(verified.erasedCount),
        ]))
    }
  }

  private func tell(_ verified: VerifiedAttestation, _ console: Console) throws {
    let attestation = verified.attestation
    switch outputOptions.output {
    case .text:
      let since =
        switch verified.runsSince {
        case .none: "The journal does not know that moment: the state may have been restored.\n"
        case .some(0): "No run has been made since.\n"
        case .some(let count): "\(count) run\(count == 1 ? " has" : "s have") been made since.\n"
        }
      let policy = verified.isPolicyTheSame ? "" : "The policy has changed since.\n"
      let files = attestation.inputs.map { "  \(VisibleText("\($0.sha256)  \($0.file)"))\n" }
      try console.answer(
        "Genuine: this state gave the attestation, and it is unchanged.\n"
          + "\(attestation.sentence)\n\(files.joined())\(since)\(policy)")
    case .json:
      try console.answer(
        .object([
          "genuine": .bool(true), "kind": .string("attestation"),
          "attestation": attestation.json,
          "runsSince": verified.runsSince.map { .number($0) } ?? .null,
          "samePolicy": .bool(verified.isPolicyTheSame),
        ]))
    }
  }

  private func tell(_ planned: PlannedJob, _ console: Console) throws {
    switch outputOptions.output {
    case .text:
      try console.answer(
        """
        Genuine: this state sealed the plan, and it is unchanged.
        Plan \(planned.name), made \(UTCTime(planned.plan.evidence.now).short)

        """)
    case .json:
      try console.answer(
        .object([
          "genuine": .bool(true), "kind": .string("plan"), "plan": .string(planned.name),
        ]))
    }
  }
}

extension Attestation {
  /// What it says, for people.
  fileprivate var sentence: String {
    let records = StepText.grouped(inputs.reduce(0) { $0 + $1.recordCount })
    let active = StepText.grouped(members.active)
    let inactive = StepText.grouped(members.inactive)
    return "At \(UTCTime(at).short) the state \(lineage) "
      + "with \(active) active and \(inactive) inactive members "
      + "equalled \(inputs.count) file\(inputs.count == 1 ? "" : "s") with \(records) records under "
      + "the policy \(policyDigest.prefix(12))\(exceptionText)"
  }

  private var exceptionText: String {
    let lines = Exception.allCases.compactMap { exception in
      exceptions[exception].map {
        "\n  \(StepText.grouped($0)) \(exception.rawValue): \(exception.meaning)"
      }
    }
    guard !lines.isEmpty else { return ", without exception." }
    return ", except for what the policy leaves alone:" + lines.joined()
  }

  fileprivate var json: JSONValue {
    .object([
      "at": .string(UTCTime(at).description), "tool": .string(toolVersion),
      "policyDigest": .string(policyDigest), "lineage": .string(lineage),
      "journalHead": .string(journalHead),
      "members": .object([
        "active": .number(members.active), "inactive": .number(members.inactive),
      ]),
      "exceptions": .object(
        Exception.allCases.compactMap { exception in
          exceptions[exception].map { JSONMember(name: exception.rawValue, value: .number($0)) }
        }),
      "situations": .object(
        Situation.allCases.compactMap { situation in
          situations[situation].map { JSONMember(name: situation.rawValue, value: .number($0)) }
        }),
      "inputs": .array(
        inputs.map { input in
          .object([
            "export": .string(input.export), "file": .string(input.file),
            "bytes": .number(input.byteCount), "records": .number(input.recordCount),
            "sha256": .string(input.sha256),
          ])
        }),
    ])
  }
}

extension Attestation.Exception {
  /// What it stands for, after the number and the word.
  fileprivate var meaning: String {
    switch self {
    case .protected: "the exports would have removed or changed them"
    case .unmanaged: "members whom no export names and nobody manages"
    case .orphaned: "members of exports that the policy does not have any more"
    case .keptLeavers: "members missing from their exports, whom the policy never deactivates"
    case .outOfScope: "records that are out of scope or left out by an expression"
    case .disabledRecords: "records that are disabled, without a member"
    case .notCreated: "records of somebody or some team new, which the policy does not create"
    case .notUpdated: "members or teams that differ, which the policy does not update"
    case .goneTeams: "teams that no export names any more"
    case .keptMemberships: "memberships that differ and are not Rollcall's to change"
    case .unknownReferences: "memberships or values that name somebody or something unknown"
    }
  }
}
