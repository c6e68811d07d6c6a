import Identity
import PlanFile

/// What stands in the page around its long lists, ready for the templates: names here are the names there.
///
/// `VisibleText` is what came from data, `String` is ours. A section is shown when its list has elements
/// or its flag is true; nothing is optional, because Mustache looks for a missing name further out.
struct HTMLPage: Sendable {
  struct Section: Sendable {
    let id: String
    let name: String
    let count: String
  }

  struct Tile: Sendable {
    let label: String
    let number: String
    let note: String
    let tone: String
  }

  struct Fact: Sendable {
    let label: String
    let text: VisibleText
  }

  struct Export: Sendable {
    let title: VisibleText
    let word: String
    let tone: String
    let records: String
    let readings: [VisibleText]
    let files: [VisibleText]
    let problems: [Problem]
  }

  /// What the health gate found of an export.
  struct Problem: Sendable {
    let text: VisibleText
    let tone: String
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
  let script = HTMLPage.script
  let scriptHash = HTMLReport.scriptHash
  let title: VisibleText
  let subtitle: String
  let explanation: VisibleText
  let tone: String
  let mark: String
  let steps: [Fact]
  let hasSteps: Bool
  /// What holds of the whole page.
  let caveats: [String]
  let sections: [Section]
  let facts: [Fact]
  let tiles: [Tile]
  let charts: [HTMLCharts.Bars]
  let trend: [HTMLTrend]
  let hasCharts: Bool
  let guards: [HTMLGuard]
  let hasGuards: Bool
  let guardsRest: [String]
  let exports: [Export]
  let hasExports: Bool
  let findingGroups: [FindingGroup]
  let hasFindings: Bool
  let extensions: [Fact]
  let hasExtensions: Bool

  init(
    _ source: ReportSource, _ overview: Overview, _ tally: Tally, _ rows: HTMLRows,
    planFile: String?, jobOptions: JobWords
  ) {
    let plan = source.plan
    let verdict = Verdict(source)
    title = VisibleText(verdict.title(of: source))
    subtitle = Self.subtitle(of: source)
    explanation = VisibleText(verdict.explanation(of: source), limit: Self.valueLimit)
    // What has not been done is neither good nor bad.
    tone =
      verdict == .planned && plan.decisions.heldCount == 0
      ? "open" : verdict.tone(of: source).name
    mark = verdict.mark(of: source)
    steps = NextStep.steps(after: source, planFile: planFile, jobOptions: jobOptions).map {
      Fact(label: $0.purpose.sentence, text: VisibleText($0.command))
    }
    caveats = source.pseudonymousSentence.map { [$0] } ?? []
    hasSteps = !steps.isEmpty
    facts = Self.facts(of: source)
    tiles = HTMLTiles(plan, overview).tiles
    charts = HTMLCharts(tally, isApplied: verdict == .applied).charts
    let pending = source.run == nil && !plan.isEmpty ? Flow(tally) : nil
    trend =
      HTMLTrend(
        source.history, pending: pending, own: source.run?.number, held: plan.decisions.heldCount
      ).map { [$0] } ?? []
    hasCharts = !charts.isEmpty || !trend.isEmpty
    guards = Self.guards(of: plan.evidence.verdicts)
    hasGuards = !guards.isEmpty
    guardsRest = Self.rest(of: plan.evidence.verdicts, shown: guards.count)
    exports = overview.exports.map(Self.export)
    hasExports = !exports.isEmpty
    findingGroups = overview.findingGroups.map(Self.findings)
    hasFindings = !findingGroups.isEmpty
    extensions = rows.extensions
    hasExtensions = !extensions.isEmpty
    sections = [
      Section(id: "charts", name: "Charts", count: hasCharts ? " " : ""),
      Self.section("guards", "Guards", plan.evidence.verdicts.count),
      Self.section("held", "Held", plan.decisions.heldCount),
      Self.section("exports", "Exports", exports.count),
      Self.section("changes", "Changes", rows.memberCount),
      Self.section("memberships", "Memberships", rows.edgeCount),
      Self.section("findings", "Findings", Overview.sum(overview.findingGroups.map(\.total))),
      Section(id: "about", name: "About", count: " "),
    ].filter { !$0.count.isEmpty }
  }
}

extension Flow {
  init(_ tally: Tally) {
    // Every operation is of a kind, so departments that are not mapped are no hole.
    for (kind, classes) in tally.kinds {
      switch kind {
      case .createMember, .createTeam, .reactivateMember, .addMembership: gained += classes.total
      case .updateMember, .updateTeam: changed += classes.total
      case .deactivateMember, .deleteMember, .removeMembership: lost += classes.total
      }
    }
  }
}

// MARK: - The parts

extension HTMLPage {
  /// Longer values are cut, and say so; the JSON report has them whole.
  static let valueLimit = 2_000
  /// Who or what it is can be told by less; a name may stand in every row.
  static let nameLimit = 200
  private static let findingLimit = 100
  /// There may be one verdict per team; those that refuse are always shown.
  private static let passedLimit = 50

  private static func section(_ id: String, _ name: String, _ count: Int) -> Section {
    Section(id: id, name: name, count: count == 0 ? "" : "\(Quantity(count))")
  }

  private static func subtitle(of source: ReportSource) -> String {
    guard let run = source.run else {
      return "Plan \(source.planName.prefix(12)), \(UTCTime(source.plan.evidence.now).short)"
    }
    return "Run \(run.number), \(UTCTime(run.startedAt).short)"
  }

