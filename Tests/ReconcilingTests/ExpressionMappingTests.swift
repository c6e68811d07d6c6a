import Identity
import PlanFile
import Testing

@testable import Reconciling

/// Mappings that work values out, from the policy to the state.
struct ExpressionMappingTests {
  private static func company(
    _ mapping: [String], sections: String = "", crowd: Int = 0
  ) throws -> Company {
    try Company(
      CompanyPolicy(
        mapping: mapping.map { "    \($0)" }.joined(separator: "\n"),
        sections: CompanyPolicy.wideGuards + "\n" + sections), crowd: crowd)
  }

  private static func ann(_ edit: (inout Person) -> Void = { _ in }) -> Person {
    Person("ann").with {
      $0.givenName = "Ann"
      $0.familyName = "O'Hara"
      edit(&$0)
    }
  }

  @Test func whatAnExpressionComesToIsWrittenAndThenTheSame() async throws {
    let company = try Self.company([
      #"name.formatted: 'Join(" ", [givenName], [surname])'"#,
      #"nickName: 'ToLower(Replace([surname], , "[^A-Za-z]", , "", , ))'"#,
    ])
    try company.people([Self.ann()])
    try await company.apply(night: 1)
    #expect(try company.export().contains(#""formatted":"Ann O'Hara""#))
    #expect(try company.export().contains(#""nickName":"ohara""#))
    #expect(try await company.plan(night: 2).operations == [])

    try company.people([Self.ann { $0.familyName = "Lee" }])
    let plan = try await company.plan(night: 3)
    #expect(
      plan.operations == [
        "update-member ann: familyName O'Hara → Lee, formatted Ann O'Hara → Ann Lee, "
          + "nickName ohara → lee"
      ])
  }

  @Test func aKeyMayBeWorkedOut() async throws {
    let company = try Company(
      CompanyPolicy().text.replacing(
        "userName: userPrincipalName",
        with: #"userName: 'ToLower([userPrincipalName]) & "@contoso.com"'"#)
        + CompanyPolicy.wideGuards)
    try company.people([Person("ANN"), "bob"])
    let plan = try await company.apply(night: 1)
    #expect(plan.operations == ["create-member ann@contoso.com", "create-member bob@contoso.com"])
    #expect(try await company.plan(night: 2).operations == [])
  }

  @Test func aFailedExpressionSetsItsRecordAsideAndRemovesNobody() async throws {
    let company = try Self.company(
      [#"nickName: 'FormatDateTime([city], , "yyyy-MM-dd", "yyyy")'"#], crowd: 5)
    let dates = "2024-01-31"
    try company.write(
      Person.csv([Self.ann { $0.city = dates }, Person("bob").with { $0.city = dates }]),
      as: "users.csv")
    try await company.apply(night: 1)
    try company.write(
      Person.csv([
        Self.ann {
          $0.city = "soon"
          $0.title = "Lead"
        }, Person("bob").with { $0.city = "2025-01-31" },
      ]), as: "users.csv")
    let plan = try await company.plan(night: 2)

    #expect(plan.removals == [])
    #expect(plan.operations.count == 1 && plan.operations[0].hasPrefix("update-member bob"))
    let finding = try #require(
      plan.evidence.findings.first { $0.code == "map.expression-failed" })
    #expect(finding.message.contains("nickName"))
    #expect(finding.message.contains("FormatDateTime([city]"))
    #expect(finding.message.contains("“soon”"))
    #expect(finding.origin?.line == 2)
  }

  /// Nothing to do is no agreement where records are set aside.
  @Test func newPeopleWhoseExpressionFailsWaitForAPerson() async throws {
    let company = try Self.company(
      [#"nickName: 'FormatDateTime([city], , "yyyy-MM-dd", "yyyy")'"#])
    try company.people([Person("ann"), Person("bob")])
    let plan = try await company.plan(night: 1)
    #expect(plan.operations == [])
    #expect(plan.decisions.situations[.quarantined] == 2)
    #expect(plan.decisions.holds.map(\.subject) == ["export staff"])
  }

  /// A record whose only key failed may be anybody, so nobody is a leaver tonight.
  @Test func aFailedKeyMakesItsExportUnreliable() async throws {
    let company = try Company(
      CompanyPolicy().text
        .replacing("externalId: id", with: #"externalId: 'Item(Split([id], "-"), 2)'"#)
        .replacing("userName: userPrincipalName", with: "userName: '[userPrincipalName]'")
        + "matching: {members: [externalId]}\n" + CompanyPolicy.wideGuards)
    try company.people(["ann", "bob", "cy"])
    try await company.apply(night: 1)
    try company.people([Person("ann").with { $0.id = "broken" }, "bob"])
    let plan = try await company.plan(night: 2)

    #expect(plan.removals == [])
    #expect(plan.isReliable("staff") == false)
    #expect(plan.findings["map.expression-failed"] == 1)
  }

  @Test func ignoreObjectFlowLeavesAPersonAsThePersonIs() async throws {
    let company = try Self.company(
      [#"nickName: 'IIF([city] = "Berlin", [givenName], IgnoreObjectFlow)'"#], crowd: 5)
    try company.people([Self.ann(), "bob"])
    try await company.apply(night: 1)
    try company.people([Self.ann { $0.city = "Rome" }, "bob"])
    let plan = try await company.plan(night: 2)

    #expect(plan.operations == [])
    #expect(plan.holds == [])
    #expect(plan.findings["map.left-out"] == 1)
  }

  @Test func ignoreAttributeFlowLeavesAValueAsItIs() async throws {
    let company = try Self.company([
      #"nickName: 'IIF([city] = "Berlin", [givenName], IgnoreAttributeFlow)'"#
    ])
    try company.people([Self.ann()])
    try await company.apply(night: 1)
    try company.people([Self.ann { $0.city = "Rome" }])
    #expect(
      try await company.plan(night: 2).operations == ["update-member ann: locality Berlin → Rome"])
  }

  @Test func anEmptyResultClearsOnlyWhereThePolicySaysSo() async throws {
    for (rule, change) in [
      ("'Trim([surname])'", ""), ("{expression: 'Trim([surname])', whenEmpty: clear}", "nickName"),
    ] {
      let company = try Self.company(["nickName: \(rule)"])
      try company.people([Self.ann()])
      try await company.apply(night: 1)
      try company.people([Self.ann { $0.familyName = " " }])
      let plan = try await company.plan(night: 2)
      #expect(plan.operations.contains { $0.contains("nickName") } == !change.isEmpty, "\(rule)")
    }
  }

  @Test func whetherSomebodyIsActiveMayBeWorkedOut() async throws {
    let company = try Company(
      CompanyPolicy().text.replacing(
        #"active: {column: accountEnabled, "true": ["True"], "false": ["False"]}"#,
        with: #"active: 'Switch([accountEnabled], , "True", "True", "False", "False")'"#)
        + CompanyPolicy.wideGuards, crowd: 5)
    try company.people(["ann", "bob"])
    try await company.apply(night: 1)
    #expect(try await company.plan(night: 2).operations == [])
    try company.people([Person("ann").with { $0.enabled = "False" }, "bob"])
    #expect(try await company.plan(night: 2).removals == ["update-member ann: active true → false"])
  }

  @Test func randomTextsStayTheSameForTheSamePerson() async throws {
    let company = try Self.company(["nickName: 'RandomString(8, 2, 0, 2, 2)'"])
    try company.people(["ann", "bob"])
    try await company.apply(night: 1)
    #expect(try await company.plan(night: 2).operations == [])
    try company.people([Person("bob").with { $0.title = "Lead" }, "ann"])
    #expect(
      try await company.plan(night: 3).operations == ["update-member bob: title Buyer → Lead"])
  }

  @Test func nowIsTheTimeOfTheRun() async throws {
    let company = try Self.company([#"nickName: 'FormatDateTime(Now(), , "yyyy", "yyyy-MM-dd")'"#])
    try company.people(["ann"])
    try await company.apply(night: 1)
    #expect(
      try await company.plan(night: 2).operations
        == ["update-member ann: nickName 2026-03-01 → 2026-03-02"])
  }

  @Test func aTableGivesWhatBelongsToAKey() async throws {
    let company = try Self.company(
      [#"nickName: 'Lookup("offices", [city])'"#],
      sections: "expressions: {tables: {offices: offices.csv}}")
    try company.write("city,office\nBerlin,\"BER, 1\"\n", as: "offices.csv")
    try company.people(["ann"])
    try await company.apply(night: 1)
    #expect(try company.export().contains("BER, 1"))
    // The table is a part of what the policy asks for.
    let digest = try company.job(night: 1).policy.digest
    try company.write("city,office\nBerlin,BER-2\n", as: "offices.csv")
    #expect(try company.job(night: 1).policy.digest != digest)
    #expect(
      try await company.plan(night: 2).operations == ["update-member ann: nickName BER, 1 → BER-2"])
  }

  @Test(arguments: [1, 4])
  func theNumberOfCoresChangesNothing(jobs: Int) async throws {
    let company = try Self.company(
      [#"nickName: 'PCase([userPrincipalName]) & "-" & [id]'"#], crowd: 300)
    try company.people(["ann"])
    let plan = try await company.plan(night: 1, jobs: jobs)
    let other = try await company.plan(night: 1, jobs: 2)
    #expect(plan.decisionBytes == other.decisionBytes)
  }

  @Test func aColumnThatNoExportHasIsShownInThePolicy() async throws {
    let company = try Self.company([#"name.formatted: 'Join(" ", [givenName], [surnme])'"#])
    try company.people(["ann"])
    do {
      _ = try await company.plan(night: 1)
      Issue.record("it was planned")
    } catch let failure as JobFailure {
      guard case .policy(let lines) = failure else {
        Issue.record("\(failure)")
        return
      }
      #expect(lines.count == 3)
      #expect(lines[0].contains("No export has a column “surnme”. Did you mean `[surname]`?"))
      #expect(lines[1].hasSuffix(#"Join(" ", [givenName], [surnme])"#))
      #expect(lines[2].hasSuffix("^~~~~~~~"))
    }
    #expect(throws: JobFailure.self) { try company.job(night: 1).check() }
  }

  /// Half of a name would be no name.
  @Test func aColumnThatOneExportLacksLeavesTheAttributeAlone() async throws {
    let company = try Company(
      CompanyPolicy(
        people: """
              - {name: staff, path: users.csv, content: full}
              - {name: guests, path: guests.csv, content: full}
          """,
        mapping: #"    nickName: 'Join(" ", [displayName], [city])'"#,
        sections: CompanyPolicy.wideGuards))
    try company.people(["ann"])
    try company.write("id,userPrincipalName,displayName\nE-g,guest,Guest\n", as: "guests.csv")
    let plan = try await company.apply(night: 1)
    #expect(plan.operations == ["create-member ann", "create-member guest"])
    #expect(plan.evidence.findings.contains { $0.message.contains("no column city, so nickName") })
    #expect(!(try company.export().contains("Guest ")))
  }
}
