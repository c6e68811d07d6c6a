import Foundation
import PlanFile
import Testing

@testable import Reconciling

/// What becomes of a file that says who is assigned to the application of an Entra job.
struct EntraAssignmentsTests {
  private typealias Schema = EntraDraftTests.Schema

  @Test func aFileOfAssignmentsSaysWhatTheRolesAre() async throws {
    let company = try Company()
    let schema = Schema(mappings: [
      Schema.attribute("objectId", "externalId"),
      Schema.function("AssertiveAppRoleAssignmentsComplex([appRoleAssignments])", "roles"),
      Schema.function("SingleAppRoleAssignment([appRoleAssignments])", "userType"),
    ])
    try company.write(schema.text, as: "schema.json")
    try company.people(["ann", "bob", "cy"])
    try company.write(
      "principalId,principalType,appRoleId\nE-ann,User,r1\nG-1,Group,r2\nE-cy,User,\(AssignmentFile.withoutRole)\n",
      as: "assigned.csv")
    try company.write("groupId,memberId\nG-1,E-bob\n", as: "in-groups.csv")
    let names = ["users.csv", "assigned.csv", "in-groups.csv"]
    let exports = try await ExportInspector(jobs: 1).inspect(names.map { company.path($0) })
    let draft = try EntraDraft(contentsOf: company.path("schema.json"), exports: exports)
    #expect(!draft.left.contains { $0.contains("roles") }, "\(draft.left)")
    #expect(
      draft.left.contains { $0.contains("as an export of memberships, team: {name: Assigned}") })
    let named = draft.text.replacing("r1: r1", with: "r1: Administrator")
    try company.write(named + CompanyPolicy.wideGuards, as: "rollcall.yaml")
    let plan = try await company.apply(night: 1)
    #expect(plan.decisions.operations.count == 3)
    let state = try company.export()
    #expect(state.contains(#""roles":[{"value":"Administrator"}]"#))
    #expect(state.contains(#""userType":"r2""#))
    #expect(try await company.plan(night: 2).operations == [])
  }
}
