import PlanFile
import Testing

struct ApprovalFileTests {
  private static let approval = Approval(
    plan: String(repeating: "ab", count: 32), lets: ["removals": 240, "updates": 0],
    reason: "Reorganisation of \"Süd\"\n", approver: "ann", issuedAt: 1000, until: 2000,
    serial: "s1")
  private static let guards: Set = ["removals", "updates", "grants"]
  private static var bytes: [UInt8] { ApprovalFile.bytes(of: approval, key: RandomPlan.key) }

  private func reason(
    _ bytes: [UInt8] = Self.bytes, key: [UInt8] = RandomPlan.key, plan: String = approval.plan,
    now: Int = 1500, guards: Set<String> = guards
  ) -> PlanFileFailure.Reason? {
    do {
      let read = try ApprovalFile.read(
        bytes, named: "a.approval", key: key, plan: plan, now: now, guards: guards)
      #expect(read == Self.approval)
      return nil
    } catch {
      return error.reason
    }
  }

  @Test func anApprovalReadsBackAsItself() throws {
    #expect(reason() == nil)
    try withFile(Self.bytes) { path in
      let read = try ApprovalFile.read(
        path: path, key: RandomPlan.key, plan: Self.approval.plan, now: 2000, guards: Self.guards)
      #expect(read == Self.approval)
    }
  }

  @Test func itEndsAfterItsLastSecond() {
    #expect(reason(now: 2000) == nil)
    #expect(reason(now: 2001) == .expired(until: 2000, now: 2001))
  }

  @Test func anotherPlanIsRefused() {
    #expect(reason(plan: "cd") == .otherPlan(approved: Self.approval.plan, given: "cd"))
  }

  @Test func anUnknownGuardIsRefused() {
    #expect(reason(guards: ["removals"]) == .unknownGuard("updates"))
  }

  @Test func anotherStatesKeyIsRefused() {
    #expect(reason(key: [UInt8](2...33)) == .wrongSeal)
  }

  @Test func everyFlippedByteIsRefused() {
    let bytes = Self.bytes
    for index in bytes.indices {
      for mask: UInt8 in [1, 0x20, 0x80] {
        var damaged = bytes
        damaged[index] ^= mask
        #expect(reason(damaged) != nil, "byte \(index), mask \(mask)")
      }
    }
  }

  @Test func everyShortenedOrLengthenedFileIsRefused() {
    let bytes = Self.bytes
    for count in bytes.indices { #expect(reason(Array(bytes[..<count])) != nil) }
    #expect(reason(bytes + [0x20]) == .noSeal)
    #expect(reason(bytes + bytes) == .wrongSeal)
  }

  @Test func aPlansSealIsNoApprovalsSeal() {
    let plan = fileBytes(of: .empty).bytes
    #expect(reason(plan) == .notAnApproval)
  }

  @Test(arguments: ["", "{}", "{\"rollcall-approval\":{\"version\":1}}", "\u{0}"])
  func whatIsNoApprovalIsRefused(text: String) {
    #expect([.notAnApproval, .noSeal].contains(reason(Array(text.utf8))))
  }

  @Test func anUnknownVersionIsNamed() {
    let text = "{\"rollcall-approval\":{\"version\":9,\"hmac\":\"\"}}\n"
    #expect(reason(Array(text.utf8)) == .unknownVersion(9, known: 1))
  }
}
