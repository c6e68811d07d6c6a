import PlanFile
import Testing

@testable import Reconciling

/// Files that say who has which role of the application.
struct AssignmentFileTests {
  private static let none = AssignmentFile.withoutRole

  private static func roles(
    _ text: String, names: [String: String] = [:], members: String? = nil
  ) throws(LookupFileProblem) -> [String: [String]] {
    let table = try SmallTable(Array(text.utf8))
    let other = try members.map { text throws(LookupFileProblem) in
      try SmallTable(Array(text.utf8))
    }
    return try AssignmentFile(names: names).roles(of: table, members: other)
  }

  @Test(arguments: [
    "who,role\nann,Admin\nbob,Viewer\nann,Auditor\nann,Admin\n",
    "\u{FEFF}who;role\r\nann;Admin\r\n\r\nbob;Viewer\r\nann;Auditor",
    "Id,AppRoleId,PrincipalId,PrincipalType\n1,Admin,ann,User\n2,Viewer,bob,User\n3,Auditor,ann,User\n",
    #"{"value":[{"principalId":"ann","appRoleId":"Admin"},{"appRoleId":"Viewer","principalId":"bob","x":[1]},"#
      + #"{"principalId":"ann","appRoleId":"Auditor"}]}"#,
    #" [{"principalId":"ann","appRoleId":"Admin"},{"principalId":"bob","appRoleId":"Viewer"},"#
      + #"{"principalId":"ann","appRoleId":"Auditor"}]"#,
  ])
  func everyFormOfAFileSaysTheSame(text: String) throws {
    #expect(try Self.roles(text) == ["ann": ["Admin", "Auditor"], "bob": ["Viewer"]])
  }

