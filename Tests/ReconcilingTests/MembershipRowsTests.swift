import PlanFile
import TestSupport
import Testing

@testable import Reconciling

/// Rows of one team that follow each other are taken as a whole; looked at one by one they come to the same plan.
struct MembershipRowsTests {
  /// Many more than the rows that are looked at together.
  private static let everybody: [Person] = (0..<240).map { Person("person\($0)") }
  private static let teamNames = (0..<12).map { "Team-\($0)-of-a-company" }

  /// A cell that may hold several values is looked at one by one, even where none does.
  private static func policy(separator: String) -> String {
    CompanyPolicy(
      exports: """
          teams:
            - {name: groups, path: groups.csv, content: full, mapping: {externalId: id, displayName: displayName}}
          memberships:
            - name: edges
              path: members.csv
              content: full
              team: {column: groupId, key: externalId}
              member: {column: userPrincipalName, key: userName\(separator)}
        """, sections: CompanyPolicy.wideGuards
    ).text
  }

  /// Rows team by team and row by row, some of them twice, of teams and people that are there and that are not.
  private static func rows(
    _ random: inout SeededGenerator
  ) -> [(team: String, member: String)] {
    var rows: [(team: String, member: String)] = []
    for team in teamNames + ["Nowhere"] {
      for person in everybody where Int.random(in: 0..<3, using: &random) > 0 {
        rows.append((team, person.userName))
        if Int.random(in: 0..<90, using: &random) == 0 { rows.append((team, "nobody")) }
        if Int.random(in: 0..<90, using: &random) == 0 { rows.append((team, "PERSON7")) }
      }
    }
    for _ in 0..<20 {
      let row = rows.randomElement(using: &random) ?? rows[0]
      rows.insert(row, at: Int.random(in: 0...rows.count, using: &random))
    }
    if Bool.random(using: &random) { rows.shuffle(using: &random) }
    return rows
  }

  @Test(arguments: UInt64(0)..<12)
  func planTheSameAsEachByItself(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let company = try Company(Self.policy(separator: ""))
    try company.people(Self.everybody)
    try company.teams(Self.teamNames)
    try company.memberships(Self.rows(&random))
    try await company.apply(night: 1)
    var people = Self.everybody
    // Two people swap their names, one takes over that of somebody who is gone.
    people.swapAt(3, 4)
    (people[3].userName, people[4].userName) = (people[4].userName, people[3].userName)
    people.removeLast()
    people[8].userName = Self.everybody[Self.everybody.count - 1].userName
    people.append("new")
    try company.people(people)
    try company.memberships(Self.rows(&random) + [("Team-1-of-a-company", "new")])

    let together = try await company.plan(night: 2)
    try company.write(Self.policy(separator: ", separator: \"|\""), as: "rollcall.yaml")
    let oneByOne = try await company.plan(night: 2)
    #expect(!together.operations.isEmpty)
    #expect(together.decisionBytes == oneByOne.decisionBytes, "seed \(seed)")
    #expect(together.evidence.grounds == oneByOne.evidence.grounds, "seed \(seed)")
    #expect(together.evidence.findings == oneByOne.evidence.findings, "seed \(seed)")
  }
}
