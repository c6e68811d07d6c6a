import Foundation
import Testing

/// Managers, teams from rules and roles, from the files to what a person reads.
struct TeamCommandTests {
  private static let policy = """
    exports:
      people:
        - {name: staff, path: users.csv, content: full}
      teams:
        - {name: groups, path: groups.csv, content: full, mapping: {externalId: id, displayName: name}}
      memberships:
        - name: members
          path: members.csv
          content: full
          team: {column: group, key: externalId}
          member: {column: member, key: externalId}
    mapping:
      members:
        externalId: id
        userName: mail
        urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager: {column: manager, key: externalId}
        urn:contoso:hr:1.0:User:badge: {column: badge, type: integer}
    teams:
      rename: {"SG-*": "*"}
      exclude: ["*-Test"]
      nested: flatten
      rules:
        Engineering: 'department eq "Engineering"'
      roles:
        Admins: [Administrator]

    """

  private func job() throws -> SmallJob {
    let job = try SmallJob()
    try job.write(Self.policy, as: "rollcall.yaml")
    try job.write(
      """
      id,mail,department,manager,badge
      1,ann@x.com,Engineering,2,007
      2,bob@x.com,Sales,1,8
      3,cy@x.com,Sales,9,9

      """, as: "users.csv")
    try job.write("id,name\nA,SG-Admins\nB,SG-Board\nT,SG-Test\n", as: "groups.csv")
    try job.write("group,member\nA,B\nB,A\nA,1\nT,2\nB,2\n", as: "members.csv")
    return job
  }

  @Test func aPlanTellsWhatComesAndWhy() throws {
    let job = try job()
    let plan = try job.run("plan", "--out", "a.plan")
    #expect(plan.code == 0, "\(plan.complaints)")
    #expect(
      plan.output.contains(
        "The urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value of "
          + "cy@x.com names 9, who is no member; what it has stays as it is."))
    #expect(plan.output.contains("Teams contain each other in a circle (Admins, Board)"))
    let show = try job.run("show", "a.plan")
    #expect(show.output.contains("+ create Engineering   joiner · teams.rules · rollcall.yaml:"))
    #expect(
      show.output.contains("> joins ann@x.com   [grant] listed · memberships, roles: Administrator")
    )
    #expect(show.output.contains("urn:rollcall:scim:1.0:Group:roles: \"Administrator\""))
    #expect(!show.output.contains("SG-"))
  }

  @Test func theStateHoldsIdsAndNumbers() throws {
    let job = try job()
    #expect(try job.run("apply").code == 0)
    #expect(try job.run("plan", "--detailed-exitcode", night: 2).code == 0)
    let state = try job.run("export", "--format", "scim")
    #expect(state.output.contains("\"badge\":7"))
    let list = try #require(
      try JSONSerialization.jsonObject(with: Data(state.output.utf8)) as? [String: Any])
    let bob = (list["Resources"] as? [[String: Any]])?.first {
      $0["userName"] as? String == "bob@x.com"
    }
    let id = try #require(bob?["id"] as? String)
    #expect(state.output.contains("\"manager\":{\"value\":\"\(id)\"}"))
    let history = try job.run("history", night: 2)
    #expect(history.code == 0 && history.output.contains("applied"))
  }

  @Test func checkNamesTheKeyOfAReference() throws {
    let run = try job().run("check")
    #expect(run.code == 0)
    #expect(run.output.contains("← manager, which is another member's externalId"))
    #expect(!run.output.contains("columns not used"))
  }

  @Test func aRuleWithoutItsColumnIsAnErrorOfCheck() throws {
    let job = try job()
    try job.write(Self.policy.replacing("department eq", with: "departmnt eq"), as: "rollcall.yaml")
    let run = try job.run("check")
    #expect(run.code != 0)
    #expect((run.output + run.complaints).contains("Did you mean department?"))
    let plan = try job.run("plan")
    #expect(plan.code == 3)
    #expect(plan.complaints.contains("by which the rule of team Engineering is decided"))
  }
}
