import Identity
import PlanFile
import TestSupport
import Testing

struct AttestationTests {
  private static let members = Attestation.Members(active: 240, inactive: 5)
  private static let attestation = Attestation(of: clean.plan, members: members)
  private static var bytes: [UInt8] { attestation?.bytes(key: RandomPlan.key) ?? [] }

  private static var clean: PlanBuilder {
    var builder = PlanBuilder()
    builder.read("people", "users \"1\".csv", records: 245, bytes: 9_000)
    builder.read("teams", "groups.csv", records: 20, bytes: 700)
    builder.guarded("creates", 0, of: 9, limit: "at most 5")
    builder.findings = [Finding(.unmanaged(member: "scanner"))]
    return builder
  }

  private func reason(_ bytes: [UInt8], key: [UInt8] = RandomPlan.key) -> PlanFileFailure.Reason? {
    do {
      let read = try Attestation.read(bytes, named: "a.attestation", key: key)
      #expect(read == Self.attestation)
      return nil
    } catch {
      return error.reason
    }
  }

  @Test func anAttestationReadsBackAsItself() throws {
    let attestation = try #require(Self.attestation)
    #expect(attestation.inputs.map(\.recordCount) == [245, 20])
    #expect(reason(Self.bytes) == nil)
    try withFile(Self.bytes) { path in
      let isOne = try Attestation.isOne(path: path)
      #expect(isOne)
      let read = try Attestation.read(path: path, key: RandomPlan.key)
      #expect(read == attestation)
    }
  }

  @Test func onlyACleanPlanIsAttested() {
    var held = Self.clean
    held.hold("record E1", .protected)
    var changed = Self.clean
    changed.deactivate("carl")
    var unreliable = Self.clean
    unreliable.read("more", "more.csv", records: 1, bytes: 9, reliable: false)
    var wrong = Self.clean
    wrong.findings.append(Finding(.raggedRow(columns: 2, expected: 3)))
    for builder in [held, changed, unreliable, wrong] {
      #expect(Attestation(of: builder.plan, members: Self.members) == nil)
    }
  }

  @Test func whatDiffersOnPurposeIsCounted() throws {
    var builder = Self.clean
    builder.findings = [
      Finding(.outOfScope(export: "people", count: 7)), Finding(.leftOut(attribute: "title")),
      Finding(.teamGone(team: "Sales")),
      Finding(.edgeNotWrittenByUs(team: "Sales", member: "ann"), repeats: 4),
      Finding(.edgeOfDisabled(team: "Sales", member: "dan")),
      Finding(.edgeToUnknownMember(team: "Sales", reference: "zoe")),
    ]
    var plan = builder.plan
    plan.decisions.situations = [
      .same: 230, .protected: 10, .unmanaged: 3, .leaver: 2, .disabledJoiner: 1,
      .notCreated: 6,
    ]
    let attestation = try #require(Attestation(of: plan, members: Self.members))
    #expect(
      attestation.exceptions == [
        .protected: 10, .unmanaged: 3, .keptLeavers: 2, .disabledRecords: 1, .outOfScope: 8,
        .notCreated: 6, .goneTeams: 1, .keptMemberships: 6, .unknownReferences: 1,
      ])
    let read = try Attestation.read(
      attestation.bytes(key: RandomPlan.key), named: "a", key: RandomPlan.key)
    #expect(read == attestation)
    #expect(read.members == Self.members)
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
  }

  @Test func anotherStatesKeyAndOtherFilesAreRefused() {
    #expect(reason(Self.bytes, key: [UInt8](2...33)) == .wrongSeal)
    #expect(reason(fileBytes(of: .empty).bytes) == .notAnAttestation)
    let renamed = String(decoding: Self.bytes, as: UTF8.self)
      .replacing("rollcall-attestation", with: "rollcall-approval")
    #expect(reason(Array(renamed.utf8)) == .notAnAttestation)
  }
}
