import PlanFile

/// What the last runs did, as columns: what came in and changed above the line, what went out below.
///
/// A first load would flatten all other nights, so columns far above the usual are cut, and say so.
struct HTMLTrend: Sendable {
  struct Column: Sendable {
    let title: String
    let pieces: [Piece]
    /// Whether it is cut.
    let cuts: [Piece]
  }

  struct Piece: Sendable {
    let tone: String
    let x: String
    let y: String
    let width: String
    let height: String
  }

  struct Figure: Sendable {
    let run: String
    let time: String
    let outcome: String
    let gained: String
    let changed: String
    let lost: String
  }

  /// How many runs are shown.
  static let runLimit = 30
  static let height = 100.0

  let columns: [Column]
  let figures: [Figure]
  let span: String
  let baseline: String
  let notes: [String]

  /// Nil where one run would have to stand for a trend.
  ///
  /// `pending` is a plan that has not been applied, drawn after the runs.
  init?(_ history: [RunRecord], pending: Flow?) {
    let runs = Array(history.suffix(Self.runLimit))
    guard runs.count + (pending == nil ? 0 : 1) > 1, let first = runs.first, let last = runs.last
    else { return nil }
    let flows = runs.map { Flow($0) } + (pending.map { [$0] } ?? [])
    let scale = TrendScale(flows)
    let names =
      runs.map { "Run \($0.number), \(UTCTime($0.startedAt).short)" }
      + (pending == nil ? [] : ["This plan"])
    columns = zip(names, flows).enumerated().map { index, pair in
      guard index < runs.count, runs[index].outcome == .refused else {
        return scale.column(index, pair.0, pair.1, isPending: index == runs.count)
      }
      return scale.refused(index, pair.0)
    }
    figures = runs.reversed().map(Self.figure)
    let days = [first, last].map { UTCTime($0.startedAt).description.prefix { $0 != "T" } }
    span = days[0] == days[1] ? "\(days[0])" : "\(days[0]) to \(days[1])"
    baseline = SVGNumber(scale.baseline).text
    notes =
      (columns.contains { !$0.cuts.isEmpty }
        ? ["Columns with a gap are cut: they are far larger than the usual run."] : [])
      + (runs.contains { $0.outcome == .refused }
        ? ["A short stroke on the line is a run that was refused."] : [])
  }

  private static func figure(_ run: RunRecord) -> Figure {
    let flow = Flow(run)
    return Figure(
      run: "\(run.number)", time: UTCTime(run.startedAt).short, outcome: run.outcome.words,
      gained: "\(Quantity(flow.gained))", changed: "\(Quantity(flow.changed))",
      lost: "\(Quantity(flow.lost))")
  }
}

extension RunRecord.Outcome {
  /// `nothing to do`, for people.
  var words: String { rawValue.replacing("-", with: " ") }
}

/// Where columns of the trend stand, in a drawing of 100 by 100.
private struct TrendScale {
  let baseline: Double
  private let unit: Double
  private let step: Double
  private let limit: Int

  init(_ flows: [Flow]) {
    let totals = flows.map(\.total).filter { $0 > 0 }.sorted()
    let usual = totals.isEmpty ? 1 : totals[totals.count / 2]
    let (most, overflows) = usual.multipliedReportingOverflow(by: 4)
    limit = overflows ? .max : max(most, 1)
    let limit = limit
    let up = flows.map { min($0.gained + $0.changed, limit) }.max() ?? 0
    let down = flows.map { min($0.lost, limit) }.max() ?? 0
    unit = HTMLTrend.height / Double(max(up + down, 1))
    baseline = Double(up) * unit
    step = 100 / Double(max(flows.count, 12))
  }

  func column(_ index: Int, _ name: String, _ flow: Flow, isPending: Bool) -> HTMLTrend.Column {
    let suffix = isPending ? " pending" : ""
    let gained = min(flow.gained, limit)
    let changed = min(flow.changed, limit - gained)
    let lost = min(flow.lost, limit)
    var pieces: [HTMLTrend.Piece] = []
    func add(_ tone: String, _ count: Int, from y: Double) {
      guard count > 0 else { return }
      pieces.append(piece(tone + suffix, index, y, Double(count) * unit))
    }
    add("gained", gained, from: baseline - Double(gained) * unit)
    add("changed", changed, from: baseline - Double(gained + changed) * unit)
    add("lost", lost, from: baseline)
    var cuts: [HTMLTrend.Piece] = []
    if flow.gained + flow.changed > limit { cuts.append(piece("cut", index, baseline * 0.12, 3)) }
    if flow.lost > limit { cuts.append(piece("cut", index, HTMLTrend.height * 0.92, 3)) }
    let words = "\(Quantity(flow.gained)) in, \(Quantity(flow.changed)) changed"
    return HTMLTrend.Column(
      title: "\(name): \(words), \(Quantity(flow.lost)) out", pieces: pieces, cuts: cuts)
  }

  /// Nothing was done, and yet the night shows.
  func refused(_ index: Int, _ name: String) -> HTMLTrend.Column {
    HTMLTrend.Column(
      title: "\(name): refused", pieces: [piece("bad", index, min(baseline, 98) - 1.5, 3)], cuts: []
    )
  }

  private func piece(
    _ tone: String, _ index: Int, _ y: Double, _ height: Double
  ) -> HTMLTrend.Piece {
    HTMLTrend.Piece(
      tone: tone, x: SVGNumber((Double(index) + 0.15) * step).text, y: SVGNumber(y).text,
      width: SVGNumber(step * 0.7).text, height: SVGNumber(max(height, 0.8)).text)
  }
}
