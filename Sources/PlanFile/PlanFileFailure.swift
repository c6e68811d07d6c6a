/// Why a plan file, or an approval of one, is not taken.
package struct PlanFileFailure: Error, Sendable, Hashable {
  package enum Reason: Error, Sendable, Hashable {
    /// The system's own words.
    case unreadable(String)
    case notAPlan
    case notAnApproval
    case notAnAttestation
    case unknownVersion(Int, known: Int)
    /// The file ends in the middle of a line, before its seal, or holds something after it.
    case noSeal
    /// The bytes are not those that were sealed.
    case damaged
    /// The bytes are whole, but the seal is not of this state.
    case wrongSeal
    case lineTooLong(limit: Int, fileBytes: Int)
    case malformed(LineProblem)
    /// Lines are missing, or there are more than the header counts.
    case incomplete
    case otherPlan(approved: String, given: String)
    /// Seconds since 1970.
    case expired(until: Int, now: Int)
    case unknownGuard(String)
  }

  /// The file as the caller named it.
  package let file: String
  /// From 1; nil where no one line is to blame.
  package let line: Int?
  package let reason: Reason

  package init(file: String, line: Int? = nil, reason: Reason) {
    self.file = file
    self.line = line
    self.reason = reason
  }
}
