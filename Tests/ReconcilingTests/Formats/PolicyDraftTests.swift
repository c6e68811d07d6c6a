import Foundation
import PlanFile
import Reading
import TestSupport
import Testing

@testable import Reconciling

/// What `init` writes for exports of every kind.
struct PolicyDraftTests {
  @Test(arguments: [
    ["graph-users.json", "graph-groups.json"], ["okta-users.json"], ["google-users.json"],
    ["keycloak-realm.json"], ["aws-users.json", "aws-groups.json", "aws-memberships.json"],
    ["invicti-members.json", "invicti-teams.json"], ["scim-users.json", "scim-groups.jsonl"],
    ["active-directory.ldif"], ["openldap.ldif"], ["openldap.dsml"], ["workday.xml"],
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

  /// One file of a directory holds people, teams and who is in them.
  @Test(arguments: [
    ("active-directory.ldif", "active-directory", 1, 1), ("openldap.ldif", "openldap", 2, 3),
    ("openldap.dsml", "openldap", 2, 3),
  ])
  func aDraftForADirectoryHasItsTeamsToo(
    file: String, preset: String, teams: Int, memberships: Int
  ) async throws {
    let sample = try SampleExports("  people: []")
    let text = try await Self.check([file], in: sample.company)
    #expect(text.components(separatedBy: "preset: \(preset)").count == 4)
    let operations = try await sample.company.plan(night: 1).operations
    #expect(operations.count { $0.hasPrefix("create-team") } == teams)
    #expect(operations.count { $0.hasPrefix("add-membership") } == memberships, "\(operations)")
  }

  /// A file of members is of one group, which only its name, or that there is but one, can tell.
  @Test(arguments: ["Sales-members.json", "google-members.json"])
  func googlesFilesArePeopleTeamsAndMemberships(members: String) async throws {
    let sample = try SampleExports("  people: []")
    let company = sample.company
    try company.write(
      #"{"kind":"admin#directory#groups","groups":[{"kind":"admin#directory#group","id":"g1","#
        + #""email":"sales@x.org","name":"Sales","directMembersCount":"1"}]}"#, as: "groups.json")
    if members != "google-members.json" {
      try company.write(company.read("google-members.json"), as: members)
    }
    let text = try await Self.check(["google-users.json", "groups.json", members], in: company)
    #expect(text.components(separatedBy: "preset: google").count == 4)
    #expect(text.contains("team: {name: Sales}"))
    #expect(
      try await company.plan(night: 1).operations == [
        "add-membership Sales + ada.berg@contoso.com", "create-member ada.berg@contoso.com",
        "create-team Sales",
      ])
  }

  @Test func membersOfAGroupThatNobodyNamesAreAComment() async throws {
    let sample = try SampleExports("  people: []")
    let text = try await Self.check(
      ["google-users.json", "google-members.json"], in: sample.company)
    #expect(text.contains("google-members.json: the members of one group, which the file does not"))
    #expect(text.contains("  # memberships:\n  #   - name: google-members\n"))
    #expect(try await sample.company.plan(night: 1).operations.count == 1)
    try sample.company.write(
      sample.company.read("google-members.json"), as: "members of buying.json")
    let named = try await Self.check(
      ["google-users.json", "members of buying.json"], in: sample.company)
    #expect(named.contains(#"team: {name: "of buying"}"#))
  }

  private static let users =
    #""users":[{"id":"k1","username":"ann","enabled":true,"groups":["/eng"]},{"id":"k2","username":"bo","enabled":true}]"#

  /// A realm has no times of creation where somebody has taken them out.
  @Test func aRealmHasTeamsAndMemberships() async throws {
    let company = try Company()
    try company.write(
      #"{"realm":"r","groups":[{"id":"g1","name":"eng","path":"/eng","subGroups":"#
        + #"[{"id":"g2","name":"core","path":"/eng/core","subGroups":[]}]}],\#(Self.users)}"#,
      as: "realm.json")
    let text = try await Self.check(["realm.json"], in: company)
    #expect(text.components(separatedBy: "preset: keycloak").count == 4)
    #expect(text.contains("name: realm-members"))
    #expect(
      try await company.plan(night: 1).operations == [
        "add-membership /eng + ann", "create-member ann", "create-member bo", "create-team /eng",
        "create-team /eng/core",
      ])
  }

  @Test(arguments: [
    (#"{"realm":"r",\#(users)}"#, "and it has no list of groups"),
    (#"{"realm":"r","users":[{"id":"k1","username":"ann"}]}"#, "no groups are in it"),
    (#"[{"id":"k1","username":"ann","requiredActions":[]}]"#, "no groups are in it"),
    (
      #"{"realm":"r","groups":[{"id":"g","name":"e","path":"/e"}],"users":[{"id":"k1","username":"ann"}]}"#,
      "its users do not name their groups"
    ),
  ])
  func whatARealmLacksIsSaid(text: String, comment: String) async throws {
    let company = try Company()
    try company.write(text, as: "realm.json")
    let policy = try await Self.check(["realm.json"], in: company)
    #expect(policy.contains("preset: keycloak"))
    #expect(policy.contains(comment), "\(policy)")
  }

  @Test func usersOfOthersAreNoRealm() async throws {
    let company = try Company()
    try company.write(#"{"users":[{"id":"k1","username":"ann"}]}"#, as: "users.json")
    let policy = try await Self.check(["users.json"], in: company)
    #expect(!policy.contains("keycloak"))
  }

  @Test func aReportOfWorkdayHasAPreset() async throws {
    let sample = try SampleExports("  people: []")
    let text = try await Self.check(["workday.xml"], in: sample.company)
    #expect(text.contains("preset: workday"))
    try await sample.company.apply(night: 1)
    let state = try sample.company.export()
    #expect(state.contains(#""displayName":"Ada Berg""#))
    #expect(state.contains(#""employeeNumber":"21001""#))
    try sample.company.write(
      "Employee ID,Worker,User Name,Work Email,Business Title,Worker Status,Company\n"
        + "7,Ann Lee,ann,ann@x,Buyer,Active,Contoso\n8,Bo,bo,bo@x,,Terminated,Contoso\n",
      as: "workers.csv")
    let csv = try await Self.check(["workers.csv"], in: sample.company)
    #expect(csv.contains("preset: workday"))
    let plan = try await sample.company.plan(night: 1)
    #expect(plan.operations.contains("create-member ann"), "\(plan.operations)")
    #expect(!plan.operations.contains("create-member bo"))
  }

  @Test func aDraftOfADeltaSaysSo() async throws {
    let sample = try SampleExports("  people: []")
    let text = try await Self.draft(["graph-users-delta.json"], in: sample.company)
    #expect(text.contains("content: delta"))
  }

  private static let graph = #""@odata.context":"https://graph.microsoft.com/v1.0/$metadata#"#

  /// What has changed may be nothing that only people have, so it is the page that tells.
  @Test(arguments: [("users(displayName,id)", "people"), ("groups", "teams")])
  func aDeltaOfGraphIsWhatItsPageSays(collection: String, section: String) async throws {
    let company = try Company()
    try company.write(
      #"{\#(Self.graph)\#(collection)","value":[{"id":"1","displayName":"Ann"},"#
        + #"{"id":"2","@removed":{"reason":"changed"}}]}"#, as: "a.json")
    let text = try await Self.draft(["a.json"], in: company)
    #expect(text.contains("exports:\n  \(section):\n    - name: a\n"), "\(text)")
    #expect(text.contains("content: delta"))
  }

  @Test func aDeltaThatCouldBeOfPeopleOrGroupsIsNotGuessed() async throws {
    let company = try Company()
    try company.write(
      #"[{"id":"1","displayName":"Ann"},{"id":"2","@removed":{"reason":"changed"}}]"#, as: "a.json")
    let exports = try await ExportInspector(jobs: 1).inspect([company.path("a.json")])
    #expect(exports[0].kind == nil)
  }

  /// `/groups/{id}/members` has what `/users` has, but it is not everybody.
  @Test func membersOfAGroupOfGraphAreNotAllPeople() async throws {
    let company = try Company()
    let ann = #""id":"1","userPrincipalName":"ann@x","displayName":"Ann""#
    try company.write(
      #"{\#(Self.graph)users","value":[{\#(ann)},{"id":"2","userPrincipalName":"bo@x"}]}"#,
      as: "users.json")
    try company.write(
      #"{\#(Self.graph)groups","value":[{"id":"g","displayName":"Sales","groupTypes":[]}]}"#,
      as: "groups.json")
    try company.write(
      ##"{\##(Self.graph)directoryObjects","value":[{"@odata.type":"#microsoft.graph.user",\##(ann)}]}"##,
      as: "page.json")
    _ = try await Self.check(["users.json", "groups.json", "page.json"], in: company)
    #expect(
      try await company.plan(night: 1).operations == [
        "add-membership Sales + ann@x", "create-member ann@x", "create-member bo@x",
        "create-team Sales",
      ])
  }

  /// Its operations are about people and groups.
  @Test func aBulkRequestHasTeamsAndMembershipsToo() async throws {
    let company = try Company()
    try company.write(
      #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":["#
        + #"{"method":"POST","path":"/Users","bulkId":"a","data":{"userName":"ann","externalId":"1"}},"#
        + #"{"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"Sales","#
        + #""externalId":"g","members":[{"value":"bulkId:a"}]}}]}"#, as: "requests.json")
    let text = try await Self.check(["requests.json"], in: company)
    #expect(text.components(separatedBy: "preset: scim").count == 4)
    #expect(text.components(separatedBy: "content: delta").count == 4)
    #expect(
      try await company.plan(night: 1).operations == [
        "add-membership Sales + ann", "create-member ann", "create-team Sales",
      ])
  }

  /// Nothing but its records says that a file of LDIF holds changes.
  @Test(arguments: ["add", "delete"])
  func changesOfADirectoryAreADelta(first: String) async throws {
    let company = try Company()
    let add =
      "dn: uid=ann,dc=x\nchangetype: add\nobjectClass: inetOrgPerson\nuid: ann\ncn: Ann\nsn: Lee\n\n"
    let delete = "dn: uid=bo,dc=x\nchangetype: delete\n\n"
    try company.write(first == "add" ? add + delete : delete + add, as: "a.dat")
    let text = try await Self.draft(["a.dat"], in: company)
    #expect(text.contains("content: delta"))
    #expect(text.contains("preset: openldap"))
  }

  /// Whoever looks at all attributes meets photographs, which make nobody unreadable.
  @Test func aPhotographIsNoReasonToSetAnEntryAside() async throws {
    let company = try Company()
    try company.write(
      "dn: uid=ann,dc=x\nobjectClass: inetOrgPerson\nuid: ann\ncn: Ann\njpegPhoto:: /9j/4AAQSkZJRgABAQ==\n\n",
      as: "a.ldif")
    let export = try await ExportInspector(jobs: 1).inspect([company.path("a.ldif")])[0]
    #expect(export.content.quarantinedCount == 0)
    #expect(export.content.recordCount == 1)
  }

  /// What Rollcall itself exports is such a file.
  @Test func aFileOfUsersAndGroupsHasTeamsAndMembershipsToo() async throws {
    let company = try Company()
    let schema = "urn:ietf:params:scim:schemas:core:2.0"
    try company.write(
      #"{"totalResults":3,"Resources":[{"schemas":["\#(schema):User"],"id":"1","userName":"ann"},"#
        + #"{"schemas":["\#(schema):User"],"id":"2","userName":"bo"},"#
        + #"{"schemas":["\#(schema):Group"],"id":"3","displayName":"Sales","members":[{"value":"1"}]}]}"#,
      as: "all.json")
    let text = try await Self.check(["all.json"], in: company)
    #expect(text.components(separatedBy: "preset: scim").count == 4)
    #expect(text.contains("2 records\n") && text.contains("1 record\n"))
    let plan = try await company.plan(night: 1)
    #expect(
      plan.operations == [
        "add-membership Sales + ann", "create-member ann", "create-member bo", "create-team Sales",
      ])
    #expect(plan.isReliable("all") == true)
    #expect(plan.evidence.inputs.map(\.preset) == ["scim", "scim", "scim"])
  }

  @Test func aRealmInSeveralFilesHasMemberships() async throws {
    let company = try Company()
    try company.write(
      #"{"realm":"r","groups":[{"id":"g1","name":"eng","path":"/eng","subGroups":[]}]}"#,
      as: "r-realm.json")
    try company.write(#"{"realm":"r",\#(Self.users)}"#, as: "r-users-0.json")
    let text = try await Self.check(["r-realm.json", "r-users-*.json"], in: company)
    #expect(!text.contains("no list of groups"))
    #expect(
      try await company.plan(night: 1).operations.contains("add-membership /eng + ann"), "\(text)")
  }

  @Test func theUsersOfAGroupOfOktaAreNotAllPeople() async throws {
    let company = try Company()
    func user(_ name: String) -> String {
      #"{"id":"\#(name)","status":"ACTIVE","profile":{"login":"\#(name)@x","email":"\#(name)@x"}}"#
    }
    try company.write("[\(user("ann")),\(user("bo"))]", as: "users.json")
    try company.write(
      #"[{"id":"g1","type":"OKTA_GROUP","profile":{"name":"Sales"}}]"#, as: "groups.json")
    try company.write("[\(user("bo"))]", as: "g1.json")
    _ = try await Self.check(["users.json", "groups.json", "g1.json"], in: company)
    #expect(
      try await company.plan(night: 1).operations == [
        "add-membership Sales + bo@x", "create-member ann@x", "create-member bo@x",
        "create-team Sales",
      ])
  }

  @Test func entriesThatAreGroupsOnlyAreTeams() async throws {
    let company = try Company()
    try company.write(
      "dn: uid=ann,dc=x\nobjectClass: inetOrgPerson\nuid: ann\ncn: Ann\nsn: A\nentryUUID: 1\n\n",
      as: "people.ldif")
    try company.write(
      "dn: cn=Sales,dc=x\nobjectClass: groupOfNames\ncn: Sales\nentryUUID: g\nmember: uid=ann,dc=x\n\n",
      as: "groups.ldif")
    _ = try await Self.check(["people.ldif", "groups.ldif"], in: company)
    #expect(
      try await company.plan(night: 1).operations == [
        "add-membership Sales + ann", "create-member ann", "create-team Sales",
      ])
  }

  @Test func groupsAndResourcesAreKnownByTheirFields() async throws {
    let company = try Company()
    try company.write(
      #"{"Resources":[{"id":"1","userName":"ann","name":{"givenName":"Ann"}}],"totalResults":1}"#,
      as: "users.json")
    try company.write(
      #"{"value":[{"id":"g","displayName":"Sales","members":[{"id":"1"}]}]}"#, as: "groups.json")
    try company.write(
      #"{\#(Self.graph)users","@odata.deltaLink":"https://x","value":[{"id":"1","userPrincipalName":"a@x"}]}"#,
      as: "delta.json")
    let exports = try await ExportInspector(jobs: 1).inspect(
      ["users.json", "groups.json", "delta.json"].map { company.path($0) })
    #expect(exports.map(\.preset) == [.scim, .entra, .entra])
    #expect(exports.map(\.isDelta) == [false, false, true])
  }

  @Test func teamsWithoutPeopleHaveNoMemberships() async throws {
    let company = try Company()
    try company.write(
      #"{"TotalItemCount":1,"List":[{"Id":"1","Name":"Sales","Members":[]}]}"#, as: "teams.json")
    let text = try await Self.draft(["teams.json"], in: company)
    #expect(text.contains("preset: invicti"))
    #expect(text.contains("  # Memberships need an export of the people whom they name.\n"))
    try company.write(text, as: "rollcall.yaml")
    #expect(try await company.plan(night: 1).operations == ["create-team Sales"])
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
