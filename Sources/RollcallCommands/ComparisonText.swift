import Identity
import PlanFile
import Reconciling
import Reporting
import Scanning

/// What `rollcall plan --compare` prints.
///
/// ```
/// next.yaml compared with rollcall.yaml: 2 people or teams would be treated otherwise, 648 alike
///
/// Operations              now   then
///   deactivate-member       3      0
///
/// People and teams
///   - adam.nowak@contoso.com   no longer: deactivate-member [removal]
///   ~ anna.schmidt@contoso.com
///       now:  update-member  title: "Buyer" → "Senior buyer"
///       then: update-member  title: "Buyer" → none
/// ```
struct ComparisonText {
  /// More than anybody reads on a screen.
  private static let entryLimit = 200
  private static let findingLimit = 50
  private static let valueLimit = 200

  let style: Style

  func page(for compared: ComparedPlans) -> String {
    let comparison = compared.comparison
    var text = head(compared)
    guard !comparison.isEmpty else { return text }
    text += counts(compared) + entries(comparison, compared.names) + verdicts(comparison)
    text += list("Held for a person", comparison.holds, Self.entryLimit) { hold in
      "\(VisibleText(hold.subject))   \(hold.situation.words): \(hold.situation.explanation)"
    }
    text += list("Findings", comparison.findings, Self.findingLimit) { finding in
      let place = finding.origin.map { "\($0.place): " } ?? ""
      return "\(finding.code)   \(VisibleText(place + finding.message))"
    }
    return text
  }

  private func head(_ compared: ComparedPlans) -> String {
    let (first, second) = compared.policies
    let names = "\(VisibleText(second)) compared with \(VisibleText(first))"
    let comparison = compared.comparison
    guard !comparison.isEmpty else {
      return style(.good, "\(names): nothing would be different tonight") + "\n"
    }
    let count = comparison.entries.count
    let subjects = count == 1 ? "1 person or team" : "\(StepText.grouped(count)) people or teams"
    let alike = comparison.sameCount
    return style(.heading, "\(names): \(subjects) would be treated otherwise")
      + (alike > 0 ? ", \(StepText.grouped(alike)) alike" : "") + "\n"
      + refusal("now", compared.first) + refusal("then", compared.second)
      + "Nothing has been written.\n"
  }

  private func refusal(_ when: String, _ plan: Plan) -> String {
    let refusing = plan.evidence.verdicts.filter { !$0.passed }
    guard !refusing.isEmpty else { return "" }
    return style(.bad, "\(when): refused by \(refusing.map(\.title).joined(separator: ", "))")
      + "\n"
  }

  private func counts(_ compared: ComparedPlans) -> String {
    let (first, second) = (compared.first.decisions.counts, compared.second.decisions.counts)
    var text = "\n" + style(.heading, "Operations") + String(repeating: " ", count: 15)
    text += "now     then\n"
    var lines = ""
    for kind in Operation.Kind.allCases where first[kind] != second[kind] {
      lines += "  " + padded(kind.rawValue, 20)
      lines += right(first[kind] ?? 0) + " " + right(second[kind] ?? 0) + "\n"
    }
    return lines.isEmpty ? "" : text + lines
  }

  private func entries(_ comparison: PlanComparison, _ names: ReferenceNames) -> String {
    guard !comparison.entries.isEmpty else { return "" }
    var text = "\n" + style(.heading, "People and teams") + "\n"
    for entry in comparison.entries.prefix(Self.entryLimit) { text += section(for: entry, names) }
    return text + rest(comparison.entries.count - Self.entryLimit)
  }

  private func rest(_ count: Int) -> String {
    count > 0 ? "  and \(StepText.grouped(count)) more; --output json has them all\n" : ""
  }

  private func section(for entry: PlanComparison.Entry, _ names: ReferenceNames) -> String {
    let name = "\(entry.kind == .team ? "team " : "")\(VisibleText(entry.name))"
    switch entry.change {
    case .added:
      return style(.good, "  + \(name)") + "\n" + lines(entry.second, "then:", names)
    case .dropped:
      return style(.bad, "  - \(name)") + "\n" + lines(entry.first, "no longer:", names)
    case .changed:
      let same = Set(entry.first).intersection(entry.second)
      return style(.changed, "  ~ \(name)") + "\n"
        + lines(entry.first.filter { !same.contains($0) }, "now:", names, besides: entry.second)
        + lines(entry.second.filter { !same.contains($0) }, "then:", names, besides: entry.first)
    }
  }

  /// Operations with their values; those that the other plan writes, too, are left out.
  private func lines(
    _ effects: [PlanComparison.Effect], _ label: String, _ names: ReferenceNames,
    besides others: [PlanComparison.Effect] = []
  ) -> String {
    effects.map { effect in
      let alike = others.first { $0.isAlike(effect) }
      let values = effect.values.filter { !(alike?.values.contains($0) ?? false) }
      let left = effect.values.count - values.count
      let classes = effect.classes.names.map { " [\($0)]" }.joined()
      let team = effect.team.map { " in \(VisibleText($0.name))" } ?? ""
      return "      \(padded(label, 10)) \(effect.kind.rawValue)\(team)\(classes)"
        + (left > 0 && values.isEmpty ? style(.quiet, "   the values both write") : "") + "\n"
        + values.map { "          \(line(names.readable($0), isNew: effect.kind.isCreation))\n" }
        .joined()
    }.joined()
  }

