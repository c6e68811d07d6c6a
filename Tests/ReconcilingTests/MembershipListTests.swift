import PlanFile
import TestSupport
import Testing

@testable import Reconciling

/// A list that a JSON export leaves out, or tells in part, takes nobody out of a team.
struct MembershipListTests {
  private static func company() throws -> Company {
    let company = try Company(
      """
      state: rollcall.db
      exports:
        people:
          - {name: staff, path: users.json, content: full, preset: entra}
        teams:
          - {name: groups, path: groups.json, content: full, preset: entra}
        memberships:
          - {name: members, path: groups.json, content: full, preset: entra}
      \(CompanyPolicy.wideGuards)
      """)
    let people = (1...6).map {
      #"{"id":"p\#($0)","userPrincipalName":"p\#($0)@x","accountEnabled":true}"#
    }
    try company.write(#"{"value":[\#(people.joined(separator: ","))]}"#, as: "users.json")
    return company
  }

  /// `lists` has what stands behind the name of each of the two groups.
  private static func write(_ lists: [String], to company: Company) throws {
    let groups = lists.enumerated().map { number, list in
      #"{"id":"g\#(number)","displayName":"Team \#(number)"\#(list)}"#
    }
    try company.write(#"{"value":[\#(groups.joined(separator: ","))]}"#, as: "groups.json")
  }

  private static func list(_ members: [Int]) -> String {
    #","members":[\#(members.map { #"{"id":"p\#($0)"}"# }.joined(separator: ","))]"#
  }

  private static func settled() async throws -> Company {
    let company = try company()
    try write([list([1, 2, 3]), list([4, 5])], to: company)
    try await company.apply(night: 1)
    return company
  }

  @Test func aListThatIsNotThereSaysNothing() async throws {
    let company = try await Self.settled()
    try Self.write(["", Self.list([4])], to: company)
    let plan = try await company.plan(night: 2)
    #expect(plan.operations == ["remove-membership Team 1 - p5@x"])
    #expect(plan.decisions.holds.map(\.subject) == ["team Team 0"])
  }

  private static let noLists = [
    "null", "[null]", #"["p1","p2"]"#, "[1]", #""""#, #""p1""#, "false", "{}",
    #"[{"id":"p1"},"p2"]"#,
  ]

  @Test(arguments: noLists)
  func aListOfSomethingElseSaysNothing(list: String) async throws {
    let company = try await Self.settled()
    try Self.write([#","members":\#(list)"#, Self.list([4])], to: company)
    let plan = try await company.plan(night: 2)
    #expect(plan.operations == ["remove-membership Team 1 - p5@x"])
    #expect(plan.decisions.holds.map(\.subject) == ["team Team 0"])
  }

  /// Lines that look alike are read in another way than a document.
  @Test(arguments: noLists)
  func aListOfSomethingElseInLinesSaysNothing(list: String) async throws {
    let company = try await Self.settled()
    let lines = [#","members":\#(list)"#, Self.list([4])].enumerated().map { number, list in
      #"{"id":"g\#(number)","displayName":"Team \#(number)"\#(list)}"# + "\n"
    }
    try company.write(lines.joined(), as: "groups.json")
    let plan = try await company.plan(night: 2)
    #expect(plan.operations == ["remove-membership Team 1 - p5@x"])
  }

  @Test func anEmptyListSaysThatNobodyIsInTheTeam() async throws {
    let company = try await Self.settled()
    try Self.write([Self.list([]), Self.list([4, 5])], to: company)
    let plan = try await company.plan(night: 2)
    #expect(plan.operations.count == 3)
    #expect(plan.decisions.holds == [])
  }

  /// Where people name their teams, it is their list that may not be there.
  @Test func aPersonWithoutAListOfTeamsStaysInThem() async throws {
    let company = try Company(
      """
      state: rollcall.db
      exports:
        people:
          - {name: staff, path: users.json, content: full}
        teams:
          - {name: groups, path: groups.csv, content: full}
        memberships:
          - name: by-user
            path: users.json
            content: full
            team: {column: groups, key: displayName}
            member: {column: id, key: externalId}
      mapping:
        members: {externalId: id, userName: login}
        teams: {externalId: id, displayName: displayName}
      \(CompanyPolicy.wideGuards)
      """)
    try company.teams(["Sales", "Mail"])
    let both = #","groups":["Sales","Mail"]"#
    func write(_ ann: String, _ bob: String) throws {
      try company.write(
        #"""
        [{"id":"1","login":"ann"\#(ann)},{"id":"2","login":"bob"\#(bob)},
         {"id":"3","login":"cy"\#(both)}]
        """#, as: "users.json")
    }
    try write(both, both)
    try await company.apply(night: 1)
    try write("", #","groups":["Sales"]"#)
    let plan = try await company.plan(night: 2)
    #expect(plan.operations == ["remove-membership Mail - bob"])
    #expect(plan.findings["edge.withheld"] == 2)
  }

  @Test func aListThatGoesOnElsewhereAddsAndTakesNobodyOut() async throws {
    let company = try await Self.settled()
    let link = #","members@odata.nextLink":"https://graph.example/next""#
    try Self.write([Self.list([1, 6]) + link, Self.list([4, 5])], to: company)
    let plan = try await company.apply(night: 2)
    #expect(plan.operations == ["add-membership Team 0 + p6@x"])
    #expect(plan.decisions.holds.map(\.subject) == ["team Team 0"])
    // A link that comes and goes is no other kind of file.
    try Self.write([Self.list([1, 6]), Self.list([4, 5])], to: company)
    let whole = try await company.plan(night: 3)
    #expect(whole.isReliable("members") == true)
    #expect(whole.operations.count == 2)
  }
}
