import Foundation
import Identity
import PlanFile
import Storing
import Testing

@testable import Reconciling

/// Guards, approvals, the marker, and plans whose ground has moved.
struct JobApplyTests {
  private static let staff: [Person] = (1...40).map { Person("person\($0)") }

  /// A company of forty after its first night, tonight with half of them disabled at the source.
  private static func breaching() async throws -> Company {
    let company = try Company(CompanyPolicy(sections: "health: {valueChange: 100}"))
    try company.people(staff)
    try await company.apply(night: 1)
    try company.people(
      staff.enumerated().map { place, person in
        place < 20 ? person.with { $0.enabled = "False" } : person
      })
    return company
  }

  private static func failure(_ body: () async throws -> Void) async -> JobFailure? {
    do {
      try await body()
      return nil
    } catch {
      return error as? JobFailure
    }
  }

  // MARK: - Guards and the marker

  @Test func refusedPlanWritesNothingButTheMarkerAndThatItWasRefused() async throws {
    let company = try await Self.breaching()
    let before = try company.export()
    let failure = await Self.failure { try await company.apply(night: 2) }

    guard case .refused(let planned) = failure else {
      Issue.record("ended otherwise: \(String(describing: failure))")
      return
    }
    #expect(planned.plan.breaches == ["removals"])
    #expect(try company.export() == before)
    let job = try company.job(night: 2)
    #expect(try job.history().map(\.outcome) == [.applied, .refused])
    #expect(try job.history().last?.planName == planned.name)
    let source = try job.reportSource(run: 2)
    #expect(source.plan.breaches == ["removals"])
    #expect(source.plan.isEmpty)
  }

