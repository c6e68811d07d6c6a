import PlanFile

/// What the last runs did, as columns: what came in and changed above the line, what went out below.
///
/// A run without a column has a sign on the line that says why. A first load would flatten all other nights, so
/// columns far above the usual are cut, and say so.
struct HTMLTrend: Sendable {
  struct Column: Sendable {
    let title: String
    /// Under the column; left out where the screen is narrow and the name is a minor one.
    let name: String
    let nameTone: String
    let centre: String
    /// What cuts it is among them.
    let pieces: [Piece]
    let shapes: [Shape]
    let isCut: Bool
  }

  /// In percent of the drawing.
  struct Piece: Sendable {
    let tone: String
    let x: String
    let y: String
    let width: String
    let height: String
  }

  /// A sign at a place in percent of the drawing, itself drawn in pixels around it.
  struct Shape: Sendable {
    let tone: String
    let path: String
    let x: String
    let y: String
  }

  /// An amount on the scale.
  struct Tick: Sendable {
    let y: String
    let label: String
    let tone: String
  }

  struct Figure: Sendable {
    let run: String
    let time: String
    let outcome: String
    let gained: String
    let changed: String
    let lost: String
  }

  /// How many of them have a name where there is little room.
  private static let nameLimit = 8

  let columns: [Column]
  let ticks: [Tick]
  let figures: [Figure]
  let legend: [HTMLCharts.Legend]
  let marks: [TrendMark]
  let span: String
  let notes: [String]

  /// Nil where one run would have to stand for a trend.
  ///
  /// `pending` is a plan that has not been applied, drawn after the runs; `held` waits for a person since it, or since
  /// the run that the report is about, its number being `own`. Of others it is what the history says.
  init?(_ history: [RunRecord], pending: Flow?, own: Int?, held: Int) {
    let runs = Array(history.suffix(HTMLReport.runLimit))
    guard runs.count + (pending == nil ? 0 : 1) > 1, let first = runs.first, let last = runs.last
    else { return nil }
    var nights = runs.map { TrendNight($0, held: $0.number == own ? held : $0.held ?? 0) }
    if let pending { nights.append(TrendNight(pending: pending, held: own == nil ? held : 0)) }
    let scale = TrendScale(nights.map(\.flow))
    let interval = (nights.count + Self.nameLimit - 1) / Self.nameLimit
    columns = nights.enumerated().map { index, night in
      let isMinor = !(nights.count - 1 - index).isMultiple(of: interval)
      return scale.column(index, night, isMinor: isMinor)
    }
    ticks = scale.ticks
    figures = nights.reversed().map(\.figure)
    legend =
      [
        HTMLCharts.Legend(tone: "gained", label: "in"),
        HTMLCharts.Legend(tone: "changed", label: "changed"),
        HTMLCharts.Legend(tone: "lost", label: "out"),
      ] + (pending == nil ? [] : [HTMLCharts.Legend(tone: "pending", label: "not applied")])
    let seen = Set(nights.compactMap(\.mark))
    marks = TrendMark.all.filter { seen.contains($0) }
    let days = [first, last].map { UTCTime($0.startedAt).description.prefix { $0 != "T" } }
    span = days[0] == days[1] ? "\(days[0])" : "\(days[0]) to \(days[1])"
    notes = Self.notes(isCut: columns.contains(where: \.isCut), hasPlan: pending != nil)
  }

  private static func notes(isCut: Bool, hasPlan: Bool) -> [String] {
    ["Above the line is what came in or changed, below it what went out."]
      + (hasPlan ? ["The dashed column is this plan, which has not been applied."] : [])
      + (isCut ? ["Columns with a gap are cut: they are far larger than the usual run."] : [])
  }
}

extension RunRecord.Outcome {
  /// `nothing to do`, for people.
  var words: String { rawValue.replacing("-", with: " ") }
}

/// A sign for what no column tells, told from the others by its shape.
struct TrendMark: Sendable, Hashable {
  let label: String
  let tone: String
  let path: String

  static let refused = TrendMark(label: "refused", tone: "bad", path: "M-4-4L4 4M4-4L-4 4")
  static let held = TrendMark(label: "held", tone: "changed", path: "M0-5L5 0L0 5L-5 0Z")
  static let idle = TrendMark(
    label: "nothing to do", tone: "idle", path: "M-4 0A4 4 0 1 1 4 0A4 4 0 1 1-4 0Z")
  static let refreshed = TrendMark(
    label: "refreshed", tone: "idle", path: "M-4-4H4V4H-4Z")
  static let resumed = TrendMark(label: "resumed", tone: "idle", path: "M-4-5L5 0L-4 5Z")

  static let all = [refused, held, idle, refreshed, resumed]
}

/// One run of the trend, or the plan after them.
private struct TrendNight {
  let name: String
  let title: String
  let time: String
  let outcome: String
  let isPending: Bool
  let flow: Flow
  let mark: TrendMark?

  init(_ run: RunRecord, held: Int) {
    name = "\(run.number)"
    time = UTCTime(run.startedAt).short
    title = "Run \(run.number), \(time)"
    isPending = false
    // What was refused was not done, whatever is known of it.
    let flow = run.outcome == .refused ? Flow() : Flow(run)
    self.flow = flow
    outcome = run.outcome.words + (held == 0 ? "" : ", \(Quantity(held)) held")
    mark =
      switch run.outcome {
      case .refused: .refused
      case .resumed: .resumed
      case .refreshed: flow.total == 0 ? .refreshed : nil
      case .applied, .nothingToDo: flow.total > 0 ? nil : held > 0 ? .held : .idle
      }
  }

