import Identity
import PlanFile
import Testing

@testable import Reconciling

/// Which teams of exports count, what they are called, and teams that stand in teams.
struct TeamSelectionTests {
  private static func company(
    _ teams: String, key: String = "externalId", sections: String = ""
  ) throws -> Company {
    try Company(
      """
      state: rollcall.db
      exports:
        people:
          - {name: staff, path: users.csv, content: full}
        teams:
          - {name: groups, path: groups.csv, content: full, mapping: {externalId: id, displayName: displayName}}
        memberships:
          - name: group-members
            path: members.csv
            content: full
            team: {column: group, key: \(key)}
            member: {column: member, key: externalId}
      mapping: {members: {externalId: id, userName: userPrincipalName}}
      \(CompanyPolicy.wideGuards)
      teams: \(teams)
      \(sections)
      """)
  }

  private func write(
    _ company: Company, people: [Person], teams: [String],
    _ rows: [(group: String, member: String)]
  ) throws {
    try company.people(people)
    try company.teams(teams)
    try company.write(
      "group,member\n" + rows.map { "\($0.group),\($0.member)\n" }.joined(), as: "members.csv")
  }

  private func teamOperations(_ plan: Plan) -> [String] {
    plan.operations.filter { !$0.contains("create-member") }
  }

  // MARK: - Names

  @Test(arguments: [
    ("Sales", "sales", Optional([])), ("SG-*", "SG-App", ["App"]), ("*-*", "a-b-c", ["a", "b-c"]),
    ("*", "", [""]), ("SG-*-Readers", "sg-My App-readers", ["My App"]), ("a*a", "a", nil),
    ("SG-*", "XSG-App", nil), ("*Test*", "My test team", ["My ", " team"]), ("a*", "b", nil),
    ("*é", "Café", ["Caf"]),
  ])
  func starsStandForAnyText(pattern: String, name: String, stars: [String]?) {
    #expect(NamePattern(pattern).stars(in: name) == stars)
  }

  @Test func onlyChosenTeamsCountAndTheyGetTheirNames() async throws {
    let company = try Self.company(
      #"{include: ["SG-*"], exclude: ["*-Test"], rename: {"SG-App-*": "App *", "SG-*": "*"}}"#)
    try write(
      company, people: ["ann", "bob"],
      teams: ["SG-App-Readers", "SG-Sales", "SG-Test", "Mail"],
      [
        ("G-SG-App-Readers", "E-ann"), ("G-SG-Sales", "E-bob"), ("G-SG-Test", "E-ann"),
        ("G-Mail", "E-ann"),
      ])
    let plan = try await company.apply(night: 1)
    #expect(
      teamOperations(plan) == [
        "add-membership App Readers + ann", "add-membership Sales + bob", "create-team App Readers",
        "create-team Sales",
      ])
    // Nobody complains of a team that is left out on purpose.
    #expect(plan.findings["edge.unknown-team"] == nil)
    #expect(try await company.plan(night: 2).operations == [])
  }

  /// Who is assigned to an application is no team of the target, but tells who counts.
  @Test func aListThatOnlySaysWhoIsAssignedIsNoTeam() async throws {
    let company = try Company(
      """
      state: rollcall.db
      exports:
        people:
          - {name: staff, path: users.csv, content: full, scope: {assigned: [Assigned]}}
        teams:
          - {name: groups, path: groups.csv, content: full, mapping: {externalId: id, displayName: displayName}}
        memberships:
          - name: assigned
            path: members.csv
            content: full
            team: {name: Assigned}
            member: {column: member, key: externalId}
      mapping: {members: {externalId: id, userName: userPrincipalName}}
      \(CompanyPolicy.wideGuards)
      teams: {exclude: [Assigned]}
      """)
    try write(
      company, people: ["ann", "bob"], teams: ["Sales"], [("", "E-ann"), ("", "G-Sales")])
    let plan = try await company.plan(night: 1)
    #expect(plan.operations == ["create-member ann", "create-team Sales"])
    #expect(plan.findings.keys.filter { $0.hasPrefix("edge.") } == [])
  }

  /// Memberships call a team what the export of teams calls it, even where two swap their names.
  @Test func membershipsNameTeamsByTheNamesOfTheExport() async throws {
    let company = try Self.company(#"{rename: {"A": "B", "B": "A"}}"#, key: "displayName")
    try write(
      company, people: ["ann", "bob"], teams: ["A", "B"], [("A", "E-ann"), ("b", "E-bob")])
    let plan = try await company.apply(night: 1)
    #expect(
      teamOperations(plan) == [
        "add-membership A + bob", "add-membership B + ann", "create-team A", "create-team B",
      ])
    #expect(try await company.plan(night: 2).operations == [])
  }

