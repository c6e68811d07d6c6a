import Identity
import Reading

/// What the manifests of an export say against its files.
struct ManifestCheck: Sendable {
  private(set) var findings: [Finding] = []
  /// Every file has its digest or its count, and they agree: nothing is missing.
  private(set) var provesWhole = false
  /// When the export was made, the oldest of its files; seconds since 1970.
  private(set) var date: Int?

  /// Nil where the policy names no manifest.
  init?(_ export: RunExport, _ summary: ReadSummary) {
    guard let manifest = export.manifest else { return nil }
    let isPerFile = manifest.contains("{file}")
    let paths =
      isPerFile
      ? summary.files.map { manifest.replacing("{file}", with: $0.path) } : [manifest]
    var proven = 0
    for (place, path) in paths.enumerated() {
      switch ExportManifest.read(path: path) {
      case .failure(let problem):
        findings.append(Finding(.manifest(problem.kind, path: path, file: "")))
      case .success(let manifest):
        date = [date, manifest.date].compactMap(\.self).min()
        let files = isPerFile ? [summary.files[place]] : summary.files
        proven += compare(files, of: export, with: manifest, at: path, summary)
      }
    }
    provesWhole = findings.isEmpty && proven == summary.files.count
  }

  /// How many of the files the manifest vouches for.
  private mutating func compare(
    _ files: [ReadFile], of export: RunExport, with manifest: ExportManifest, at path: String,
    _ summary: ReadSummary
  ) -> Int {
    var proven = 0
    for file in files {
      let name = RunExport.baseName(of: file.path)
      guard let entry = manifest.entry(for: name, isOnly: files.count == 1) else {
        if manifest.rows == nil || !manifest.entries.isEmpty {
          findings.append(Finding(.manifest(.fileNotNamed, path: path, file: name)))
        }
        continue
      }
      guard entry.rows != nil || entry.sha256 != nil else {
        if manifest.rows == nil, manifest.date == nil {
          findings.append(Finding(.manifest(.saysNothing, path: path, file: name)))
        }
        continue
      }
      if compare(file, of: export, with: entry, at: path, summary) { proven += 1 }
    }
    let others = manifest.entries.compactMap(\.file).filter { name in
      export.hasFile(named: name) && !files.contains { RunExport.baseName(of: $0.path) == name }
    }
    findings += others.map { Finding(.manifest(.fileNotThere, path: path, file: $0)) }
    guard let rows = manifest.rows else { return proven }
    let count = files.reduce(0) { $0 + $1.recordCount }
    guard Self.agree(count, summary.quarantinedCount, stated: rows) else {
      findings.append(Finding(.countDiffers(now: count, stated: rows, statedBy: path)))
      return 0
    }
    return files.count
  }

  private mutating func compare(
    _ file: ReadFile, of export: RunExport, with entry: ExportManifest.Entry, at path: String,
    _ summary: ReadSummary
  ) -> Bool {
    let origin = RecordOrigin(export: export.settings.name, file: file.path, line: 1)
    var agrees = true
    if let rows = entry.rows,
      !Self.agree(file.recordCount, summary.quarantinedCount, stated: rows)
    {
      findings.append(
        Finding(
          .countDiffers(now: file.recordCount, stated: rows, statedBy: path), at: origin))
      agrees = false
    }
    if let sha256 = entry.sha256, file.hexDigest != sha256 {
      findings.append(Finding(.digestDiffers(manifest: path), at: origin))
      agrees = false
    }
    return agrees
  }

  /// Records that could not be read are records of the file, too; in which one they stand is not counted.
  static func agree(_ delivered: Int, _ quarantined: Int, stated: Int) -> Bool {
    (delivered...delivered + quarantined).contains(stated)
  }
}

extension ExportManifest {
  /// What is said of a file; of the only one of an export also without its name.
  fileprivate func entry(for name: String, isOnly: Bool) -> Entry? {
    if let entry = entries.first(where: {
      $0.file.map { $0.utf8.elementsEqual(name.utf8) } ?? false
    }) {
      return entry
    }
    return isOnly && entries.count == 1 && entries[0].file == nil ? entries[0] : nil
  }
}

extension RunExport {
  /// Whether a file of this name would be one of the export's.
  fileprivate func hasFile(named name: String) -> Bool {
    ExportPaths.fits(name, Self.baseName(of: settings.path))
  }
}
