import Identity
import PlanFile
import Scanning
import Testing

@testable import Reconciling

/// Attributes with several values, from a column or an expression to the state and back.
struct ManyValuesTests {
  private static let schema = "urn:contoso:hr:1.0:User"

  private static func company(_ mapping: [String], path: String = "users.json") throws -> Company {
    try Company(
      """
      state: rollcall.db
      exports:
        people: [{name: staff, path: \(path), content: full, toleratedLines: 5}]
      matching: {members: [externalId]}
      mapping:
        members:
          externalId: id
          userName: login
      \(mapping.map { "    \($0)" }.joined(separator: "\n"))
      \(CompanyPolicy.wideGuards)
      """)
  }

  private static func write(_ fields: String, to company: Company) throws {
    try company.write(#"[{"id":"1","login":"ann",\#(fields)}]"#, as: "users.json")
  }

  private func resource(_ company: Company) throws -> JSONValue {
    try #require(try company.members().values.first { $0.name == "ann" }).resource
  }

  private func text(_ value: JSONValue?) -> String? {
    value.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  /// An object that is null says that there is nothing in it, and an empty list that there is no element.
  @Test func nothingInThePlaceOfAnObjectIsAnEmptyCell() async throws {
    let company = try Self.company([
      "name.givenName: {column: name.given, whenEmpty: clear}",
      #"emails[type eq "work"].value: {column: 'emails[type eq "work"].value', whenEmpty: clear}"#,
      "name.familyName: {column: name.given}",
    ])
    try Self.write(
      #""name":{"given":"A"},"emails":[{"type":"work","value":"w@x"}]"#, to: company)
    try await company.apply(night: 1)
    try Self.write(#""name":{},"emails":[{"type":"home","value":"h@x"}]"#, to: company)
    #expect(try await company.plan(night: 2).operations == [])
    try Self.write(#""name":null,"emails":[]"#, to: company)
    let operations = try await company.plan(night: 2).operations
    #expect(operations.count == 1)
    #expect(operations[0].contains("w@x → –") && operations[0].contains("givenName A → –"))
  }

  @Test func aListColumnFillsAnAttributeOfOnesOwn() async throws {
    let company = try Self.company([
      "\(Self.schema):mails: {column: otherMails, multiValued: true, whenEmpty: clear}"
    ])
    try Self.write(#""otherMails":["m2@x","m1@x"]"#, to: company)
    let plan = try await company.apply(night: 1)
    #expect(!plan.findings.keys.contains { $0.hasPrefix("map.") })
    #expect(try text(resource(company)[Self.schema]) == #"{"mails":["m1@x","m2@x"]}"#)

    // Another order is no difference.
    try Self.write(#""otherMails":["m1@x","m2@x"]"#, to: company)
    #expect(try await company.plan(night: 2).operations == [])

    try Self.write(#""otherMails":["m3@x"]"#, to: company)
    #expect(
      try await company.apply(night: 3).operations == [
        #"update-member ann: mails ["m1@x","m2@x"] → ["m3@x"]"#
      ])
    try Self.write(#""otherMails":[]"#, to: company)
    try await company.apply(night: 4)
    #expect(try text(resource(company)[Self.schema]) == nil)
    #expect(try await company.plan(night: 5).operations == [])
  }

  @Test func aListOfAnExpressionFillsOneOfSCIMs() async throws {
    let company = try Self.company([
      "roles: 'AppRoleAssignmentsComplex([assignedRoles])'",
      #"emails: 'Split([mails], ";")'"#,
      #"\#(Self.schema):skills: {expression: 'Split([skills], ";")', multiValued: true}"#,
    ])
    try Self.write(
      #""assignedRoles":["r2","r1"],"mails":"a@x; b@x","skills":"one""#, to: company)
    let plan = try await company.apply(night: 1)
    #expect(!plan.findings.keys.contains { $0.hasPrefix("map.") })
    let ann = try resource(company)
    #expect(text(ann["roles"]) == #"[{"value":"r1"},{"value":"r2"}]"#)
    #expect(text(ann["emails"]) == #"[{"value":"a@x"},{"value":"b@x"}]"#)
    #expect(text(ann[Self.schema]) == #"{"skills":["one"]}"#)
    #expect(try await company.plan(night: 2).operations == [])
  }

  @Test func oneValueAndAConstantAreListsOfOne() async throws {
    let company = try Self.company(
      [
        "entitlements: entitlement", "\(Self.schema):tags: {constant: staff, multiValued: true}",
        "phoneNumbers: {column: phone, default: none}",
      ], path: "users.csv")
    try company.write("id,login,entitlement,phone\n1,ann,VPN,\n", as: "users.csv")
    try await company.apply(night: 1)
    let ann = try resource(company)
    #expect(text(ann["entitlements"]) == #"[{"value":"VPN"}]"#)
    #expect(text(ann["phoneNumbers"]) == #"[{"value":"none"}]"#)
    #expect(text(ann[Self.schema]) == #"{"tags":["staff"]}"#)
    #expect(try await company.plan(night: 2).operations == [])
    #expect(try company.export(.csv).contains(#""[""VPN""]""#))
  }

  @Test func thePrimaryValueHasAPath() async throws {
    let company = try Self.company(
      [#"'roles[primary eq "True"].value': role"#, "'emails[primary eq true].value': mail"],
      path: "users.csv")
    try company.write("id,login,role,mail\n1,ann,r1,a@x\n", as: "users.csv")
    try await company.apply(night: 1)
    let ann = try resource(company)
    #expect(text(ann["roles"]) == #"[{"primary":true,"value":"r1"}]"#)
    #expect(text(ann["emails"]) == #"[{"primary":true,"value":"a@x"}]"#)
    #expect(try await company.plan(night: 2).operations == [])
  }

  @Test func aMomentOfAnExpressionFillsADateTime() async throws {
    let company = try Self.company(
      [
        "\(Self.schema):since: {expression: 'CDate([since])', type: dateTime}",
        "\(Self.schema):until: {column: until, type: dateTime}",
        #"\#(Self.schema):seen: {expression: 'IIF(IsPresent([x]), "", Now())', type: dateTime, apply: onCreate}"#,
      ], path: "users.csv")
    try company.write(
      "id,login,since,until,x\n1,ann,3/1/2010 1:30:00 PM,2010-03-01,\n", as: "users.csv")
    let plan = try await company.apply(night: 1)
    #expect(!plan.findings.keys.contains { $0.hasPrefix("map.") })
    #expect(
      try text(resource(company)[Self.schema])
        == #"{"seen":"2026-03-01T02:00:00Z","since":"2010-03-01T13:30:00Z","until":"2010-03-01T00:00:00Z"}"#
    )
    #expect(try await company.plan(night: 2).operations == [])
  }

  // MARK: - Booleans of JSON

  @Test func expressionsSeeABooleanAsEntraWritesIt() async throws {
    let company = try Self.company([
      #"title: 'Switch([on], "d", "True", "yes", "False", "no")'"#,
      #"nickName: 'IIF([on]="True", "1", "2")'"#, "displayName: on",
    ])
    // The second has the same bytes between quotes.
    try company.write(
      #"[{"id":"1","login":"ann","on":true},{"id":"2","login":"bo","on":"true"},"#
        + #"{"id":"3","login":"cy","on":false},{"id":"4","login":"di","on":"tru\u0065"}]"#,
      as: "users.json")
    try await company.apply(night: 1)
    let people = try company.members().values
    func value(_ name: String, _ attribute: String) -> String? {
      people.first { $0.name == name }.flatMap { $0.resource[attribute]?.text }
    }
    #expect(["ann", "bo", "cy", "di"].map { value($0, "title") } == ["yes", "d", "no", "d"])
    #expect(["ann", "bo", "cy", "di"].map { value($0, "nickName") } == ["1", "2", "2", "2"])
    // What is mapped as it is stays as it is.
    #expect(
      ["ann", "bo", "cy", "di"].map { value($0, "displayName") } == [
        "true", "true", "false", "true",
      ])
  }

  @Test(arguments: [
    #"{groups: [[{column: on, operator: EQUALS, value: "True"}]]}"#, "'on eq true'",
    #"'on eq "True"'"#, "{groups: [[{column: on, operator: IS TRUE}]]}",
    #"'roles eq "r2"'"#, #"'mails[type eq "work" and value ew "@x"]'"#,
  ])
  func aScopeSeesBooleansAndEveryValue(scope: String) async throws {
    let company = try Company(
      CompanyPolicy(
        people: "    - {name: staff, path: users.json, content: full, scope: \(scope)}",
        sections: CompanyPolicy.wideGuards))
    func person(_ name: String, _ rest: String) -> String {
      #"{"objectId":"\#(name)","id":"\#(name)","userPrincipalName":"\#(name)",\#(rest)}"#
    }
    try company.write(
      "["
        + person(
          "ann",
          #""on":true,"roles":["r1","r2"],"mails":[{"type":"home","value":"h"},{"type":"work","value":"a@x"}]"#
        )
        + ","
        + person(
          "bo",
          #""on":false,"roles":["r1"],"mails":[{"type":"home","value":"b@x"},{"type":"work","value":"b@y"}]"#
        )
        + "]", as: "users.json")
    let plan = try await company.plan(night: 1)
    #expect(plan.operations.filter { $0.hasPrefix("create-member") } == ["create-member ann"])
  }

  // MARK: - Policies

  @Test(arguments: [
    ("title: {column: t, multiValued: true}", "`title` has one value"),
    (
      "urn:contoso:hr:1.0:User:x: {column: t, type: integer, multiValued: true}",
      "several values, which are texts"
    ),
    ("title: 'Split([t], \";\")'", "This comes to a list"),
    ("active: 'Count([t])'", "of the type boolean"),
    ("urn:contoso:hr:1.0:User:x: {expression: 'CDate([t])', type: integer}", "comes to a date"),
    ("addresses: t", "`addresses` has several values"),
    ("'emails[primary eq \"x\"].value': t", "can pick a value"),
    ("{emails: t, 'emails[type eq \"work\"].value': u}", "mapped as a whole"),
  ])
  func whatCannotBeIsToldBeforeAnyRecordIsRead(rule: String, message: String) throws {
    let isFlow = rule.hasPrefix("{")
    let rules = isFlow ? String(rule.dropFirst().dropLast()) : rule
    let text = """
      exports: {people: [{name: staff, path: users.csv, content: full}]}
      mapping:
        members:
          userName: login
          \(isFlow ? rules.replacing(", ", with: "\n    ") : rules)
      """
    let failure = #expect(throws: PolicyFailure.self) {
      try Policy(parsing: text, path: "rollcall.yaml")
    }
    let problem = failure?.problems.first { $0.message.contains(message) }
    #expect(problem != nil, "\(failure?.problems.map(\.message) ?? [])")
  }

  @Test func aFilterThatCannotBeReadHasACaret() throws {
    let text = """
      exports:
        people:
          - {name: staff, path: users.csv, content: full, scope: 'department = "Sales"'}
      mapping: {members: {userName: login}}
      """
    let failure = try #require(
      #expect(throws: PolicyFailure.self) { try Policy(parsing: text, path: "rollcall.yaml") })
    let lines = try #require(failure.problems.first?.lines(in: "rollcall.yaml"))
    #expect(lines.count == 3)
    #expect(lines.first?.contains("Did you mean `eq`") == true)
    #expect(lines.dropFirst() == [#"    department = "Sales""#, "               ^"])
    #expect(failure.problems.first?.line == 3)
  }

  @Test func aSlipInAColumnIsNamed() async throws {
    let company = try Self.company(["title: {column: jobTitl}"], path: "users.csv")
    try company.write("id,login,jobTitle\n1,ann,Buyer\n", as: "users.csv")
    let plan = try await company.plan(night: 1)
    let findings = plan.evidence.findings + plan.evidence.health.flatMap(\.findings)
    #expect(findings.contains { $0.message.contains("did you mean jobTitle?") })
  }
}
