import Identity
import PlanFile
import Testing

@testable import Reconciling

/// Memberships in every form that files have them, and what takes one away.
struct MembershipTests {
  private static let everybody: [Person] = ["ann", "bob", "carl", "dora"]

  /// A company with teams and these membership exports; the people are in it from the first night on.
  private static func company(
    _ memberships: String, teams: [String] = ["Sales", "Legal"], sections: String = ""
  ) throws -> Company {
    let exports = """
        teams:
          - {name: groups, path: groups.csv, content: full, mapping: {externalId: id, displayName: displayName}}
        memberships:
      \(memberships)
      """
    let company = try Company(
      CompanyPolicy(
        exports: teams.isEmpty
          ? exports.split(separator: "\n").dropFirst(2).joined(separator: "\n") : exports,
        sections: sections + "\n" + CompanyPolicy.wideGuards), crowd: 20)
    try company.people(everybody)
    if !teams.isEmpty { try company.teams(teams) }
    return company
  }

  private static let rows = """
        - name: edges
          path: members.csv
          content: full
          team: {column: groupId, key: externalId}
          member: {column: userPrincipalName, key: userName}
    """

  /// Operations on memberships and teams alone.
  private func edges(_ plan: Plan) -> [String] {
    plan.operations.filter { !$0.hasPrefix("create-member") }
  }

  // MARK: - Forms

