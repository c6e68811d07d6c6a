import Identity
import Reading
import Scanning

/// What speaks against an export before it is read: a manifest that is not there, or its age.
struct ExportOutlook {
  let findings: [Finding]

  /// - Throws: when a file cannot be opened.
  init(_ export: RunExport, now: Int, limits: HealthLimits) throws(ReadFailure) {
    var findings: [Finding] = []
    var date: Int?
    for file in export.files {
      guard let manifest = export.manifest else { break }
      let path = manifest.replacing("{file}", with: file)
      switch ExportManifest.read(path: path) {
      case .failure(let problem):
        findings.append(Finding(.manifest(problem.kind, path: path, file: "")))
      case .success(let manifest): date = [date, manifest.date].compactMap(\.self).min()
      }
      if !manifest.contains("{file}") { break }
    }
    let written = try export.files.map { (file) throws(ReadFailure) in
      (path: file, modified: try FileTime.modified(file))
    }
    findings += ExportAge(written, manifestDate: date, now: now)
      .findings(limit: export.settings.maxAge ?? limits.maxAge, last: nil, export)
    self.findings = findings
  }
}

extension ExportSettings {
  /// What its removals depend on besides its last good run, for `check`.
  func trust(_ limits: HealthLimits) -> [String] {
    var clauses: [String] = []
    if let trailer { clauses.append("every file ends with a line that fits \(trailer.text)") }
    if let manifest { clauses.append("\(manifest) agrees") }
    if let maxAge = maxAge ?? limits.maxAge {
      clauses.append("no file is older than \(maxAge.components.seconds / 3600) hours")
    }
    if content == .full, trailer == nil, manifest == nil {
      clauses.append(
        "its records are about as many as last time (there is no trailer and no manifest)")
    }
    return clauses
  }
}
