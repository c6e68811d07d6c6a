import Identity
import Mapping
import PlanFile
import Reading
import Testing

@testable import Reconciling

struct PolicyTests {
  let complete = Result { try Policy(parsing: CompletePolicy.text, path: "job/rollcall.yaml") }

  @Test func everyKeyOfTheCompletePolicyIsRead() throws {
    let policy = try complete.get()
    #expect(policy.notes.isEmpty)
    #expect(
      policy.exports.all.map(\.name) == [
        "entra-users", "hr", "entra-groups", "entra-members", "sales", "by-file", "by-column",
      ])
    let users = try #require(policy.exports.people.first).settings
    #expect(users.formerly == ["azure-users"])
    #expect(users.path == "exports/users*.csv")
    #expect(users.content == .full)
    #expect(users.preset == .entra)
    #expect(users.delimiter.byte == UInt8(ascii: ","))
    #expect(users.encoding == .utf8)
    #expect(users.header == nil)
    #expect(users.removed == nil)
    #expect(users.line == 10)
    #expect(policy.exports.people.first?.scope?.filter?.columns == ["userType"])
    #expect(policy.exports.people.first?.scope?.leaving == .leaver)
    let hr = try #require(policy.exports.people.last).settings
    #expect(hr.content == .delta)
    #expect(hr.preset == .none)
    #expect(hr.delimiter == .semicolon)
    #expect(hr.encoding == .windows1252)
    #expect(hr.header?.count == 7)
    #expect(hr.removed?.columns == ["Change"])
    #expect(hr.removed?.values == ["deleted", "left"])
    #expect(hr.sequence?.capture(in: "hr-0041.csv") == "0041")
    #expect(policy.matching.memberKeys == [.externalID, .userName])
    #expect(policy.matching.adoptMembers == [.externalID])
    #expect(policy.matching.adoptTeams == [.displayName])
    #expect(
      policy.matching.merge
        == .authority(["hr", "entra-users"], attributes: [.displayName: "entra-users"]))
    #expect(policy.matching.memberships == .exactIn(["Team A", "Team B"]))
    #expect(policy.lifecycle.leavers.stripTeams == .after(14))
    #expect(policy.lifecycle.leavers.delete == .never)
    #expect(policy.lifecycle.leavers.minInterval == .seconds(20 * 3600))
    #expect(policy.lifecycle.maxHeld == .seconds(3 * 86_400))
    #expect(policy.guards[.removals] == GuardLimit(count: 200, percent: 5, floor: 5))
    #expect(policy.protected.members.map(\.text) == ["breakglass@contoso.com", "svc-*"])
    #expect(policy.protected.teams.map(\.text) == ["Admins"])
    #expect(policy.health.recordFall == 10)
    #expect(policy.health.keyChurn == 8)
    #expect(policy.health.filledChange == 12)
    #expect(policy.health.valueChange == 6)
    #expect(policy.health.maxAge == .seconds(26 * 3600))
    #expect(policy.health.onUnreliable == .updates)
    let trusted = try #require(policy.exports.people.first).settings
    #expect(trusted.trailer?.text == #"TRL,(\d+)"#)
    #expect(trusted.trailer?.extra == 2)
    #expect(trusted.manifest == "exports/SHA256SUMS")
    #expect(trusted.maxAge == .seconds(20 * 3600))
    #expect(policy.expressions.strict == .entra)
    #expect(policy.expressions.defaultDomain == "contoso.com")
  }

  @Test func eachWayToNameATeamIsRead() throws {
    let teams = try complete.get().exports.memberships.map(\.team)
    try #require(teams.count == 4)
    #expect(teams[1] == .name("Sales"))
    #expect(teams.map(\.key) == [.externalID, .displayName, .displayName, .displayName])
    guard case .fileName(let pattern, _) = teams[2], case .reference(let column) = teams[3] else {
      Issue.record("\(teams)")
      return
    }
    #expect(pattern.capture(in: "exportGroupMembers_Sales & More.csv") == "Sales & More")
    #expect(column.columns == ["groups"])
    #expect(column.separator == ";")
  }

  @Test func theSmallestPolicyHasCarefulDefaults() throws {
    let policy = try Policy(
      parsing: """
        preset: entra
        exports:
          people:
            - { name: users, path: users.csv, content: full }
        """, path: "rollcall.yaml")
    #expect(policy.state == "rollcall.db")
    #expect(policy.reports == "Reports")
    #expect(policy.matching.memberKeys == [.externalID, .userName])
    #expect(policy.matching.teamKeys.isEmpty)
    #expect(policy.matching.adoptMembers.isEmpty)
    #expect(policy.matching.merge == .off)
    #expect(policy.matching.memberships == .additive)
    #expect(policy.lifecycle == .standard)
    #expect(policy.lifecycle.leavers.deactivate == .after(1))
    #expect(policy.lifecycle.leavers.stripTeams == .never)
    #expect(policy.lifecycle.reactivate == .ours)
    #expect(!policy.lifecycle.createDisabled)
    for name in GuardName.allCases { #expect(policy.guards[name] == name.defaultLimit) }
    #expect(policy.health.onUnreliable == .updates)
    #expect(policy.exports.people.first?.settings.toleratedLines == 0)
  }

  @Test func pathsStartInTheFolderOfThePolicyFile() throws {
    let policy = try complete.get()
    #expect(policy.statePath == "job/rollcall.db")
    #expect(policy.reportsPath == "job/Reports")
    #expect(policy.resolved("/data/users.csv") == "/data/users.csv")
    let here = try Policy(parsing: CompletePolicy.text, path: "rollcall.yaml")
    #expect(here.resolved("exports/users.csv") == "exports/users.csv")
  }

  @Test func anExportsMappingLiesOverTheSharedOneAndThatOverThePreset() throws {
    let policy = try complete.get()
    let users = try #require(policy.exports.people.first)
    let rules = Dictionary(
      uniqueKeysWithValues: policy.effectiveMapping(for: users).map { ($0.path.description, $0) })
    #expect(rules["userName"]?.origin == .preset)
    #expect(rules["userName"]?.line == nil)
    #expect(rules["userName"]?.source == .columns(["userPrincipalName", "UserPrincipalName"]))
    #expect(rules["title"]?.origin == .policy)
    #expect(rules["title"]?.whenEmpty == .clear)
    #expect(rules["userType"]?.source == .constant("Employee"))
    #expect(rules["nickName"]?.line == 23)
    #expect(rules["timezone"]?.apply == .onCreate)
    #expect(rules["timezone"]?.defaultValue == "UTC")
    guard case .expression(let program) = rules["name.formatted"]?.source else {
      Issue.record("the full name is not worked out")
      return
    }
    #expect(program.columns == ["givenName", "surname"])
    #expect(rules["locale"]?.whenEmpty == .clear)
    #expect(rules["active"]?.vocabulary?.meaning(of: "TRUE") == true)
    #expect(rules["active"]?.vocabulary?.meaning(of: "Yes") == nil)

    let hr = try #require(policy.exports.people.last)
    #expect(
      policy.effectiveMapping(for: hr).map(\.path.description) == [
        "active", "displayName", "externalId",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "userName",
        "userType",
      ])
    let active = try #require(hr.mapping.first { $0.path == .active }?.vocabulary)
    #expect(active.meaning(of: "On leave") == true)
    #expect(active.meaning(of: "a") == nil)
  }

  @Test func attributesAreTheUnionOverTheExports() throws {
    let policy = try complete.get()
    let members = policy.attributeSet(for: .members)
    let paths = members.attributes.map(\.path.description)
    #expect(paths.contains("nickName"))
    #expect(paths.contains("title"))
    #expect(members.attributes.filter { $0.kind == .boolean }.map(\.path) == [.active])
    #expect(policy.attributeSet(for: .teams).attributes.map(\.path) == [.displayName, .externalID])
  }
}
