/// A person's word that a refused plan may pass: bound to one plan, to amounts, and to a time.
///
/// It is used up by the run that used it; there is no standing "ignore limits" switch.
package struct Approval: Sendable, Hashable {
  /// The name of the plan, its SHA-256 in hexadecimal.
  package let plan: String
  /// How much each guard lets pass, by guard name; `adopt-team` style guards count teams.
  package let lets: [String: Int]
  /// Teams whose unmanaged memberships may be removed, or that may be adopted, by name.
  package let reason: String
  /// Who approved, as the system knows them.
  package let approver: String
  /// Seconds since 1970.
  package let issuedAt: Int
  package let until: Int
  /// Random; makes two approvals of one plan two things.
  package let serial: String

  package init(
    plan: String, lets: [String: Int], reason: String, approver: String, issuedAt: Int,
    until: Int, serial: String
  ) {
    self.plan = plan
    self.lets = lets
    self.reason = reason
    self.approver = approver
    self.issuedAt = issuedAt
    self.until = until
    self.serial = serial
  }
}
