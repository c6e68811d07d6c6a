import Identity
import PlanFile
import Testing

@testable import Reconciling

/// What `check` says of the files before a run.
struct CheckReportTests {
  private static func company() throws -> Company {
    let company = try Company(CompanyPolicy(hasTeams: true))
    try company.people(["ann"])
    try company.teams(["Sales"])
    try company.memberships([("Sales", "ann")])
    return company
  }

  @Test func everyColumnIsAccountedFor() throws {
    let company = try Self.company()
    try company.write(
      "id,userPrincipalName,accountEnabled,shoe size\nE-1,ann,True,43\n", as: "users.csv")
    let report = try company.job(night: 1).check()
    let staff = try #require(report.exports.first)

    #expect(report.isGood)
    #expect((staff.name, staff.kind, staff.content) == ("staff", "people", "full"))
    #expect(
      staff.mapped.map { "\($0.attribute) ← \($0.source)" } == [
        "active ← accountEnabled", "externalId ← id", "userName ← userPrincipalName",
      ])
    #expect(staff.unusedColumns == ["shoe size"])
    #expect(staff.unmapped.contains("title"))
    #expect(staff.findings.contains { $0.code == "map.missing-column" })
    let members = try #require(report.exports.last)
    #expect(
      members.mapped.map { "\($0.attribute) ← \($0.source)" } == [
        "team by externalId ← groupId", "member by userName ← userPrincipalName",
      ])
  }

  /// A preset knows more than one document has.
  @Test func whatADocumentLacksIsNoEmptyColumn() throws {
    let company = try Company(
      "state: r.db\nexports: {people: [{name: p, path: users.json, content: full, preset: google}]}\n"
    )
    try company.write(
      #"{"kind":"admin#directory#users","users":[{"id":"1","primaryEmail":"ann@x","suspended":false}]}"#,
      as: "users.json")
    let staff = try #require(try company.job(night: 1).check().exports.first)
    #expect(staff.mapped.allSatisfy { !$0.source.isEmpty })
    #expect(staff.mapped.map(\.attribute).contains("userName"))
    #expect(staff.unmapped.contains("title"))
  }

  @Test func missingFilesAndColumnsAreErrors() throws {
    let company = try Self.company()
    try company.remove("users.csv")
    try company.write("team,login\nSales,ann\n", as: "members.csv")
    let report = try company.job(night: 1).check()

    #expect(!report.isGood)
    #expect(report.exports.map { $0.errors.count } == [1, 0, 1])
    #expect(report.exports[2].errors[0].contains("groupId"))
  }

  @Test func checkTouchesNoState() throws {
    let company = try Self.company()
    _ = try company.job(night: 1).check()

    #expect(throws: JobFailure.self) { try company.job(night: 1).history() }
  }

  /// Whatever `plan` refuses the policy for, `check` refuses.
  @Test func membershipsNeedAMemberThatIsMapped() throws {
    let failure = #expect(throws: JobFailure.self) {
      _ = try Company(
        """
        exports:
          teams: [{name: groups, path: groups.csv, content: full, mapping: {externalId: id, displayName: name}}]
          memberships:
            - name: m
              path: members.csv
              content: full
              team: {column: groupId, key: externalId}
              member: {column: id, key: externalId}
        """
      ).job(night: 1)
    }
    guard case .policy(let lines) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(lines.contains { $0.contains("exports.memberships[0].member.key") }, "\(lines)")
  }

  @Test func entriesAreNotLookedUpInADelta() throws {
    let company = try Company(
      CompanyPolicy(
        people: "    - {name: staff, path: users.csv, content: delta}", hasTeams: true))
    try company.people(["ann"])
    try company.teams(["Sales"])
    try company.write(
      "dn: cn=Sales,dc=x\nobjectClass: groupOfNames\ngroupId: G-Sales\nuserPrincipalName: cn=ann,dc=x\n\n",
      as: "members.csv")
    let failure = #expect(throws: JobFailure.self) { try company.job(night: 1).check() }
    guard case .policy(let lines) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(lines.contains { $0.contains("staff is a delta and does not hold them all") })
  }

  @Test func policyWithMistakesNamesThemAll() throws {
    let company = try Company("exports:\n  people:\n    - {name: a, path: x}\nguard: {}\n")
    let failure = #expect(throws: JobFailure.self) { try company.job(night: 1) }

    guard case .policy(let lines) = failure else {
      Issue.record("ended otherwise: \(String(describing: failure))")
      return
    }
    #expect(lines.count >= 2)
    #expect(lines.allSatisfy { $0.contains("rollcall.yaml:") })
  }

  /// Whether a list has such an element shows in each record.
  @Test func columnsWithAFilterAreColumns() throws {
    let company = try Company(
      "state: r.db\nexports: {people: [{name: p, path: users.json, content: full, preset: aws}]}\n")
    try company.write(
      #"{"Users":[{"UserId":"1","UserName":"ann","IdentityStoreId":"d","Emails":[{"Value":"ann@x","Type":"work","Primary":true}]}]}"#,
      as: "users.json")
    let staff = try #require(try company.job(night: 1).check().exports.first)
    #expect(staff.mapped.map(\.attribute).contains(#"emails[type eq "work"].value"#))
    #expect(!staff.unusedColumns.contains("Emails.Value"))
  }

  @Test(arguments: ["data.items", "users"])
  func aPathOfRecordsThatIsNotThereIsAnError(path: String) throws {
    let company = try Company(
      "state: r.db\nexports: {people: [{name: p, path: users.json, content: full, records: \(path), mapping: {userName: id}}]}\n"
    )
    try company.write(#"{"data":{"items2":[{"id":"1"}]}}"#, as: "users.json")
    let report = try company.job(night: 1).check()
    #expect(!report.isGood)
    let errors: [String] = report.exports.flatMap(\.errors)
    #expect(errors.contains { $0.contains("records: \(path)") })
  }
}
