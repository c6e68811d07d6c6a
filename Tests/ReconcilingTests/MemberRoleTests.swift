import Identity
import PlanFile
import Scanning
import Testing

@testable import Reconciling

/// Roles of teams that are written to their members, for targets that want to have them there.
struct MemberRoleTests {
  private static func company(
    _ memberRoles: String = "written", sections: String = "", crowd: Int = 0
  ) throws -> Company {
    try Company(policy(memberRoles, sections: sections), crowd: crowd)
  }

  private static func policy(
    _ memberRoles: String,
    roles: String = "{Admins: [Administrator, Auditor], Auditors: [Auditor]}",
    sections: String = ""
  ) -> CompanyPolicy {
    CompanyPolicy(
      hasTeams: true,
      sections: """
        \(CompanyPolicy.wideGuards)
        health: {recordFall: 90}
        teams:
          roles: \(roles)
          memberRoles: \(memberRoles)
        \(sections)
        """)
  }

  private func write(
    _ company: Company, _ people: [Person], _ pairs: [(team: String, member: String)]
  )
    throws
  {
    try company.people(people)
    try company.teams(["Admins", "Auditors", "Mail"])
    try company.memberships(pairs)
  }

  private func roles(_ company: Company, _ name: String) throws -> [String] {
    let member = try #require(try company.members().values.first { $0.name == name })
    return (member.resource["roles"]?.elements ?? []).compactMap { $0["value"]?.text }
  }

  private func memberOperations(_ plan: Plan) -> [String] {
    plan.operations.filter { $0.contains("-member ") }
  }

  /// The team loses a role, but whose people export is cut loses nothing tonight.
  @Test func rolesStayWhereThePeopleExportIsNotBelieved() async throws {
    let company = try Self.company(crowd: 20)
    try write(company, ["ann", "bob"], [("Admins", "ann")])
    try await company.apply(night: 1)
    let fewer = Self.policy(
      "written", roles: "{Admins: [Administrator], Auditors: [Auditor]}",
      sections: ""
    ).text.replacing("recordFall: 90", with: "recordFall: 10")
    try company.write(fewer, as: "rollcall.yaml")
    let whole = try await company.plan(night: 2)
    #expect(memberOperations(whole).contains { $0.contains("update-member ann") })

    let text = String(decoding: try company.read("users.csv"), as: UTF8.self)
    let half = text.split(whereSeparator: \.isNewline).prefix(4)
    try company.write(half.joined(separator: "\r\n") + "\r\n", as: "users.csv")
    let plan = try await company.plan(night: 2)
    #expect(plan.isReliable("staff") == false)
    #expect(memberOperations(plan) == [])
  }

  @Test func aNewMemberHasTheRolesOfTheTeams() async throws {
    let company = try Self.company()
    try write(
      company, ["ann", "bob", "cy"], [("Admins", "ann"), ("Auditors", "bob"), ("Mail", "cy")])
    try await company.apply(night: 1)
    #expect(try roles(company, "ann") == ["Administrator", "Auditor"])
    #expect(try roles(company, "bob") == ["Auditor"])
    #expect(try roles(company, "cy") == [])
    #expect(try await company.plan(night: 2).operations == [])
  }

