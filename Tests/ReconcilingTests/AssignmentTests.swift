import Identity
import PlanFile
import Testing

@testable import Reconciling

/// A scope that goes by teams: only who is in one of them counts.
struct AssignmentTests {
  private static func company(
    _ scope: String, memberships: String? = nil, hasTeamExport: Bool = true, sections: String = ""
  ) throws -> Company {
    let teams =
      "    teams: [{name: groups, path: groups.csv, content: full, mapping: {externalId: id, displayName: displayName}}]"
    return try Company(
      """
      state: rollcall.db
      exports:
        people:
          - {name: staff, path: users.csv, content: full, scope: \(scope)}
      \(hasTeamExport ? teams.dropFirst(2) : "")
        memberships:
          - name: group-members
            path: members.csv
            content: full
            \(memberships ?? "team: {column: groupId, key: externalId}")
            member: {column: userPrincipalName, key: userName}
      mapping: {members: {externalId: id, userName: userPrincipalName, title: jobTitle}}
      \(CompanyPolicy.wideGuards)
      \(sections)
      """)
  }

  private static let wide = "health: {recordFall: 90}"

  private func creates(_ plan: Plan) -> [String] {
    plan.operations.filter { $0.hasPrefix("create-member") }
  }

  @Test func onlyWhoIsInATeamCounts() async throws {
    let company = try Self.company("{assigned: [App]}")
    try company.people(["ann", "bob", "cy"])
    try company.teams(["App", "Other"])
    try company.memberships([("App", "ANN"), ("Other", "bob")])
    let plan = try await company.apply(night: 1)
    #expect(creates(plan) == ["create-member ann"])
    #expect(plan.findings["map.out-of-scope"] == 1)
    #expect(plan.holds == [])
    #expect(try await company.plan(night: 2).operations == [])
  }

  @Test func teamsInATeamAreExpandedAndACircleEnds() async throws {
    let company = try Self.company("{assigned: [\"App*\"]}")
    try company.people(["ann", "bob", "cy", "dee"])
    try company.teams(["App", "Sales", "West", "Other"])
    try company.memberships([
      ("App", "G-Sales"), ("Sales", "G-West"), ("West", "G-App"), ("West", "cy"), ("Sales", "bob"),
      ("Other", "dee"),
    ])
    #expect(creates(try await company.plan(night: 1)) == ["create-member bob", "create-member cy"])
  }

  @Test func whoIsNoLongerAssignedIsALeaver() async throws {
    let company = try Self.company("{assigned: [App]}", sections: Self.wide)
    try company.people(["ann", "bob"])
    try company.teams(["App"])
    try company.memberships([("App", "ann"), ("App", "bob")])
    try await company.apply(night: 1)
    try company.memberships([("App", "ann")])
    #expect(try await company.plan(night: 2).removals == ["deactivate-member bob"])
  }

  @Test func whoIsNoLongerAssignedMayBeLeftAlone() async throws {
    let company = try Self.company("{assigned: [App], leaving: leave}", sections: Self.wide)
    try company.people(["ann", "bob"])
    try company.teams(["App"])
    try company.memberships([("App", "ann"), ("App", "bob")])
    try await company.apply(night: 1)
    try company.memberships([("App", "ann")])
    let plan = try await company.plan(night: 2)
    #expect(plan.operations == [])
    #expect(plan.holds == [])
  }

  /// Memberships or teams that are cut off say of nobody that they are not assigned; who is named still is.
  @Test(arguments: ["members.csv", "groups.csv"])
  func anExportThatIsNotBelievedPutsNobodyOut(file: String) async throws {
    let company = try Self.company("{assigned: [App]}")
    try company.people(["ann", "bob"])
    try company.teams(["App", "T1", "T2", "T3"])
    try company.memberships([("App", "ann"), ("App", "bob"), ("T1", "ann"), ("T2", "ann")])
    try await company.apply(night: 1)
    try company.people(["ann", "bob", "cy", "dee"])
    if file == "members.csv" {
      try company.memberships([("App", "ann"), ("App", "cy")])
    } else {
      try company.teams(["App"])
      try company.memberships([("App", "ann"), ("App", "cy"), ("T1", "ann"), ("T2", "ann")])
    }
    let plan = try await company.plan(night: 2)
    #expect(plan.removals == [])
    #expect(creates(plan) == ["create-member cy"])
  }

