import Foundation
import Identity
import PlanFile
import Testing

@testable import Reconciling

/// What the presets make of exports as directories write them.
struct PresetTests {
  @Test func graphPagesBecomeMembersAndTeams() async throws {
    let sample = try SampleExports(
      """
        people: [{name: users, path: graph-users.json, content: full, preset: entra}]
        teams: [{name: groups, path: graph-groups.json, content: full, preset: entra}]
        memberships: [{name: members, path: graph-groups.json, content: full, preset: entra}]
      lifecycle: {createDisabled: true}
      """)
    let plan = try await sample.company.apply(night: 1)
    #expect(
      plan.operations == [
        "add-membership Sales + ada.berg@contoso.com",
        "add-membership Sales + jose.munoz@contoso.com",
        "create-member ada.berg@contoso.com", "create-member jose.munoz@contoso.com",
        "create-team Empty", "create-team Sales",
      ])
    #expect(plan.findings.keys.filter { $0 != "health.no-earlier-run" } == [])
    let state = try sample.company.export()
    #expect(state.contains(#""title":"Buyer""#))
    #expect(state.contains(#""value":"+34 600 000 002""#))
  }

  @Test func graphDeltasChangeWhatTheyName() async throws {
    let sample = try SampleExports(
      """
        people:
          - {name: users, path: graph-users.json, content: full, preset: entra}
        teams: [{name: groups, path: graph-groups.json, content: full, preset: entra}]
        memberships: [{name: members, path: graph-groups.json, content: full, preset: entra}]
      lifecycle: {createDisabled: true}
      """)
    try await sample.company.apply(night: 1)
    let policy = String(decoding: try sample.company.read("rollcall.yaml"), as: UTF8.self)
    try sample.company.write(
      policy
        .replacing(
          "graph-users.json, content: full", with: "graph-users-delta.json, content: delta"
        )
        .replacing(
          "members, path: graph-groups.json, content: full",
          with: "members, path: graph-groups-delta.json, content: delta"), as: "rollcall.yaml")
    let plan = try await sample.company.plan(night: 2)

    #expect(plan.findings["match.duplicate"] == nil)
    #expect(
      plan.operations == [
        "add-membership Sales + kim.lee@contoso.com", "create-member kim.lee@contoso.com",
        "remove-membership Sales - jose.munoz@contoso.com",
        "update-member ada.berg@contoso.com: displayName Ada Berg → Ada Berg-Lund, "
          + "title Buyer → Head of buying",
      ])
  }

  @Test(arguments: [
    ("okta", "okta-users.json", #""department":"Purchasing""#, "ada.berg@contoso.com"),
    ("google", "google-users.json", #""title":"Buyer""#, "ada.berg@contoso.com"),
    ("keycloak", "keycloak-realm.json", #""department":"Purchasing""#, "ada.berg"),
    ("aws", "aws-users.json", #""value":"ada.berg@contoso.com""#, "ada.berg"),
    ("invicti", "invicti-members.json", #""timezone":"GMT Standard Time""#, "ada.berg@contoso.com"),
    ("scim", "scim-users.json", #""department":"Purchasing""#, "ada.berg"),
  ])
  func usersBecomeMembers(
    preset: String, file: String, value: String, userName: String
  ) async throws {
    let sample = try SampleExports(
      "  people: [{name: users, path: \(file), content: full, preset: \(preset)}]")
    let plan = try await sample.company.apply(night: 1)
    #expect(plan.operations.contains("create-member \(userName)"))
    #expect(plan.findings["read.bad-record"] == nil)
    // José is disabled everywhere but at AWS, whose answer does not tell.
    #expect(plan.operations.count == (preset == "aws" ? 2 : 1), "\(plan.operations)")
    #expect(try sample.company.export().contains(value))
  }

  @Test(arguments: [
    ("keycloak", "keycloak-realm.json", "keycloak-realm.json", "keycloak-realm.json"),
    ("aws", "aws-users.json", "aws-groups.json", "aws-memberships.json"),
    ("invicti", "invicti-members.json", "invicti-teams.json", "invicti-teams.json"),
    ("scim", "scim-users.json", "scim-groups.jsonl", "scim-groups.jsonl"),
  ])
  func membershipsAreFound(
    preset: String, users: String, groups: String, memberships: String
  ) async throws {
    let sample = try SampleExports(
      """
        people: [{name: users, path: \(users), content: full, preset: \(preset)}]
        teams: [{name: groups, path: \(groups), content: full, preset: \(preset)}]
        memberships: [{name: members, path: \(memberships), content: full, preset: \(preset)}]
      """)
    let plan = try await sample.company.plan(night: 1)
    let added = plan.operations.filter { $0.hasPrefix("add-membership") }
    #expect(added.count == 1, "\(plan.operations)")
    #expect(added.first?.contains("ada.berg") == true)
  }

  @Test func aFileOfOneGroupsMembersNeedsItsName() async throws {
    let sample = try SampleExports(
      """
        people: [{name: users, path: google-users.json, content: full, preset: google}]
        memberships:
          - {name: sales, path: google-members.json, content: full, preset: google, team: {name: Sales},
             member: {column: id, key: externalId}}
      """)
    let plan = try await sample.company.plan(night: 1)
    #expect(plan.operations.contains("add-membership Sales + ada.berg@contoso.com"))
  }

  /// Whoever puts a group, or takes all of its members away, says who stays; the state says who goes.
  @Test(arguments: [
    (#""PUT", "path": "/Groups/g-1", "data": {"displayName": "Sales", "members": []}"#, []),
    (
      #""PUT", "path": "/Groups/g-1", "data": {"displayName": "Sales", "members": [{"value": "s-1"}]}"#,
      ["ada.berg"]
    ),
    (#""PUT", "path": "/Groups/g-1", "data": {"displayName": "Sales"}"#, ["ada.berg", "jo"]),
    (
      #""PATCH", "path": "/Groups/g-1", "data": {"Operations": [{"op": "remove", "path": "members"}]}"#,
      []
    ),
    (
      #""PATCH", "path": "/Groups/g-1", "data": {"Operations": [{"op": "remove", "path": "members"}, {"op": "add", "path": "members", "value": [{"value": "s-2"}]}]}"#,
      ["jo"]
    ),
    (
      #""PATCH", "path": "/Groups/g-1", "data": {"Operations": [{"op": "replace", "path": "members", "value": [{"value": "s-2"}]}]}"#,
      ["jo"]
    ),
  ])
  func aReplacedListLeavesWhomItNames(request: String, members: [String]) async throws {
    let sample = try SampleExports(
      """
        people: [{name: users, path: two.jsonl, content: full, preset: scim}]
        teams: [{name: groups, path: team.jsonl, content: full, preset: scim}]
        memberships: [{name: members, path: team.jsonl, content: full, preset: scim}]
      """)
    let schema = #""schemas":["urn:ietf:params:scim:schemas:core:2.0:User"]"#
    try sample.company.write(
      "{\(schema),\"id\":\"s-1\",\"userName\":\"ada.berg\",\"active\":true}\n"
        + "{\(schema),\"id\":\"s-2\",\"userName\":\"jo\",\"active\":true}\n", as: "two.jsonl")
    try sample.company.write(
      #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"g-1","displayName":"Sales","members":[{"value":"s-1"},{"value":"s-2"}]}"#
        + "\n", as: "team.jsonl")
    let first = try await sample.company.apply(night: 1)
    #expect(first.operations.filter { $0.hasPrefix("add-membership") }.count == 2)
    try sample.company.write(
      "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkRequest\"],"
        + "\"Operations\":[{\"method\": \(request)}]}", as: "bulk.json")
    let policy = String(decoding: try sample.company.read("rollcall.yaml"), as: UTF8.self)
    try sample.company.write(
      policy.replacing(
        "members, path: team.jsonl, content: full", with: "members, path: bulk.json, content: delta"
      ),
      as: "rollcall.yaml")
    let plan = try await sample.company.plan(night: 2)
    #expect(
      plan.operations
        == ["ada.berg", "jo"].filter { !members.contains($0) }.map {
          "remove-membership Sales - \($0)"
        }, "\(plan.evidence.findings.map(\.message))")
  }

  @Test func aBulkRequestChangesWhatItNames() async throws {
    let sample = try SampleExports(
      """
        people: [{name: users, path: scim-users.json, content: full, preset: scim}]
        teams: [{name: groups, path: scim-groups.jsonl, content: full, preset: scim}]
        memberships: [{name: members, path: scim-groups.jsonl, content: full, preset: scim}]
      lifecycle: {createDisabled: true}
      """)
    try await sample.company.apply(night: 1)
    let policy = String(decoding: try sample.company.read("rollcall.yaml"), as: UTF8.self)
    try sample.company.write(
      policy.replacing("scim-users.json, content: full", with: "scim-bulk.json, content: delta")
        .replacing("scim-groups.jsonl, content: full", with: "scim-bulk.json, content: delta"),
      as: "rollcall.yaml")
    let plan = try await sample.company.plan(night: 2)
    #expect(
      plan.operations
        == [
          "add-membership Buyers + kim.lee", "add-membership Sales + kim.lee",
          "create-member kim.lee", "create-team Buyers", "remove-membership Sales - ada.berg",
          "update-member ada.berg: title – → Head of buying",
        ].sorted(), "\(plan.evidence.findings.map(\.message))")
  }
}
