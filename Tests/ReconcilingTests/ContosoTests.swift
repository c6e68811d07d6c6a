import Foundation
import Identity
import PlanFile
import Testing

@testable import Reconciling

/// The three nights of `Samples/Contoso`, as their README tells them.
struct ContosoTests {
  private let folder: TemporaryState
  private static let sample = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Samples/Contoso").path

  init() throws {
    folder = try TemporaryState()
  }

  /// 2:00 on the first three days of March 2026, as the sample job has it.
  private func job(_ night: Int) throws -> Job {
    try Job(
      JobSettings(
        policy: Self.sample + "/rollcall.yaml", exportsFolder: Self.sample + "/night-\(night)",
        state: folder.path, now: Company.firstNight + (night - 1) * 86_400))
  }

  private func apply(_ night: Int) async throws -> Plan {
    try await job(night).apply(planAt: nil, approvalAt: nil).planned.plan
  }

  @Test func firstNightCreatesWhoIsEnabledAndCountsWhoIsNot() async throws {
    let plan = try await apply(1)

    #expect(
      plan.decisions.counts == [.createMember: 245, .createTeam: 20, .addMembership: 385])
    #expect(plan.decisions.situations[.disabledJoiner] == 5)
    #expect(plan.findings["match.disabled-joiner"] == 5)
    // Each of the five is in one team.
    #expect(plan.findings["edge.disabled-member"] == 5)
    #expect(plan.holds == [])
    #expect(plan.breaches == [])
    #expect(try await job(1).plan().plan.operations == [])
  }

  @Test func secondNightIsWhatHappenedAndNothingElse() async throws {
    _ = try await apply(1)
    let plan = try await apply(2)

    #expect(plan.operations == Self.secondNight.sorted())
    let rekeyed = plan.decisions.operations.filter { $0.classes.contains(.rekey) }
    #expect(rekeyed.map(\.subject.name) == ["anna.schmidt@contoso.com"])
    #expect(
      plan.removals
        == Self.secondNight.filter { line in
          ["deactivate", "remove", "update-member max.quotes"].contains { line.hasPrefix($0) }
        }.sorted())
    #expect(plan.holds == [])
    #expect(try await job(2).plan().plan.operations == [])
  }

  private static let secondNight = [
    "add-membership Customer Care + karin.fischer@contoso.com",
    "add-membership Engineering + thomas.kumar8@contoso.com",
    "add-membership Finance + jennifer.null@contoso.com",
    "add-membership Legal + sebnem.mehta@contoso.com",
    "add-membership Lunch 🍜 + jose.nunez2@contoso.com",
    "add-membership Project Ångström + jose.nunez@contoso.com",
    "add-membership Research & Development + lukasz.zolc@contoso.com",
    "add-membership Sales + mei.clark@contoso.com",
    "create-member karin.fischer@contoso.com",
    "create-member mei.clark@contoso.com",
    "create-member sebnem.mehta@contoso.com",
    "create-member thomas.kumar8@contoso.com",
    "deactivate-member adam.nowak@contoso.com",
    "deactivate-member percent.sign@contoso.com",
    "deactivate-member semi.colon@contoso.com",
    "remove-membership Human Resources - lukasz.zolc@contoso.com",
    "remove-membership IT Operations - jennifer.null@contoso.com",
    "update-member anna.schmidt@contoso.com: displayName Anna Schmidt → Anna Weber-Schmidt, "
      + "familyName Schmidt → Weber-Schmidt, "
      + "userName anna.schmidt@contoso.com → anna.weber-schmidt@contoso.com, "
      + "value anna.schmidt@contoso.com → anna.weber-schmidt@contoso.com",
    #"update-member cher@contoso.com: title Team Lead "North" → –"#,
    "update-member eva.plus@contoso.com: displayName =Eva+Plus → =1+1",
    "update-member hanako.sato@contoso.com: title Project Manager → 部長",
    "update-member jennifer.null@contoso.com: department IT Operations → Finance",
    "update-member lukasz.zolc@contoso.com: department Human Resources → Research & Development",
    "update-member max.quotes@contoso.com: active true → false",
    #"update-member sinead.o'brien@contoso.com: title UX Researcher → Head of "Special" Projects"#,
    "update-member true.false@contoso.com: value +49 89 555 7187 → +353 1 555 0000",
    "update-member two.lines@contoso.com: streetAddress Tal 22, Building 4 → "
      + "Contoso AG\nTal 7\n3rd floor",
  ]

  @Test func thirdNightWithholdsRemovalsBecauseOfOneBadRow() async throws {
    _ = try await apply(1)
    _ = try await apply(2)
    let plan = try await apply(3)

    #expect(plan.operations == Self.thirdNight.sorted())
    #expect(plan.removals == [])
    #expect(
      plan.holds == [
        "withheld export staff", "withheld member hong.dang@contoso.com",
        "withheld member right.left@contoso.com", "withheld team IT Operations",
      ])
    #expect(plan.isReliable("staff") == false)
    #expect(plan.findings["read.ragged-row"] == 1)
    #expect(plan.findings["edge.unknown-member"] == 1)
    #expect(try await job(3).plan().plan.operations == [])
  }

  private static let thirdNight = [
    "create-member oscar.roth@contoso.com",
    "create-member tim.keller@contoso.com",
    "reactivate-member semi.colon@contoso.com: active false → true, "
      + "title Data Engineer → Consultant",
    "update-member cher@contoso.com: title – → Working Student",
    "update-member minjun.kim@contoso.com: department IT Operations → Purchasing",
    "update-member sam.rivera@contoso.com: formatted 1.133 → 5.001",
    "update-member zero.width@contoso.com: displayName Zero\u{200B}Width\u{200D} → Zero Width",
    #"update-team "Skunk" Works: displayName "Skunk" Works → Advanced Projects"#,
  ]

  @Test func nightsOutOfOrderChangeNothingThatAHealthyNightDoesNotAskFor() async throws {
    _ = try await apply(1)
    _ = try await apply(2)
    let plan = try await job(1).plan().plan

    // Four who had joined are gone again; the three leavers and the blocked one are back.
    #expect(plan.decisions.counts[.deactivateMember] == 4)
    #expect(plan.decisions.counts[.reactivateMember] == 4)
    #expect(plan.decisions.counts[.createMember] == nil)
  }
}

/// A place for a state, gone with the test.
private final class TemporaryState {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("rollcall-test-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var path: String { folder.path + "/contoso.db" }
}