  @Test func anotherNameIsAnUpdate() async throws {
    let company = try Self.company(#"{rename: {"SG-*": "*"}}"#)
    try write(company, people: ["ann"], teams: ["SG-Sales"], [("G-SG-Sales", "E-ann")])
    try await company.apply(night: 1)
    let text = String(decoding: try company.read("rollcall.yaml"), as: UTF8.self)
    try company.write(
      text.replacing(#""SG-*": "*""#, with: #""SG-*": "Team *""#), as: "rollcall.yaml")
    #expect(
      try await company.plan(night: 2).operations
        == ["update-team Sales: displayName Sales → Team Sales"])
  }

  @Test func twoTeamsOfOneNameAreHeld() async throws {
    let company = try Self.company(#"{rename: {"SG-*": "One"}}"#)
    try write(company, people: ["ann"], teams: ["SG-A", "SG-B"], [("G-SG-A", "E-ann")])
    let plan = try await company.plan(night: 1)
    #expect(teamOperations(plan) == [])
    #expect(plan.findings["match.duplicate"] == 2)
  }

  /// A team that the policy leaves out from now on stays as it is, and is told.
  @Test func aTeamThatIsNoLongerChosenIsLeftAlone() async throws {
    let company = try Self.company(#"{exclude: ["None"]}"#)
    try write(
      company, people: ["ann"], teams: ["Sales", "Legal"],
      [("G-Sales", "E-ann"), ("G-Legal", "E-ann")])
    try await company.apply(night: 1)
    let text = String(decoding: try company.read("rollcall.yaml"), as: UTF8.self)
    try company.write(text.replacing(#"["None"]"#, with: #"["Sales"]"#), as: "rollcall.yaml")
    let plan = try await company.plan(night: 2)
    #expect(plan.operations == [])
    #expect(plan.findings["team.gone"] == 1)
  }

  // MARK: - Nested

  private static let nested: [(group: String, member: String)] = [
    ("G-Staff", "G-Sales"), ("G-Staff", "E-ann"), ("G-Sales", "G-West"), ("G-Sales", "E-bob"),
    ("G-West", "E-cy"), ("G-West", "E-bob"),
  ]

  @Test func innerTeamsMembersAreTheOuterTeams() async throws {
    let company = try Self.company("{nested: flatten}", sections: "health: {recordFall: 60}")
    let people: [Person] = ["ann", "bob", "cy"]
    try write(company, people: people, teams: ["Staff", "Sales", "West"], Self.nested)
    let plan = try await company.apply(night: 1)
    #expect(
      plan.operations.filter { $0.contains("membership") } == [
        "add-membership Sales + bob", "add-membership Sales + cy", "add-membership Staff + ann",
        "add-membership Staff + bob", "add-membership Staff + cy", "add-membership West + bob",
        "add-membership West + cy",
      ])
    #expect(plan.findings["edge.unknown-member"] == nil)
    #expect(try await company.plan(night: 2).operations == [])
    // Who leaves the innermost team leaves those around it, unless another way leads there.
    try write(
      company, people: people, teams: ["Staff", "Sales", "West"],
      Self.nested.filter { $0.member != "E-cy" })
    #expect(
      try await company.plan(night: 2).removals == [
        "remove-membership Sales - cy", "remove-membership Staff - cy",
        "remove-membership West - cy",
      ])
  }

  @Test func withoutTheSwitchATeamIsNoMember() async throws {
    let company = try Self.company("{nested: off}")
    try write(
      company, people: ["ann", "bob", "cy"], teams: ["Staff", "Sales", "West"], Self.nested)
    let plan = try await company.plan(night: 1)
    #expect(plan.findings["edge.unknown-member"] == 2)
    #expect(plan.operations.filter { $0.contains("Staff +") } == ["add-membership Staff + ann"])
  }

  @Test func aCircleIsNamedAndGivesEachTeamAll() async throws {
    let company = try Self.company("{nested: flatten}")
    try write(
      company, people: ["ann", "bob", "cy"], teams: ["A", "B", "C"],
      [
        ("G-A", "G-B"), ("G-B", "G-A"), ("G-A", "E-ann"), ("G-B", "E-bob"), ("G-C", "G-C"),
        ("G-C", "E-cy"),
      ])
    let plan = try await company.apply(night: 1)
    let circles = plan.evidence.findings.compactMap { finding -> [String]? in
      if case .teamCycle(let teams) = finding.subject { teams } else { nil }
    }
    #expect(circles == [["A", "B"], ["C"]])
    #expect(
      plan.operations.filter { $0.contains("membership") } == [
        "add-membership A + ann", "add-membership A + bob", "add-membership B + ann",
        "add-membership B + bob", "add-membership C + cy",
      ])
    #expect(try await company.plan(night: 2).operations == [])
  }

  /// Only the outer team is wanted, but its people come by way of the inner one.
  @Test func aTeamThatIsLeftOutStillCarriesItsMembers() async throws {
    let company = try Self.company(#"{include: ["App*"], nested: flatten}"#)
    try write(
      company, people: ["ann", "bob"], teams: ["App", "Dept"],
      [("G-App", "G-Dept"), ("G-Dept", "E-ann"), ("G-App", "E-bob")])
    let plan = try await company.apply(night: 1)
    #expect(
      teamOperations(plan) == [
        "add-membership App + ann", "add-membership App + bob", "create-team App",
      ])
    #expect(try await company.plan(night: 2).operations == [])
  }

  /// Whoever a rule puts into an inner team is in the outer one.
  @Test func aRuleReachesTheOuterTeams() async throws {
    let company = try Self.company("{nested: flatten, rules: {Sales: 'department eq \"Sales\"'}}")
    let legal = Person("bob").with { $0.department = "Legal" }
    try write(
      company, people: ["ann", legal], teams: ["Staff", "Sales"],
      [("G-Staff", "G-Sales"), ("G-Staff", "E-bob")])
    let plan = try await company.apply(night: 1)
    #expect(
      plan.operations.filter { $0.contains("membership") } == [
        "add-membership Sales + ann", "add-membership Staff + ann", "add-membership Staff + bob",
      ])
    #expect(try await company.plan(night: 2).operations == [])
    try company.people([Person("ann").with { $0.department = "Legal" }, legal])
    #expect(
      try await company.plan(night: 2).removals
        == ["remove-membership Sales - ann", "remove-membership Staff - ann"])
    // Nothing is known of ann's department: she stays in both.
    try company.people([Person("ann").with { $0.department = "System.String[]" }, legal])
    #expect(try await company.plan(night: 2).removals == [])
  }

  /// The export of teams has lost a team: whom it brought may not be gone.
  @Test func anUnknownInnerTeamRemovesNobodyWhileTeamsAreNotBelieved() async throws {
    let company = try Self.company(#"{include: ["App*", "T*"], nested: flatten}"#)
    let many = (0..<12).map { "T\($0)" }
    let rows = [(group: "G-App", member: "G-Dept"), (group: "G-Dept", member: "E-ann")]
    try write(company, people: ["ann", "bob"], teams: ["App", "Dept"] + many, rows)
    try await company.apply(night: 1)
    try write(company, people: ["ann", "bob"], teams: ["App"], rows)
    let plan = try await company.plan(night: 2)
    #expect(plan.isReliable("groups") == false)
    #expect(plan.removals == [])
    // A healthy export of teams that has no such team any more says so.
    try write(
      company, people: ["ann", "bob"], teams: ["App"] + many,
      rows + [(group: "G-App", member: "E-bob")])
    #expect(try await company.plan(night: 2).removals == ["remove-membership App - ann"])
  }

  @Test func flatteningNeedsFullMemberships() throws {
    let text = """
      exports:
        people: [{name: staff, path: users.csv, content: full, mapping: {userName: u, externalId: id}}]
        memberships:
          - {name: m, path: m.csv, content: delta, team: {name: A}, member: {column: a, key: externalId}}
      teams: {nested: flatten}
      """
    let failure = #expect(throws: PolicyFailure.self) {
      try Policy(parsing: text, path: "rollcall.yaml")
    }
    #expect(failure?.problems.contains { $0.message.contains("needs full exports") } == true)
  }

  @Test func innerTeamsOfADirectoryAreNamedByDistinguishedNames() async throws {
    let company = try Company(
      """
      state: rollcall.db
      preset: openldap
      exports:
        people: [{name: staff, path: all.ldif, content: full}]
        teams: [{name: groups, path: all.ldif, content: full}]
        memberships: [{name: members, path: all.ldif, content: full}]
      teams: {nested: flatten}
      \(CompanyPolicy.wideGuards)
      """)
    func group(_ name: String, _ members: [String]) -> String {
      "dn: cn=\(name),dc=x\nobjectClass: groupOfNames\ncn: \(name)\nentryUUID: G-\(name)\n"
        + members.map { "member: \($0)\n" }.joined() + "\n"
    }
    try company.write(
      """
      version: 1

      dn: uid=ann,dc=x
      objectClass: inetOrgPerson
      uid: ann
      sn: A
      entryUUID: U-1


      """ + group("Outer", ["CN=Inner, dc=x"]) + group("Inner", ["uid=ann,dc=x"]), as: "all.ldif")
    let plan = try await company.apply(night: 1)
    #expect(
      plan.operations.filter { $0.contains("membership") }
        == ["add-membership Inner + ann", "add-membership Outer + ann"])
    #expect(try await company.plan(night: 2).operations == [])
  }

