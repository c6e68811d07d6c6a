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
      Plans without changing anything. Where nothing is left to do, nobody is held and every export is \
      whole, it writes a statement: at this time the state equalled these exports, each named with its \
      SHA-256, under this policy. It is sealed as a plan is, and verify checks it.

        rollcall apply && rollcall attest --out 2026-03-01.attestation
        rollcall verify 2026-03-01.attestation

      Otherwise nothing is written, and the exit code says why: 4 the plan would be refused, 10 somebody is \
      held, 2 there are changes, 3 an export is not whole or has errors.
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

/// `rollcall verify` checks the seal of what the state has given out.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check the seal of a plan or an attestation.",
    discussion: """
      Says whether this state made the file and nobody has changed it since; exit code 9 if not. Of an \
      attestation it also says whether the state has changed since.

        rollcall verify 2026-03-01.attestation
        rollcall verify tonight.plan
      """)

  @Argument(help: ArgumentHelp("What attest or plan --out wrote.", valueName: "file"))
  var file: String

  @OptionGroup(title: "Job options")
  var jobOptions: JobOptions

  @OptionGroup(title: "Console options")
  var outputOptions: OutputOptions

  @OptionGroup(title: "Console options")
  var consoleOptions: ConsoleOptions

  func run() throws {
    let console = Console(consoleOptions)
    let job = try jobOptions.job()
    let isAttestation: Bool
    do {
      isAttestation = try Attestation.isOne(path: file)
    } catch {
      throw JobFailure.usage(error.description)
    }
    if isAttestation {
      try tell(try job.verify(attestationAt: file), console)
    } else {
      try tell(try job.verify(planAt: file), console)
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
    return "At \(UTCTime(at).short) the state \(lineage) equalled "
      + "\(inputs.count) file\(inputs.count == 1 ? "" : "s") with \(records) records under the policy "
      + "\(policyDigest.prefix(12))."
  }

  fileprivate var json: JSONValue {
    .object([
      "at": .string(UTCTime(at).description), "tool": .string(toolVersion),
      "policyDigest": .string(policyDigest), "lineage": .string(lineage),
      "journalHead": .string(journalHead),
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
