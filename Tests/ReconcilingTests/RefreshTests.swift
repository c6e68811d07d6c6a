import Identity
import PlanFile
import Testing

@testable import Reconciling

/// Taking note of a directory that exists.
struct RefreshTests {
  private static func company(_ sections: String = "") throws -> Company {
    let company = try Company(
      CompanyPolicy(hasTeams: true, sections: sections + "\n" + CompanyPolicy.wideGuards))
    try company.people(["ann", "bob"])
    try company.teams(["Sales"])
    try company.memberships([("Sales", "ann")])
    return company
  }

  private static let files = ["users.csv", "groups.csv", "members.csv"]

  private static func refresh(_ company: Company, _ files: [String] = files) async throws -> [Plan]
  {
    try await company.job(night: 1).refresh(from: files.map(company.path)).map(\.planned.plan)
  }

  /// Nobody is left out because the user name is one that only somebody new gets.
  @Test(arguments: [
    (
      #"'SelectUniqueValue([first], Append([first], "2"))'"#,
      ["create-member ann", "create-member ann2"]
    ),
    ("{column: login, apply: onCreate}", ["create-member x", "create-member y"]),
  ])
  func whoseUserNameIsSetOnceIsNotedToo(rule: String, expected: [String]) async throws {
    let company = try Company(
      """
      state: rollcall.db
      exports:
        people: [{name: staff, path: users.csv, content: full}]
      mapping:
        members:
          externalId: id
          userName: \(rule)
          active: {constant: "true"}
      matching: {members: [externalId]}
      \(CompanyPolicy.wideGuards)
      """)
    try company.write("id,first,login\n2,ann,y\n1,ann,x\n", as: "there.csv")
    let plans = try await Self.refresh(company, ["there.csv"])
    #expect(plans.map(\.operations) == [expected])
    // Whose key comes first gets the first name, whatever the order of rows.
    let state = try company.export()
    #expect(state.contains(#""externalId":"1""#) && state.contains(#""externalId":"2""#))
    #expect(try await Self.refresh(company, ["there.csv"]).map(\.operations) == [[]])
  }

  @Test func whatIsThereIsNotedAndBelongsToNobody() async throws {
    let company = try Self.company()
    let plans = try await Self.refresh(company)

    #expect(
      plans.map(\.operations) == [
        ["create-member ann", "create-member bob"], ["create-team Sales"],
        ["add-membership Sales + ann"],
      ])
    try company.people(["zoe"])
    try company.teams(["Legal"])
    try company.memberships([("Legal", "zoe")])
    let plan = try await company.plan(night: 1)
    #expect(plan.removals == [])
    #expect(plan.decisions.situations[.unmanaged] == 2)
  }

  @Test func secondLookAtTheSameFilesFindsNothingNew() async throws {
    let company = try Self.company()
    _ = try await Self.refresh(company)

    #expect(try await Self.refresh(company).allSatisfy(\.operations.isEmpty))
    #expect(try company.job(night: 1).history().allSatisfy { $0.outcome == .refreshed })
  }

  @Test func whatHasChangedThereIsNoted() async throws {
    let company = try Self.company()
    _ = try await Self.refresh(company)
    try company.people([
      Person("ann").with { $0.enabled = "False" }, Person("bob").with { $0.userName = "robert" },
    ])
    let plans = try await Self.refresh(company, ["users.csv"])

    #expect(
      plans[0].operations == [
        "update-member ann: active true → false", "update-member bob: userName bob → robert",
      ])
    // Whom somebody else has disabled, no export enables by itself.
    try company.write(
      CompanyPolicy(hasTeams: true, sections: "matching: {adopt: {members: [externalId]}}").text,
      as: "rollcall.yaml")
    try company.people(["ann"])
    try await company.apply(night: 2)
    #expect(try await company.plan(night: 3).holds.contains("inactiveNotByUs member ann"))
  }

  @Test func nameThatMovedToSomebodyElseIsNotedToo() async throws {
    let company = try Self.company()
    _ = try await Self.refresh(company)
    // bob was deleted there, and ann got his name; nobody said so in the file.
    try company.people([Person("ann").with { $0.userName = "bob" }])
    let plans = try await Self.refresh(company, ["users.csv"])

    #expect(plans[0].operations == ["update-member ann: userName ann → bob"])
  }

  /// Strangers may change as they like: nothing is done because of them.
  @Test func guardsJudgeOnlyWhatChangesOfManagedMembers() async throws {
    let company = try Company(
      CompanyPolicy(
        sections: """
          guards:
            removals: {count: 1, percent: 100, floor: 0}
            updates: {count: 3, percent: 100, floor: 0}
          """))
    try company.people(["ann", "bob"])
    try await company.apply(night: 1)
    try company.people([Person("ann"), Person("zoe"), Person("yve")])
    _ = try await Self.refresh(company, ["users.csv"])
    let off = [Person("zoe"), Person("yve")].map { $0.with { $0.enabled = "False" } }
    try company.people(off + [Person("ann").with { $0.enabled = "False" }])
    let plans = try await Self.refresh(company, ["users.csv"])
    #expect(plans[0].evidence.verdicts.map(\.amount) == [1, 1])
    #expect(plans[0].removals.count == 1)
  }

  @Test func fileThatFitsNoExportIsAnError() async throws {
    let company = try Self.company()
    try company.write("sku,price\nA1,20\n", as: "goods.csv")

    await #expect(throws: JobFailure.self) { try await Self.refresh(company, ["goods.csv"]) }
    await #expect(throws: JobFailure.self) {
      try await company.job(night: 1).refresh(from: [company.path("users.csv")], as: "stuff")
    }
    #expect(try company.job(night: 1).history().isEmpty)
  }
}
