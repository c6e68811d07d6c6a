import Foundation
import Identity
import PlanFile
import Testing

@testable import Reconciling

/// The current state, written out.
struct StateExportTests {
  /// Three people with awkward values in two teams; one of them has left.
  private static func company() async throws -> Company {
    let company = try Company(CompanyPolicy(hasTeams: true, sections: CompanyPolicy.wideGuards))
    let bob = Person("bob").with {
      $0.displayName = "Bob \"B\", junior"
      $0.title = "two\nlines"
    }
    try company.people(["ann", bob] + (0..<20).map { Person("crowd\($0)") } + ["carl"])
    try company.teams(["Sales", "Legal"])
    try company.memberships([("Sales", "ann"), ("Sales", "bob"), ("Legal", "ann")])
    try await company.apply(night: 1)
    try company.people(["ann", bob] + (0..<20).map { Person("crowd\($0)") })
    try await company.apply(night: 2)
    return company
  }

  @Test func jsonLinesAreOneResourceEach() async throws {
    let company = try await Self.company()
    let lines = try company.export(.json).split(separator: "\n")
    let resources = try lines.map { line in
      try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    #expect(resources.count == 23 + 2)
    let sales = try #require(resources.first { $0["displayName"] as? String == "Sales" })
    #expect((sales["members"] as? [[String: Any]])?.count == 2)
    let carl = try #require(resources.first { $0["userName"] as? String == "carl" })
    #expect(carl["active"] as? Bool == false)
  }

  @Test func scimIsOneListResponse() async throws {
    let company = try await Self.company()
    let text = try company.export(.scim)
    let list = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])

    #expect(list["totalResults"] as? Int == 25)
    #expect((list["Resources"] as? [Any])?.count == 25)
    #expect(
      list["schemas"] as? [String] == ["urn:ietf:params:scim:api:messages:2.0:ListResponse"])
  }

  @Test func csvCanBeReadBackAsAnExport() async throws {
    let company = try await Self.company()
    let other = try Company(
      """
      state: rollcall.db
      exports:
        people:
          - {name: copy, path: copy.csv, content: full}
      mapping:
        members:
          externalId: externalId
          userName: userName
          displayName: displayName
          title: title
          active: {column: active, "true": ["true"], "false": ["false"]}
      lifecycle: {createDisabled: true}
      """)
    try other.write(try company.export(.csv), as: "copy.csv")
    let plan = try await other.apply(night: 1)

    #expect(plan.operations.count == 23)
    #expect(plan.findings == ["health.no-earlier-run": 1])
    #expect(try other.export().contains(#""title":"two\nlines""#))
    #expect(try other.export().contains(#""displayName":"Bob \"B\", junior""#))
  }

  @Test func emptyStateExportsNothing() async throws {
    let company = try Company()
    try company.people(["ann"])
    _ = try await company.plan(night: 1)

    #expect(try company.export(.json) == "")
    #expect(try company.export(.scim).contains("\"totalResults\":0"))
    #expect(try company.export(.csv).split(separator: "\r\n").count == 1)
  }

  @Test func stateThatDoesNotExistIsAnError() throws {
    let company = try Company()

    #expect(throws: JobFailure.self) { try company.export() }
  }
}