  // MARK: - Roles

  @Test func rolesComeAndGoWithTheTeam() async throws {
    let company = try Self.company(
      #"{roles: {"Admins": [Administrator, Auditor], "App*": [Viewer]}}"#)
    try write(
      company, people: ["ann", "bob"], teams: ["Admins", "Apps", "Mail"],
      [("G-Admins", "E-ann"), ("G-Mail", "E-bob")])
    let plan = try await company.apply(night: 1)
    func classes(_ words: String, in plan: Plan) -> [String] {
      plan.decisions.operations.first { $0.words == words }?.classes.names ?? ["missing"]
    }
    #expect(classes("create-team Admins", in: plan) == ["grant"])
    #expect(classes("create-team Mail", in: plan) == [])
    #expect(classes("add-membership Admins + ann", in: plan) == ["grant"])
    #expect(classes("add-membership Mail + bob", in: plan) == [])
    let edge = plan.decisions.operations.first { $0.words == "add-membership Admins + ann" }
    #expect(edge?.rule == "memberships, roles: Administrator, Auditor")
    #expect(try await company.plan(night: 2).operations == [])
    let text = String(decoding: try company.read("rollcall.yaml"), as: UTF8.self)
    try company.write(
      text.replacing("[Administrator, Auditor]", with: "[Auditor, Owner]"), as: "rollcall.yaml")
    let second = try await company.apply(night: 2)
    #expect(
      second.operations
        == ["update-team Admins: roles Administrator, Auditor → Auditor, Owner"])
    #expect(second.decisions.operations[0].classes.names == ["removal", "grant"])
    #expect(try await company.plan(night: 3).operations == [])
  }