  private static func facts(of source: ReportSource) -> [Fact] {
    let evidence = source.plan.evidence
    var facts = [
      Fact(label: "Plan", text: VisibleText(source.planName)),
      Fact(label: "Made", text: VisibleText("\(UTCTime(evidence.now))")),
    ]
    if let run = source.run {
      facts += [
        Fact(label: "Run", text: VisibleText("\(run.number), \(run.outcome.words)")),
        Fact(label: "Started", text: VisibleText("\(UTCTime(run.startedAt))")),
        Fact(label: "Finished", text: VisibleText("\(UTCTime(run.finishedAt))")),
        Fact(label: "Journal head", text: VisibleText(run.head)),
      ]
      if let approval = run.approval {
        facts.append(Fact(label: "Approval", text: VisibleText(approval)))
      }
      if let word = run.word {
        let verb = run.outcome == .resumed ? "Resumed" : "Approved"
        facts += [
          Fact(label: "\(verb) by", text: VisibleText(word.by, limit: valueLimit)),
          Fact(label: "Reason", text: VisibleText(word.reason, limit: valueLimit)),
        ]
      }
    }
    if source.isPseudonymous {
      facts.append(
        Fact(label: "Names", text: VisibleText("values of people are keyed digests (p-…)")))
    }
    return facts + [
      Fact(label: "Policy", text: VisibleText(evidence.policyDigest)),
      Fact(label: "State", text: VisibleText(evidence.lineage)),
      Fact(label: "Rollcall", text: VisibleText(evidence.toolVersion)),
    ]
  }

  /// Those that refuse come first.
  private static func guards(of verdicts: [GuardVerdict]) -> [HTMLGuard] {
    let passed = verdicts.lazy.filter { !$0.exceedsLimit }.prefix(passedLimit)
    return (verdicts.filter(\.exceedsLimit) + passed).map { HTMLGuard($0) }
  }

  private static func rest(of verdicts: [GuardVerdict], shown: Int) -> [String] {
    let rest = verdicts.count - shown
    return rest > 0 ? ["and \(Quantity(rest)) more that passed"] : []
  }

  private static func export(_ export: Overview.Export) -> Export {
    Export(
      title: VisibleText(export.name, limit: nameLimit),
      word: export.isReliable ? "reliable" : "unreliable",
      tone: export.isReliable ? "good" : "bad", records: "\(Quantity(export.recordCount))",
      readings: export.readings.map { VisibleText($0, limit: nameLimit) },
      files: export.inputs.map { VisibleText($0.file, limit: nameLimit) },
      problems: export.findings.map {
        Problem(text: VisibleText($0.message, limit: valueLimit), tone: $0.severity.tone.name)
      })
  }

  private static func findings(_ group: Overview.FindingGroup) -> FindingGroup {
    // What was kept from happening is what a person looks for.
    let limit = group.isBlock ? Int.max : findingLimit
    let rest = group.findings.count - min(limit, group.findings.count)
    return FindingGroup(
      heading: group.heading, total: "\(Quantity(group.total))", tone: group.severity.tone.name,
      findings: group.findings.prefix(limit).map { listed in
        let more = listed.finding.repeats
        return Line(
          place: VisibleText(listed.place, limit: valueLimit),
          message: VisibleText(listed.finding.message, limit: valueLimit),
          repeats: more == 0 ? "" : "and \(Quantity(more)) more like it")
      },
      rest: rest > 0 ? ["and \(Quantity(rest)) more; the JSON report has them all"] : [])
  }
}

/// The numbers that an operator reads first.
struct HTMLTiles {
  let tiles: [HTMLPage.Tile]

  init(_ plan: Plan, _ overview: Overview) {
    let counts = Dictionary(uniqueKeysWithValues: overview.counts.map { ($0.kind, $0.count) })
    func count(_ kinds: Operation.Kind...) -> Int { kinds.reduce(0) { $0 + (counts[$1] ?? 0) } }
    let joins = count(.addMembership)
    let leaves = count(.removeMembership)
    let held = plan.decisions.heldCount
    let withheld = plan.decisions.withheldCount
    let severities = Finding.Severity.allCases.reversed().map { ($0, overview.findingCount($0)) }
    tiles = [
      Self.tile(
        "Creates", count(.createMember, .createTeam), "good",
        [(count(.createMember), "member"), (count(.createTeam), "team")]),
      Self.tile(
        "Updates", count(.updateMember, .reactivateMember, .updateTeam), "plain",
        [(count(.updateMember, .reactivateMember), "member"), (count(.updateTeam), "team")]),
      Self.tile(
        "Memberships", joins + leaves, "plain", [(joins, "joining"), (leaves, "leaving")],
        counts: false),
      Self.tile(
        "Removals", overview.removals, "bad",
        [(overview.removals - leaves, "member"), (leaves, "membership")]),
      Self.tile("Grants", overview.grants, "changed", []),
      Self.tile("Rekeys", overview.rekeys, "changed", []),
      Self.tile("Held", held, "changed", [(withheld, "removal")], suffix: " withheld"),
      Self.tile(
        "Findings", Overview.sum(severities.map(\.1)),
        severities.first { $0.1 > 0 }?.0.tone.name ?? "plain",
        severities.map { ($0.1, $0.0.rawValue) }),
    ]
  }

  private static func tile(
    _ label: String, _ number: Int, _ tone: String, _ parts: [(count: Int, noun: String)],
    counts: Bool = true, suffix: String = ""
  ) -> HTMLPage.Tile {
    let words = parts.filter { $0.count > 0 }.map { part in
      counts ? Quantity(part.count).of(part.noun) : "\(Quantity(part.count)) \(part.noun)"
    }
    return HTMLPage.Tile(
      label: label, number: "\(Quantity(number))",
      note: words.isEmpty ? "" : words.joined(separator: ", ") + suffix,
      tone: number == 0 ? "quiet" : tone)
  }
}
