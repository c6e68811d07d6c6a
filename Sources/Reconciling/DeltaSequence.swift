import Identity
import PlanFile

/// Which files of a delta export follow the last one that was applied.
///
/// With a `sequence:` the serial numbers must follow each other without a gap; without one, files go
/// by the order of their names.
struct DeltaSequence {
  struct Choice {
    let files: [String]
    let findings: [Finding]
    /// How far the export will have been applied; nil when nothing of it is.
    let position: String?
  }

  let positions: [String: String]

  /// `isRebased` tells that a full export, which makes a gap harmless, arrived for this run.
  func choose(_ files: [String], of settings: ExportSettings, isRebased: Bool) -> Choice {
    guard settings.content == .delta, !files.isEmpty else {
      return Choice(files: files, findings: [], position: nil)
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