  @Test func aProtectedTeamKeepsItsRoles() async throws {
    let company = try Self.company(
      "{roles: {Admins: [Administrator]}}", sections: "protected: {teams: [Admins]}")
    try write(company, people: ["ann"], teams: ["Admins"], [("G-Admins", "E-ann")])
    try await company.apply(night: 1)
    let text = String(decoding: try company.read("rollcall.yaml"), as: UTF8.self)
    try company.write(
      text.replacing("Admins: [Administrator]", with: "Admins: [Auditor]"), as: "rollcall.yaml")
    let plan = try await company.plan(night: 2)
    #expect(plan.operations == [])
    #expect(plan.findings["plan.protected"] == 1)
  }

  @Test(arguments: [
    (#"{rename: {"SG": "A*"}}"#, "has more stars than"),
    ("{roles: {A: [\"a,b\"]}}", "holds a comma"),
    ("{nested: deep}", "“deep” is not one of"), ("{rules: {A: 'department eqq 1'}}", "eqq"),
    ("{rules: {A: {filter: 'a pr', exports: [stuff]}}}", "There is no people export “stuff”"),
    ("{rules: {A: 'a pr', a: 'b pr'}}", "stands more than once"),
    ("{includes: [a]}", "Did you mean `include`?"),
  ])
  func aWrongTeamsSectionIsTold(section: String, message: String) throws {
    let text = """
      exports: {people: [{name: staff, path: users.csv, content: full, mapping: {userName: u}}]}
      teams: \(section)
      """
    let failure = #expect(throws: PolicyFailure.self) {
      try Policy(parsing: text, path: "rollcall.yaml")
    }
    let messages = failure?.problems.map(\.message) ?? []
    #expect(messages.contains { $0.contains(message) }, "\(messages)")
    #expect(failure?.problems.first?.line == 2)
  }
}