  @Test func runsAfterARefusedOneStopUntilAPersonResumes() async throws {
    let company = try await Self.breaching()
    let refused = await Self.failure { try await company.apply(night: 2) }
    guard case .refused(let planned) = refused else { return }
    try company.people(Self.staff)
    let failure = await Self.failure { try await company.apply(night: 3) }
    guard case .suspended(let since, let name, let reason) = failure else {
      Issue.record("ended otherwise: \(String(describing: failure))")
      return
    }
    #expect(since == Company.firstNight + 86_400)
    #expect(name == planned.name)
    #expect(reason.contains("removals"))
    // Planning goes on meanwhile.
    #expect(try await company.plan(night: 3).operations == [])

    try company.job(night: 3).resume(reason: "the file is mended")
    #expect(try await company.apply(night: 3).operations == [])
    #expect(
      try company.job(night: 3).history().map(\.outcome)
        == [.applied, .refused, .resumed, .nothingToDo])
    let word = try company.job(night: 3).history()[2].word
    #expect(word?.reason == "the file is mended")
    #expect(word?.by.isEmpty == false)
  }

  @Test func resumeDoesNotLetTheSamePlanPass() async throws {
    let company = try await Self.breaching()
    _ = await Self.failure { try await company.apply(night: 2) }
    try company.job(night: 2).resume(reason: "I did not look")
    let failure = await Self.failure { try await company.apply(night: 2) }

    guard case .refused = failure else {
      Issue.record("ended otherwise: \(String(describing: failure))")
      return
    }
  }

  @Test func resumeAcceptsOnlyExportsThatAreKnown() async throws {
    let company = try await Self.breaching()
    let failure = await Self.failure {
      try company.job(night: 2).resume(reason: "typo", accepting: ["stuff"])
    }
    guard case .usage(let sentence) = failure else {
      Issue.record("ended otherwise: \(String(describing: failure))")
      return
    }
    #expect(sentence.contains("stuff"))
  }

  // MARK: - Approvals

  private static func approve(
    _ company: Company, lets: [String: Int] = ["removals": 20], night: Int = 2,
    validFor seconds: Int = 3_600, to name: String = "approval"
  ) throws {
    let job = try company.job(night: night)
    try job.approve(
      planAt: company.path("tonight.plan"), lets: lets, until: job.now + seconds, reason: "known",
      to: company.path(name))
  }

  private static func apply(
    _ company: Company, night: Int = 2, approval: String? = "approval"
  ) async throws -> AppliedJob {
    try await company.job(night: night).apply(
      planAt: company.path("tonight.plan"), approvalAt: approval.map(company.path))
  }

  @Test func approvedPlanIsCarriedOutOnce() async throws {
    let company = try await Self.breaching()
    _ = await Self.failure { try await company.apply(night: 2) }
    try await company.save(night: 2)
    try Self.approve(company)
    let applied = try await Self.apply(company)

    #expect(applied.run.counts == [.updateMember: 20])
    #expect(applied.run.approval != nil)
    #expect(try await company.plan(night: 2).operations == [])
    // The marker is gone with it.
    #expect(try await company.apply(night: 3).operations == [])
    // Neither plan nor approval works twice.
    let failure = await Self.failure { _ = try await Self.apply(company) }
    guard case .unverified(let sentence) = failure else {
      Issue.record("ended otherwise: \(String(describing: failure))")
      return
    }
    #expect(sentence.contains("used up"))
  }

  @Test func approvalOfLessThanThePlanDoesIsNotIssued() async throws {
    let company = try await Self.breaching()
    try await company.save(night: 2)
    for lets in [["removals": 19], [:], ["rekeys": 20], ["removal": 20]] {
      let failure = await Self.failure { try Self.approve(company, lets: lets) }
      guard case .usage = failure else {
        Issue.record("\(lets) ended otherwise: \(String(describing: failure))")
        continue
      }
      #expect(!FileManager.default.fileExists(atPath: company.path("approval")))
    }
  }

  @Test(arguments: [-1, 0, 8 * 86_400])
  func approvalEndsWithinSevenDays(seconds: Int) async throws {
    let company = try await Self.breaching()
    try await company.save(night: 2)
    let failure = await Self.failure { try Self.approve(company, validFor: seconds) }

    guard case .usage = failure else {
      Issue.record("ended otherwise: \(String(describing: failure))")
      return
    }
  }

  @Test func approvalThatHasExpiredIsRefused() async throws {
    let company = try await Self.breaching()
    try await company.save(night: 2)
    try Self.approve(company)
    let failure = await Self.failure { _ = try await Self.apply(company, night: 3) }

    guard case .unverified = failure else {
      Issue.record("ended otherwise: \(String(describing: failure))")
      return
    }
  }

  @Test func approvalOfAnotherPlanIsRefused() async throws {
    let company = try await Self.breaching()
    try await company.save(night: 2)
    try Self.approve(company)
    try await company.save(night: 3)
    let failure = await Self.failure { _ = try await Self.apply(company) }

    guard case .unverified = failure else {
      Issue.record("ended otherwise: \(String(describing: failure))")
      return
    }
  }

  @Test func approvalThatSomebodyEditedIsRefused() async throws {
    let company = try await Self.breaching()
    try await company.save(night: 2)
    try Self.approve(company)
    let text = String(decoding: try company.read("approval"), as: UTF8.self)
    try company.write(text.replacing("known", with: "KNOWN"), as: "approval")
    let failure = await Self.failure { _ = try await Self.apply(company) }

    guard case .unverified = failure else {
      Issue.record("ended otherwise: \(String(describing: failure))")
      return
    }
  }

  @Test func planThatSomebodyEditedIsRefused() async throws {
    let company = try await Self.breaching()
    try await company.save(night: 2)
    let text = String(decoding: try company.read("tonight.plan"), as: UTF8.self)
    try company.write(text.replacing("person7", with: "person8"), as: "tonight.plan")
    let failure = await Self.failure { _ = try await Self.apply(company, approval: nil) }

    guard case .unverified = failure else {
      Issue.record("ended otherwise: \(String(describing: failure))")
      return
    }
  }

  @Test func applyWithAnApprovalLetsThePlanItMakesItselfPass() async throws {
    let company = try await Self.breaching()
    try await company.save(night: 2)
    try Self.approve(company)
    // The same files, state and time make the same plan again, by name.
    let applied = try await company.job(night: 2).apply(
      planAt: nil, approvalAt: company.path("approval"))

    #expect(applied.run.counts == [.updateMember: 20])
  }

  // MARK: - Plans on moved ground

  private static func changing() async throws -> Company {
    let company = try Company()
    try company.people(staff)
    try await company.apply(night: 1)
    try company.people(
      [Person("person1").with { $0.title = "Lead" }] + staff.dropFirst() + [Person("new")])
    try await company.save(night: 2)
    return company
  }

  private static func drifts(_ company: Company, night: Int = 2) async -> [String]? {
    let failure = await failure { _ = try await apply(company, night: night, approval: nil) }
    guard case .stale(let sentences) = failure else {
      Issue.record("ended otherwise: \(String(describing: failure))")
      return nil
    }
    return sentences
  }

  @Test func planIsCarriedOutOnceAndThenStale() async throws {
    let company = try await Self.changing()
    _ = try await Self.apply(company, approval: nil)
    let sentences = await Self.drifts(company)

    #expect(sentences == ["The plan has been applied by run 2 already."])
    #expect(try company.job(night: 2).history().count == 2)
  }

  @Test func planOfAnotherStateIsStale() async throws {
    let company = try await Self.changing()
    let other = try Company()
    try other.people(Self.staff)
    try await other.apply(night: 1)
    try FileManager.default.removeItem(atPath: company.state)
    try FileManager.default.copyItem(atPath: other.state, toPath: company.state)
    let failure = await Self.failure { _ = try await Self.apply(company, approval: nil) }

    // Its seal was made with the key of the other state.
    switch failure {
    case .stale, .unverified: break
    default: Issue.record("ended otherwise: \(String(describing: failure))")
    }
  }

  @Test func planOfAnotherPolicyIsStale() async throws {
    let company = try await Self.changing()
    try company.write(
      CompanyPolicy(sections: "protected: {members: [person1]}").text, as: "rollcall.yaml")

    #expect(await Self.drifts(company)?.first?.contains("policy") == true)
  }

  @Test func commentInThePolicyIsNoChange() async throws {
    let company = try await Self.changing()
    try company.write(CompanyPolicy().text + "\n# a note\n", as: "rollcall.yaml")

    #expect(try await Self.apply(company, approval: nil).run.outcome == .applied)
  }

  @Test func newFilesDoNotMakeAPlanStale() async throws {
    let company = try await Self.changing()
    try company.people(Array(Self.staff.dropLast()))

    #expect(try await Self.apply(company, approval: nil).run.outcome == .applied)
  }

  @Test func guardsAreJudgedAgainByTheStateOfNow() async throws {
    // Five leavers of a hundred are few; of the forty that are left they are not.
    let people = (1...100).map { Person("person\($0)") }
    let company = try Company(
      CompanyPolicy(
        sections: "guards: {removals: {count: 100, percent: 5, floor: 0}}\nhealth: {recordFall: 60}"
      ))
    try company.people(people)
    try await company.apply(night: 1)
    try company.people(Array(people.dropLast(5)))
    try await company.save(night: 2)
    try await Self.shrink(company, to: people)
    let failure = await Self.failure { _ = try await Self.apply(company, approval: nil) }

    guard case .refused(let planned) = failure else {
      Issue.record("ended otherwise: \(String(describing: failure))")
      return
    }
    #expect(planned.plan.breaches == ["removals"])
  }

  /// Most of the people leave, approved by a person, while the plan of five leavers lies there.
  private static func shrink(_ company: Company, to people: [Person]) async throws {
    let saved = try company.read("tonight.plan")
    try company.people(Array(people.prefix(0)) + people[60...])
    try await company.save(night: 3)
    try approve(company, lets: ["removals": 60], night: 3)
    _ = try await apply(company, night: 3)
    try company.write(saved, as: "tonight.plan")
  }

  @Test func protectedMemberIsBlockedAndNothingElse() async throws {
    let company = try Company(
      CompanyPolicy(sections: "protected: {members: [person1, 'person2*']}"))
    try company.people(Self.staff)
    try await company.apply(night: 1)
    try company.people(
      [Person("person3").with { $0.title = "Lead" }] + Self.staff.dropFirst(3))
    let plan = try await company.plan(night: 2)

    #expect(plan.operations == ["update-member person3: title Buyer → Lead"])
    #expect(plan.findings["plan.protected"] == 2)
    #expect(plan.holds == [])
  }

  // MARK: - The lock and the journal

  @Test func secondRunMeetsTheLock() async throws {
    let company = try await Self.changing()
    let job = try company.job(night: 2)
    let store = try job.open(.writing)
    let failure = await Self.failure { try await company.apply(night: 2) }
    try store.close()

    guard case .locked = failure else {
      Issue.record("ended otherwise: \(String(describing: failure))")
      return
    }
  }

  @Test func reportOfARunIsThePlanItCarriedOut() async throws {
    let company = try await Self.changing()
    let applied = try await Self.apply(company, approval: nil)
    let source = try company.job(night: 2).reportSource(run: nil)

    #expect(source.run == applied.run)
    #expect(source.planName == applied.planned.name)
    #expect(source.plan.operations == applied.planned.plan.operations)
    #expect(source.plan.evidence.inputs == applied.planned.plan.evidence.inputs)
    #expect(try company.job(night: 2).reportSource(run: 1).run?.number == 1)
  }

  @Test func holdsAgeFromNightToNight() async throws {
    let company = try Company()
    try company.people(Self.staff + [Person("twin"), Person("twin")])
    for night in 1...4 {
      let plan = try await company.apply(night: night)
      #expect(plan.findings["plan.hold-too-old"] == nil, "night \(night)")
    }
    #expect(try await company.apply(night: 5).findings["plan.hold-too-old"] == 1)
    try company.people(Self.staff + [Person("twin")])
    try await company.apply(night: 6)
    try company.people(Self.staff + [Person("twin"), Person("twin").with { $0.title = "x" }])
    #expect(try await company.plan(night: 7).findings["plan.hold-too-old"] == nil)
  }
}
