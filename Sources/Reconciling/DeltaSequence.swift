import Identity
import PlanFile
import Reading

/// Which files of a delta export follow the last one that was applied.
///
/// ```
/// changes-*.csv, sequence: '(\d+)'   by their serial numbers, which must follow each other without a gap
/// changes-*.csv                      by the order of their names
/// changes.csv                        one file that every night writes anew: by what is in it
/// ```
struct DeltaSequence {
  struct Choice {
    let files: [String]
    let findings: [Finding]
    /// How far the export will have been applied; nil when nothing of it is.
    let position: String?
  }

  let positions: [String: String]

  /// `isRebased` tells that a full export, which makes a gap harmless, arrived for this run.
  func choose(
    _ files: [String], of settings: ExportSettings, isRebased: Bool
  ) throws(ReadFailure) -> Choice {
    guard settings.content == .delta, !files.isEmpty else {
      return Choice(files: files, findings: [], position: nil)
    }
    if settings.sequence == nil, !ExportPaths.isPattern(settings.path) {
      return try chooseOnly(files[0], of: settings)
    }
    let marks = files.map { (file: $0, mark: mark($0, settings)) }
      .sorted { Self.precedes($0.mark, $1.mark) }
    let last = positions[settings.name]
    var findings: [Finding] = []
    var chosen: [String] = []
    var position = last
    for (file, mark) in marks {
      if let position, !Self.precedes(position, mark) {
        findings.append(Finding(.deltaAlreadyApplied(file: file)))
        continue
      }
      if let position, settings.sequence != nil, let before = Int(position), let now = Int(mark),
        now != before + 1, !isRebased
      {
        findings.append(Finding(.deltaGap(expected: String(before + 1), found: file)))
        break
      }
      chosen.append(file)
      position = mark
    }
    return Choice(
      files: chosen, findings: findings, position: chosen.isEmpty ? nil : position)
  }

  private func chooseOnly(
    _ file: String, of settings: ExportSettings
  ) throws(ReadFailure) -> Choice {
    let position = try FileDigest.of(file).map { "sha256:\($0)" }
    guard let position, position == positions[settings.name] else {
      return Choice(files: [file], findings: [], position: position)
    }
    return Choice(
      files: [], findings: [Finding(.deltaAlreadyApplied(file: file))], position: nil)
  }

  private func mark(_ file: String, _ settings: ExportSettings) -> String {
    let name = RunExport.baseName(of: file)
    return settings.sequence?.capture(in: name) ?? name
  }

  /// Numbers by value, names by bytes.
  private static func precedes(_ left: String, _ right: String) -> Bool {
    if let first = Int(left), let second = Int(right) { return first < second }
    return left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}
