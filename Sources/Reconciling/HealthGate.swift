import Identity
import PlanFile
import Reading

/// Decides whether an export can be trusted to be whole.
///
/// The commonest disaster of this field is a bad read taken for absence; so removals, of whatever
/// verb, need an export that was read to its end and looks like the last good one.
struct HealthGate {
  let limits: HealthLimits
  let baselines: [String: Bookkeeping.Baseline]

  /// Judges one export; `summary` is nil when there was no file.
  ///
  /// `keylessLines` counts records that could be read but say of nobody whose they are.
  func judge(
    _ export: RunExport, _ summary: ReadSummary?, keylessLines: Int = 0
  ) -> Evidence.Health {
    let settings = export.settings
    guard let summary else {
      return Evidence.Health(
        export: settings.name, isReliable: false,
        findings: [Finding(.fileVanished(path: settings.path))])
    }
    var findings = content(summary)
    if !summary.endedProperly || summary.isIncomplete, findings.isEmpty {
      findings = summary.findings.filter {
        switch $0.subject {
        case .unterminatedQuote, .recordTooLong, .brokenDocument, .morePages, .fewerThanStated: true
        default: false
        }
      }
    }
    if summary.isChanges, settings.content == .full { findings.append(Finding(.changesAsFull)) }
    let lost = summary.anonymousLines + keylessLines
    if lost > settings.toleratedLines {
      findings.append(
        Finding(.quarantinedBeyondTolerance(lines: lost, tolerance: settings.toleratedLines)))
    }
    findings += comparison(export, summary)
    let isReliable =
      summary.endedProperly && findings.allSatisfy { $0.severity != .error }
    return Evidence.Health(
      export: settings.name, isReliable: isReliable, findings: findings)
  }

  private func content(_ summary: ReadSummary) -> [Finding] {
    if summary.files.allSatisfy(\.isEmpty) { return [Finding(.emptyFile)] }
    if summary.recordCount + summary.quarantinedCount == 0 { return [Finding(.headerOnly)] }
    // One empty shard of several is a shard that was not written.
    if summary.files.contains(where: \.isEmpty) { return [Finding(.emptyFile)] }
    return []
  }

  private func comparison(_ export: RunExport, _ summary: ReadSummary) -> [Finding] {
    let settings = export.settings
    guard let last = settings.formerly.reduce(baselines[settings.name], { $0 ?? baselines[$1] })
    else { return [Finding(.noEarlierRun)] }
    var findings: [Finding] = []
    let names = Set(summary.presentColumns)
    // A delta of such records has the fields that changed, and those only.
    let isPartial = summary.presence != nil && settings.content == .delta
    let missing = isPartial ? [] : last.columns.filter { !names.contains($0) }
    // Where every record has its own fields, one more of them is no news.
    let added =
      summary.presence != nil
      ? [] : summary.header.names.filter { !last.columns.contains($0) && !$0.isEmpty }
    if !missing.isEmpty || !added.isEmpty {
      findings.append(Finding(.headerChanged(missing: missing, added: added)))
    }
    guard settings.content == .full else { return findings }
    if summary.files.count < last.fileCount {
      findings.append(Finding(.fewerFiles(now: summary.files.count, before: last.fileCount)))
    }
    let now = summary.recordCount + summary.quarantinedCount
    if Double(now) < Double(last.recordCount) * (1 - limits.recordFall / 100) {
      findings.append(
        Finding(
          .fewerRecords(
            now: now, before: last.recordCount, allowedPercent: limits.recordFall)))
    }
    return findings
  }

  /// What a good export leaves for the next run to be judged by.
  static func baseline(_ export: RunExport, _ summary: ReadSummary) -> Bookkeeping.Baseline {
    Bookkeeping.Baseline(
      export: export.settings.name, columns: summary.steadyColumns,
      recordCount: summary.recordCount + summary.quarantinedCount,
      fileCount: summary.files.count, digest: summary.joinedDigest)
  }
}

extension ReadSummary {
  /// The SHA-256 of every file in hexadecimal, joined; what an absence counts once per.
  var joinedDigest: String {
    files.map(\.hexDigest).joined(separator: "+")
  }
}

extension ReadSummary {
  /// The files as the evidence of a plan has them.
  func inputs(of export: String) -> [Evidence.Input] {
    files.map { file in
      Evidence.Input(
        export: export, file: file.path, byteCount: file.byteCount,
        recordCount: file.recordCount, sha256: file.hexDigest, format: format.rawValue)
    }
  }
}

extension ReadFile {
  var hexDigest: String {
    (sha256 ?? []).map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
  }
}
