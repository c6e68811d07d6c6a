import Identity
package import PlanFile

/// A summary for a ticket or a chat: GitHub's Markdown, half a page, nothing in it but text.
///
/// ```
/// ## 🟡 Applied: 15 changes, 3 held
/// ```
///
/// Names from data are made visible and stand as code, where no character is markup but the backtick. Mentions,
/// links and images cannot come of them.
package struct MarkdownReport: Sendable {
  /// How many holds, teams and findings are listed.
  private static let limit = 10
  /// How much of a name; the whole is half a page.
  private static let nameLimit = 80
  private static let sentenceLimit = 500

  private let planFile: String?
  private let jobOptions: JobWords

  package init(planFile: String?, jobOptions: JobWords = "") {
    self.planFile = planFile
    self.jobOptions = jobOptions
  }

  package func text(of source: ReportSource) -> String {
    let overview = Overview(source.plan)
    let parts = [
      opening(source), next(source), Self.operations(source, overview),
      Self.guards(source.plan.evidence.verdicts), Self.holds(source.plan.decisions, overview),
      Self.exports(overview.exports), Self.teams(Tally(source).teams), Self.findings(overview),
      Self.closing(source),
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n") + "\n"
  }

  // MARK: - The parts

  private func opening(_ source: ReportSource) -> String {
    let verdict = Verdict(source)
    let sign =
      switch verdict.tone(of: source) {
      case .good where verdict == .planned: "🔵"
      case .good: "✅"
      case .bad: "⛔"
      case .heading, .changed, .quiet: "🟡"
      }
    let title = VisibleText(verdict.title(of: source), limit: Self.sentenceLimit).markdown
    let explanation = VisibleText(verdict.explanation(of: source), limit: Self.sentenceLimit)
    let caveat = source.pseudonymousSentence.map { "\n_\($0)_\n" } ?? ""
    return "## \(sign) \(title)\n\n\(explanation.markdown)\n\(caveat)"
  }

  private func next(_ source: ReportSource) -> String {
    let steps = NextStep.steps(after: source, planFile: planFile, jobOptions: jobOptions)
    return steps.map { "- \($0.purpose.sentence): \(VisibleText($0.command).code)\n" }.joined()
  }

  private static func operations(_ source: ReportSource, _ overview: Overview) -> String {
    guard !source.plan.isEmpty else { return "" }
    let isApplied = Verdict(source) == .applied
    let rows = overview.counts.map { kind, count in
      "| \(kind.heading(isApplied: isApplied)) | \(Quantity(count)) |\n"
    }
    return "| Changes | |\n|---|---:|\n" + rows.joined()
      + "| **In all** | **\(Quantity(source.plan.decisions.operations.count))** |\n\n"
      + "Of these \(Quantity(overview.removals).of("removal")), "
      + "\(Quantity(overview.grants).of("grant")), \(Quantity(overview.rekeys).of("rekey")).\n"
  }

  private static func guards(_ verdicts: [GuardVerdict]) -> String {
    let exceeded = verdicts.filter(\.exceedsLimit)
    guard !exceeded.isEmpty else { return "" }
    let rows = exceeded.prefix(limit).map { verdict in
      let share = "\(Quantity(verdict.amount)) of \(Quantity(verdict.population))"
      let rule = VisibleText(verdict.limit + verdict.approval, limit: nameLimit)
      return
        "| \(VisibleText(verdict.title, limit: nameLimit).code) | \(verdict.word) | \(share) | "
        + "\(rule.markdown) |\n"
    }
    return "| Guard | | Amount | Limit |\n|---|---|---|---|\n" + rows.joined()
      + rest(exceeded.count)
  }

  private static func holds(_ decisions: Decisions, _ overview: Overview) -> String {
    let count = decisions.heldCount
    guard count > 0 else { return "" }
    let rows = decisions.holds.prefix(limit).map { hold in
      let since = overview.since(hold).map { ", since \($0.short)" } ?? ""
      return "- \(VisibleText(hold.subject, limit: nameLimit).code): \(hold.reason)\(since)\n"
    }
    return "**Held for a person: \(Quantity(count))**\n\n" + rows.joined() + rest(count)
  }

  private static func exports(_ exports: [Overview.Export]) -> String {
    exports.filter { !$0.isReliable }.map { export in
      let reasons = export.findings.map { VisibleText($0.message, limit: sentenceLimit).markdown }
      return "**Unreliable export** \(VisibleText(export.name, limit: nameLimit).code): "
        + reasons.joined(separator: " ") + "\n"
    }.joined()
  }

  private static func teams(_ teams: [Tally.Team]) -> String {
    let changed = teams.filter { $0.joining + $0.leaving > 0 }
    guard !changed.isEmpty else { return "" }
    let rows = changed.prefix(limit).map { team in
      "| \(VisibleText(team.team.name, limit: nameLimit).code) | \(Quantity(team.joining)) | "
        + "\(Quantity(team.leaving)) |\n"
    }
    return "| Team | Joining | Leaving |\n|---|---:|---:|\n" + rows.joined() + rest(changed.count)
  }

  private static func findings(_ overview: Overview) -> String {
    let groups = overview.findingGroups.filter { $0.severity > .note }
    guard !groups.isEmpty else { return "" }
    let rows = groups.prefix(limit).map { group in
      "| \(group.severity.rawValue) | `\(group.code)` | \(Quantity(group.total)) |\n"
    }
    return "| Findings | | |\n|---|---|---:|\n" + rows.joined() + rest(groups.count)
  }

  private static func closing(_ source: ReportSource) -> String {
    let name = VisibleText(String(source.planName.prefix(12)))
    let plan = source.planName.isEmpty ? "" : " \(name.code)"
    let run = source.run.map { "Run \($0.number)\(plan.isEmpty ? "" : ", plan")" } ?? "Plan"
    return "\(run)\(plan), made \(UTCTime(source.plan.evidence.now).short)\n"
  }

  private static func rest(_ count: Int) -> String {
    count > limit ? "\nand \(Quantity(count - limit)) more\n" : ""
  }
}

extension VisibleText {
  /// Our sentence with names from data in it: nothing in them is markup, a mention or a link.
  ///
  /// CommonMark §2.4 for the punctuation; what GitHub makes a link or a mention of needs `@`, `://` or `www.`.
  fileprivate var markdown: String {
    let escaped = description.unicodeScalars.reduce(into: "") { text, scalar in
      if scalar == "@" {
        text += "&#64;"
        return
      }
      if "\\`*_[]<>#|~&!".unicodeScalars.contains(scalar) { text += "\\" }
      text.unicodeScalars.append(scalar)
    }
    return escaped.replacing("://", with: "&#58;//").replacing("www.", with: "www&#46;")
  }

  /// A code span with a fence longer than any run of backticks in it (CommonMark §6.1); a pipe would end the
  /// cell of a table even there, and is spelled out.
  ///
  /// By bytes: to Swift a backtick with an accent after it is another character, to a reader of Markdown not.
  fileprivate var code: String {
    var text: [UInt8] = []
    var (run, longest) = (0, 0)
    for byte in description.utf8 {
      text += byte == UInt8(ascii: "|") ? Array("\\u{7c}".utf8) : [byte]
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    let needsSpace =
      text.isEmpty || text.first == UInt8(ascii: "`") || text.last == UInt8(ascii: "`")
    let space = needsSpace ? " " : ""
    return fence + space + String(decoding: text, as: UTF8.self) + space + fence
  }
}
