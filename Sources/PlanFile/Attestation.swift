import Identity

/// The word of a state that at one moment nothing was left to do: it equalled these exports under this policy.
///
/// ```
/// {"rollcall-attestation":{"version":2,"tool":"1.0.0","at":1700000000,"policy":"<64 hex>",
///  "lineage":"…","journalHead":"…","active":240,"inactive":5,"exceptions":{"protected":3},
///  "situations":{"same":242,"protected":3},"inputs":[{"export":"people",…}],"hmac":"<64 hex>"}}
/// ```
///
/// What differs from the exports and was left so on purpose is an exception, counted by its cause.
///
/// Sealed as a plan is, under a key of its own that never leaves the state.
package struct Attestation: Sendable, Hashable {
  package let toolVersion: String
  /// Seconds since 1970.
  package let at: Int
  package let policyDigest: String
  package let lineage: String
  /// The state's last run at that moment.
  package let journalHead: String
  /// All members that the state had.
  package let members: Members
  /// What did not equal the exports, because the policy wants it so; zeros left out.
  package let exceptions: [Exception: Int]
  /// How many records and members were found in each situation; all of them need nothing done.
  package let situations: [Situation: Int]
  /// The files that the state equals, each with its SHA-256.
  package let inputs: [Evidence.Input]

  package struct Members: Sendable, Hashable {
    package let active: Int
    package let inactive: Int

    package init(active: Int, inactive: Int) {
      self.active = active
      self.inactive = inactive
    }
  }

  private static let document = SealedDocument(
    name: "rollcall-attestation", version: 2, purpose: .attestation, mismatch: .notAnAttestation)

  /// Nil for a plan that leaves anything to do or to look at.
  package init?(of plan: Plan, members: Members) {
    guard plan.isClean else { return nil }
    self.members = members
    exceptions = Exception.counts(in: plan)
    let evidence = plan.evidence
    toolVersion = evidence.toolVersion
    at = evidence.now
    policyDigest = evidence.policyDigest
    lineage = evidence.lineage
    journalHead = evidence.journalHead
    situations = plan.decisions.situations
    inputs = evidence.inputs
  }

  /// The file to write; `key` is the 32-byte seal secret of the state.
  package func bytes(key: [UInt8]) -> [UInt8] {
    Self.document.bytes(of: self, key: key)
  }

  /// Reads an attestation whose seal fits `key`.
  package static func read(path: String, key: [UInt8]) throws(PlanFileFailure) -> Attestation {
    try read(try SealedDocument.content(of: path), named: path, key: key)
  }

  /// Reads an attestation that is in memory already.
  package static func read(
    _ bytes: [UInt8], named file: String, key: [UInt8]
  ) throws(PlanFileFailure) -> Attestation {
    do throws(PlanFileFailure.Reason) {
      return try document.value(sealedIn: bytes, key: key)
    } catch {
      throw PlanFileFailure(file: file, reason: error)
    }
  }

  /// Whether a file says that it is one; its seal is not looked at.
  package static func isOne(path: String) throws(PlanFileFailure) -> Bool {
    document.begins(try SealedDocument.content(of: path))
  }
}

extension Plan {
  /// Whether the state equals the exports: nothing to do, nobody held, every export whole, no error found.
  package var isClean: Bool {
    isEmpty && !isRefused && decisions.heldCount == 0
      && evidence.health.allSatisfy(\.isReliable)
      && evidence.findings.allSatisfy { $0.severity < .error }
  }
}

extension Attestation: LineObject {
  func writeMembers(to line: inout LineWriter) {
    line.member("tool", toolVersion)
    line.member("at", at)
    line.member("policy", policyDigest)
    line.member("lineage", lineage)
    line.member("journalHead", journalHead)
    line.member("active", members.active)
    line.member("inactive", members.inactive)
    line.member("exceptions", CaseCounts(numbers: exceptions))
    line.member("situations", CaseCounts(numbers: situations))
    line.member("inputs", inputs)
  }

  init(membersOf line: inout LineScanner) throws(LineProblem) {
    toolVersion = try line.member("tool")
    at = try line.member("at")
    policyDigest = try line.member("policy")
    lineage = try line.member("lineage")
    journalHead = try line.member("journalHead")
    let active = try line.member("active", as: Int.self)
    members = Members(active: active, inactive: try line.member("inactive"))
    exceptions = try line.member("exceptions", as: CaseCounts.self).numbers
    situations = try line.member("situations", as: CaseCounts.self).numbers
    inputs = try line.member("inputs")
  }
}