  @Test func idsOfRolesGetTheirNamesAndAccessWithoutARoleIsNone() throws {
    let text = "principalId,appRoleId\nann,r1\nbob,\(Self.none)\ncy,\n"
    #expect(try Self.roles(text, names: ["r1": "Admin"]) == ["ann": ["Admin"]])
    #expect(throws: LookupFileProblem.unnamedRole(line: 2, role: "r1")) {
      try Self.roles(text, names: ["r2": "Admin"])
    }
  }

  @Test func aRoleOfAGroupIsThatOfItsMembers() throws {
    let text =
      "principalId,principalType,appRoleId\nG1,Group,Admin\nann,User,Viewer\nx,ServicePrincipal,Admin\n"
    #expect(
      try Self.roles(text, members: "groupId,memberId\ng1,ann\ng1,bob\ng2,cy\n")
        == ["ann": ["Admin", "Viewer"], "bob": ["Admin"]])
    #expect(throws: LookupFileProblem.groupWithoutMembers(line: 2, group: "G1")) {
      try Self.roles(text)
    }
    #expect(throws: LookupFileProblem.notMembers) { try Self.roles(text, members: "a,b\n1,2\n") }
  }

  @Test(arguments: [
    (
      #"{"value":[],"@odata.nextLink":"https://graph.microsoft.com/x"}"#,
      LookupFileProblem.morePages
    ),
    ("{\"value\":[\n{]}", .notJSON(line: 2)), (#"{"a":1}"#, .noList), (#"{"value":[1]}"#, .noList),
    ("a,b,c\n1,2,3\n", .notAssignments), ("a,b\n1\n", .cells(line: 2, count: 1, columns: 2)),
    ("a,b\n,Admin\n", .nobody(line: 2)), ("a,b\n\"1,2\n", .openQuote(line: 2)),
  ])
  func whatIsNoSuchFileSaysWhy(text: String, problem: LookupFileProblem) {
    #expect(throws: problem) { try Self.roles(text) }
  }

  // MARK: - In a policy

  private static func company(_ roles: String, rule: String) throws -> Company {
    let company = try Company(
      CompanyPolicy(
        mapping: "    roles: \(rule)",
        sections: """
          expressions:
            strict: entra
            appRoleAssignments: {path: roles.csv, key: id}
          \(CompanyPolicy.wideGuards)
          """), crowd: 5)
    try company.write(roles, as: "roles.csv")
    return company
  }

  @Test func rolesComeAndGoWithTheFile() async throws {
    let company = try Self.company(
      "principalId,principalType,appRoleId\nE-ann,User,Admin\n",
      rule:
        "{expression: 'AssertiveAppRoleAssignmentsComplex([appRoleAssignments])', whenEmpty: clear}"
    )
    try company.people(["ann", "bob"])
    try await company.apply(night: 1)
    #expect(try company.export().contains(#""roles":[{"value":"Admin"}]"#))

    try company.write("who,role\ne-ANN,Admin\nE-ann,Auditor\nE-bob,Viewer\n", as: "roles.csv")
    let wider = try await company.apply(night: 2)
    #expect(
      wider.operations == [
        #"update-member ann: roles ["Admin"] → ["Admin","Auditor"]"#,
        #"update-member bob: roles – → ["Viewer"]"#,
      ])
    #expect(wider.decisions.operations.map(\.classes) == [.grant, .grant])

    try company.write("who,role\nE-ann,Auditor\n", as: "roles.csv")
    let narrower = try await company.apply(night: 3)
    #expect(
      narrower.operations == [
        #"update-member ann: roles ["Admin","Auditor"] → ["Auditor"]"#,
        #"update-member bob: roles ["Viewer"] → –"#,
      ])
    #expect(narrower.decisions.operations.map(\.classes) == [.removal, .removal])
    #expect(try await company.plan(night: 4).operations == [])
  }

  /// A role that goes is access that goes: a cut export takes none, and neither does anything from the protected.
  @Test func nobodyLosesARoleOnDoubt() async throws {
    let company = try Self.company(
      "who,role\nE-ann,Admin\nE-bob,Admin\n",
      rule: "{expression: 'AppRoleAssignmentsComplex([appRoleAssignments])', whenEmpty: clear}")
    try company.people(["ann", "bob"])
    try await company.apply(night: 1)
    try company.write("who,role\nE-bob,Viewer\n", as: "roles.csv")
    let text = String(decoding: try company.read("rollcall.yaml"), as: UTF8.self)
    try company.write(text + "\nprotected: {members: [ann]}\n", as: "rollcall.yaml")
    let plan = try await company.plan(night: 2)
    #expect(plan.operations == [#"update-member bob: roles ["Admin"] → ["Viewer"]"#])
    #expect(plan.findings["plan.protected"] == 1)

    try company.write(Person.csv(["bob"]), as: "users.csv")
    let doubted = try await company.plan(night: 2)
    #expect(doubted.isReliable("staff") == false)
    #expect(doubted.operations == [])
    #expect(doubted.findings["plan.removal-withheld"] != nil)
  }

  @Test func rolesOfTeamsAndOfTheFileDoNotGoTogetherWhereBothAreWritten() throws {
    let company = try Self.company(
      "who,role\nE-ann,Admin\n", rule: "'AppRoleAssignmentsComplex([appRoleAssignments])'")
    let text = String(decoding: try company.read("rollcall.yaml"), as: UTF8.self)
    for (setting, isRefused) in [("written", true), ("inherited", false)] {
      let teams = "\nteams: {roles: {Admins: [Administrator]}, memberRoles: \(setting)}\n"
      try company.write(text + teams, as: "rollcall.yaml")
      let isBad = (try? company.job(night: 1)) == nil
      #expect(isBad == isRefused, "\(setting)")
    }
  }

  @Test func whatIsWrongWithTheFileStandsInThePolicy() throws {
    let company = try Self.company(
      "principalId,principalType,appRoleId\ng1,Group,Admin\n",
      rule: "'AppRoleAssignmentsComplex([appRoleAssignments])'")
    #expect {
      try company.job(night: 1)
    } throws: { error in
      "\(error)".contains("g1") && "\(error)".contains("roles.csv")
    }
  }
}
