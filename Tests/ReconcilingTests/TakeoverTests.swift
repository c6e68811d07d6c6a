import Identity
import PlanFile
import Testing

@testable import Reconciling

/// How accounts get taken over or lost by a bad file, and what a careful run does instead.
struct TakeoverTests {
  /// A digit that was damaged, or an id that was corrected: nobody can tell, so neither of the two is touched.
  @Test func aKeyThatDiffersByADigitRemovesNobody() async throws {
    let company = try Company(CompanyPolicy(sections: CompanyPolicy.wideGuards), crowd: 20)
    let ann = Person("ann").with { ($0.givenName, $0.familyName) = ("Ann", "Lee") }
    try company.people([ann])
    try await company.apply(night: 1)
    try company.people([ann.with { $0.id += "9" }])
    let plan = try await company.apply(night: 2)
    #expect(plan.removals == [])
    #expect(
      plan.holds == ["conflictingKeys member ann", "conflictingKeys record \(ann.id)9"])
    // With another name it is somebody else, and the one who had the user name has left.
    try company.people([
      ann.with { ($0.id, $0.familyName) = ($0.id + "9", "Other") }
    ])
    #expect(try await company.plan(night: 3).removals == ["deactivate-member ann"])
  }

  private static let twenty: [Person] = (1...20).map { Person("person\($0)") }

  // MARK: - Keys

  @Test func newBearerOfAUserNameDoesNotInheritTheOldOnesAccount() async throws {
    let company = try Company()
    let old = Person("jsmith").with { $0.givenName = "John" }
    try company.people(["ann", "bob", old])
    try await company.apply(night: 1)
    let new = Person("jsmith").with {
      $0.id = "E-9001"
      $0.givenName = "Jane"
      $0.title = "Chief"
    }
    try company.people(["ann", "bob", new])
    let plan = try await company.plan(night: 2)

    #expect(plan.operations == ["deactivate-member jsmith"])
    #expect(plan.holds == ["conflictingKeys record E-9001"])
    let finding = try #require(
      plan.evidence.findings.first { $0.code == "match.conflicting-keys" })
    #expect(
      finding.subject
        == .conflictingKeys(
          member: "jsmith", key: "externalId", recordValue: "E-9001", memberValue: "E-jsmith"))
    #expect(finding.origin?.line == 4)
    try await company.apply(night: 2)
    #expect(try company.export().contains(#""externalId":"E-jsmith""#))
    #expect(try !company.export().contains("Jane"))
  }

  @Test func newBearerGetsTheNameOnceTheOldOneIsDeleted() async throws {
    let policy = CompanyPolicy(
      sections: "lifecycle: {leavers: {deactivate: 1, delete: 2, minInterval: 1h}}\n"
        + CompanyPolicy.wideGuards)
    let company = try Company(policy, crowd: 20)
    try company.people(["ann", "jsmith"])
    try await company.apply(night: 1)
    let new = Person("jsmith").with { $0.id = "E-9001" }
    try company.people(["ann", new])
    #expect(try await company.apply(night: 2).operations == ["deactivate-member jsmith"])
    // The counter wants another export than last night's.
    try company.people(["ann", new.with { $0.title = "Chief" }])
    let plan = try await company.apply(night: 3)
    #expect(plan.operations == ["create-member jsmith", "delete-member jsmith"])
    let ids = plan.decisions.operations.map(\.subject.id)
    #expect(Set(ids).count == 2)
    #expect(try await company.plan(night: 4).operations == [])
  }

  @Test func reusedEmployeeNumberIsANewPerson() async throws {
    let policy = CompanyPolicy(
      sections: "lifecycle: {leavers: {deactivate: 1, delete: 2, minInterval: 1h}}\n"
        + CompanyPolicy.wideGuards)
    let company = try Company(policy, crowd: 20)
    try company.people(["ann", "old"])
    let first = try await company.apply(night: 1)
    try company.people(["ann"])
    try await company.apply(night: 2)
    try company.people([Person("ann").with { $0.title = "Lead" }])
    #expect(try await company.apply(night: 3).operations.contains("delete-member old"))
    try company.people(["ann", Person("new").with { $0.id = "E-old" }])
    let plan = try await company.apply(night: 4)

    let before = first.decisions.operations.first { $0.subject.name == "old" }?.subject.id
    let after = plan.decisions.operations.first { $0.subject.name == "new" }?.subject.id
    #expect(before != nil)
    #expect(after != nil)
    #expect(before != after)
  }

  @Test func twoMembersSwapTheirUserNames() async throws {
    let company = try Company(CompanyPolicy(sections: CompanyPolicy.wideGuards))
    try company.people(["ann", "bob"])
    try await company.apply(night: 1)
    try company.people([
      Person("ann").with { $0.userName = "bob" }, Person("bob").with { $0.userName = "ann" },
    ])
    let plan = try await company.apply(night: 2)

    #expect(
      plan.operations == [
        "update-member ann: userName ann → bob", "update-member bob: userName bob → ann",
      ])
    #expect(plan.decisions.operations.allSatisfy { $0.classes.contains(.rekey) })
    #expect(try await company.plan(night: 3).operations == [])
  }

  @Test func chainOfRenamesEndsInANewName() async throws {
    let company = try Company(CompanyPolicy(sections: CompanyPolicy.wideGuards))
    try company.people(["a", "b", "c", "d"])
    try await company.apply(night: 1)
    let next = ["a": "b", "b": "c", "c": "d", "d": "e"]
    try company.people(
      next.sorted { $0.key < $1.key }.map { name, new in Person(name).with { $0.userName = new } })
    let plan = try await company.apply(night: 2)

    // Names are freed before they are taken.
    #expect(plan.decisions.operations.map(\.subject.name) == ["d", "c", "b", "a"])
    #expect(plan.operations.count == 4)
    #expect(try await company.plan(night: 3).operations == [])
  }

  @Test func chainThatEndsAtSomebodyWhoKeepsTheNameIsHeldToItsBeginning() async throws {
    let company = try Company(CompanyPolicy(sections: CompanyPolicy.wideGuards), crowd: 20)
    try company.people(["a", "b", "c"])
    try await company.apply(night: 1)
    // c keeps its name, so b cannot have it, so a cannot have b's.
    try company.people([
      Person("a").with { $0.userName = "b" }, Person("b").with { $0.userName = "c" },
    ])
    let plan = try await company.plan(night: 2)

    #expect(plan.operations == ["deactivate-member c"])
    #expect(plan.holds == ["valueTaken member a", "valueTaken member b"])
  }

  @Test func sharedEMailIsNobodysKey() async throws {
    let company = try Company()
    let shared = "info@contoso.com"
    try company.people(["ann", "bob"].map { Person($0).with { $0.mail = shared } })
    let plan = try await company.apply(night: 1)

    #expect(plan.operations == ["create-member ann", "create-member bob"])
    #expect(plan.holds == [])
    #expect(try await company.plan(night: 2).operations == [])
  }

  @Test func sharedEMailThatIsAMatchKeyHoldsBothRecords() async throws {
    let company = try Company(
      CompanyPolicy(
        sections: #"matching: {members: [externalId, 'emails[type eq "work"].value']}"#))
    let shared = "info@contoso.com"
    try company.people(["ann", "bob"].map { Person($0).with { $0.mail = shared } } + ["carl"])
    let plan = try await company.plan(night: 1)

    #expect(plan.operations == ["create-member carl"])
    #expect(plan.findings["match.duplicate"] == 2)
    #expect(plan.holds.count == 2)
  }

  // MARK: - The column that says who is active

  @Test func garbledActiveColumnDisablesNobody() async throws {
    let company = try Company()
    try company.people(Self.twenty)
    try await company.apply(night: 1)
    try company.people(Self.twenty.map { $0.with { $0.enabled = "Tru3" } })
    let plan = try await company.plan(night: 2)

    #expect(plan.operations == [])
    #expect(plan.findings["map.unknown-word"] == 20)
    #expect(plan.decisions.situations[.quarantined] == 20)
    #expect(!plan.holds.isEmpty)
  }

  @Test func emptyActiveColumnDisablesNobody() async throws {
    let company = try Company()
    try company.people(Self.twenty)
    try await company.apply(night: 1)
    try company.people(Self.twenty.map { $0.with { $0.enabled = "" } })

    #expect(try await company.plan(night: 2).operations == [])
  }

  @Test func missingActiveColumnDisablesNobody() async throws {
    let company = try Company()
    try company.people(Self.twenty)
    try await company.apply(night: 1)
    let rows = [Person.header] + Self.twenty.map(\.cells)
    try company.write(
      rows.map { $0.dropLast().joined(separator: ",") }.joined(separator: "\n") + "\n",
      as: "users.csv")
    let plan = try await company.plan(night: 2)

    #expect(plan.operations == [])
    #expect(plan.isReliable("staff") == false)
    #expect(plan.findings["map.missing-column"] == 1)
  }

  /// Where the policy takes any share of disabled people for possible.
  @Test func invertedActiveColumnIsStoppedByTheGuardOnRemovals() async throws {
    let company = try Company(CompanyPolicy(sections: "health: {valueChange: 100}"))
    try company.people(Self.twenty)
    try await company.apply(night: 1)
    try company.people(Self.twenty.map { $0.with { $0.enabled = "False" } })
    let plan = try await company.plan(night: 2)

    #expect(plan.removals.count == 20)
    #expect(plan.decisions.counts == [.updateMember: 20])
    #expect(plan.decisions.situations[.sourceDisabled] == 20)
    #expect(plan.isRefused)
    #expect(plan.breaches.contains("removals"))
  }

  // MARK: - Teams that are there already

  @Test(arguments: [("", "found"), ("T-1", "conflictingKeys")])
  func rowThatNamesAnExistingTeamGetsNoHoldOfIt(id: String, situation: String) async throws {
    let company = try Company(CompanyPolicy(hasTeams: true))
    try await Self.loadAdmins(into: company, id: id)
    try company.people(["ann", "mallory"])
    try company.teams(["Admins"])
    try company.memberships([("Admins", "mallory")])
    let plan = try await company.plan(night: 1)

    #expect(plan.operations == ["create-member mallory"])
    #expect(plan.findings["match.claimable"] == 1)
    #expect(plan.holds == ["\(situation) team Admins", "found member ann"].sorted())
  }

  @Test func adoptingATeamNeedsAnApprovalEvenWhereThePolicyAllowsIt() async throws {
    let company = try Company(
      CompanyPolicy(
        hasTeams: true, sections: "matching: {adopt: {members: [externalId], teams: [externalId]}}")
    )
    try await Self.loadAdmins(into: company, id: "G-Admins")
    try company.people(["ann", "mallory"])
    try company.teams(["Admins"])
    try company.memberships([("Admins", "mallory")])
    let plan = try await company.plan(night: 1)

    #expect(plan.breaches == ["teamAdoptions"])
    // The plan that adopts a team only adds memberships: ann stays in it.
    #expect(plan.removals == [])
    #expect(plan.operations.contains("add-membership Admins + mallory"))
  }

  @Test func membershipInAProtectedTeamIsAGrant() async throws {
    let company = try Company(
      CompanyPolicy(
        hasTeams: true,
        sections: "protected: {teams: [Admins]}\nguards: {grants: {count: 0, floor: 0}}"))
    try company.people(["ann"])
    try company.teams(["Admins", "Sales"])
    try company.memberships([("Admins", "ann"), ("Sales", "ann")])
    let plan = try await company.plan(night: 1)

    let grants = plan.decisions.operations.filter { $0.classes.contains(.grant) }
    #expect(grants.map(\.words) == ["add-membership Admins + ann"])
    #expect(plan.breaches == ["grants"])
  }

  /// A directory that exists: the team Admins with ann in it, managed by nobody.
  private static func loadAdmins(into company: Company, id: String) async throws {
    try company.people(["ann"])
    try company.write("id,displayName\n\(id),Admins\n", as: "groups.csv")
    try company.write("groupId,userPrincipalName\n\(id),ann\n", as: "members.csv")
    _ = try await company.job(night: 1).refresh(
      from: ["users.csv", "groups.csv", "members.csv"].map(company.path))
  }

  // MARK: - The same file again

  @Test func sameFileThreeNightsRunningCountsOneAbsence() async throws {
    let company = try Company(
      CompanyPolicy(sections: "lifecycle: {leavers: {deactivate: 2}}\n" + CompanyPolicy.wideGuards),
      crowd: 20)
    try company.people(["ann", "bob", "carl"])
    try await company.apply(night: 1)
    try company.people(["ann", "bob"])
    for night in 2...4 {
      let plan = try await company.apply(night: night)
      #expect(plan.operations == [])
      #expect(plan.findings["plan.removal-withheld"] == 1)
    }
    // The next absence needs a file that says something new.
    try company.people([Person("ann").with { $0.title = "Lead" }, "bob"])
    #expect(
      try await company.apply(night: 5).operations == [
        "deactivate-member carl", "update-member ann: title Buyer → Lead",
      ])
  }

  @Test func twoRunsWithinTheIntervalCountOneAbsence() async throws {
    let company = try Company(
      CompanyPolicy(
        sections: "lifecycle: {leavers: {deactivate: 2, minInterval: 48h}}\n"
          + CompanyPolicy.wideGuards), crowd: 20)
    try company.people(["ann", "bob"])
    try await company.apply(night: 1)
    try company.people(["ann"])
    try await company.apply(night: 2)
    try company.people([Person("ann").with { $0.title = "Lead" }])
    #expect(try await company.apply(night: 3).removals == [])
    try company.people([Person("ann").with { $0.title = "Boss" }])
    #expect(try await company.apply(night: 4).removals == ["deactivate-member bob"])
  }

  @Test func sameFileThreeNightsRunningDoesNothingTwice() async throws {
    let company = try Company(CompanyPolicy(hasTeams: true))
    try company.people(["ann", "bob"])
    try company.teams(["Sales"])
    try company.memberships([("Sales", "ann")])
    #expect(try await company.apply(night: 1).operations.count == 4)
    for night in 2...4 {
      let plan = try await company.apply(night: night)
      #expect(plan.operations == [])
      #expect(plan.holds == [])
    }
    #expect(
      try company.job(night: 4).history().map(\.outcome)
        == [.applied, .nothingToDo, .nothingToDo, .nothingToDo])
  }

  @Test func absencesAreOverWhenThePersonIsBack() async throws {
    let company = try Company(
      CompanyPolicy(sections: "lifecycle: {leavers: {deactivate: 2}}\n" + CompanyPolicy.wideGuards),
      crowd: 20)
    try company.people(["ann", "bob"])
    try await company.apply(night: 1)
    try company.people(["ann"])
    try await company.apply(night: 2)
    try company.people(["ann", "bob"])
    try await company.apply(night: 3)
    try company.people([Person("ann").with { $0.title = "Lead" }])

    #expect(try await company.apply(night: 4).removals == [])
  }
}
