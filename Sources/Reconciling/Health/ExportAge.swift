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

  /// When it was written, where neither does.
  var written: Int? {
    stated == nil ? dated.filter { $0.source == .modificationTime }.map(\.date).min() : nil
  }

  /// How much older a file may look: copies and clones write files in no order.
  private static let copyingTime = 3600

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
    guard export.settings.content == .full, let last else { return findings }
    func note(_ date: Int, _ before: Int) {
      findings.append(
        Finding(
          .olderThanBefore(
            date: UTCTime(date).description, before: UTCTime(before).description)))
    }
    if let stated, let before = last.madeAt, Self.precedes(stated, before) {
      note(stated, before)
    } else if let written, let before = last.writtenAt, written < before - Self.copyingTime {
      note(written, before)
    }
    return findings
  }

  /// A day without a time is before another day only.
  private static func precedes(_ date: Int, _ other: Int) -> Bool {
    let day = 86_400
    return date % day == 0 ? date < other - other % day : date < other
  }
}
