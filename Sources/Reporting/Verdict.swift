import PlanFile

/// What a report says first: what became of the plan, or what may become of it.
enum Verdict: Sendable, Hashable {
  /// There are changes, every guard passes, and nothing has been applied yet.
  case planned
  /// By these guards; none when the run was refused for another reason.
  case refused(by: [GuardVerdict])
  /// There are no changes, but something waits for a person.
  case held
  case nothingToDo
  case applied
  case refreshed
  case resumed

  init(_ source: ReportSource) {
    let evidence = source.plan.evidence
    self =
      switch source.run?.outcome {
      case nil where source.plan.isRefused, .refused:
        .refused(by: evidence.verdicts.filter { !$0.passed })
      case nil where !source.plan.isEmpty: .planned
      case nil, .nothingToDo: source.plan.decisions.heldCount == 0 ? .nothingToDo : .held
      case .applied: .applied
      case .refreshed: .refreshed
      case .resumed: .resumed
      }
  }

  /// The word scripts find in the JSON report.
  var name: String {
    switch self {
    case .planned: "planned"
    case .refused: "refused"
    case .held: "held"
    case .nothingToDo: "nothing-to-do"
    case .applied: "applied"
    case .refreshed: "refreshed"
    case .resumed: "resumed"
    }
  }

  /// The names of the guards that refuse, each once, as `approve --let` takes them.
  var refusingGuards: [String] {
    guard case .refused(let verdicts) = self else { return [] }
    var seen: Set<String> = []
    return verdicts.map(\.name).filter { seen.insert($0).inserted }
  }
}
