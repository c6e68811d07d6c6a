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

/// One command that a reader can run next, and what for.
struct NextStep: Sendable, Hashable {
  enum Purpose: String, Sendable, Hashable {
    case save
    case show
    case approve
    case apply
  }

  let purpose: Purpose
  let command: String

  /// What stands for the file of a plan that nobody has saved.
  static let unsaved = "PLAN"

  /// The commands a verdict leaves open; `planFile` as the operator would type it, nil for a plan that is to be saved first.
  ///
  /// `approve` writes its approval beside the plan, as `PLAN.approval`. Each command ends in `jobOptions`, as a
  /// shell takes them (`--policy other.yaml`), so that it is about the same job.
  static func steps(
    after verdict: Verdict, planFile: String?, jobOptions: String
  ) -> [NextStep] {
    var steps = steps(after: verdict, planFile: planFile ?? unsaved)
    if planFile == nil, !steps.isEmpty {
      steps.insert(NextStep(purpose: .save, command: "rollcall plan --out \(unsaved)"), at: 0)
    }
    guard !jobOptions.isEmpty else { return steps }
    return steps.map { NextStep(purpose: $0.purpose, command: "\($0.command) \(jobOptions)") }
  }

  private static func steps(after verdict: Verdict, planFile: String) -> [NextStep] {
    let file = ShellWord(planFile)
    let show = NextStep(purpose: .show, command: "rollcall show \(file)")
    let approval = ShellWord(planFile + ".approval")
    switch verdict {
    case .planned: return [show, NextStep(purpose: .apply, command: "rollcall apply \(file)")]
    case .held: return [show]
    case .nothingToDo, .applied, .refreshed, .resumed: return []
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
}

/// One word of a POSIX shell command (IEEE Std 1003.1 §2.2.2), quoted where it must be.
package struct ShellWord: Sendable, Hashable, CustomStringConvertible {
  package let description: String

  package init(_ text: String) {
    let isPlain =
      text.utf8.first != UInt8(ascii: "-")
      && text.utf8.allSatisfy { byte in
        Self.plain.contains(byte) || byte >= 0x80
      }
    if isPlain, !text.isEmpty {
      description = text
    } else {
      let path = text.utf8.first == UInt8(ascii: "-") ? "./" + text : text
      var quoted = "'"
      for scalar in path.unicodeScalars {
        quoted.unicodeScalars.append(
          contentsOf: scalar == "'" ? Array("'\\''".unicodeScalars) : [scalar])
      }
      description = quoted + "'"
    }
  }

  private static let plain = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:@%+,".utf8)
}
