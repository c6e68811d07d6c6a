import Foundation
import Identity
import PlanFile
import Scanning
import Testing

@testable import Reconciling

/// Attributes under a URN of one's own, with a type.
struct TypedAttributeTests {
  private static let schema = "urn:contoso:hr:1.0:User"

  private static func company(_ further: String = "") throws -> Company {
    try Company(
      """
      state: rollcall.db
      exports:
        people:
          - {name: staff, path: users.csv, content: full, toleratedLines: 5}
      mapping:
        members:
          externalId: id
          userName: login
          \(schema):badge: {column: badge, type: integer}
          \(schema):share: {column: share, type: decimal}
          \(schema):since: {column: since, type: dateTime}
          \(schema):remote: {column: remote, type: boolean, "true": ["Y"], "false": ["N"]}
          \(schema):mentor: {column: mentor, type: reference, key: userName}
          \(schema):note: note
      \(further)
      \(CompanyPolicy.wideGuards)
      """)
  }

  private static let header = "id,login,badge,share,since,remote,mentor,note\n"

  private func resource(_ company: Company, _ name: String) throws -> JSONValue? {
    try company.members().values.first { $0.name == name }?.resource[Self.schema]
  }

  @Test func eachTypeStandsInTheResourceAsItself() async throws {
    let company = try Self.company()
    try company.write(
      Self.header + "1,ann,0042,1.50,2026-03-01T08:00:00+01:00,Y,bob,007\n2,bob,,,,,,\n",
      as: "users.csv")
    try await company.apply(night: 1)
    let bob = try #require(try company.members().first { $0.value.name == "bob" }?.key)
    #expect(
      try resource(company, "ann").map { String(decoding: $0.bytes, as: UTF8.self) }
        == #"{"badge":42,"mentor":"\#(bob)","note":"007","remote":true,"#
        + #""share":1.5,"since":"2026-03-01T08:00:00+01:00"}"#)
    #expect(try await company.plan(night: 2).operations == [])
  }

  @Test func anotherSpellingIsNoDifference() async throws {
    let company = try Self.company()
    try company.write(Self.header + "1,ann,42,1.5,,,,\n", as: "users.csv")
    try await company.apply(night: 1)
    try company.write(Self.header + "1,ann,+042,01.500,,,,\n", as: "users.csv")
    let plan = try await company.plan(night: 2)
    #expect(plan.operations == [])
    #expect(plan.decisions.situations == [.same: 1])
    try company.write(Self.header + "1,ann,43,1.5,,,,\n", as: "users.csv")
    #expect(try await company.plan(night: 2).operations == ["update-member ann: badge 42 → 43"])
  }

  @Test(arguments: [
    ("x,,", "integer"), (",1.2.3,", "decimal"), (",,yesterday", "dateTime"), ("4.5,,", "integer"),
  ])
  func whatIsNoValueSetsItsRecordAside(cells: String, type: String) async throws {
    let company = try Self.company()
    try company.write(Self.header + "1,ann,42,1.5,,,,\n", as: "users.csv")
    try await company.apply(night: 1)
    try company.write(Self.header + "1,ann,\(cells),,,\n", as: "users.csv")
    let plan = try await company.plan(night: 2)
    #expect(plan.operations == [])
    let finding = try #require(plan.evidence.findings.first { $0.code == "map.bad-value" })
    #expect(finding.message.contains("the type \(type)"))
    #expect(finding.origin?.line == 2)
  }

  @Test func expressionsAndConstantsHaveTheTypeToo() async throws {
    let company = try Company(
      """
      state: rollcall.db
      exports: {people: [{name: staff, path: users.csv, content: full}]}
      mapping:
        members:
          externalId: id
          userName: login
          \(Self.schema):a: {expression: 'Join("", "00", [badge])', type: integer}
          \(Self.schema):b: {constant: "01.50", type: decimal}
          \(Self.schema):c: {column: badge, type: integer, apply: onCreate}
          \(Self.schema):d: {column: none, type: integer, default: "05"}
      \(CompanyPolicy.wideGuards)
      """)
    try company.write("id,login,badge,none\n1,ann,07,\n", as: "users.csv")
    try await company.apply(night: 1)
    #expect(
      try resource(company, "ann").map { String(decoding: $0.bytes, as: UTF8.self) }
        == #"{"a":7,"b":1.5,"c":7,"d":5}"#)
    #expect(try await company.plan(night: 2).operations == [])
  }

  // MARK: - Policies

  @Test(arguments: [
    ("title: {column: t, type: integer}", "SCIM says that `title` is text"),
    ("urn:contoso:hr:1.0:User:x: {column: t, type: reference}", "`key` is missing"),
    ("urn:contoso:hr:1.0:User:x: {column: t, type: integr}", "Did you mean `integer`?"),
    (
      "urn:contoso:hr:1.0:User:x: {constant: a, type: integer}",
      "“a” is no value of the type `integer`"
    ),
    ("urn:contoso:hr:1.0:User:x: {column: t, type: boolean}", "words for it must be stated"),
    (
      "urn:contoso:hr:1.0:User:x: {column: t, type: integer, key: userName}",
      "contradict each other"
    ),
    ("urn:contoso:hr:1.0:User:x: {column: t, key: userNam}", "Did you mean `userName`?"),
    ("title: {column: t, key: userName}", "`title` holds no reference"),
    (
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager: {constant: a, key: userName}",
      "`key` and `constant` contradict each other"
    ),
    (
      "urn:contoso:hr:1.0:User:x: {expression: 'SelectUniqueValue([a], [b])', type: integer}",
      "`SelectUniqueValue` chooses among texts"
    ),
  ])
  func aWrongTypeIsTold(rule: String, message: String) throws {
    let text = """
      exports: {people: [{name: staff, path: users.csv, content: full}]}
      mapping:
        members:
          userName: login
          \(rule)
      """
    let failure = #expect(throws: PolicyFailure.self) {
      try Policy(parsing: text, path: "rollcall.yaml")
    }
    let messages = failure?.problems.map(\.message) ?? []
    #expect(messages.contains { $0.contains(message) }, "\(messages)")
    #expect(failure?.problems.first.map { $0.line } == 5)
  }

  @Test func nobodyIsFoundByANumber() throws {
    let text = """
      exports: {people: [{name: staff, path: users.csv, content: full}]}
      matching: {members: ["urn:contoso:hr:1.0:User:badge"]}
      mapping:
        members:
          userName: login
          urn:contoso:hr:1.0:User:badge: {column: badge, type: integer}
      """
    let failure = #expect(throws: PolicyFailure.self) {
      try Policy(parsing: text, path: "rollcall.yaml")
    }
    #expect(
      failure?.problems.map(\.message).contains { $0.contains("found by text alone") } == true)
  }

  @Test func anAttributeHasOneTypeInAllExports() throws {
    let text = """
      exports:
        people:
          - {name: a, path: a.csv, content: full, mapping: {"urn:contoso:x:y": {column: b, type: integer}}}
          - {name: b, path: b.csv, content: full, mapping: {"urn:contoso:x:y": b}}
      mapping: {members: {userName: login}}
      """
    let failure = #expect(throws: PolicyFailure.self) {
      try Policy(parsing: text, path: "rollcall.yaml")
    }
    #expect(failure?.problems.map(\.message).contains { $0.contains("Give it one type") } == true)
  }
}
