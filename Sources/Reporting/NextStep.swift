import Identity
import PlanFile

/// One command that a reader can run next, and what for.
struct NextStep: Sendable, Hashable {
  enum Purpose: String, Sendable, Hashable, CaseIterable {
    case save
    case show
    case approve
    case apply
    case resume
    case accept
    case explain

    /// Whether the command looks at tonight's files again.
    fileprivate var readsExports: Bool { self == .save || self == .explain }
  }

  let purpose: Purpose
  let command: String

  /// What stands for the file of a plan that nobody has saved.
  static let unsaved = "PLAN"

  /// The commands that a plan or a run leaves open; `planFile` as the operator would type it, nil for a plan that is to
  /// be saved first.
  ///
  /// `approve` writes its approval beside the plan, as `PLAN.approval`. Each command ends in as many of `jobOptions`
  /// as it needs to be about the same job.
  static func steps(
    after source: ReportSource, planFile: String?, jobOptions: JobWords
  ) -> [NextStep] {
    var steps = steps(ofPlan: Verdict(source), planFile: planFile ?? unsaved)
    // What later runs have left behind is not decided any more.
    if source.isPast { steps.removeAll { $0.purpose != .show || planFile == nil } }
    if planFile == nil, !steps.isEmpty {
      steps.insert(NextStep(purpose: .save, command: "rollcall plan --out \(unsaved)"), at: 0)
    }
    if source.waits { steps.append(resume) }
    if !source.isPast { steps += accept(source) + explain(source) }
    return steps.map { step in
      let options = step.purpose.readsExports ? jobOptions.whole : jobOptions.ofState
      let command = options.isEmpty ? step.command : "\(step.command) \(options)"
      return NextStep(purpose: step.purpose, command: command)
    }.forReaders(of: source)
  }

  private static func steps(ofPlan verdict: Verdict, planFile: String) -> [NextStep] {
    let file = ShellWord(planFile)
    let show = NextStep(purpose: .show, command: "rollcall show \(file)")
    let approval = ShellWord(planFile + ".approval")
    switch verdict {
    case .planned: return [show, NextStep(purpose: .apply, command: "rollcall apply \(file)")]
    case .held, .nothingToDo, .applied, .refreshed, .resumed: return []
    case .refused(let verdicts):
      guard !verdicts.isEmpty else { return [show] }
      let lets = verdict.refusingGuards.map { name in
        // A guard that judges each team by itself is let pass up to the largest of them.
        let amount = verdicts.filter { $0.name == name }.map(\.amount).max() ?? 0
        return " --let \(ShellWord("\(name)=\(amount)"))"
      }
      let approve = "rollcall approve \(file)\(lets.joined()) --until 2h --reason \"…\""
      return [
        show, NextStep(purpose: .approve, command: approve),
        NextStep(purpose: .apply, command: "rollcall apply \(file) --approval \(approval)"),
      ]
    }
  }

  /// Runs that nobody watches stop after a refusal, until somebody has looked.
  private static let resume = NextStep(
    purpose: .resume, command: "rollcall resume --reason \"…\"")

  /// For exports that are only not what they were: they may be meant to be so.
  private static func accept(_ source: ReportSource) -> [NextStep] {
    let names = source.plan.evidence.health.filter { health in
      let errors = health.findings.filter { $0.severity == .error }
      return !health.isReliable && !errors.isEmpty && errors.allSatisfy(\.isAboutTheLastRun)
    }.map(\.export)
    guard !names.isEmpty, source.run?.outcome != .resumed, !source.isPseudonymous else { return [] }
    let options = names.map { name in
      " --accept \(ShellWord(name.utf8.count <= 80 ? name : "EXPORT"))"
    }.joined()
    return [NextStep(purpose: .accept, command: "rollcall resume --reason \"…\"\(options)")]
  }

  /// Names are left to the reader: what data calls somebody must not become part of a command.
  private static func explain(_ source: ReportSource) -> [NextStep] {
    let isSomebodyHeld = source.plan.decisions.holds.contains { !$0.isOfExport }
    guard isSomebodyHeld, source.run?.outcome != .resumed else { return [] }
    return [NextStep(purpose: .explain, command: "rollcall explain WHO")]
  }
}

extension Finding {
  /// Whether it compares an export with what it looked like before, which a person may accept.
  fileprivate var isAboutTheLastRun: Bool {
    switch subject {
    case .headerChanged, .fewerRecords, .fewerFiles, .filledShare, .valueShare,
      .unknownReferences, .keyChurn:
      true
    default: false
    }
  }
}
