import Identity
import PlanFile
import Testing

@testable import Reconciling

/// When a rule counts: always, only at creation, or only where the record has nothing to say.
struct FlowRuleTests {
  private static func company(_ rule: String) throws -> Company {
    try Company(
      CompanyPolicy(mapping: "    nickName: \(rule)", sections: CompanyPolicy.wideGuards))
  }

  private static func person(_ title: String, city: String = "Berlin") -> Person {
    Person("ann").with {
      $0.givenName = title
      $0.city = city
    }
  }

  private static func nickName(_ company: Company) throws -> String? {
    let text = try company.export()
    return text.firstMatch(of: /"nickName":"([^"]*)"/).map { String($0.1) }
  }

  @Test(arguments: [
    "{column: givenName, apply: onCreate}", "{expression: 'Trim([givenName])', apply: onCreate}",
  ])
  func onCreateIsSetOnceAndThenLeftAlone(rule: String) async throws {
    let company = try Self.company(rule)
    try company.people([Self.person("Annie")])
    try await company.apply(night: 1)
    #expect(try Self.nickName(company) == "Annie")
    try company.people([Self.person("Nan")])
    let plan = try await company.plan(night: 2)
    #expect(plan.operations == ["update-member ann: givenName Annie → Nan"])
  }

  @Test(
    arguments: [
      ("{column: givenName, default: none}", "", "none"),
      ("{column: givenName, default: none}", "Nan", "Nan"),
      ("{expression: 'Trim([givenName])', default: none}", " ", "none"),
      ("{column: givenName, apply: onCreate, default: none}", "", "none"),
      ("{column: givenName, apply: onCreate}", "", nil),
    ] as [(String, String, String?)])
  func aDefaultIsForNewMembersWithoutAValue(
    rule: String, value: String, expected: String?
  ) async throws {
    let company = try Self.company(rule)
    try company.people([Self.person(value)])
    try await company.apply(night: 1)
    #expect(try Self.nickName(company) == expected)
    #expect(try await company.plan(night: 2).operations == [])
  }

  /// Entra sends a default at creation and never again.
  @Test func aDefaultSaysNothingOfThoseWhoAreThere() async throws {
    let company = try Self.company("{column: givenName, default: none}")
    try company.people([Self.person("Annie")])
    try await company.apply(night: 1)
    try company.people([Self.person("")])
    try await company.apply(night: 2)
    #expect(try Self.nickName(company) == "Annie")
  }

  @Test func anOnCreateRuleThatFailsHoldsOnlyNewMembers() async throws {
    let company = try Self.company(
      #"{expression: 'FormatDateTime([city], , "yyyy-MM-dd", "yyyy")', apply: onCreate}"#)
    try company.people([Self.person("Annie", city: "2024-01-31")])
    try await company.apply(night: 1)
    try company.people([Self.person("Annie", city: "soon"), Person("bob").with { $0.city = "x" }])
    let plan = try await company.plan(night: 2)
    #expect(plan.operations == ["update-member ann: locality 2024-01-31 → soon"])
    #expect(plan.holds == ["valueTaken record E-bob"])
    #expect(plan.findings["map.expression-failed"] == 1)
  }

  @Test(arguments: [
    ("userName: {column: userPrincipalName, apply: onCreate}", "matching: {members: [userName]}"),
    ("title: {constant: x, default: y}", ""), ("title: {column: jobTitle, apply: sometimes}", ""),
    ("title: {column: jobTitle, apply: onCreate, whenEmpty: clear}", ""),
    ("title: {column: jobTitle, default: x, whenEmpty: clear}", ""),
    ("active: {column: accountEnabled, true: [a], false: [b], default: perhaps}", ""),
  ])
  func contradictionsAreShown(rule: String, section: String) {
    let complaints = PolicyProblemTests.complaints(
      about: PolicyProblemTests.mapping(rule) + "\n" + section)
    #expect(complaints.count == 1, "\(complaints)")
  }

  @Test func teamsHaveNoFlowRules() {
    let text = """
      exports:
        teams: [{name: g, path: g.csv, content: full}]
      mapping: {teams: {displayName: {column: name, default: x}, externalId: id}}
      """
    let complaints = PolicyProblemTests.complaints(about: text)
    #expect(complaints.count == 1 && complaints[0].contains("for members"), "\(complaints)")
  }
}
