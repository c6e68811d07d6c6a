import Crypto
import Foundation
import Identity
import Mustache
package import PlanFile

/// One self-contained page: what an operator sees first in the morning, and what an auditor files.
///
/// Nothing is fetched, and nothing that data can break. The page's Content-Security-Policy allows exactly
/// its own style sheet and its own script, by hash; all of it can be read without the script, which filters
/// and sorts. Text from data is made visible (`VisibleText`) and escaped (`HTMLText`), so that the elements
/// of the page are the same whatever the names in it are. The page is handed on in pieces: no list of rows
/// is ever in memory as a whole.
package struct HTMLReport: Sendable {
  /// Up to so many operations are shown one by one.
  package static let operationLimit = 5_000
  /// Of larger plans, so many of each kind.
  package static let sampleSize = 200
  /// How many of the last runs its chart shows.
  package static let runLimit = 30
  /// What breaches a guard is shown beyond that, while the page stays below 10 MB: so much for its lists.
  static let sizeLimit = 9_000_000
  /// What a hold takes up in it, roughly.
  static let holdSize = 450
  /// How much of it holds may take up: more than the 10,000 withheld removals that a plan names.
  static let holdsLimit = 6_000_000
  /// How many teams are listed with what they gain and lose.
  static let teamLimit = 1_000

  private let planFile: String?
  private let companions: [String]
  private let jobOptions: JobWords

  /// `companions` are the names of the reports beside this one that have every operation; the commands to
  /// run next end in `jobOptions`.
  package init(planFile: String?, companions: [String] = [], jobOptions: JobWords = "") {
    self.planFile = planFile
    self.companions = companions
    self.jobOptions = jobOptions
  }

  package func write<Failure: Error>(
    _ source: ReportSource, to output: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    let plan = source.plan
    let overview = Overview(plan)
    let tally = Tally(source)
    let rows = HTMLRows(source, overview, isApplied: Verdict(source) == .applied)
    let page = HTMLPage(
      source, overview, tally, rows, planFile: planFile, jobOptions: jobOptions)
    let list = HTMLListing(companions: companions, command: command(for: source))
    try ReportStream.run(to: output) { (stream) throws(Failure) in
      try stream.append(HTMLTemplates.head.render(page))
      try list.holds(plan, overview, to: &stream)
      try stream.append(HTMLTemplates.exports.render(page))
      try list.changes(rows, of: plan, to: &stream)
      try list.memberships(rows, tally, to: &stream)
      try stream.append(HTMLTemplates.tail.render(page))
    }
  }

  private func command(for source: ReportSource) -> String {
    let what =
      source.run.map { "--run \($0.number)" } ?? "\(ShellWord(planFile ?? NextStep.unsaved))"
    let option = source.isPseudonymous ? "--pseudonymous" : ""
    return ["rollcall report", what, "--format json csv", option, jobOptions.ofState]
      .filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// What the policy must name for the inline style to be used (CSP Level 3 §2.3.1, `hash-source`).
  static let styleHash = hash(of: HTMLPage.style)
  /// The same for the script.
  static let scriptHash = hash(of: HTMLPage.script)

  private static func hash(of text: String) -> String {
    "sha256-" + Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
  }
}

/// The long lists of the page, written row by row.
private struct HTMLListing {
  let companions: [String]
  /// What writes them where they are not.
  let command: String

  func holds<Failure>(
    _ plan: Plan, _ overview: Overview, to stream: inout ReportStream<Failure>
  ) throws(Failure) {
    let decisions = plan.decisions
    guard decisions.heldCount > 0 else { return }
    try stream.append(HTMLTemplates.holds.render(["total": "\(Quantity(decisions.heldCount))"]))
    var (shown, size) = (0, 0)
    for hold in decisions.holds {
      let row = HTMLTemplates.hold.render(
        HTMLHold(hold, since: overview.since(hold), now: plan.evidence.now))
      size += row.utf8.count
      guard size <= HTMLReport.holdsLimit else { break }
      try stream.append(row)
      shown += 1
    }
    var rest: [VisibleText] = []
    if shown < decisions.holds.count {
      let more = Quantity(decisions.holds.count - shown)
      rest.append(VisibleText("and \(more) more; \(complete) every one of them"))
    }
    if let sentence = decisions.unnamedSentence { rest.append(VisibleText("and \(sentence)")) }
    try stream.append(HTMLTemplates.holdsEnd.render(["rest": rest]))
  }

  /// Where everything is that the page has no room for: “tonight.json has”.
  private var complete: String {
    companions.isEmpty ? "“\(command)” writes" : companions.joined(separator: ", ") + " has"
  }

  func changes<Failure>(
    _ rows: HTMLRows, of plan: Plan, to stream: inout ReportStream<Failure>
  ) throws(Failure) {
    if rows.isSample {
      try stream.append(HTMLTemplates.notice.render(notice(rows, plan)))
    }
    guard !rows.members.isEmpty else { return }
    let opening: [String: Any] = [
      "total": "\(Quantity(rows.memberCount))", "kinds": rows.kinds,
    ]
    try stream.append(HTMLTemplates.changes.render(opening))
    for index in rows.members {
      try stream.append(HTMLTemplates.change.render(rows.row(index)))
    }
    try stream.append(HTMLTemplates.listEnd)
  }

  func memberships<Failure>(
    _ rows: HTMLRows, _ tally: Tally, to stream: inout ReportStream<Failure>
  ) throws(Failure) {
    guard !rows.edges.isEmpty else { return }
    let teams = tally.teams.filter { $0.joining + $0.leaving > 0 }
    let rest = teams.count - HTMLReport.teamLimit
    let opening: [String: Any] = [
      "total": "\(Quantity(rows.edgeCount))", "teamTotal": "\(Quantity(teams.count))",
      "teams": teams.prefix(HTMLReport.teamLimit).map { HTMLTeam($0) },
      "rest": rest > 0 ? ["and \(Quantity(rest).of("team")) more"] : [String](),
    ]
    try stream.append(HTMLTemplates.memberships.render(opening))
    for index in rows.edges {
      try stream.append(HTMLTemplates.membership.render(rows.row(index)))
    }
    try stream.append(HTMLTemplates.listEnd)
  }

  private static func breaches(_ rows: HTMLRows) -> String {
    let (count, shown) = rows.breaching
    guard count > 0 else { return "" }
    return shown == count
      ? ", and all \(Quantity(count)) that refusing guards count"
      : ", and \(Quantity(shown)) of the \(Quantity(count)) that refusing guards count, "
        + "as many as there is room for"
  }

  private func notice(_ rows: HTMLRows, _ plan: Plan) -> [String: Any] {
    [
      "text": VisibleText(
        "The plan has \(Quantity(plan.decisions.operations.count)) changes; up to "
          + "\(HTMLReport.sampleSize) of each kind are shown here\(Self.breaches(rows)). "
          + "\(complete) every one of them."),
      "omitted": rows.omitted,
    ]
  }
}
