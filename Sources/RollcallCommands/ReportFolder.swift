import ArgumentParser
import Foundation
import PlanFile
import Reporting

/// A form that `rollcall report` can write.
enum ReportForm: String, CaseIterable, Sendable, ExpressibleByArgument {
  case html
  case json
  case csv
  case text

  /// What `report` writes when nothing else is asked for.
  static let usual: [ReportForm] = [.html, .json, .csv]

  /// What a run leaves behind.
  ///
  /// A list of a million changes is six gigabytes that nobody asked for; `report` writes it for who does.
  static func left(byChanges count: Int) -> [ReportForm] { count > listLimit ? [.html] : usual }

  private static let listLimit = 100_000
}

/// Writes the reports of one plan or run, side by side in one folder.
///
/// ```
/// run-000012-2026-03-01.html
/// run-000012-2026-03-01.json
/// run-000012-2026-03-01.operations.csv
/// run-000012-2026-03-01.findings.csv
/// ```
///
/// They hold personal data: files are 0600, and a folder that is made is 0700.
struct ReportFolder: Sendable {
  let path: String
  /// As the operator would type it in the commands to run next.
  let planFile: String?
  /// What else these commands need, as a shell takes it: `--policy other.yaml`.
  let jobOptions: String

  /// Writes and returns the paths, in the order of `forms`.
  func write(_ source: ReportSource, as forms: [ReportForm]) throws(OutputFailure) -> [String] {
    try make()
    let folder = Self.withoutDetours(path)
    let names = forms.map { Self.names(of: $0, for: source) }
    var paths: [String] = []
    for (form, own) in zip(forms, names) {
      let companions = names.flatMap { $0 }.filter { !own.contains($0) }
      for name in own {
        let path = "\(folder)/\(name)"
        try OutputFile.write(to: path) { (sink) throws(OutputFailure) in
          try write(source, as: form, name, companions: companions) {
            (bytes) throws(OutputFailure) in try sink.append(bytes)
          }
        }
        paths.append(path)
      }
    }
    return paths
  }

  /// Writes one report to wherever `output` leads; of the two CSV files the one `name` says.
  func write<Failure: Error>(
    _ source: ReportSource, as form: ReportForm, _ name: String = "", companions: [String] = [],
    to output: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    switch form {
    case .html:
      let report = HTMLReport(planFile: planFile, companions: companions, jobOptions: jobOptions)
      try report.write(source, to: output)
    case .json:
      try JSONReport(planFile: planFile, jobOptions: jobOptions).write(source, to: output)
    case .csv where name.hasSuffix(".findings.csv"):
      try CSVReport().writeFindings(of: source, to: output)
    case .csv: try CSVReport().writeOperations(of: source, to: output)
    case .text:
      let report = TextReport(planFile: planFile, jobOptions: jobOptions)
      try report.listing(of: source, to: output)
    }
  }

  /// Makes the folder where it is missing.
  func make() throws(OutputFailure) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw OutputFailure(path: path, reason: .content(error))
    }
  }

  /// `Samples/../Reports` as people write it: `Reports`; a path that leads elsewhere stays as it is.
  static func withoutDetours(_ path: String) -> String {
    guard path.split(separator: "/").contains("..") else { return path }
    let here = URL(filePath: FileManager.default.currentDirectoryPath).resolvingSymlinksInPath()
    let real = URL(filePath: path).resolvingSymlinksInPath().path
    let prefix = here.path + "/"
    return real.hasPrefix(prefix) ? String(real.dropFirst(prefix.count)) : path
  }

  private static func names(of form: ReportForm, for source: ReportSource) -> [String] {
    let stem = stem(of: source)
    return switch form {
    case .html: [stem + ".html"]
    case .json: [stem + ".json"]
    case .csv: [stem + ".operations.csv", stem + ".findings.csv"]
    case .text: [stem + ".txt"]
    }
  }

  /// `run-000012-2026-03-01`, or `plan-2026-03-01-5f0c33a1b2c4` for what has not been applied.
  static func stem(of source: ReportSource) -> String {
    guard let run = source.run else {
      let day = UTCTime(source.plan.evidence.now).description.prefix { $0 != "T" }
      return "plan-\(day)-\(source.planName.prefix(12))"
    }
    let day = UTCTime(run.startedAt).description.prefix { $0 != "T" }
    let number = String(run.number)
    return "run-\(String(repeating: "0", count: max(0, 6 - number.count)))\(number)-\(day)"
  }
}
