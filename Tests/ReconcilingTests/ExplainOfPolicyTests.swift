import Identity
import PlanFile
import Testing

@testable import Reconciling

/// What is told of values, teams and memberships that the policy makes of what exports say.
struct ExplainOfPolicyTests {
  private static func company(_ sections: String, mapping: String = "") async throws -> Company {
    var policy = CompanyPolicy(
      hasTeams: true, sections: sections + "\n" + CompanyPolicy.wideGuards)
    policy.mapping = mapping
    let company = try Company(policy, crowd: 20)
    try company.people(["ann", "bob", "cy"])
    try company.teams(["SG-App-Users", "SG-Test-x", "Other"])
    try company.memberships([("SG-App-Users", "ann")] + Self.others)
    return company
  }

  /// So many that one fewer is no fallen file, and no emptied team.
  private static let others =
    [("SG-App-Users", "cy"), ("SG-Test-x", "bob"), ("Other", "bob")]
    + (0..<20).map { ("Other", "crowd\($0)") }

  private static let selection = """
    teams:
      include: ["SG-*"]
      exclude: ["SG-Test-*"]
      rename: {"SG-App-*": "App *"}
      roles: {"App *": [Viewer]}
      memberRoles: written
    """

  // MARK: - References

  private static func withManagers() async throws -> Company {
    let company = try await company(
      "",
      mapping: "    urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager: "
        + "{column: givenName, key: externalId}")
    try company.people([Person("ann").with { $0.givenName = "E-bob" }, "bob", "cy"])
    try await company.apply(night: 1)
    return company
  }

  @Test func theManagerSomebodyHasAlreadyIsTheSame() async throws {
    let company = try await Self.withManagers()
    let told = try await ExplainTests.one(company, "ann", night: 2)
    #expect(told.values == [])
    #expect(told.codes(.act) == ["act.agrees"])
    let manager = try #require(
      told.subject.steps[3].values.first { $0.attribute.attribute == "manager" })
    #expect(manager.outcome == .same && manager.export == manager.current)
  }

  @Test(arguments: [("E-cy", "value changes"), ("E-nobody", "value heldBack")])
  func anotherManagerIsToldWithWhatBecomesOfIt(id: String, value: String) async throws {
    let company = try await Self.withManagers()
    try company.people([Person("ann").with { $0.givenName = id }, "bob", "cy"])
    #expect(
      try await ExplainTests.one(company, "ann", night: 2).values == ["givenName changes", value])
  }

  @Test func anEmptyCellSaysNothingOfTheManager() async throws {
    let company = try await Self.withManagers()
    try company.people(["ann", "bob", "cy"])
    #expect(
      try await ExplainTests.one(company, "ann", night: 2).values
        == ["givenName leftAlone", "value leftAlone"])
  }

  // MARK: - Names and roles

  @Test(arguments: ["App Users", "SG-App-Users", "G-SG-App-Users", "groups.csv:2"])
  func aRenamedTeamIsFoundByBothNames(who: String) async throws {
    let company = try await Self.company(Self.selection)
    try await company.apply(night: 1)
    let told = try await ExplainTests.one(company, who, night: 2)
    #expect(told.subject.name == "App Users" && told.subject.id != nil)
    #expect(told.text(.import).hasSuffix("groups.csv:2, export groups"))
    #expect(told.values == [])
    let values = told.subject.steps[3].values
    #expect(values.map(\.outcome) == values.map { _ in .same })
    #expect(values.contains { $0.source == "displayName, teams.rename of the policy" })
    #expect(values.contains { $0.source == "teams.roles of the policy" && $0.export == "Viewer" })
  }

  @Test func theRolesOfAMemberComeWithTheTeams() async throws {
    let company = try await Self.company(Self.selection)
    let new = try await ExplainTests.one(company, "ann", night: 1)
    #expect(new.values.contains("display new"))
    try await company.apply(night: 1)
    #expect(try await ExplainTests.one(company, "ann", night: 2).values == [])
    try company.memberships(Self.others)
    let told = try await ExplainTests.one(company, "ann", night: 2)
    #expect(told.values == ["display changes"])
    #expect(told.memberships == ["App Users leaves"])
  }

  @Test(arguments: [
    ("SG-Test-x", "“SG-Test-x” is left out by teams.exclude: SG-Test-*"),
    ("Other", "“Other” is left out: no pattern of teams.include fits (SG-*)"),
  ])
  func aTeamThatIsLeftOutIsToldWhy(who: String, sentence: String) async throws {
    let company = try await Self.company(Self.selection)
    try await company.apply(night: 1)
    let told = try await ExplainTests.one(company, who, night: 2)
    #expect(told.text(.scope) == sentence)
    #expect(told.codes(.act) == ["act.team-left-out"])
    #expect(told.operations == [] && told.values == [])
  }

  @Test func aTeamThatIsLeftOutFromNowOnIsOneTeam() async throws {
    let company = try await Self.company("")
    try await company.apply(night: 1)
    let policy = String(decoding: try company.read("rollcall.yaml"), as: UTF8.self)
    try company.write(policy + "\nteams: {exclude: [Other]}\n", as: "rollcall.yaml")
    let told = try await ExplainTests.one(company, "Other", night: 2)
    #expect(told.subject.id != nil)
    #expect(told.codes(.act).contains("act.team-left-out"))
  }

  @Test func aTeamOfARuleIsToldWithTheRuleAndItsMembers() async throws {
    let company = try await Self.company(
      #"teams: {rules: {Leads: {filter: 'jobTitle eq "Lead"', exports: [staff]}}}"#)
    try company.people([Person("ann").with { $0.title = "Lead" }, "bob", "cy"])
    try await company.apply(night: 1)
    let told = try await ExplainTests.one(company, "Leads", night: 2)
    #expect(told.codes(.import) == ["import.rule"])
    #expect(told.text(.import).contains(#"the rule Leads of the policy"#))
    #expect(told.text(.import).contains(#"jobTitle eq "Lead""#))
    #expect(told.memberships == ["ann stays"])
    #expect(told.values == [])
    #expect(told.subject.steps[3].memberships[0].origins.map(\.line) == [2])
  }

  // MARK: - Out of scope

  @Test func aLineOfMembershipsLeadsToTheRecordThatIsOutOfScope() async throws {
    var policy = CompanyPolicy(hasTeams: true, sections: CompanyPolicy.wideGuards)
    policy.people =
      #"    - {name: staff, path: users.csv, content: full, scope: 'department eq "Sales"'}"#
    let company = try Company(policy, crowd: 20)
    try company.people(["ann", "bob"])
    try company.teams(["Sales"])
    try company.memberships([("Sales", "ann"), ("Sales", "bob")])
    try await company.apply(night: 1)
    try company.people(["ann", Person("bob").with { $0.department = "Legal" }])
    for who in ["members.csv:3", "bob"] {
      let told = try await ExplainTests.one(company, who, night: 2)
      #expect(told.subject.name == "bob")
      #expect(told.codes(.import) == ["import.record"])
      #expect(told.codes(.scope) == ["scope.outside"])
    }
  }
}
