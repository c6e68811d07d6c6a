import Identity
import PlanFile
import Reading
import Scanning

/// Holds an export against what its last good run looked like.
struct BaselineComparison {
  let export: RunExport
  let facts: ExportFacts
  let last: Bookkeeping.Baseline
  let limits: HealthLimits
  /// A trailer or a manifest says that nothing is missing.
  let isProven: Bool

  func findings(_ summary: ReadSummary) -> [Finding] {
    var findings = header(summary)
    if last.endsLastLine, !isProven, summary.files.contains(where: { $0.endsLastLine == false }) {
      findings.append(Finding(.lastLineOpen))
    }
    guard export.settings.content == .full else { return findings }
    if summary.files.count < last.fileCount {
      findings.append(Finding(.fewerFiles(now: summary.files.count, before: last.fileCount)))
    }
    findings += records(summary)
    findings += encoding(summary)
    findings += shares(summary)
    findings += references()
    return findings
  }

  private func header(_ summary: ReadSummary) -> [Finding] {
    let names = Set(summary.presentColumns)
    // A delta of such records has the fields that changed, and those only.
    let isPartial = summary.presence != nil && export.settings.content == .delta
    let missing = isPartial ? [] : last.columns.filter { !names.contains($0) }
    // Where every record has its own fields, one more of them is no news.
    let added =
      summary.presence != nil
      ? [] : summary.header.names.filter { !last.columns.contains($0) && !$0.isEmpty }
    guard !missing.isEmpty || !added.isEmpty else { return [] }
    return [Finding(.headerChanged(missing: missing, added: added))]
  }

  // MARK: - How many

  private func records(_ summary: ReadSummary) -> [Finding] {
    let now = summary.recordCount + summary.quarantinedCount
    guard now < last.recordCount else { return [] }
    if Double(now) < Double(last.recordCount) * (1 - limits.recordFall / 100) {
      return [
        Finding(
          .fewerRecords(now: now, before: last.recordCount, allowedPercent: limits.recordFall))
      ]
    }
    guard !isProven else { return [] }
    return [
      Finding(
        .withinTolerance(now: now, before: last.recordCount, allowedPercent: limits.recordFall))
    ]
  }

  // MARK: - Letters

  private func encoding(_ summary: ReadSummary) -> [Finding] {
    let encoding = summary.header.encoding.rawValue
    if !last.encoding.isEmpty, last.encoding != encoding {
      return [Finding(.encodingChanged(now: encoding, before: last.encoding))]
    }
    let invalid = summary.findings.reduce(0) { count, finding in
      switch finding.subject {
      case .invalidUTF8, .invalidEncoding: count + 1 + finding.repeats
      default: count
      }
    }
    guard Double(invalid) > HealthLimits.leastRecords else { return [] }
    return [Finding(.wrongEncoding(encoding: encoding, records: invalid))]
  }

  // MARK: - Shares

  private func shares(_ summary: ReadSummary) -> [Finding] {
    let before = Dictionary(last.shares.map { ($0.column, $0) }, uniquingKeysWith: { $1 })
    let now = summary.recordCount + summary.quarantinedCount
    var findings: [Finding] = []
    for share in facts.shares {
      guard let old = before[share.column] else { continue }
      if share.isGarbled, !old.isGarbled {
        findings.append(Finding(.garbledColumn(column: share.column)))
      }
      if let (here, there) = distance(
        share.filled, of: now, old.filled, of: last.recordCount, limits.filledChange)
      {
        findings.append(
          Finding(
            .filledShare(
              column: share.column, now: here, before: there, allowed: limits.filledChange)))
        continue
      }
      findings += values(share, old, now)
    }
    return findings
  }

  private func values(
    _ share: Bookkeeping.ColumnShare, _ old: Bookkeeping.ColumnShare, _ now: Int
  ) -> [Finding] {
    [("true", share.yes, old.yes), ("false", share.no, old.no)].compactMap { value, count, before in
      guard old.yes + old.no > 0,
        let (here, there) = distance(
          count, of: now, before, of: last.recordCount, limits.valueChange)
      else { return nil }
      return Finding(
        .valueShare(
          column: share.column, value: value, now: here, before: there,
          allowed: limits.valueChange))
    }
  }

  private func references() -> [Finding] {
    let now = facts.namedReferences ?? 0
    // A state of an earlier version does not say of how many.
    let before = last.namedReferences ?? max(now, last.unknownReferences)
    guard facts.unknownReferences > last.unknownReferences,
      let (here, there) = distance(
        facts.unknownReferences, of: now, last.unknownReferences, of: max(before, 1),
        limits.filledChange)
    else { return [] }
    return [
      Finding(.unknownReferences(now: here, before: there, allowed: limits.filledChange))
    ]
  }

  /// Two shares in percent where they are too far apart, and not because of a handful of records.
  private func distance(
    _ count: Int, of all: Int, _ before: Int, of allBefore: Int, _ allowed: Double
  ) -> (now: Double, before: Double)? {
    guard all > 0, allBefore > 0 else { return nil }
    let (now, then) = (Double(count) / Double(all), Double(before) / Double(allBefore))
    let distance = abs(now - then)
    guard distance * 100 > allowed,
      distance * Double(max(all, allBefore)) > HealthLimits.leastRecords
    else { return nil }
    return ((now * 1000).rounded() / 10, (then * 1000).rounded() / 10)
  }
}