  @Test func rolesComeAndGoWithMemberships() async throws {
    let company = try Self.company()
    let people: [Person] = ["ann", "bob", "cy"]
    try write(
      company, people,
      [("Admins", "ann"), ("Auditors", "ann"), ("Auditors", "bob"), ("Mail", "cy")])
    try await company.apply(night: 1)
    try write(
      company, people, [("Admins", "cy"), ("Auditors", "ann"), ("Auditors", "bob"), ("Mail", "cy")])
    let plan = try await company.apply(night: 2)
    // Ann stays an auditor by the other team.
    #expect(
      memberOperations(plan) == [
        "update-member ann: display Administrator → –",
        "update-member cy: display – → Administrator, display – → Auditor",
      ])
    let updates = plan.decisions.operations.filter { $0.kind == .updateMember }
    #expect(updates.map(\.classes.names) == [["removal"], ["grant"]])
    #expect(Set(updates.map(\.rule)) == ["teams.roles"])
    // Bob, and the three teams.
    #expect(plan.decisions.situations[.same] == 4)
    #expect(try roles(company, "ann") == ["Auditor"])
    #expect(try await company.plan(night: 3).operations == [])
  }

  @Test func aTeamsOtherRolesAreItsMembers() async throws {
    let company = try Self.company()
    try write(company, ["ann", "bob"], [("Admins", "ann"), ("Mail", "bob")])
    try await company.apply(night: 1)
    try company.write(
      Self.policy("written", roles: "{Admins: [Administrator], Mail: [Auditor]}").text,
      as: "rollcall.yaml")
    let plan = try await company.apply(night: 2)
    #expect(
      memberOperations(plan) == [
        "update-member ann: display Auditor → –", "update-member bob: display – → Auditor",
      ])
    #expect(try await company.plan(night: 3).operations == [])
  }

  /// The switch comes later than the members.
  @Test func rolesAreWrittenToThoseWhoAreThere() async throws {
    let company = try Self.company("inherited")
    try write(company, ["ann", "bob"], [("Admins", "ann"), ("Mail", "bob")])
    try await company.apply(night: 1)
    #expect(try roles(company, "ann") == [])
    try company.write(Self.policy("written").text, as: "rollcall.yaml")
    let plan = try await company.apply(night: 2)
    #expect(
      plan.operations == ["update-member ann: display – → Administrator, display – → Auditor"])
    #expect(try await company.plan(night: 3).operations == [])
  }

  // MARK: - Roles that the policy no longer gives

  @Test func aRoleThatThePolicyNoLongerNamesIsTakenBack() async throws {
    let company = try Self.company()
    try write(company, ["ann", "bob", "cy"], [("Admins", "ann"), ("Auditors", "bob")])
    try await company.apply(night: 1)
    try company.write(
      Self.policy("written", roles: "{Admins: [Viewer], Auditors: [Auditor]}").text,
      as: "rollcall.yaml")
    let plan = try await company.apply(night: 2)
    #expect(
      memberOperations(plan) == [
        "update-member ann: display Administrator → –, display Auditor → –, display – → Viewer"
      ])
    let update = plan.decisions.operations.first { $0.kind == .updateMember }
    #expect(update?.classes.names == ["removal", "grant"])
    #expect(try roles(company, "ann") == ["Viewer"])
    #expect(try await company.apply(night: 3).operations == [])
    #expect(try await company.plan(night: 4).operations == [])
  }

  /// She has left the team in the same night in which it has got another role.
  @Test func aRetiredRoleGoesFromThoseWhoHaveLeftTheTeam() async throws {
    let company = try Self.company()
    try write(company, ["ann", "bob"], [("Admins", "ann"), ("Admins", "bob")])
    try await company.apply(night: 1)
    try write(company, ["ann", "bob"], [("Admins", "bob")])
    try company.write(
      Self.policy("written", roles: "{Admins: [Viewer]}").text, as: "rollcall.yaml")
    try await company.apply(night: 2)
    #expect(try roles(company, "ann") == [])
    #expect(try roles(company, "bob") == ["Viewer"])
  }

  @Test func rolesThatMembersInheritAreNotKeptInThemAsWell() async throws {
    let company = try Self.company()
    try write(company, ["ann", "bob"], [("Admins", "ann"), ("Mail", "bob")])
    try await company.apply(night: 1)
    try company.write(Self.policy("inherited").text, as: "rollcall.yaml")
    let plan = try await company.apply(night: 2)
    #expect(
      plan.operations == ["update-member ann: display Administrator → –, display Auditor → –"])
    #expect(try roles(company, "ann") == [])
    #expect(try await company.apply(night: 3).operations == [])
  }

  @Test func aPolicyWithoutRolesLeavesThemAndSaysSo() async throws {
    let company = try Self.company()
    try write(company, ["ann", "bob"], [("Admins", "ann"), ("Mail", "bob")])
    try await company.apply(night: 1)
    let without = CompanyPolicy(
      hasTeams: true, sections: CompanyPolicy.wideGuards + "\nhealth: {recordFall: 90}")
    try company.write(without.text, as: "rollcall.yaml")
    let plan = try await company.apply(night: 2)
    #expect(plan.operations == [])
    #expect(plan.findings["team.roles-left-alone"] == 1)
    #expect(try roles(company, "ann") == ["Administrator", "Auditor"])
  }

  /// Who has left stays in the team until the ladder strips it.
  @Test func whoIsDisabledGainsNoRole() async throws {
    let company = try Self.company(crowd: 20)
    try write(company, ["ann", "bob"], [("Admins", "ann"), ("Mail", "bob")])
    try await company.apply(night: 1)
    try write(company, ["bob"], [("Admins", "ann"), ("Mail", "bob")])
    try await company.apply(night: 2)
    try company.write(
      Self.policy("written", roles: "{Admins: [Administrator, Auditor, Viewer]}").text,
      as: "rollcall.yaml")
    let plan = try await company.apply(night: 3)
    #expect(memberOperations(plan) == [])
    #expect(try roles(company, "ann") == ["Administrator", "Auditor"])
  }

  @Test func whoChangesAnywayHasOneOperation() async throws {
    let company = try Self.company()
    try write(company, ["ann", "bob"], [("Auditors", "bob"), ("Mail", "ann")])
    try await company.apply(night: 1)
    try write(
      company, [Person("ann").with { $0.title = "Lead" }, "bob"],
      [("Auditors", "bob"), ("Mail", "ann"), ("Auditors", "ann")])
    #expect(
      memberOperations(try await company.plan(night: 2))
        == ["update-member ann: display – → Auditor, title Buyer → Lead"])
  }

  @Test func nobodyWhoIsProtectedIsDemoted() async throws {
    let company = try Self.company(sections: "protected: {members: [ann]}")
    try write(company, ["ann", "bob"], [("Admins", "ann"), ("Mail", "bob"), ("Admins", "bob")])
    try await company.apply(night: 1)
    try company.write(
      Self.policy(
        "written", roles: "{Admins: [Auditor], Mail: [Administrator]}",
        sections: "protected: {members: [ann]}"
      ).text, as: "rollcall.yaml")
    let plan = try await company.plan(night: 2)
    #expect(memberOperations(plan) == [])
    #expect(plan.findings["plan.protected"] == 1)
  }

  /// A file of memberships that is cut off takes no role away.
  @Test func anUnreliableExportTakesNoRoleAway() async throws {
    let company = try Self.company()
    try write(company, ["ann", "bob"], [("Admins", "ann"), ("Auditors", "bob")])
    try await company.apply(night: 1)
    try company.write("groupId,userPrincipalName\nG-Auditors,bob\n\"G-Ad", as: "members.csv")
    let plan = try await company.plan(night: 2)
    #expect(plan.isReliable("group-members") == false)
    #expect(plan.operations == [])
  }

  @Test func writingNeedsRoles() throws {
    let text = """
      exports: {people: [{name: staff, path: users.csv, content: full, mapping: {userName: u}}]}
      teams: {memberRoles: written}
      """
    let failure = #expect(throws: PolicyFailure.self) {
      try Policy(parsing: text, path: "rollcall.yaml")
    }
    #expect(failure?.problems.first?.message.contains("`roles`") == true)
  }
}
