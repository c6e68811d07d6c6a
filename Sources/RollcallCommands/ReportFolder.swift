import ArgumentParser
import Foundation
import PlanFile
import Reconciling
import Reporting

/// A form that `rollcall report` can write.
enum ReportForm: String, CaseIterable, Sendable, ExpressibleByArgument {
  case html
  case json
  case csv
  case markdown
  case text

  /// What `report` writes when nothing else is asked for.
  static let usual: [ReportForm] = [.html, .json, .csv]

  /// What a run leaves behind.
  ///
  /// A list of a million changes is six gigabytes that nobody asked for; `report` writes it for who does.
  static func left(by source: ReportSource) -> [ReportForm] {
    source.plan.decisions.operations.count > listLimit ? [.html] : usual
  }

  private static let listLimit = 100_000
}

/// One file of a report; the form csv has several.
enum ReportFile: Sendable, Hashable {
  case html
  case json
  case csv(CSVReport.Table)
  case markdown
  case text

  static func files(of form: ReportForm) -> [ReportFile] {
    switch form {
    case .html: [.html]
    case .json: [.json]
    case .csv: CSVReport.Table.allCases.map { .csv($0) }
    case .markdown: [.markdown]
    case .text: [.text]
    }
  }

  var suffix: String {
    switch self {
    case .html: ".html"
    case .json: ".json"
    case .csv(let table): ".\(table.rawValue).csv"
    case .markdown: ".md"
    case .text: ".txt"
    }
  }

  /// How a terminal gets it; the other forms are fit for one already.
  var terminalForm: TerminalText.Form? {
    switch self {
    case .json: .json
    case .csv: .spelledCSV
    case .html, .markdown, .text: nil
    }
  }

  /// Whether it has every operation with its values, whatever their number.
  var isComplete: Bool { self == .json || self == .csv(.operations) || self == .csv(.properties) }
}

/// Writes the reports of one plan or run, side by side in one folder.
///
/// ```
/// run-000012-2026-03-01.html
/// run-000012-2026-03-01.json
/// run-000012-2026-03-01.operations.csv     and .steps.csv, .properties.csv, .findings.csv
/// run-000012-2026-03-01.md
/// ```
///
/// They hold personal data: files are 0600, and a folder that is made is 0700.
struct ReportFolder: Sendable {
  let path: String
  /// As the operator would type it in the commands to run next.
  let planFile: String?
  /// What these commands need to be about the same job.
  let jobOptions: JobWords

  /// Writes and returns the paths, in the order of `forms`.
  func write(
    _ source: ReportSource, as forms: [ReportForm], notify: (JobProgress) -> Void = { _ in }
  ) throws(OutputFailure) -> [String] {
    try make()
    let folder = Self.withoutDetours(path)
    let stem = Self.stem(of: source)
    let files = forms.flatMap(ReportFile.files)
    // The reports that have every operation, for the page that may not.
    let companions = files.filter(\.isComplete).map { stem + $0.suffix }
    var paths: [String] = []
    for file in files {
      let path = "\(folder)/\(stem)\(file.suffix)"
      let step = JobProgress.Step.reporting(file: path)
      let total = source.plan.decisions.operations.count
      notify(JobProgress(step))
      func progress(_ done: Int) { notify(JobProgress(step, done: done, total: total)) }
      try OutputFile.write(to: path) { (sink) throws(OutputFailure) in
        try write(source, as: file, companions: companions, progress: progress) {
          (bytes) throws(OutputFailure) in
          try sink.append(bytes)
        }
      }
      paths.append(path)
    }
    return paths
  }

  /// Writes one report to wherever `output` leads.
  func write<Failure: Error>(
    _ source: ReportSource, as file: ReportFile, companions: [String] = [],
    progress: (Int) -> Void = { _ in }, to output: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    switch file {
    case .html:
      let report = HTMLReport(planFile: planFile, companions: companions, jobOptions: jobOptions)
      try report.write(source, to: output)
    case .json:
      let report = JSONReport(planFile: planFile, jobOptions: jobOptions)
      try report.write(source, progress: progress, to: output)
    case .csv(let table):
      try CSVReport().write(table, of: source, progress: progress, to: output)
    case .markdown:
      let report = MarkdownReport(planFile: planFile, jobOptions: jobOptions)
      try output(Array(report.text(of: source).utf8))
    case .text:
      let report = TextReport(planFile: planFile, jobOptions: jobOptions)
      try report.listing(of: source, to: output)
    }
  }

  /// Makes the folder where it is missing.
  func make() throws(OutputFailure) {
    try OutputFolder.make(path)
  }

  /// `Samples/../Reports` as people write it: `Reports`; a path that leads elsewhere stays as it is.
  static func withoutDetours(_ path: String) -> String {
    guard path.split(separator: "/").contains("..") else { return path }
    let here = URL(filePath: FileManager.default.currentDirectoryPath).resolvingSymlinksInPath()
    let real = URL(filePath: path).resolvingSymlinksInPath().path
    let prefix = here.path + "/"
    return real.hasPrefix(prefix) ? String(real.dropFirst(prefix.count)) : path
  }

  /// `run-000012-2026-03-01`, or `plan-2026-03-01-5f0c33a1b2c4` for what has not been applied.
  ///
  /// Pseudonymous ones end in `.pseudonymous`, so that they never take the place of the others.
  static func stem(of source: ReportSource) -> String {
    bareStem(of: source) + (source.isPseudonymous ? ".pseudonymous" : "")
  }

  /// Where `apply` has saved the plan that a refused run was about, if it has.
  func savedPlan(of source: ReportSource) -> String? {
    let plan = ReportSource(plan: source.plan, planName: source.planName, run: nil)
    let path = "\(Self.withoutDetours(path))/\(Self.bareStem(of: plan)).plan"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  private static func bareStem(of source: ReportSource) -> String {
    guard let run = source.run else {
      let day = UTCTime(source.plan.evidence.now).description.prefix { $0 != "T" }
      return "plan-\(day)-\(source.planName.prefix(12))"
    }
    let day = UTCTime(run.startedAt).description.prefix { $0 != "T" }
    let number = String(run.number)
    return "run-\(String(repeating: "0", count: max(0, 6 - number.count)))\(number)-\(day)"
  }
}
