import Identity
import PlanFile

/// What stands in the page, ready for the template: names here are the names there.
///
/// `VisibleText` is what came from data, `String` is ours. A section is shown when its list has elements
/// or its flag is true; nothing is optional, because Mustache looks for a missing name further out.
struct HTMLPage: Sendable {
  struct Tile: Sendable {
    let label: String
    let number: String
    let tone: String
  }

  struct Fact: Sendable {
    let label: String
    let text: VisibleText
  }

  struct Guard: Sendable {
    let title: VisibleText
    let amount: String
    let population: String
    let limit: VisibleText
    let word: String
    let tone: String
  }

  struct Export: Sendable {
    let title: VisibleText
    let word: String
    let tone: String
    let records: String
    let files: [VisibleText]
    let problems: [VisibleText]
  }

  struct Change: Sendable {
    /// The URN before the name, with its colon; empty for the core schema.
    let schema: [VisibleText]
    let attribute: VisibleText
    /// The value of something new; otherwise there is one replacement.
    let added: [VisibleText]
    let replaced: [Replacement]
  }

  /// Empty lists are “none”.
  struct Replacement: Sendable {
    let before: [VisibleText]
    let after: [VisibleText]
  }

  struct Row: Sendable {
    let sign: String
    let verb: String
    let tone: String
    let who: VisibleText
    let id: VisibleText
    let classes: [String]
    let changes: [Change]
    let hasChanges: Bool
    let situation: String
    let explanation: String
    let rule: VisibleText
    let origins: [VisibleText]
  }

  struct Group: Sendable {
    let heading: VisibleText
    let detail: String
    let rows: [Row]
  }

  struct Held: Sendable {
    let subject: VisibleText
    let words: String
    let explanation: String
    let effect: String
    let since: String
  }

  struct FindingGroup: Sendable {
    let heading: String
    let total: String
    let tone: String
    let findings: [Line]
    let rest: [String]
  }

  struct Line: Sendable {
    let place: VisibleText
    let message: VisibleText
    let repeats: String
  }

  let style = HTMLPage.style
  let styleHash = HTMLReport.styleHash
  let title: VisibleText
  let explanation: VisibleText
  let tone: String
  let mark: String
  let steps: [Fact]
  let hasSteps: Bool
  let facts: [Fact]
  let tiles: [Tile]
  let kinds: [Tile]
  let hasKinds: Bool
  let guards: [Guard]
  let hasGuards: Bool
  let exports: [Export]
  let hasExports: Bool
  /// Why not all operations are here; empty when they are.
  let sampled: [VisibleText]
  let groups: [Group]
  let hasGroups: Bool
  let teams: [Group]
  let hasTeams: Bool
  let holds: [Held]
  let hasHolds: Bool
  let findingGroups: [FindingGroup]
  let hasFindings: Bool

  init(_ source: ReportSource, planFile: String, companions: [String], jobOptions: String) {
    let plan = source.plan
    let overview = Overview(plan)
    let verdict = Verdict(source)
    let isApplied = verdict == .applied
    let rows = HTMLRows(plan, overview, isApplied: isApplied)
    title = VisibleText(verdict.title(of: source))
    explanation = VisibleText(verdict.explanation(of: source))
    tone = Self.tone(of: verdict)
    mark = Self.mark(of: verdict)
    steps = NextStep.steps(
      after: verdict, planFile: planFile, jobOptions: jobOptions
    ).map { step in
      Fact(label: step.purpose.sentence, text: VisibleText(step.command))
    }
    hasSteps = !steps.isEmpty
    facts = Self.facts(of: source)
    tiles = Self.tiles(of: plan, overview)
    kinds = overview.counts.map { kind, count in
      Tile(
        label: kind.heading(isApplied: isApplied), number: "\(Quantity(count))",
        tone: kind.tone.name)
    }
    hasKinds = !kinds.isEmpty
    guards = Self.guards(of: plan.evidence.verdicts)
    hasGuards = !guards.isEmpty
    exports = overview.exports.map(Self.export)
    hasExports = !exports.isEmpty
    sampled = rows.isSample ? [VisibleText(Self.sampleNote(plan, companions))] : []
    groups = rows.memberGroups
    hasGroups = !groups.isEmpty
    teams = rows.teamGroups
    hasTeams = !teams.isEmpty
    holds = plan.decisions.holds.map { Self.held($0, since: overview.since($0)) }
    hasHolds = !holds.isEmpty
    findingGroups = overview.findingGroups.map(Self.findings)
    hasFindings = !findingGroups.isEmpty
  }
}

// MARK: - The sections

