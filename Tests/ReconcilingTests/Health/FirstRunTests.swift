import Identity
import PlanFile
import TestSupport
import Testing

@testable import Reconciling

/// Without an earlier good run there is nothing to tell a whole file from half of one.
struct FirstRunTests {
  private static let staff: [Person] = (1...40).map { Person("person\($0)") }

  /// Forty people whose export has had no good run yet: its one run had a line too many in it.
  private static func unsettled(_ people: String) async throws -> Company {
    let company = try Company(
      CompanyPolicy(people: people, sections: CompanyPolicy.wideGuards))
    try company.write(Person.csv(staff) + "a row that is none\n", as: "users.csv")
    let plan = try await company.apply(night: 1)
    #expect(plan.isReliable("staff") == false)
    return company
  }

  private static let plain = "    - {name: staff, path: users.csv, content: full}"

  @Test func firstGoodRunRemovesNobodyAndTheNextOneDoes() async throws {
    let company = try await Self.unsettled(Self.plain)
    try company.people(Array(Self.staff.dropLast()))
    let first = try await company.apply(night: 2)

    #expect(first.removals == [])
    #expect(first.isReliable("staff") == true)
    #expect(first.findings["health.no-earlier-run"] == 1)
    #expect(first.findings["plan.removal-withheld"] == 1)
    #expect(first.holds == ["withheld member person40"])
    #expect(try await company.plan(night: 3).removals == ["deactivate-member person40"])
  }

  @Test func disablingByValueWaitsForTheSecondRun() async throws {
    let company = try await Self.unsettled(Self.plain)
    var people = Self.staff
    people[0].enabled = "False"
    try company.people(people)

    #expect(try await company.apply(night: 2).removals == [])
    #expect(
      try await company.plan(night: 3).removals == ["update-member person1: active true → false"])
  }

  @Test func joinersGetTheirTeamsInTheFirstRun() async throws {
    let company = try Company(CompanyPolicy(hasTeams: true, sections: CompanyPolicy.wideGuards))
    try company.people(Self.staff)
    try company.teams(["Sales"])
    try company.memberships(Self.staff.map { ("Sales", $0.userName) })
    let plan = try await company.plan(night: 1)

    #expect(plan.decisions.operations.count { $0.kind == .addMembership } == 40)
    #expect(plan.holds == [])
    #expect(plan.findings["health.no-earlier-run"] == 3)
  }

  @Test func fileThatIsProvenWholeRemovesInItsFirstRun() async throws {
    let company = try await Self.unsettled(
      "    - {name: staff, path: users.csv, content: full, trailer: 'EOF;(\\d+)'}")
    try company.write(Person.csv(Array(Self.staff.dropLast())) + "EOF;39\n", as: "users.csv")
    let plan = try await company.plan(night: 2)

    #expect(plan.removals == ["deactivate-member person40"])
    #expect(plan.findings["health.no-earlier-run"] == nil)
  }

  @Test func acceptedFileRemovesOnceAndIsTheMeasureThen() async throws {
    let company = try await Self.unsettled(Self.plain)
    try company.people(Self.staff)
    try await company.apply(night: 2)
    try company.people(Array(Self.staff.prefix(20)))
    #expect(try await company.plan(night: 3).removals == [])
    try company.job(night: 3).resume(reason: "half of us were sold", accepting: ["staff"])
    let accepted = try await company.apply(night: 3)
    try company.people(Array(Self.staff.prefix(10)))
    let next = try await company.plan(night: 4)

    #expect(accepted.removals.count == 20)
    #expect(accepted.findings["health.accepted"] == 1)
    #expect(next.removals == [])
    #expect(next.findings["health.fewer-records"] == 1)
  }

  @Test func fallWithinTheToleranceIsStatedInThePlan() async throws {
    let company = try Company(CompanyPolicy(sections: CompanyPolicy.wideGuards))
    try company.people(Self.staff)
    try await company.apply(night: 1)
    try company.people(Array(Self.staff.dropLast(2)))
    let plan = try await company.plan(night: 2)

    #expect(plan.removals.count == 2)
    #expect(plan.findings["health.within-tolerance"] == 1)
    #expect(
      plan.evidence.health[0].findings.map(\.message).contains {
        $0.contains("38") && $0.contains("40")
      })
  }
}
