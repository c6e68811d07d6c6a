import Identity
package import PlanFile

extension TextReport {
  /// How many groups of findings a summary has room for.
  private static var findingGroupLimit: Int { 10 }
  /// How many verdicts that passed; there may be one per team.
  private static var passedLimit: Int { 12 }

  /// What `plan` and `apply` print: one screen, whatever the size of the plan.
  package func summary(of source: ReportSource) -> String {
    let overview = Overview(source.plan)
    return opening(of: source)
      + operations(of: source.plan, overview)
      + guards(source.plan.evidence.verdicts)
      + holds(source.plan.decisions, overview)
      + exports(overview.exports)
      + findings(overview)
      + closing(of: source)
  }

  private func operations(of plan: Plan, _ overview: Overview) -> String {
    guard !plan.isEmpty else { return "" }
    let count = plan.decisions.operations.count
    let width = Quantity(count).description.count
    var text = heading("Operations")
    for (kind, count) in overview.counts {
      let sign = style(kind.tone, kind.sign)
      text += "  \(sign) \(padded(kind.rawValue, 18)) "
      text += rightAligned("\(Quantity(count))", width) + "\n"
    }
    text += "    \(padded("in all", 18)) \(Quantity(count))"
    text += style(.quiet, "  (at least \(Quantity(plan.decisions.lowerBound)) are needed)") + "\n"
    text += "    of these: removals \(Quantity(overview.removals)), "
    text += "grants \(Quantity(overview.grants)), rekeys \(Quantity(overview.rekeys))\n"
    return text
  }

  private func guards(_ verdicts: [GuardVerdict]) -> String {
    guard !verdicts.isEmpty else { return "" }
    let passed = verdicts.filter { !$0.exceedsLimit }
    let listed = verdicts.filter(\.exceedsLimit) + passed.prefix(Self.passedLimit)
    let width = min(listed.map { shown($0.title).unicodeScalars.count }.max() ?? 0, 40)
    var text = heading("Guards")
    for verdict in listed {
      let word = style(
        verdict.tone, padded(verdict.passed ? verdict.word : verdict.word.uppercased(), 8))
      text += "  \(word)  \(padded(shown(verdict.title), width))  "
      text += "\(Quantity(verdict.amount)) of \(Quantity(verdict.population))"
      text += style(.quiet, "  limit: \(shown(verdict.limit + verdict.approval))") + "\n"
    }
    let rest = passed.count - Self.passedLimit
    return rest > 0 ? text + "  and \(Quantity(rest)) more that passed\n" : text
  }

  private func holds(_ decisions: Decisions, _ overview: Overview) -> String {
    guard decisions.heldCount > 0 else { return "" }
    let withheld = decisions.withheldCount
    var text = heading("Held for a person: \(Quantity(decisions.heldCount))")
    for (situation, count) in overview.holdsBySituation {
      text += "  \(padded(situation.words, 18)) \(rightAligned("\(Quantity(count))", 8))"
      text += style(.quiet, "  \(situation.explanation)") + "\n"
    }
    return withheld == 0 ? text : text + "  \(Quantity(withheld).of("removal")) withheld\n"
  }

  private func exports(_ exports: [Overview.Export]) -> String {
    guard !exports.isEmpty else { return "" }
    let width = min(exports.map { shown($0.name).unicodeScalars.count }.max() ?? 0, 40)
    var text = heading("Exports")
    for export in exports {
      let word = export.isReliable ? style(.good, "reliable  ") : style(.bad, "UNRELIABLE")
      text += "  \(word)  \(padded(shown(export.name), width))  "
      text += Quantity(export.recordCount).of("record")
      if let reading = Self.reading(of: export) { text += "  \(shown(reading))" }
      text += style(.quiet, "  \(shown(Self.files(of: export)))") + "\n"
      for finding in export.findings where finding.severity > .note {
        text += "              \(shown(finding.message))\n"
      }
    }
    return text
  }

  /// How the files were read; of several ways, the first and how many more.
  private static func reading(of export: Overview.Export) -> String? {
    let readings = export.readings
    let rest = readings.count - 1
    return readings.first.map { rest > 0 ? "\($0) and \(Quantity(rest)) other ways" : $0 }
  }

  /// The files by name; beyond three only how many more.
  private static func files(of export: Overview.Export) -> String {
    let names = export.inputs.prefix(3).map(\.file).joined(separator: ", ")
    let rest = export.inputs.count - 3
    return rest > 0 ? "\(names) and \(Quantity(rest)) more" : names
  }

  private func findings(_ overview: Overview) -> String {
    guard !overview.findingGroups.isEmpty else { return "" }
    let counts = Finding.Severity.allCases.reversed().compactMap { severity -> String? in
      let count = overview.findingCount(severity)
      return count == 0 ? nil : Quantity(count).of(severity.rawValue)
    }
    var text = heading("Findings: " + counts.joined(separator: ", "))
    for group in overview.findingGroups.prefix(Self.findingGroupLimit) {
      let severity = style(group.severity.tone, padded(group.severity.rawValue, 7))
      text += "  \(severity)  \(padded(group.code, 24)) \(Quantity(group.total))\n"
      if let first = group.findings.first {
        let place = first.place.isEmpty ? "" : shown(first.place) + "  "
        text += "           \(style(.quiet, place + shown(first.finding.message)))\n"
      }
    }
    let rest = overview.findingGroups.count - Self.findingGroupLimit
    return rest > 0 ? text + "  and \(Quantity(rest)) more kinds; show lists them\n" : text
  }
}
