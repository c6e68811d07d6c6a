/// Findings as they come up, with a limit on how many of one kind are listed one by one.
///
/// A garbled column of a million records is one finding with a count, not a million lines.
package struct FindingLog: Sendable {
  /// How many findings of one code are listed; further ones are counted.
  ///
  /// A run that explains one person lists them all (`RunWitness`): hers may be the hundred and first.
  @TaskLocal package static var listedPerCode = 100

  private var listed: [Finding] = []
  private var counts: [String: Int] = [:]

  package init() {}

  package mutating func note(
    _ subject: Finding.Subject, at origin: @autoclosure () -> RecordOrigin?
  ) {
    let finding = Finding(subject)
    let count = counts[finding.code, default: 0]
    counts[finding.code] = count + 1
    if count < Self.listedPerCode { listed.append(Finding(subject, at: origin())) }
  }

  package mutating func note(_ subject: Finding.Subject) {
    note(subject, at: nil)
  }

  /// Counts further findings of a kind without listing them.
  package mutating func count(_ amount: Int, like subject: Finding.Subject) {
    counts[Finding(subject).code, default: 0] += amount
  }

  package mutating func append(contentsOf findings: [Finding]) {
    for finding in findings {
      let count = counts[finding.code, default: 0]
      counts[finding.code] = count + 1 + finding.repeats
      if count < Self.listedPerCode {
        listed.append(Finding(finding.subject, at: finding.origin))
      }
    }
  }

  /// Appends what another log has noted, as if it had been noted here.
  package mutating func append(contentsOf other: FindingLog) {
    var unlisted = other.counts
    for finding in other.listed {
      unlisted[finding.code, default: 0] -= 1
      let count = counts[finding.code, default: 0]
      counts[finding.code] = count + 1
      if count < Self.listedPerCode { listed.append(finding) }
    }
    counts.merge(unlisted, uniquingKeysWith: +)
  }

  /// All findings, worst first, then by code, place and text; the last listed one of a code tells how many
  /// more there were.
  package var findings: [Finding] {
    var sorted = listed.sorted { left, right in
      if left.severity != right.severity { return left.severity > right.severity }
      if left.code != right.code { return left.code < right.code }
      if left.origin != right.origin {
        return (left.origin?.sortKey ?? ("", "", 0)) < (right.origin?.sortKey ?? ("", "", 0))
      }
      return left.message < right.message
    }
    var seen: Set<String> = []
    for index in sorted.indices.reversed() where seen.insert(sorted[index].code).inserted {
      sorted[index].repeats = max(0, (counts[sorted[index].code] ?? 0) - Self.listedPerCode)
    }
    return sorted
  }
}

extension RecordOrigin {
  fileprivate var sortKey: (String, String, Int) { (export, file, line) }
}
