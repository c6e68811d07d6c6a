import Identity
import PlanFile
import Testing

@testable import Reconciling

/// What the target actions of an Entra job become.
struct EntraActionsTests {
  private typealias Schema = EntraDraftTests.Schema

  private static func company(_ actions: String) async throws -> Company {
    let company = try Company()
    let schema = Schema(
      mappings: [
        Schema.attribute("objectId", "externalId"), Schema.attribute("jobTitle", "title"),
        Schema.function("Not([IsSoftDeleted])", "active"),
      ], object: #","flowTypes":"\#(actions)""#)
    try company.write(schema.text, as: "schema.json")
    try company.people(["ann", "bob"])
    let exports = try await ExportInspector(jobs: 1).inspect([company.path("users.csv")])
    let draft = try EntraDraft(contentsOf: company.path("schema.json"), exports: exports)
    let guards = draft.text.contains("guards:") ? "" : "\n" + CompanyPolicy.wideGuards + "\n"
    try company.write(draft.text + guards, as: "rollcall.yaml")
    return company
  }

  @Test func addAloneCreatesAndThenLeavesEverybodyAlone() async throws {
    let company = try await Self.company("Add")
    // Who is disabled is not created, as in Entra.
    try company.people(["ann", "bob", Person("dee").with { $0.enabled = "False" }])
    #expect(
      try await company.apply(night: 1).operations == ["create-member ann", "create-member bob"])
    #expect(try company.export().contains(#""title":"Buyer""#))
    try company.people([
      Person("ann").with {
        $0.title = "Boss"
        $0.enabled = "False"
      }, "cy",
    ])
    #expect(try await company.apply(night: 2).operations == ["create-member cy"])
    try company.people(["cy"])
    #expect(try await company.plan(night: 3).operations == [])
  }

  @Test func withoutAddNobodyIsCreatedAndTheOthersAreKept() async throws {
    let first = try await Self.company("Add,Update")
    try await first.apply(night: 1)
    let policy = String(decoding: try first.read("rollcall.yaml"), as: UTF8.self)
    try first.write(
      policy.replacing("lifecycle:", with: "lifecycle:\n  create: never"), as: "rollcall.yaml")
    try first.people([Person("ann").with { $0.title = "Boss" }, "cy"])
    let plan = try await first.plan(night: 2)
    #expect(
      plan.operations == ["deactivate-member bob", "update-member ann: title Buyer → Boss"])
    #expect(plan.decisions.situations[.notCreated] == 1)
    let updating = try await Self.company("Update")
    #expect(try await updating.plan(night: 1).operations == [])
    #expect(try updating.job(night: 1).policy.lifecycle.create == .never)
  }

  @Test(arguments: [
    ("Add,Update,Delete", Lifecycle.Absences.after(1), Lifecycle.Absences.after(30)),
    ("Add,Update", .after(1), .never), ("Add", .never, .never), ("Add,Delete", .never, .never),
    ("Update,Delete", .after(1), .after(30)),
  ])
  func leaversGoAsFarAsEntraTakesThem(
    actions: String, deactivate: Lifecycle.Absences, delete: Lifecycle.Absences
  ) async throws {
    let lifecycle = try await Self.company(actions).job(night: 1).policy.lifecycle
    #expect(lifecycle.leavers.deactivate == deactivate)
    #expect(lifecycle.leavers.delete == delete)
    #expect(lifecycle.create == (actions.contains("Add") ? .always : .never))
    #expect(lifecycle.reactivate == (actions.contains("Update") ? .ours : .never))
  }

  /// Not even what is matched by: a new user name stays that of the target, and the pair is still found.
  @Test func addAloneLeavesKeysAndManagersAlone() async throws {
    let draft = try await EntraDraftTests.draft(
      Schema(
        mappings: [
          Schema.attribute("objectId", "externalId"), Schema.attribute("manager", "manager"),
          Schema.attribute("mail", "nickName"),
        ], object: #","flowTypes":"Add""#))
    let policy = try Policy(parsing: draft.text, path: "p")
    #expect(policy.exports.people[0].mapping.filter(\.isInitial) == [])
    #expect(policy.lifecycle.update == .never)
    #expect(EntraDraftTests.rule(AttributePath.manager.description, in: policy)?.references != nil)

    let company = try await Self.company("Add")
    try company.people(["ann"])
    try await company.apply(night: 1)
    try company.people([Person("ann").with { $0.userName = "anna" }])
    let plan = try await company.apply(night: 2)
    #expect(plan.operations == [])
    #expect(plan.decisions.situations[.notUpdated] == 1)
    #expect(try company.export().contains(#""userName":"ann""#))
  }

  @Test func withoutAnyPrecedenceThereAreKeysWithoutUpdateToo() async throws {
    let text = Schema(object: #","flowTypes":"Add""#).text.replacing(
      "\"matchingPriority\":1", with: "\"matchingPriority\":0")
    let company = try Company()
    try company.write(text, as: "schema.json")
    let draft = try EntraDraft(contentsOf: company.path("schema.json"), exports: [])
    #expect(try Policy(parsing: draft.text, path: "p").matching.memberKeys == [.userName])
  }

  @Test(arguments: [
    ("Update", "teams: {create: never}"), ("Add", "teams: {update: never}"),
    ("None", "teams: {create: never, update: never}"),
    ("Add,Update,Delete", "# NOTE Delete is ticked for groups"),
  ])
  func whatIsDifferentForGroupsIsSaid(actions: String, comment: String) async throws {
    let draft = try await EntraDraftTests.draft(
      Schema(groups: EntraDraftTests.groups([], more: #","flowTypes":"\#(actions)""#)))
    #expect(draft.text.contains(comment))
    _ = try Policy(parsing: draft.text, path: "p")
  }
}
