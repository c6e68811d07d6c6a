import Testing

@testable import Reconciling

/// What the scoping filters of a mapping of groups become.
struct EntraGroupScopeDraftTests {
  private typealias Schema = EntraDraftTests.Schema

  private static func draft(
    _ scope: String, mapping: [String] = []
  ) async throws -> (EntraDraft, TeamSettings) {
    let draft = try await EntraDraftTests.draft(
      Schema(groups: EntraDraftTests.groups(mapping, more: #","scope":{\#(scope)}"#)))
    return (draft, try Policy(parsing: draft.text, path: "p").teams)
  }

  private static func group(_ clauses: [(name: String, value: String)]) -> String {
    let texts = clauses.map { clause in
      EntraDraftTests.clause(
        "displayName", clause.name, clause.value.isEmpty ? "" : Schema.json(clause.value))
    }
    return #"{"clauses":[\#(texts.joined(separator: ","))]}"#
  }

  @Test(
    arguments: [
      ("EQUALS", "Sales", "Sales", nil), ("NOT EQUALS", "Sales", nil, "Sales"),
      ("Includes", "SG", "*SG*", nil), ("ENDS_WITH", " (ext)", "* (ext)", nil),
      ("REGEX MATCH", "^SG-.*$", "SG-*", nil), ("REGEX MATCH", "SG", "*SG*", nil),
      ("REGEX MATCH", #"^A\.B.*C$"#, "A.B*C", nil), ("NOT REGEX MATCH", "^Test-", nil, "Test-*"),
    ] as [(String, String, String?, String?)])
  func aClauseOfNamesIsAPattern(
    name: String, value: String, include: String?, exclude: String?
  ) async throws {
    let (draft, teams) = try await Self.draft(#""groups":[\#(Self.group([(name, value)]))]"#)
    #expect(teams.include?.map(\.text) == include.map { [$0] })
    #expect(teams.exclude.map(\.text) == (exclude.map { [$0] } ?? []))
    #expect(
      draft.text.contains("# NOTE the scope of groups in Entra: displayName \(name) \(value)."))
  }

  @Test func groupsOfClausesAreAlternatives() async throws {
    let one = Self.group([("Includes", "SG"), ("NOT EQUALS", "SG-Test"), ("IS NOT NULL", "")])
    let other = Self.group([("EQUALS", "Sales"), ("NOT EQUALS", "SG-Test")])
    let (_, teams) = try await Self.draft(#""groups":[\#(one),\#(other)]"#)
    #expect(teams.include?.map(\.text) == ["*SG*", "Sales"])
    #expect(teams.exclude.map(\.text) == ["SG-Test"])
    let (_, both) = try await Self.draft(
      #""groups":[\#(Self.group([("Includes", "SG")]))],"inputFilterGroups":[\#(Self.group([("NOT EQUALS", "SG-x")]))]"#
    )
    #expect(both.include?.map(\.text) == ["*SG*"])
    #expect(both.exclude.map(\.text) == ["SG-x"])
  }

  /// Half a scope would be another scope.
  @Test(arguments: [
    #""groups":[{"clauses":[\#(EntraDraftTests.clause("mail", "IS NOT NULL"))]}]"#,
    #""groups":[\#(group([("Includes", "a"), ("ENDS_WITH", "b")]))]"#,
    #""groups":[\#(group([("Includes", "a")])),\#(group([("NOT EQUALS", "b")]))]"#,
    #""groups":[\#(group([("Includes", "a")])),\#(group([("Includes", "c"), ("NOT EQUALS", "b")]))]"#,
    #""groups":[\#(group([("EQUALS", "a*b")]))]"#,
    #""groups":[\#(group([("REGEX MATCH", "^(a|b)")]))]"#,
    #""groups":[\#(group([("REGEX MATCH", "ab?")]))]"#,
    #""groups":[\#(group([("REGEX MATCH", "a.b")]))]"#,
    #""categoryFilterGroups":[{}]"#,
  ])
  func whatNoPatternSaysLetsNoTeamIn(scope: String) async throws {
    let (draft, teams) = try await Self.draft(scope)
    #expect(!teams.selects("Sales") && !teams.selects("a"))
    let sentence = try #require(draft.left.first { $0.hasPrefix("the scope of groups") })
    #expect(draft.text.contains("  # NOT CARRIED OVER \(sentence)\n  include:"))
  }

  @Test func teamsThatAreCalledOtherwiseHaveNoPatterns() async throws {
    let text = Schema(
      groups: EntraDraftTests.groups(
        [], more: #","scope":{"groups":[\#(Self.group([("Includes", "SG")]))]}"#)
    ).text.replacing(
      Schema.attribute("displayName", "displayName", priority: 1),
      with: Schema.function(#"Append([displayName], "!")"#, "displayName", priority: 1))
    let company = try Company()
    try company.write(text, as: "schema.json")
    let draft = try EntraDraft(contentsOf: company.path("schema.json"), exports: [])
    #expect(
      draft.left.contains { $0.contains("teams are not called as in the column displayName") })
  }
}
