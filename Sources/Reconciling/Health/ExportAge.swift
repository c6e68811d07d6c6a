import Identity
import PlanFile
import Reading
import Reporting

/// How old an export is: by its manifest, else by the dates in its files' names, else by when they were
/// written; the oldest file counts.
struct ExportAge: Sendable {
  private let dated: [(date: Int, source: Finding.DateSource)]

  /// When it was made, as its manifest or its name says; nil where neither does.
  let stated: Int?

  init(_ summary: ReadSummary, manifest: ManifestCheck?) {
    self.init(summary.files.map { ($0.path, $0.modified) }, manifestDate: manifest?.date)
  }

  init(_ files: [(path: String, modified: Int?)], manifestDate: Int?) {
    if let date = manifestDate {
      stated = date
      dated = [(date, .manifest)]
      return
    }
    dated = files.compactMap { file in
      if let date = ExportDate.inFileName(file.path) { return (date, .fileName) }
      return file.modified.map { ($0, .modificationTime) }
    }
    stated = dated.filter { $0.source == .fileName }.map(\.date).min()
  }

  /// What speaks against it: older than the policy allows, or older than what the last good run had.
  func findings(
    now: Int, limit: Duration?, last: Bookkeeping.Baseline?, _ export: RunExport
  ) -> [Finding] {
    var findings: [Finding] = []
    if let limit, let oldest = dated.min(by: { $0.date < $1.date }) {
      let age = now - oldest.date
      if age > limit.components.seconds {
        findings.append(
          Finding(
            .tooOld(
              hours: age / 3600, limit: Int(limit.components.seconds) / 3600,
              source: oldest.source)))
      }
    }
    // Deltas come in an order of their own.
    if export.settings.content == .full, let stated, let before = last?.madeAt,
      Self.precedes(stated, before)
    {
      findings.append(
        Finding(
          .olderThanBefore(
            date: UTCTime(stated).description, before: UTCTime(before).description)))
    }
    return findings
  }

  /// A day without a time is before another day only.
  private static func precedes(_ date: Int, _ other: Int) -> Bool {
    let day = 86_400
    return date % day == 0 ? date < other - other % day : date < other
  }
}
