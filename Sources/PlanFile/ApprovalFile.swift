/// An approval as a small sealed JSON document.
///
/// ```
/// {"rollcall-approval":{"version":1,"plan":"<64 hex>","lets":[{"guard":"removals","amount":240}],
///  "reason":"…","approver":"…","issuedAt":1700000000,"until":1700007200,"serial":"…",
///  "hmac":"<64 hex>"}}
/// ```
package enum ApprovalFile {
  private static let document = SealedDocument(
    name: "rollcall-approval", version: 1, purpose: .approval, mismatch: .notAnApproval)

  /// The file to write; `key` is the 32-byte seal secret of the state.
  package static func bytes(of approval: Approval, key: [UInt8]) -> [UInt8] {
    document.bytes(of: approval, key: key)
  }

  /// Reads an approval of `plan` that holds at `now` (seconds since 1970) and names only `guards`.
  package static func read(
    path: String, key: [UInt8], plan: String, now: Int, guards: Set<String>
  ) throws(PlanFileFailure) -> Approval {
    try read(
      try SealedDocument.content(of: path), named: path, key: key, plan: plan, now: now,
      guards: guards)
  }

  /// Reads an approval that is in memory already.
  package static func read(
    _ bytes: [UInt8], named file: String, key: [UInt8], plan: String, now: Int, guards: Set<String>
  ) throws(PlanFileFailure) -> Approval {
    do throws(PlanFileFailure.Reason) {
      let approval: Approval = try document.value(sealedIn: bytes, key: key)
      try check(approval, plan: plan, now: now, guards: guards)
      return approval
    } catch {
      throw PlanFileFailure(file: file, reason: error)
    }
  }

  private static func check(
    _ approval: Approval, plan: String, now: Int, guards: Set<String>
  ) throws(PlanFileFailure.Reason) {
    guard approval.plan == plan else { throw .otherPlan(approved: approval.plan, given: plan) }
    guard now <= approval.until else { throw .expired(until: approval.until, now: now) }
    if let unknown = approval.lets.keys.sorted().first(where: { !guards.contains($0) }) {
      throw .unknownGuard(unknown)
    }
  }
}

extension Approval: LineObject {
  func writeMembers(to line: inout LineWriter) {
    line.member("plan", plan)
    line.member("lets", sortedLets)
    line.member("reason", reason)
    line.member("approver", approver)
    line.member("issuedAt", issuedAt)
    line.member("until", until)
    line.member("serial", serial)
  }

  init(membersOf line: inout LineScanner) throws(LineProblem) {
    let plan = try line.member("plan", as: String.self)
    let lets = try line.member("lets", as: [Let].self)
    let byGuard = Dictionary(lets.map { ($0.name, $0.amount) }, uniquingKeysWith: max)
    guard byGuard.count == lets.count, lets.allSatisfy({ $0.amount >= 0 }) else {
      throw line.problem(.outOfRange)
    }
    self.init(
      plan: plan, lets: byGuard, reason: try line.member("reason"),
      approver: try line.member("approver"), issuedAt: try line.member("issuedAt"),
      until: try line.member("until"), serial: try line.member("serial"))
  }

  private var sortedLets: [Let] {
    lets.map { Let(name: $0.key, amount: $0.value) }
      .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }
}

/// How much one guard lets pass.
private struct Let: LineObject {
  let name: String
  let amount: Int

  init(name: String, amount: Int) {
    self.name = name
    self.amount = amount
  }

  func writeMembers(to line: inout LineWriter) {
    line.member("guard", name)
    line.member("amount", amount)
  }

  init(membersOf line: inout LineScanner) throws(LineProblem) {
    self.init(name: try line.member("guard"), amount: try line.member("amount"))
  }
}
