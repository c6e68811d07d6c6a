import Identity
import Testing

@testable import Reconciling

/// What the people and teams of an Entra job are matched by.
struct EntraSectionTests {
  private typealias Schema = EntraDraftTests.Schema

  /// Entra finds a pair of groups again by the object id, too, once it has matched.
  @Test func theObjectIDIsTheFirstKeyOfTeams() async throws {
    func keys(_ mappings: [String]) async throws -> ([String], String) {
      let draft = try await EntraDraftTests.draft(Schema(groups: EntraDraftTests.groups(mappings)))
      let policy = try Policy(parsing: draft.text, path: "p")
      return (policy.matching.teamKeys.map(\.description), draft.text)
    }
    let (withID, text) = try await keys([Schema.attribute("objectId", "externalId")])
    #expect(withID == ["externalId", "displayName"])
    #expect(text.contains("# Groups by Entra's matching precedence: displayName."))
    #expect(text.contains("so that another displayName is a change and no new team"))
    #expect(text.contains("teams: [externalId, displayName]}"))
    let (other, note) = try await keys([Schema.attribute("mail", "externalId")])
    #expect(other == ["displayName"])
    #expect(note.contains("another\n  # displayName looks like one team gone and another one new"))
    let (stated, _) = try await keys([
      Schema.attribute("objectId", "externalId", priority: 2)
    ])
    #expect(stated == ["externalId", "displayName"])
  }

  @Test func aGroupThatIsRenamedStaysOneTeam() async throws {
    let company = try Company()
    try company.write(
      Schema(groups: EntraDraftTests.groups([Schema.attribute("objectId", "externalId")])).text,
      as: "schema.json")
    try company.write("id,userPrincipalName\n1,ann\n", as: "users.csv")
    try company.write("id,displayName,groupType\ng1,Sales,Security\n", as: "groups.csv")
    let exports = try await ExportInspector(jobs: 1).inspect(
      ["users.csv", "groups.csv"].map { company.path($0) })
    let draft = try EntraDraft(contentsOf: company.path("schema.json"), exports: exports)
    try company.write(draft.text, as: "rollcall.yaml")
    try await company.apply(night: 1)
    try company.write("id,displayName,groupType\ng1,Selling,Security\n", as: "groups.csv")
    let plan = try await company.plan(night: 2)
    #expect(plan.operations == ["update-team Sales: displayName Sales → Selling"])
  }
}
