import Identity
import PlanFile
import Reading
import Scanning

/// Decides whether an export can be trusted to be whole.
///
/// The commonest disaster of this field is a bad read taken for absence; so removals, of whatever
/// verb, need an export that was read to its end and looks like the last good one.
///
/// ```
/// the file itself      read to its end? records in it? no more pages? few lines lost?
/// what goes with it    trailer, manifest: are all records there? how old is it?
/// the last good run    columns, files, records, filled shares, true and false, letters: much alike?
/// ```
struct HealthGate {
  let limits: HealthLimits
  let baselines: [String: Bookkeeping.Baseline]
  /// Exports that a person has accepted since their last good run.
  let accepted: Set<String>
  /// Seconds since 1970.
  let now: Int

  /// What the gate has to say of one export.
  struct Judgement: Sendable {
    var health: Evidence.Health
    /// False for the first run of an export that nothing proves to be whole.
    var mayRemove: Bool
    /// What the next run is judged by, if this one is good.
    var baseline: Bookkeeping.Baseline?
  }

  /// Judges one export; there is no `summary` when there was no file.
  func judge(_ export: RunExport, _ facts: ExportFacts) -> Judgement {
    let settings = export.settings
    guard let summary = facts.summary else {
      let health = Evidence.Health(
        export: settings.name, isReliable: false,
        findings: [Finding(.fileVanished(path: settings.path))])
      return Judgement(health: health, mayRemove: false)
    }
    let manifest = ManifestCheck(export, summary)
    let age = ExportAge(summary, manifest: manifest, now: now)
    let last = baseline(of: settings)
    var findings = content(export, summary, facts.keylessLines)
    findings += trailers(export, summary) + (manifest?.findings ?? [])
    findings += age.findings(limit: settings.maxAge ?? limits.maxAge, last: last, export)
    let isProven = provesWhole(export, summary) || manifest?.provesWhole == true
    if let last {
      let comparison = BaselineComparison(
        export: export, facts: facts, last: last, limits: limits, isProven: isProven)
      findings += comparison.findings(summary)
    } else {
      findings += unprecedented(settings, isProven: isProven)
    }
    let isReliable = summary.endedProperly && findings.allSatisfy { $0.severity != .error }
    // Within which fall somebody counts as gone is of no interest where nobody does.
    if !isReliable { findings.removeAll(where: \.isAboutTolerance) }
    let isKnown = last != nil || isProven || accepted.contains(settings.name)
    return Judgement(
      health: Evidence.Health(
        export: settings.name, isReliable: isReliable, findings: findings),
      mayRemove: isReliable && (isKnown || settings.content == .delta),
      baseline: isReliable ? facts.baseline(of: export, summary, age, last: last) : nil)
  }

  /// What the last good run of an export looked like, under the name it had then.
  func baseline(of settings: ExportSettings) -> Bookkeeping.Baseline? {
    settings.formerly.reduce(baselines[settings.name], { $0 ?? baselines[$1] })
  }

  /// There is nothing to compare with: only an export that is known to be whole may remove.
  private func unprecedented(_ settings: ExportSettings, isProven: Bool) -> [Finding] {
    guard settings.content == .full else { return [] }
    if accepted.contains(settings.name) { return [Finding(.accepted)] }
    return isProven ? [] : [Finding(.noEarlierRun)]
  }

  // MARK: - The file itself

  private func content(
    _ export: RunExport, _ summary: ReadSummary, _ keylessLines: Int
  ) -> [Finding] {
    let settings = export.settings
    var findings = emptiness(summary, settings)
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
    return findings
  }

  /// In a quiet night, changes are none; only a file of no bytes at all was not written.
  private func emptiness(_ summary: ReadSummary, _ settings: ExportSettings) -> [Finding] {
    if summary.files.allSatisfy(\.isEmpty) { return [Finding(.emptyFile)] }
    if summary.recordCount + summary.quarantinedCount == 0 {
      return settings.content == .delta && summary.endedProperly && !summary.isIncomplete
        ? [] : [Finding(.headerOnly)]
    }
    // One empty shard of several is a shard that was not written.
    if summary.files.contains(where: \.isEmpty) { return [Finding(.emptyFile)] }
    return []
  }

  // MARK: - Trailers

  private func trailers(_ export: RunExport, _ summary: ReadSummary) -> [Finding] {
    guard let pattern = export.settings.trailer else { return [] }
    return summary.files.compactMap { file in
      let origin = RecordOrigin(export: export.settings.name, file: file.path, line: 1)
      guard case .found(let count) = file.trailer else {
        return Finding(.trailerMissing(pattern: pattern.text), at: origin)
      }
      guard let count,
        !ManifestCheck.agree(file.recordCount, summary.quarantinedCount, stated: count)
      else { return nil }
      return Finding(
        .countDiffers(now: file.recordCount, stated: count, statedBy: "The last line"), at: origin)
    }
  }

  /// A trailer is the last thing that is written, with a count or without one.
  private func provesWhole(_ export: RunExport, _ summary: ReadSummary) -> Bool {
    export.settings.trailer != nil && trailers(export, summary).isEmpty
  }
}

extension Finding {
  fileprivate var isAboutTolerance: Bool {
    if case .withinTolerance = subject { true } else { false }
  }
}

/// What a run has found out about one export.
struct ExportFacts: Sendable {
  /// Nil when there was no file.
  var summary: ReadSummary?
  /// Lines of records that can be read but say of nobody whose they are.
  var keylessLines = 0

  /// Lines of records that could not be read, of an export that shields nobody for each: any membership may be the
  /// one that is lost, and any team.
  mutating func countUnreadable() {
    keylessLines += (summary?.quarantined ?? []).reduce(0) { $0 + $1.lineCount }
  }
  var shares: [Bookkeeping.ColumnShare] = []
  /// Memberships that name a team or a member that nobody knows.
  var unknownReferences = 0
  /// All memberships that it names, for one record of a team has many; nil for exports of anything else.
  var namedReferences: Int?

  /// What a good export leaves for the next run to be judged by.
  fileprivate func baseline(
    of export: RunExport, _ summary: ReadSummary, _ age: ExportAge, last: Bookkeeping.Baseline?
  ) -> Bookkeeping.Baseline {
    Bookkeeping.Baseline(
      export: export.settings.name,
      columns: summary.steadyColumns.filter { !export.helperFields.contains([$0]) },
      recordCount: summary.recordCount + summary.quarantinedCount,
      fileCount: summary.files.count, digest: summary.joinedDigest,
      encoding: summary.header.encoding.rawValue, shares: shares,
      unknownReferences: unknownReferences, madeAt: age.kept(last, \.madeAt, else: age.stated),
      writtenAt: age.kept(last, \.writtenAt, else: age.written),
      endsLastLine: summary.files.allSatisfy { $0.endsLastLine == true },
      namedReferences: namedReferences)
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
  func inputs(of export: ExportSettings) -> [Evidence.Input] {
    files.map { file in
      Evidence.Input(
        export: export.name, file: file.path, byteCount: file.byteCount,
        recordCount: file.recordCount, sha256: file.hexDigest, format: format.rawValue,
        encoding: file.encoding.rawValue, preset: export.preset.rawValue)
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
