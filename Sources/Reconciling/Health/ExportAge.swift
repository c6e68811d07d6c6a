import Identity
import PlanFile
import Reading
import Reporting

/// How old an export is: by its manifest, else by the dates in its files' names, else by when they were
/// written; the oldest file counts.
struct ExportAge: Sendable {
  private typealias Dated = (date: Int, source: Finding.DateSource)

  private let dated: [Dated]
  /// The latest of those that nobody can have made yet; it says nothing of how old the export is.
  private let future: Dated?
  private let now: Int

  /// When it was made, as its manifest or its name says; nil where neither does.
  let stated: Int?

  /// When it was written, where neither does.
  var written: Int? {
    stated == nil ? dated.filter { $0.source == .modificationTime }.map(\.date).min() : nil
  }

  /// How much older a file may look: copies and clones write files in no order.
  private static let copyingTime = 3600
  /// How far ahead a date may be: clocks differ, and days begin earlier elsewhere.
  private static let aheadTime = 86_400

  init(_ summary: ReadSummary, manifest: ManifestCheck?, now: Int) {
    self.init(summary.files.map { ($0.path, $0.modified) }, manifestDate: manifest?.date, now: now)
  }

  init(_ files: [(path: String, modified: Int?)], manifestDate: Int?, now: Int) {
    let all: [Dated] =
      manifestDate.map { [($0, .manifest)] }
      ?? files.compactMap { file in
        if let date = ExportDate.inFileName(file.path) { return (date, .fileName) }
        return file.modified.map { ($0, .modificationTime) }
      }
    self.now = now
    dated = all.filter { $0.date <= now + Self.aheadTime }
    future = all.filter { $0.date > now + Self.aheadTime }.max { $0.date < $1.date }
    stated = dated.filter { $0.source != .modificationTime }.map(\.date).min()
  }

  /// What the next run is to know: a date that is ahead of the clock is forgotten for the one before it, or every
  /// right export would be older than it.
  func kept(
    _ last: Bookkeeping.Baseline?, _ date: (Bookkeeping.Baseline) -> Int?, else own: Int?
  ) -> Int? {
    guard future != nil, own == nil else { return own }
    return last.flatMap(date).flatMap { isAhead($0) ? nil : $0 }
  }

  private func isAhead(_ date: Int) -> Bool { date > now + Self.aheadTime }

  /// What speaks against it: older than the policy allows, or older than what the last good run had.
  func findings(limit: Duration?, last: Bookkeeping.Baseline?, _ export: RunExport) -> [Finding] {
    var findings: [Finding] = []
    // When a file was written is of no interest where nobody asks how old it is.
    if let future, limit != nil || future.source != .modificationTime {
      findings.append(
        Finding(
          .madeInFuture(
            date: UTCTime(future.date).description, source: future.source,
            limit: limit.map { Int($0.components.seconds) / 3600 })))
    }
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
    if let stated, let before = last.madeAt, !isAhead(before), Self.precedes(stated, before) {
      note(stated, before)
    } else if let written, let before = last.writtenAt, !isAhead(before),
      written < before - Self.copyingTime
    {
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