  @Test func oneRowForEachMembership() async throws {
    let company = try Self.company(Self.rows)
    try company.memberships([("Sales", "ann"), ("Sales", "bob"), ("Legal", "ann")])
    let plan = try await company.apply(night: 1)

    #expect(
      edges(plan) == [
        "add-membership Legal + ann", "add-membership Sales + ann", "add-membership Sales + bob",
        "create-team Legal", "create-team Sales",
      ])
    #expect(try await company.plan(night: 2).operations == [])
  }

  @Test(arguments: [
    ("userName", "userPrincipalName", "ANN"), ("externalId", "id", "E-ann"),
    (#"'emails[type eq "work"].value'"#, "mail", "ann@contoso.com"),
  ])
  func memberIsNamedByAnyKeyThatThePolicyMaps(
    key: String, column: String, value: String
  ) async throws {
    let company = try Self.company(
      """
          - name: edges
            path: members.csv
            content: full
            team: {column: group, key: displayName}
            member: {column: \(column), key: \(key)}
      """)
    try company.write("group,\(column)\nsales,\(value)\n", as: "members.csv")
    let plan = try await company.apply(night: 1)

    #expect(edges(plan).contains("add-membership Sales + ann"))
    #expect(try await company.plan(night: 2).operations == [])
  }

  @Test func eachFileIsATeamByItsName() async throws {
    let company = try Self.company(
      """
          - name: edges
            path: 'team-*.csv'
            content: full
            team: {fileName: 'team-(.*)\\.csv', key: displayName}
            member: {column: login, key: userName}
      """)
    let crowd = (0..<20).map { "crowd\($0)\n" }.joined()
    try company.write("login\nann\nbob\n", as: "team-Sales.csv")
    try company.write("login\ncarl\n" + crowd, as: "team-Legal.csv")
    try company.write("login\ndora\n", as: "team-Nowhere.csv")
    let plan = try await company.apply(night: 1)

    #expect(
      edges(plan).filter { !$0.contains("crowd") } == [
        "add-membership Legal + carl", "add-membership Sales + ann", "add-membership Sales + bob",
        "create-team Legal", "create-team Sales",
      ])
    #expect(plan.findings["edge.unknown-team"] == 1)
    try company.write("login\nann\n", as: "team-Sales.csv")
    #expect(try await company.plan(night: 2).operations == ["remove-membership Sales - bob"])
  }

  @Test func wholeExportIsATeamByThePolicy() async throws {
    let company = try Self.company(
      """
          - {name: edges, path: sales.csv, content: full, team: {name: Sales}, member: {column: login, key: userName}}
      """)
    try company.write("login\nann\nbob\n", as: "sales.csv")
    let plan = try await company.apply(night: 1)

    #expect(edges(plan).filter { $0.hasPrefix("add") }.count == 2)
    #expect(try await company.plan(night: 2).operations == [])
  }

  @Test func withoutATeamExportTheFilesMakeTheTeams() async throws {
    let company = try Self.company(
      """
          - {name: edges, path: sales.csv, content: full, team: {name: Sales}, member: {column: login, key: userName}}
      """, teams: [])
    try company.write("login\nann\n", as: "sales.csv")
    let plan = try await company.apply(night: 1)

    #expect(edges(plan) == ["add-membership Sales + ann", "create-team Sales"])
    #expect(try await company.plan(night: 2).operations == [])
  }

  @Test func columnOfThePeoplesFileNamesTheTeams() async throws {
    let company = try Self.company(
      """
          - name: edges
            path: users.csv
            content: full
            team: {column: city, key: displayName, separator: ";"}
            member: {column: userPrincipalName, key: userName}
      """)
    try company.people([
      Person("ann").with { $0.city = "Sales; Legal ;" }, Person("bob").with { $0.city = "Legal" },
      Person("carl").with { $0.city = "" },
    ])
    let plan = try await company.apply(night: 1)

    #expect(
      edges(plan).filter { $0.hasPrefix("add") } == [
        "add-membership Legal + ann", "add-membership Legal + bob", "add-membership Sales + ann",
      ])
  }

  @Test func columnOfTheTeamsFileNamesTheMembers() async throws {
    let company = try Self.company(
      """
          - name: edges
            path: lists.csv
            content: full
            team: {column: name, key: displayName}
            member: {column: members, key: userName, separator: "|"}
      """)
    try company.write("name,members\nSales,ann | bob|nobody\nLegal,\n", as: "lists.csv")
    let plan = try await company.apply(night: 1)

    #expect(edges(plan).filter { $0.hasPrefix("add") }.count == 2)
    #expect(plan.findings["edge.unknown-member"] == 1)
  }

  @Test func sameMembershipInTwoExportsIsOneAndGoesWithTheLast() async throws {
    let company = try Self.company(
      Self.rows + "\n"
        + """
            - {name: sales, path: sales.csv, content: full, team: {name: Sales}, member: {column: login, key: userName}}
        """)
    let crowd = (0..<20).map { (team: "Sales", member: "crowd\($0)") }
    try company.memberships(crowd + [("Sales", "ann")])
    try company.write("login\nann\nbob\n", as: "sales.csv")
    let plan = try await company.apply(night: 1)
    #expect(plan.operations.count { $0 == "add-membership Sales + ann" } == 1)
    try company.memberships(crowd)
    #expect(try await company.apply(night: 2).operations == [])
    try company.write("login\nbob\ncarl\n", as: "sales.csv")
    #expect(
      try await company.plan(night: 3).operations == [
        "add-membership Sales + carl", "remove-membership Sales - ann",
      ])
  }

  // MARK: - Findings

  @Test func membershipsOfStrangersAreFindingsNotFailures() async throws {
    let company = try Self.company(Self.rows)
    try company.memberships([
      ("Sales", "ann"), ("Sales", "stranger"), ("Nowhere", "bob"), ("Legal", ""),
    ])
    let plan = try await company.apply(night: 1)

    #expect(edges(plan).filter { $0.hasPrefix("add") } == ["add-membership Sales + ann"])
    #expect(plan.findings["edge.unknown-member"] == 1)
    #expect(plan.findings["edge.unknown-team"] == 1)
    let finding = plan.evidence.findings.first { $0.code == "edge.unknown-member" }
    #expect(finding?.origin?.line == 3)
  }

  @Test func renamedMemberIsFoundByBothNamesTonight() async throws {
    let company = try Self.company(Self.rows)
    try company.memberships([("Sales", "ann")])
    try await company.apply(night: 1)
    try company.people([Person("ann").with { $0.userName = "anna" }, "bob", "carl", "dora"])
    for name in ["ann", "anna"] {
      try company.memberships([("Sales", name)])
      #expect(
        try await company.plan(night: 2).operations == ["update-member ann: userName ann → anna"],
        "\(name)")
    }
  }

  // MARK: - What takes a membership away

  @Test func membershipGoesOnlyWhenItsExportIsBelieved() async throws {
    let company = try Self.company(Self.rows)
    let crowd = (0..<20).map { (team: "Sales", member: "crowd\($0)") }
    try company.memberships(crowd + [("Sales", "ann"), ("Legal", "bob")])
    try await company.apply(night: 1)
    try company.memberships(crowd + [("Legal", "bob")])
    #expect(try await company.plan(night: 2).operations == ["remove-membership Sales - ann"])

    // Cut off in the middle: nothing goes, what is new may come.
    try company.memberships(Array(crowd.prefix(10)) + [("Legal", "dora")])
    let plan = try await company.plan(night: 2)
    #expect(plan.operations == ["add-membership Legal + dora"])
    #expect(plan.isReliable("edges") == false)
    #expect(plan.holds.contains("withheld team Sales"))

    try company.remove("members.csv")
    #expect(try await company.plan(night: 2).operations == [])
    try company.write("groupId,userPrincipalName\n", as: "members.csv")
    #expect(try await company.plan(night: 2).operations == [])
    try company.write("", as: "members.csv")
    #expect(try await company.plan(night: 2).operations == [])
  }

  @Test func teamWithoutRowsIsEmptiedUnderTheGuardPerTeam() async throws {
    let company = try Self.company(Self.rows)
    try company.write(
      CompanyPolicy(hasTeams: true).text.replacing("group-members", with: "edges"),
      as: "rollcall.yaml")
    let sales = (0..<20).map { (team: "Sales", member: "crowd\($0)") }
    let legal = (0..<10).map { (team: "Legal", member: "crowd\($0)") }
    let others = (0..<200).map { (team: "T\($0 % 10)", member: "crowd\($0 / 10)") }
    try company.teams(["Sales", "Legal"] + (0..<10).map { "T\($0)" })
    try company.memberships(sales + legal + others)
    try await company.apply(night: 1)
    try company.memberships(sales + others)
    let plan = try await company.plan(night: 2)

    #expect(plan.decisions.situations[.emptied] == 10)
    #expect(plan.removals.count == 10)
    #expect(plan.breaches == ["membershipsRemovedPerTeam Legal"])
  }

  @Test func teamThatIsGoneIsOnlyReported() async throws {
    let company = try Self.company(Self.rows)
    let crowd = (0..<20).map { (team: "Legal", member: "crowd\($0)") }
    try company.teams(["Sales", "Legal"] + (0..<20).map { "T\($0)" })
    try company.memberships(crowd + [("Sales", "ann")])
    try await company.apply(night: 1)
    try company.teams(["Legal"] + (0..<20).map { "T\($0)" })
    try company.memberships(crowd)
    let plan = try await company.plan(night: 2)

    #expect(plan.operations == [])
    #expect(plan.findings["team.gone"] == 1)
  }

  @Test func leaverKeepsItsTeamsUntilTheLadderTakesThem() async throws {
    let company = try Self.company(
      Self.rows, sections: "lifecycle: {leavers: {deactivate: 1, stripTeams: 2, minInterval: 1h}}")
    let crowd = (0..<20).map { (team: "Sales", member: "crowd\($0)") }
    try company.memberships(crowd + [("Sales", "ann")])
    try await company.apply(night: 1)
    try company.people(["bob", "carl", "dora"])
    try company.memberships(crowd)
    #expect(try await company.apply(night: 2).operations == ["deactivate-member ann"])
    try company.people([Person("bob").with { $0.title = "Lead" }, "carl", "dora"])
    #expect(
      try await company.apply(night: 3).operations == [
        "remove-membership Sales - ann", "update-member bob: title Buyer → Lead",
      ])
  }

  @Test func strippedLeaverStaysOutThoughTheFileStillNamesIt() async throws {
    let company = try Self.company(
      Self.rows, sections: "lifecycle: {leavers: {deactivate: 1, stripTeams: 1, minInterval: 1h}}")
    try company.memberships([("Sales", "ann"), ("Sales", "bob")])
    try await company.apply(night: 1)
    try company.people(["bob", "carl", "dora"])
    #expect(
      try await company.apply(night: 2).operations == [
        "deactivate-member ann", "remove-membership Sales - ann",
      ])
    #expect(try await company.plan(night: 3).operations == [])
  }

  @Test func returnerIsReactivatedWithTheTeamsItHasNow() async throws {
    let company = try Self.company(Self.rows)
    let crowd = (0..<20).map { (team: "Sales", member: "crowd\($0)") }
    try company.memberships(crowd + [("Sales", "ann")])
    try await company.apply(night: 1)
    try company.people(["bob", "carl", "dora"])
    try company.memberships(crowd)
    try await company.apply(night: 2)
    try company.people(["ann", "bob", "carl", "dora"])
    try company.memberships(crowd + [("Legal", "ann")])
    #expect(
      try await company.apply(night: 3).operations == [
        "add-membership Legal + ann", "reactivate-member ann: active false → true",
        "remove-membership Sales - ann",
      ])
    #expect(try await company.plan(night: 4).operations == [])
  }

  // MARK: - Memberships that are not ours

  @Test(arguments: ["additive", "exact"])
  func membershipsRollcallNeverWroteStayUnlessThePolicySaysExact(rule: String) async throws {
    let company = try Self.company(
      Self.rows,
      sections: """
        matching: {memberships: \(rule), adopt: {members: [externalId], teams: [externalId]}}
        """)
    try company.people(Self.everybody)
    try company.memberships([("Sales", "ann"), ("Sales", "bob")])
    _ = try await company.job(night: 1).refresh(
      from: ["users.csv", "groups.csv", "members.csv"].map(company.path))
    let crowd = (0..<20).map { (team: "Sales", member: "crowd\($0)") }
    try company.memberships(crowd + [("Sales", "ann")])
    let adopting = try await company.apply(night: 1)
    #expect(adopting.removals == [])
    #expect(adopting.operations.contains("add-membership Sales + crowd7"))
    let next = try await company.plan(night: 2)

    #expect(next.operations == (rule == "exact" ? ["remove-membership Sales - bob"] : []))
    #expect(next.findings["edge.not-ours"] == (rule == "exact" ? nil : 1))
  }
}
