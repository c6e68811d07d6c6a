import Identity
import PlanFile

/// The charts of the page, as the numbers their drawings and tables are made of.
struct HTMLCharts: Sendable {
  /// A table with a bar in each row.
  struct Bars: Sendable {
    let title: String
    let rowName: String
    let legend: [Legend]
    let bars: [Bar]
    /// What there was no room for.
    let rest: [String]
  }

  struct Legend: Sendable {
    let tone: String
    let label: String
  }

  struct Bar: Sendable {
    let label: VisibleText
    let segments: [Segment]
    let amount: String
    let note: String
  }

  /// In percent of the width.
  struct Segment: Sendable {
    let tone: String
    let x: String
    let width: String
  }

  /// How many rows a chart has room for.
  static let barLimit = 10

  let charts: [Bars]

  init(_ tally: Tally, isApplied: Bool) {
    charts = [
      Self.kinds(tally.kinds, isApplied: isApplied), Self.departments(tally.departments),
      Self.teams(tally.teams),
    ].filter { !$0.bars.isEmpty }
  }

  // MARK: - The three of them

  private static func kinds(
    _ kinds: [Operation.Kind: Tally.Classes], isApplied: Bool
  ) -> Bars {
    let most = kinds.values.map(\.total).max() ?? 0
    return Bars(
      title: "Changes by kind and class", rowName: "Kind",
      legend: [
        Legend(tone: "plain", label: "no class"), Legend(tone: "grant", label: "grant"),
        Legend(tone: "rekey", label: "rekey"), Legend(tone: "lost", label: "removal"),
      ],
      bars: Operation.Kind.readingOrder.compactMap { kind in
        kinds[kind].map { classes in
          bar(
            kind.heading(isApplied: isApplied), of: most,
            [
              ("plain", classes.plain, ""), ("grant", classes.grant, "grant"),
              ("rekey", classes.rekey, "rekey"), ("lost", classes.removal, "removal"),
            ])
        }
      }, rest: [])
  }

  private static func departments(_ departments: [Tally.Department]) -> Bars {
    let named = departments.filter { $0.name != nil }
    let unknown = departments.filter { $0.name == nil }
    let shown = Array(named.prefix(barLimit)) + unknown
    return Bars(
      title: "Members by department", rowName: "Department", legend: flowLegend,
      bars: bars(
        shown.map { ($0.name.map { Self.named($0) } ?? "not known", $0.flow) }),
      rest: rest(named.dropFirst(barLimit).map(\.flow), "department"))
  }

  private static func teams(_ teams: [Tally.Team]) -> Bars {
    Bars(
      title: "Teams and memberships by team", rowName: "Team", legend: flowLegend,
      bars: bars(teams.prefix(barLimit).map { (named($0.team.name), $0.flow) }),
      rest: rest(teams.dropFirst(barLimit).map(\.flow), "team"))
  }

  // MARK: - Drawing

  private static let flowLegend = [
    Legend(tone: "gained", label: "in"), Legend(tone: "changed", label: "changed"),
    Legend(tone: "lost", label: "out"),
  ]

  private static func bars(_ rows: [(label: String, flow: Flow)]) -> [Bar] {
    let most = rows.map(\.flow.total).max() ?? 0
    return rows.map { label, flow in
      bar(
        label, of: most,
        [
          ("gained", flow.gained, "in"), ("changed", flow.changed, "changed"),
          ("lost", flow.lost, "out"),
        ])
    }
  }

  private static func bar(
    _ label: String, of most: Int, _ parts: [(tone: String, count: Int, word: String)]
  ) -> Bar {
    var segments: [Segment] = []
    var start = 0.0
    for part in parts where part.count > 0 {
      // Few among many are seen, too.
      let width = max(Double(part.count) / Double(max(most, 1)) * 100, 1.5)
      segments.append(
        Segment(tone: part.tone, x: SVGNumber(start).text, width: SVGNumber(width).text))
      start += width
    }
    let total = parts.reduce(0) { $0 + $1.count }
    let words = parts.filter { $0.count > 0 && !$0.word.isEmpty }.map { part in
      part.count == total ? part.word : "\(Quantity(part.count)) \(part.word)"
    }
    return Bar(
      label: VisibleText(label, limit: HTMLPage.nameLimit), segments: segments,
      amount: "\(Quantity(total))",
      note: words.joined(separator: ", "))
  }

  private static func rest(_ flows: [Flow], _ noun: String) -> [String] {
    guard !flows.isEmpty else { return [] }
    let changes = flows.reduce(0) { $0 + $1.total }
    return ["and \(Quantity(flows.count).of(noun)) more with \(Quantity(changes).of("change"))"]
  }

  private static func named(_ name: String) -> String { name.isEmpty ? "(no name)" : name }
}

/// A length in a drawing: two decimals at most, and never in the local way of writing them.
struct SVGNumber: Sendable, Hashable {
  let text: String

  init(_ value: Double) {
    let hundredths = Int((min(max(value, -1e9), 1e9) * 100).rounded())
    let rest = hundredths.magnitude % 100
    let whole = (hundredths < 0 ? "-" : "") + "\(hundredths.magnitude / 100)"
    text = rest == 0 ? whole : whole + (rest < 10 ? ".0\(rest)" : ".\(rest)")
  }
}

/// One guard with its amount drawn against its limit.
struct HTMLGuard: Sendable {
  let title: VisibleText
  let amount: String
  let population: String
  let limit: VisibleText
  let word: String
  let tone: String
  /// Of the bar, in percent.
  let fill: String
  /// Where the limit stands in it; empty where anything passes.
  let marks: [String]
  let allowance: String

  init(_ verdict: GuardVerdict) {
    title = VisibleText(verdict.title, limit: HTMLPage.nameLimit)
    amount = "\(Quantity(verdict.amount))"
    population = "\(Quantity(verdict.population))"
    limit = VisibleText(verdict.limit + verdict.approval)
    word = verdict.word
    tone = verdict.tone.name
    allowance = verdict.allowance.map { "\(Quantity($0))" } ?? "any"
    let amount = max(Double(verdict.amount), 0)
    guard let allowance = verdict.allowance.map({ max(Double($0), 0) }) else {
      marks = []
      fill = verdict.passed ? "0" : "100"
      return
    }
    // The limit stands at four fifths, unless the amount is beyond.
    let scale = max(amount, allowance * 1.25, 1)
    marks = [SVGNumber(min(allowance / scale * 100, 99)).text]
    fill = SVGNumber(amount / scale * 100).text
  }
}
