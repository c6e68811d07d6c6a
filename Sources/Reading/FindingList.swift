package import Identity

/// Findings in the order they come, of each code only so many one by one.
package struct FindingList: Sendable {
  /// Findings of one code that are listed; the last of them counts the others.
  package static let limit = 100

  package private(set) var findings: [Finding] = []
  private var listed: [String: (count: Int, last: Int)] = [:]

  package init() {}

  package mutating func add(_ finding: Finding) {
    let code = finding.code
    let (count, last) = listed[code] ?? (0, 0)
    if count < Self.limit {
      listed[code] = (count + 1, findings.count)
      findings.append(finding)
    } else {
      findings[last].repeats += 1 + finding.repeats
    }
  }
}