  private func line(_ change: AttributeChange, isNew: Bool) -> String {
    let (before, after) = (quoted(change.before), quoted(change.after))
    return "\(VisibleText("\(change.attribute.path)")): " + (isNew ? after : "\(before) → \(after)")
  }

  private func quoted(_ text: String?) -> String {
    text.map { "\"\(VisibleText($0, limit: Self.valueLimit))\"" } ?? "none"
  }

  private func verdicts(_ comparison: PlanComparison) -> String {
    guard !comparison.verdicts.isEmpty else { return "" }
    let lines = comparison.verdicts.map { first, second -> String in
      let title = first?.title ?? second?.title ?? ""
      return "  \(padded("\(VisibleText(title))", 26)) \(words(first)) → \(words(second))\n"
    }
    return "\n" + style(.heading, "Guards") + "\n" + lines.joined()
  }

  private func words(_ verdict: GuardVerdict?) -> String {
    guard let verdict else { return "none" }
    let word = verdict.passed ? style(.good, "passed") : style(.bad, "REFUSED")
    return "\(word) \(StepText.grouped(verdict.amount)) (\(verdict.limit))"
  }

  private func list<Value>(
    _ title: String, _ difference: PlanComparison.Difference<Value>, _ limit: Int,
    _ line: (Value) -> String
  ) -> String {
    guard !difference.isEmpty else { return "" }
    func lines(_ values: [Value], _ sign: String, _ tone: Style.Tone) -> String {
      values.prefix(limit).map { "  \(style(tone, sign)) \(line($0))\n" }.joined()
        + rest(values.count - limit)
    }
    return "\n" + style(.heading, title) + "\n" + lines(difference.dropped, "-", .bad)
      + lines(difference.added, "+", .good)
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func right(_ number: Int) -> String {
    let text = StepText.grouped(number)
    return String(repeating: " ", count: max(0, 8 - text.count)) + text
  }
}

extension Operation.Kind {
  fileprivate var isCreation: Bool { self == .createMember || self == .createTeam }
}

extension ComparedPlans {
  /// The document of `--output json`: `{"schema":"rollcall.compare/1","different":true,…}`.
  var json: JSONValue {
    func refusals(_ plan: Plan) -> JSONValue {
      .array(plan.evidence.verdicts.filter { !$0.passed }.map { .string($0.title) })
    }
    return .object([
      "schema": .string("rollcall.compare/1"), "different": .bool(!comparison.isEmpty),
      "first": .object(["policy": .string(policies.first), "refusedBy": refusals(first)]),
      "second": .object(["policy": .string(policies.second), "refusedBy": refusals(second)]),
      "counts": counts, "alike": .number(comparison.sameCount),
      "subjects": .array(comparison.entries.map(\.json)),
      "holds": comparison.holds.json { hold in
        .object([
          "subject": .string(hold.subject), "situation": .string(hold.situation.rawValue),
          "removal": .bool(hold.isRemoval),
        ])
      },
      "findings": comparison.findings.json { finding in
        .object([
          "code": .string(finding.code), "severity": .string(finding.severity.rawValue),
          "message": .string(finding.message),
          "origin": finding.origin.map { .string($0.place) } ?? .null,
        ])
      },
      "guards": .array(
        comparison.verdicts.map { first, second in
          .object([
            "guard": .string(first?.title ?? second?.title ?? ""),
            "first": first?.json ?? .null, "second": second?.json ?? .null,
          ])
        }),
      // Ids of values that refer to members, with the names of those members.
      "names": names.json,
    ])
  }

  private var counts: JSONValue {
    let (one, other) = (first.decisions.counts, second.decisions.counts)
    return .object(
      Operation.Kind.allCases.map { kind in
        JSONMember(
          name: kind.rawValue,
          value: .object(["first": .number(one[kind] ?? 0), "second": .number(other[kind] ?? 0)]))
      })
  }
}

extension PlanComparison.Difference {
  fileprivate func json(_ value: (Value) -> JSONValue) -> JSONValue {
    .object(["added": .array(added.map(value)), "dropped": .array(dropped.map(value))])
  }
}

extension PlanComparison.Entry {
  fileprivate var json: JSONValue {
    .object([
      "kind": .string(kind.rawValue), "name": .string(name), "change": .string(change.rawValue),
      "first": .array(first.map(\.json)), "second": .array(second.map(\.json)),
    ])
  }
}

extension PlanComparison.Effect {
  fileprivate var json: JSONValue {
    func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    var members = [JSONMember(name: "kind", value: .string(kind.rawValue))]
    if let team { members.append(JSONMember(name: "team", value: .string(team.name))) }
    members.append(
      JSONMember(name: "classes", value: .array(classes.names.map { .string($0) })))
    members.append(
      JSONMember(
        name: "changes",
        value: .array(
          values.map { change in
            .object([
              "attribute": .string("\(change.attribute.path)"), "before": text(change.before),
              "after": text(change.after),
            ])
          })))
    return .object(members)
  }
}

extension GuardVerdict {
  fileprivate var json: JSONValue {
    .object([
      "passed": .bool(passed), "amount": .number(amount), "population": .number(population),
      "limit": .string(limit),
    ])
  }
}
