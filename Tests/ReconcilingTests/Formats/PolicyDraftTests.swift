import Foundation
import TestSupport
import Testing

@testable import Reconciling

/// What `init` writes for exports of every kind.
struct PolicyDraftTests {
  @Test(arguments: [
    ["graph-users.json", "graph-groups.json"], ["okta-users.json"], ["google-users.json"],
    ["keycloak-realm.json"], ["aws-users.json", "aws-groups.json", "aws-memberships.json"],
    ["invicti-members.json", "invicti-teams.json"], ["scim-users.json", "scim-groups.jsonl"],
  ])
  func aDraftWorksForItsExports(files: [String]) async throws {
    let sample = try SampleExports("  people: []")
    try await Self.check(files, in: sample.company)
  }

  @Test func aDraftForATableWithoutPresetMapsByNames() async throws {
    let company = try Company()
    try company.write(
      "Login,First Name,Last Name,E-Mail,Status\nann,Ann,Berg,ann@x,Active\nbo,Bo,Lind,bo@x,Inactive\n",
      as: "staff list.csv")
    let text = try await Self.check(["staff list.csv"], in: company)
    #expect(text.contains("name: staff-list"))
    #expect(text.contains(#"active: {column: Status, "true": ["Active"], "false": ["Inactive"]}"#))
    #expect(try await company.plan(night: 1).operations == ["create-member ann"])
  }

  @Test func aListOfMembershipsThatNamesPeopleIsNoExportOfPeople() async throws {
    let company = try Company()
    try company.write(
      "id,userPrincipalName,displayName,surname,accountEnabled\n1,ann@x,Ann,Berg,True\n",
      as: "users.csv")
    try company.write("id,displayName,groupType\ng1,Sales,Security\n", as: "groups.csv")
    try company.write(
      "groupId,id,userPrincipalName,displayName\ng1,1,ann@x,Ann\n", as: "group-members.csv")
    _ = try await Self.check(["users.csv", "groups.csv", "group-members.csv"], in: company)
    #expect(
      try await company.plan(night: 1).operations == [
        "add-membership Sales + ann@x", "create-member ann@x", "create-team Sales",
      ])
  }

  @Test func aDraftOfADeltaSaysSo() async throws {
    let sample = try SampleExports("  people: []")
    let text = try await Self.draft(["graph-users-delta.json"], in: sample.company)
    #expect(text.contains("content: delta"))
  }

  @Test func aFileThatCouldBeAnythingMakesNoPolicy() async throws {
    let company = try Company()
    try company.write("a,b\n1,2\n", as: "numbers.csv")
    let exports = try await ExportInspector(jobs: 1).inspect([company.path("numbers.csv")])
    #expect(!PolicyDraft(exports).isPossible)
  }

  private static func draft(_ files: [String], in company: Company) async throws -> String {
    let exports = try await ExportInspector(jobs: 1).inspect(files.map { company.path($0) })
    let draft = PolicyDraft(exports)
    #expect(draft.isPossible)
    return draft.text
  }

  /// The draft is a policy, and a plan made with it creates somebody.
  @discardableResult
  private static func check(_ files: [String], in company: Company) async throws -> String {
    let text = try await draft(files, in: company)
    try company.write(text, as: "rollcall.yaml")
    let report = try company.job(night: 1).check()
    #expect(report.isGood, "\(report.exports.flatMap(\.errors)) \(text)")
    let plan = try await company.plan(night: 1)
    #expect(plan.operations.contains { $0.hasPrefix("create-member") }, "\(text)")
    return text
  }
}
