import Identity
import PlanFile
import Testing

@testable import Reconciling

/// Records that do not count, and what becomes of their members.
struct ScopeTests {
  private static func company(
    _ scope: String, content: String = "full", path: String = "users.csv"
  ) throws -> Company {
    try Company(
      CompanyPolicy(
        people: "    - {name: staff, path: \"\(path)\", content: \(content), scope: \(scope)}",
        sections: CompanyPolicy.wideGuards), crowd: 5)
  }

  private static func bob(_ department: String) -> Person {
    Person("bob").with { $0.department = department }
  }

  private static let scopes = [
    #"'department eq "Sales"'"#, #"{filter: 'department eq "Sales"'}"#,
    "{groups: [[{column: department, operator: EQUALS, value: Sales}]]}",
  ]

  @Test(arguments: scopes)
  func onlyRecordsInScopeBecomeMembers(scope: String) async throws {
    let company = try Self.company(scope)
    try company.people(["ann", Self.bob("Legal")])
    let plan = try await company.apply(night: 1)
    #expect(plan.operations.filter { !$0.contains("crowd") } == ["create-member ann"])
    #expect(plan.findings["map.out-of-scope"] == 1)
    #expect(plan.holds == [])
    #expect(try await company.plan(night: 2).operations == [])
  }

  /// They are known, so nobody has to look for a mistake.
  @Test func whoIsOutOfScopeIsNobodyUnknownToTeamsAndToThoseTheyManage() async throws {
    let company = try Company(
      CompanyPolicy(
        people:
          "    - {name: staff, path: users.csv, content: full, scope: 'department eq \"Sales\"'}",
        hasTeams: true,
        mapping:
          "    urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager: {column: city, key: externalId}",
        sections: CompanyPolicy.wideGuards))
    try company.people([Person("ann").with { $0.city = "E-bob" }, Self.bob("Legal")])
    try company.teams(["Sales"])
    try company.memberships([("Sales", "ann"), ("Sales", "bob"), ("Sales", "zoe")])
    let plan = try await company.plan(night: 1)
    #expect(plan.findings["edge.out-of-scope"] == 1)
    #expect(plan.findings["edge.unknown-member"] == 1)
    let sentences = plan.evidence.findings.map(\.message)
    #expect(sentences.contains { $0 == "bob is out of scope, and so not in Sales either." })
    #expect(sentences.contains { $0.contains("names E-bob, who is out of scope") })
  }

  @Test func whoLeavesTheScopeIsALeaver() async throws {
    let company = try Self.company(Self.scopes[0])
    try company.people(["ann", "bob"])
    try await company.apply(night: 1)
    try company.people(["ann", Self.bob("Legal")])
    #expect(try await company.plan(night: 2).removals == ["deactivate-member bob"])
  }

  @Test func whoLeavesTheScopeMayBeLeftAlone() async throws {
    let company = try Self.company(#"{filter: 'department eq "Sales"', leaving: leave}"#)
    try company.people(["ann", "bob"])
    try await company.apply(night: 1)
    try company.people(["ann", Self.bob("Legal")])
    let plan = try await company.plan(night: 2)
    #expect(plan.operations == [])
    #expect(plan.holds == [])
  }

  @Test func whoReturnsIntoTheScopeIsReactivated() async throws {
    let company = try Self.company(Self.scopes[0])
    try company.people(["ann", "bob"])
    try await company.apply(night: 1)
    try company.people(["ann", Self.bob("Legal")])
    try await company.apply(night: 2)
    try company.people(["ann", "bob"])
    #expect(
      try await company.plan(night: 3).operations
        == ["reactivate-member bob: active false → true"])
  }

  /// A cell that holds a type name decides nothing, so nobody leaves because of it.
  @Test func anUnknownCellRemovesNobody() async throws {
    let company = try Self.company(Self.scopes[0])
    try company.people(["ann", "bob"])
    try await company.apply(night: 1)
    try company.people(["ann", Self.bob("System.String[]")])
    #expect(try await company.plan(night: 2).operations == [])
  }

  @Test func inADeltaLeavingTheScopeIsSaidByTheRecord() async throws {
    let company = try Self.company(Self.scopes[0], content: "delta", path: "users*.csv")
    try company.people(["ann", "bob"])
    try await company.apply(night: 1)
    try company.write(Person.csv([Self.bob("Legal")]), as: "users2.csv")
    #expect(try await company.plan(night: 2).removals == ["deactivate-member bob"])
  }

  @Test func withoutItsColumnNothingIsRead() async throws {
    let company = try Self.company(#"'departmnt eq "Sales"'"#)
    try company.people(["ann"])
    do {
      _ = try await company.plan(night: 1)
      Issue.record("it was planned")
    } catch let failure as JobFailure {
      guard case .unreadable(let lines) = failure else {
        Issue.record("\(failure)")
        return
      }
      #expect(lines.first?.contains("Did you mean department?") == true, "\(lines)")
    }
    #expect(try !company.job(night: 1).check().isGood)
  }

  @Test(arguments: [
    "''", "'department eqq \"x\"'", "{leaving: leave}", "{filter: 'a pr', groups: []}",
    "{groups: []}",
    "{groups: [[{column: a, operator: EQUALS}]]}", "{groups: [[{operator: IS NULL}]]}",
    "{filter: 'a pr', leaving: go}",
  ])
  func whatIsNoScopeIsShown(scope: String) {
    let complaints = PolicyProblemTests.complaints(
      about: PolicyProblemTests.policy("      scope: \(scope)"))
    #expect(!complaints.isEmpty && complaints.allSatisfy { $0.hasPrefix("p:7:") }, "\(complaints)")
  }

  @Test func theScopeIsAPartOfWhatThePolicyAsksFor() throws {
    func digest(_ scope: String) throws -> String {
      try Policy(parsing: PolicyProblemTests.policy("      scope: \(scope)"), path: "p").digest
    }
    #expect(try digest("'a pr'") != digest("'b pr'"))
    #expect(try digest("'a pr'") == digest("{filter: 'a pr', leaving: leaver}"))
    #expect(try digest("'a pr'") != digest("{filter: 'a pr', leaving: leave}"))
  }
}