  /// A row that cannot be read may be anybody's: who is named in it is not out, and loses no team.
  @Test(arguments: ["G-App,bo\0b\r\n", "G-App,\u{1}bob\"x\"\r\n", "G-Ap\0p,bob\r\n"])
  func aRowThatCannotBeReadPutsNobodyOut(row: String) async throws {
    let company = try Self.company("{assigned: [App]}", sections: Self.wide)
    try company.people(["ann", "bob"])
    try company.teams(["App", "Other"])
    try company.memberships([("App", "ann"), ("App", "bob"), ("Other", "ann")])
    try await company.apply(night: 1)
    try company.memberships([("App", "ann"), ("Other", "ann")])
    let text = String(decoding: try company.read("members.csv"), as: UTF8.self)
    try company.write(text + row, as: "members.csv")
    let plan = try await company.plan(night: 2)
    guard row.contains("\0") else {
      // It can be read, and names nobody.
      #expect(plan.removals == ["deactivate-member bob"])
      return
    }
    #expect(plan.removals == [])
    #expect(plan.isReliable("group-members") == false)
  }

  /// Only when everybody is known can it be told that memberships name people by other keys than before.
  @Test func membershipsThatNameNobodyPutNobodyOut() async throws {
    let company = try Self.company("{assigned: [App]}", sections: Self.wide)
    let names = (0..<40).map { "p\($0)" }
    try company.people(names.map { Person($0) })
    try company.teams(["App"])
    try company.memberships(names.map { ("App", $0) })
    try await company.apply(night: 1)
    try company.memberships(names.enumerated().map { ("App", $0 < 12 ? "old-\($1)" : $1) })
    let plan = try await company.plan(night: 2)
    #expect(plan.isReliable("group-members") == false)
    #expect(plan.removals == [])
  }

  /// With a filter, both must hold.
  @Test func aFilterMustHoldAsWell() async throws {
    let company = try Self.company(#"{filter: 'jobTitle eq "Lead"', assigned: [App]}"#)
    let lead = Person("ann").with { $0.title = "Lead" }
    try company.people([lead, "bob", Person("cy").with { $0.title = "Lead" }])
    try company.teams(["App"])
    try company.memberships([("App", "ann"), ("App", "bob")])
    #expect(creates(try await company.plan(night: 1)) == ["create-member ann"])
  }

  /// Without an export of teams, memberships call a team by its name.
  @Test func aTeamMayBeKnownByItsMembershipsAlone() async throws {
    let company = try Self.company(
      "{assigned: [G-App]}", memberships: "team: {column: groupId, key: displayName}",
      hasTeamExport: false)
    try company.people(["ann", "bob"])
    try company.memberships([("App", "ann"), ("Other", "bob")])
    #expect(creates(try await company.plan(night: 1)) == ["create-member ann"])
  }

  @Test func aTeamThatNobodyHasStopsTheRun() async throws {
    let company = try Self.company("{assigned: [Apq]}")
    try company.people(["ann"])
    try company.teams(["App"])
    try company.memberships([("App", "ann")])
    do {
      _ = try await company.plan(night: 1)
      Issue.record("it was planned")
    } catch {
      guard case .unreadable(let sentences) = error as? JobFailure else {
        Issue.record("\(error)")
        return
      }
      #expect(sentences.first?.contains("no export has a team “Apq”") == true)
      #expect(sentences.first?.contains("Did you mean App?") == true)
    }
  }

  /// Teams that the policy leaves out may still say who counts.
  @Test func aTeamThatIsLeftOutStillAssigns() async throws {
    let company = try Self.company("{assigned: [App]}", sections: "teams: {exclude: [App]}")
    try company.people(["ann", "bob"])
    try company.teams(["App"])
    try company.memberships([("App", "ann")])
    let plan = try await company.plan(night: 1)
    #expect(plan.operations == ["create-member ann"])
  }

  @Test(arguments: [
    ("", "there is no export of memberships"),
    (
      "  memberships: [{name: m, path: m.csv, content: delta, team: {name: A}, member: {column: a, key: userName}}]",
      "needs full exports"
    ),
  ])
  func assignmentNeedsFullMemberships(exports: String, message: String) throws {
    let text = """
      exports:
        people: [{name: staff, path: users.csv, content: full, mapping: {userName: u}, scope: {assigned: [A]}}]
      \(exports)
      """
    let failure = #expect(throws: PolicyFailure.self) {
      try Policy(parsing: text, path: "rollcall.yaml")
    }
    #expect(failure?.problems.contains { $0.message.contains(message) } == true)
  }
}