extension HTMLPage {
  /// Longer values are cut, and say so; the JSON report has them whole.
  static let valueLimit = 2_000
  private static let findingLimit = 100

  private static func tone(of verdict: Verdict) -> String {
    switch verdict {
    case .refused: "bad"
    case .held: "changed"
    case .planned: "open"
    case .nothingToDo, .applied, .refreshed, .resumed: "good"
    }
  }

  private static func mark(of verdict: Verdict) -> String {
    switch verdict {
    case .refused: "✕"
    case .held: "!"
    case .planned: "→"
    case .nothingToDo, .applied, .refreshed, .resumed: "✓"
    }
  }

  private static func facts(of source: ReportSource) -> [Fact] {
    let evidence = source.plan.evidence
    var facts = [
      Fact(label: "Plan", text: VisibleText(source.planName)),
      Fact(label: "Made", text: VisibleText("\(UTCTime(evidence.now))")),
    ]
    if let run = source.run {
      facts += [
        Fact(label: "Run", text: VisibleText("\(run.number), \(run.outcome.rawValue)")),
        Fact(label: "Started", text: VisibleText("\(UTCTime(run.startedAt))")),
        Fact(label: "Finished", text: VisibleText("\(UTCTime(run.finishedAt))")),
      ]
      if let approval = run.approval {
        facts.append(Fact(label: "Approval", text: VisibleText(approval)))
      }
    }
    return facts + [
      Fact(label: "Policy", text: VisibleText(evidence.policyDigest)),
      Fact(label: "State", text: VisibleText(evidence.lineage)),
      Fact(label: "Rollcall", text: VisibleText(evidence.toolVersion)),
    ]
  }

  private static func tiles(of plan: Plan, _ overview: Overview) -> [Tile] {
    func tile(_ label: String, _ count: Int, _ tone: String) -> Tile {
      Tile(label: label, number: "\(Quantity(count))", tone: count == 0 ? "quiet" : tone)
    }
    return [
      tile("Changes", plan.decisions.operations.count, "plain"),
      tile("Removals", overview.removals, "bad"),
      tile("Grants", overview.grants, "changed"),
      tile("Rekeys", overview.rekeys, "changed"),
      tile("Held", plan.decisions.holds.count, "changed"),
      tile("Errors", overview.findingCount(.error), "bad"),
      tile("Warnings", overview.findingCount(.warning), "changed"),
    ]
  }

  /// Those that refuse come first.
  private static func guards(of verdicts: [GuardVerdict]) -> [Guard] {
    (verdicts.filter { !$0.passed } + verdicts.filter(\.passed)).map { verdict in
      Guard(
        title: VisibleText(verdict.title), amount: "\(Quantity(verdict.amount))",
        population: "\(Quantity(verdict.population))", limit: VisibleText(verdict.limit),
        word: verdict.passed ? "passed" : "refused", tone: verdict.passed ? "good" : "bad")
    }
  }

  private static func export(_ export: Overview.Export) -> Export {
    Export(
      title: VisibleText(export.name), word: export.isReliable ? "reliable" : "unreliable",
      tone: export.isReliable ? "good" : "bad", records: "\(Quantity(export.recordCount))",
      files: export.inputs.map { VisibleText($0.file) },
      problems: export.findings.map { VisibleText($0.message) })
  }

  private static func sampleNote(_ plan: Plan, _ companions: [String]) -> String {
    let count = Quantity(plan.decisions.operations.count)
    let place =
      companions.isEmpty
      ? "The JSON and CSV reports have" : companions.joined(separator: ", ") + " has"
    return
      "The plan has \(count) changes; up to \(HTMLReport.sampleSize) of each kind are shown here. "
      + "\(place) every one of them."
  }

  private static func held(_ hold: Hold, since: UTCTime?) -> Held {
    Held(
      subject: VisibleText(hold.subject), words: hold.situation.words,
      explanation: hold.situation.explanation,
      effect: hold.isRemoval ? "removal withheld" : "not changed",
      since: since?.short ?? "this run")
  }

  private static func findings(_ group: Overview.FindingGroup) -> FindingGroup {
    let rest = group.findings.count - findingLimit
    return FindingGroup(
      heading: group.heading, total: "\(Quantity(group.total))", tone: group.severity.tone.name,
      findings: group.findings.prefix(findingLimit).map { finding in
        Line(
          place: VisibleText(finding.origin?.place ?? "", limit: valueLimit),
          message: VisibleText(finding.message, limit: valueLimit),
          repeats: finding.repeats == 0 ? "" : "and \(Quantity(finding.repeats)) more like it")
      },
      rest: rest > 0 ? ["and \(Quantity(rest)) more; the JSON report has them all"] : [])
  }
}