  init(pending flow: Flow, held: Int) {
    name = "plan"
    time = ""
    title = "This plan"
    isPending = true
    self.flow = flow
    outcome = "not applied" + (held == 0 ? "" : ", \(Quantity(held)) held")
    mark = nil
  }

  /// What a pointer over the column is told.
  var words: String {
    let amounts =
      "\(Quantity(flow.gained)) in, \(Quantity(flow.changed)) changed, \(Quantity(flow.lost)) out"
    return "\(title): \(outcome)" + (flow.total == 0 ? "" : "; \(amounts)")
  }

  var figure: HTMLTrend.Figure {
    HTMLTrend.Figure(
      run: isPending ? title : name, time: time, outcome: outcome,
      gained: "\(Quantity(flow.gained))", changed: "\(Quantity(flow.changed))",
      lost: "\(Quantity(flow.lost))")
  }
}

/// Where columns of the trend stand, in percent of the drawing.
private struct TrendScale {
  /// The room for columns: above it half a line for the topmost amount, below it the numbers of the runs.
  private static let room = 7.0...86.0
  /// What is there is seen, however little it is.
  private static let leastHeight = 2.0

  private let baseline: Double
  private let unit: Double
  private let step: Double
  private let limit: Int
  private let up: Int
  private let down: Int

  init(_ flows: [Flow]) {
    let totals = flows.map(\.total).filter { $0 > 0 }.sorted()
    let usual = totals.isEmpty ? 1 : totals[totals.count / 2]
    let (most, overflows) = usual.multipliedReportingOverflow(by: 4)
    limit = overflows ? .max : max(most, 1)
    let limit = limit
    up = flows.map { min($0.gained + $0.changed, limit) }.max() ?? 0
    down = flows.map { min($0.lost, limit) }.max() ?? 0
    let height = Self.room.upperBound - Self.room.lowerBound
    unit = height / max(Double(up) + Double(down), 1)
    baseline =
      up + down == 0 ? Self.room.lowerBound + height / 2 : Self.room.lowerBound + Double(up) * unit
    step = 100 / Double(max(flows.count, 12))
  }

  /// Zero, and one or two round amounts on either side.
  var ticks: [HTMLTrend.Tick] {
    let amount = RoundAmount(upTo: max(up, down))
    func tick(_ count: Int, _ direction: Double) -> HTMLTrend.Tick {
      HTMLTrend.Tick(
        y: SVGNumber(baseline + direction * Double(count) * unit).text,
        label: RoundAmount.short(count), tone: count == 0 ? "axis" : "grid")
    }
    func ticks(upTo most: Int, _ direction: Double) -> [HTMLTrend.Tick] {
      stride(from: amount.value, through: most, by: amount.value).map { tick($0, direction) }
    }
    return [tick(0, 1)] + ticks(upTo: up, -1) + ticks(upTo: down, 1)
  }

  func column(_ index: Int, _ night: TrendNight, isMinor: Bool) -> HTMLTrend.Column {
    let suffix = night.isPending ? " pending" : ""
    let flow = night.flow
    let gained = min(flow.gained, limit)
    let changed = min(flow.changed, limit - gained)
    let lost = min(flow.lost, limit)
    var pieces: [HTMLTrend.Piece] = []
    var top = baseline
    for (tone, count) in [("gained", gained), ("changed", changed)] where count > 0 {
      let height = max(Double(count) * unit, Self.leastHeight)
      top -= height
      pieces.append(piece(tone + suffix, index, top, height))
    }
    if lost > 0 {
      let height = max(Double(lost) * unit, Self.leastHeight)
      pieces.append(piece("lost" + suffix, index, baseline, height))
    }
    let isTall = flow.gained + flow.changed > limit
    if isTall { pieces.append(piece("cut", index, Self.room.lowerBound + 6, 3)) }
    if flow.lost > limit { pieces.append(piece("cut", index, Self.room.upperBound - 8, 3)) }
    return HTMLTrend.Column(
      title: night.words, name: night.name, nameTone: isMinor ? "minor" : "major",
      centre: centre(index), pieces: pieces,
      shapes: night.mark.map { [shape($0, index)] } ?? [], isCut: isTall || flow.lost > limit)
  }

  private func centre(_ index: Int) -> String { SVGNumber((Double(index) + 0.5) * step).text }

  /// Nothing was done, and yet the night shows.
  private func shape(_ mark: TrendMark, _ index: Int) -> HTMLTrend.Shape {
    HTMLTrend.Shape(
      tone: mark.tone, path: mark.path, x: centre(index), y: SVGNumber(baseline).text)
  }

  private func piece(
    _ tone: String, _ index: Int, _ y: Double, _ height: Double
  ) -> HTMLTrend.Piece {
    HTMLTrend.Piece(
      tone: tone, x: SVGNumber((Double(index) + 0.15) * step).text, y: SVGNumber(y).text,
      width: SVGNumber(step * 0.7).text, height: SVGNumber(height).text)
  }
}

/// An amount that is easy to read on a scale: 1, 2 or 5 with zeros.
///
/// ```
/// RoundAmount(upTo: 47).value     // 20
/// RoundAmount.short(20_000)        // 20k
/// ```
struct RoundAmount: Sendable, Hashable {
  let value: Int

  /// The largest one up to `most`, which has room for two of them at best.
  init(upTo most: Int) {
    var power = 1
    while power <= most / 10 { power *= 10 }
    value = [5, 2].map { $0 * power }.first { $0 <= most } ?? power
  }

  static func short(_ amount: Int) -> String {
    var (rest, units) = (amount, ["", "k", "M", "G", "T", "P"][...])
    while rest >= 1000, rest.isMultiple(of: 1000), units.count > 1 {
      rest /= 1000
      units.removeFirst()
    }
    return "\(rest)\(units.first ?? "")"
  }
}
