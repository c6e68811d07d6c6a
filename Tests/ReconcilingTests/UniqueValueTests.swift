import Identity
import PlanFile
import Testing

@testable import Reconciling

/// Values that no two members may share, whether or not the policy matches by them.
struct UniqueValueTests {
  private static func company(_ keys: String) throws -> Company {
    try Company(
      CompanyPolicy(sections: "matching: {members: [\(keys)]}\n" + CompanyPolicy.wideGuards),
      crowd: 20)
  }

  private func ours(_ plan: Plan) -> [String] {
    plan.operations.filter { !$0.contains("crowd") }
  }

  @Test(arguments: ["externalId, userName", "externalId"])
  func twoJoinersWithOneUserNameAreHeldBoth(keys: String) async throws {
    let company = try Self.company(keys)
    try company.people(["ann", Person("ANN").with { $0.id = "E-2" }])
    let plan = try await company.apply(night: 1)

    #expect(ours(plan) == [])
    #expect(plan.holds.count == 2)
  }

  @Test(arguments: ["externalId, userName", "externalId"])
  func joinerWithTheUserNameOfAMemberIsHeld(keys: String) async throws {
    let company = try Self.company(keys)
    try company.people(["ann"])
    try await company.apply(night: 1)
    try company.people(["ann", Person("Ann").with { $0.id = "E-2" }])
    let plan = try await company.apply(night: 2)

    #expect(ours(plan) == [])
    #expect(plan.holds.count == 1)
  }

  @Test(arguments: ["externalId, userName", "externalId"])
  func renameToTheUserNameOfAMemberIsHeld(keys: String) async throws {
    let company = try Self.company(keys)
    try company.people(["ann", "bob"])
    try await company.apply(night: 1)
    try company.people(["ann", Person("bob").with { $0.userName = "ann" }])
    let plan = try await company.apply(night: 2)

    #expect(ours(plan) == [])
    #expect(!plan.holds.isEmpty)
  }

  @Test(arguments: ["externalId, userName", "externalId"])
  func twoRenamesToOneUserNameAreHeldBoth(keys: String) async throws {
    let company = try Self.company(keys)
    try company.people(["ann", "bob"])
    try await company.apply(night: 1)
    try company.people([
      Person("ann").with { $0.userName = "x" }, Person("bob").with { $0.userName = "X" },
    ])
    let plan = try await company.apply(night: 2)

    #expect(ours(plan) == [])
    #expect(plan.holds.count == 2)
  }

  @Test(arguments: ["externalId, userName", "externalId"])
  func sameRowTwiceIsADuplicate(keys: String) async throws {
    let company = try Self.company(keys)
    try company.people(["ann"])
    try await company.apply(night: 1)
    try company.people(["ann", "ann"])
    let plan = try await company.apply(night: 2)

    #expect(ours(plan) == [])
    #expect(plan.findings["match.duplicate"] == 2)
  }

  @Test func namesThatOnlyLookAlikeAreTwoPeople() async throws {
    let company = try Self.company("externalId, userName")
    let people = ["jose", "jos\u{E9}", "jose\u{301}", "\u{17F}mith", "smith", "\u{212A}im", "kim"]
      .enumerated().map { place, name in
        Person("person\(place)").with { $0.userName = name }
      }
    try company.people(people)
    let plan = try await company.apply(night: 1)

    #expect(ours(plan).count == people.count)
    #expect(plan.holds == [])
    #expect(try await company.plan(night: 2).operations == [])
  }

  @Test func takenTeamNameIsHeld() async throws {
    let company = try Company(
      CompanyPolicy(
        hasTeams: true, sections: "matching: {teams: [externalId]}\n" + CompanyPolicy.wideGuards))
    try company.people(["ann"])
    try company.teams(["Sales"])
    try company.memberships([("Sales", "ann")])
    try await company.apply(night: 1)
    try company.write("id,displayName\nG-Sales,Sales\nG-2,Sales\n", as: "groups.csv")
    let plan = try await company.apply(night: 2)

    // A display name need not be unique where teams are told apart by their ids.
    #expect(plan.operations == ["create-team Sales"])
    #expect(try await company.plan(night: 3).operations == [])
  }

  @Test func columnThatStandsTwiceInTheHeaderIsAnError() async throws {
    let company = try Self.company("externalId, userName")
    try company.write(
      "id,userPrincipalName,accountEnabled,accountEnabled\nE-1,ann,True,False\n", as: "users.csv")

    await #expect(throws: JobFailure.self) { try await company.plan(night: 1) }
    try company.write("id,userPrincipalName,x,x\nE-1,ann,True,False\n", as: "users.csv")
    #expect(try await company.plan(night: 1).operations == ["create-member ann"])
  }
}
