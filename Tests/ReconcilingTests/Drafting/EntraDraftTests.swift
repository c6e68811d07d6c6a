import Foundation
import Identity
import Mapping
import TestSupport
import Testing

@testable import Reconciling

/// What `init --from-entra` makes of a synchronization schema.
struct EntraDraftTests {
  private static let samples = URL(filePath: #filePath)
    .appending(path: "../../../../Samples/Entra").standardizedFileURL

  /// A schema with these attribute mappings of users, and what else is said.
  struct Schema {
    var mappings: [String] = []
    var object = ""
    var groups = ""
    var definitions = ""
    /// What the target directory says of its attributes of people.
    var targets = ""

    static func attribute(
      _ source: String, _ target: String, priority: Int = 0, more: String = ""
    ) -> String {
      #"{"targetAttributeName":\#(json(target)),"matchingPriority":\#(priority)\#(more),"#
        + #""source":{"type":"Attribute","name":\#(json(source)),"expression":\#(json("[\(source)]"))}}"#
    }

    static func function(_ text: String, _ target: String, priority: Int = 0, more: String = "")
      -> String
    {
      #"{"targetAttributeName":\#(json(target)),"matchingPriority":\#(priority)\#(more),"#
        + #""source":{"type":"Function","name":"F","expression":\#(json(text))}}"#
    }

    static func json(_ text: String) -> String {
      String(decoding: JSONText.quoted(text), as: UTF8.self)
    }

    var text: String {
      let users = [Self.attribute("userPrincipalName", "userName", priority: 1)] + mappings
      return """
        {"synchronizationRules":[{"name":"R","priority":1,"sourceDirectoryName":"Azure Active Directory",
        "targetDirectoryName":"app","objectMappings":[{"name":"Users","enabled":true,"sourceObjectName":"User",
        "targetObjectName":"User"\(object),"attributeMappings":[\(users.joined(separator: ","))]}\(groups)]}],
        "directories":[{"name":"Azure Active Directory","objects":[{"name":"User","attributes":[\(definitions)]}]},
        {"name":"app","objects":[{"name":"User","attributes":[\(targets)]}]}]}
        """
    }
  }

  static func draft(_ schema: Schema, files: [String: String] = [:]) async throws
    -> EntraDraft
  {
    let company = try Company()
    try company.write(schema.text, as: "schema.json")
    for (name, text) in files { try company.write(text, as: name) }
    let paths = files.keys.sorted()
    let exports =
      paths.isEmpty
      ? [] : try await ExportInspector(jobs: 1).inspect(paths.map { company.path($0) })
    return try EntraDraft(contentsOf: company.path("schema.json"), exports: exports) {
      $0.split(separator: "/").last.map(String.init) ?? $0
    }
  }

  static func policy(_ schema: Schema) async throws -> Policy {
    try Policy(parsing: try await draft(schema).text, path: "p")
  }

  static func rule(_ path: String, in policy: Policy) -> MappingRule? {
    policy.exports.people[0].mapping.first { $0.path.description == path }
  }

  // MARK: - The sample

  @Test func theSampleIsAPolicyThatPlans() async throws {
    let company = try Company()
    let names = ["users.csv", "groups.csv", "group-members.csv"]
    for name in names {
      try company.write([UInt8](Data(contentsOf: Self.samples.appending(path: name))), as: name)
    }
    let exports = try await ExportInspector(jobs: 1).inspect(names.map { company.path($0) })
    let draft = try EntraDraft(
      contentsOf: Self.samples.appending(path: "provisioning-schema.json").path, exports: exports)
    try company.write(draft.text, as: "rollcall.yaml")
    let report = try company.job(night: 1).check()
    #expect(report.isGood, "\(report.exports.flatMap(\.errors))")
    #expect(report.exports.flatMap(\.unmapped) == [])
    let plan = try await company.apply(night: 1)
    #expect(
      plan.operations.filter { $0.hasPrefix("create") } == [
        "create-member ada.berg@contoso.com", "create-member jose.munoz@contoso.com",
        "create-member kim@fabrikam.example", "create-team Purchasing, Graz", "create-team Sales",
      ])
    #expect(plan.findings["map.out-of-scope"] == 1)
    #expect(try await company.plan(night: 2).operations == [])
    let state = try company.export()
    #expect(state.contains(#""value":"ada.berg@contoso.com""#))
    #expect(state.contains(#""nickName":"ada.berg""#))
    #expect(state.contains(#""userType":"Member's \"own\" \\ account""#))
    #expect(state.contains(#""manager":{"value":""#))
    #expect(draft.left.count == 2, "\(draft.left)")
    #expect(
      draft.text.components(separatedBy: "\n").count { $0.contains("# NOT CARRIED OVER roles") }
        == 1)
  }

  /// Without exports the policy names the files that it expects, and is a policy all the same.
  @Test func theSampleNeedsNoExports() throws {
    let draft = try EntraDraft(
      contentsOf: Self.samples.appending(path: "provisioning-schema.json").path, exports: [])
    let policy = try Policy(parsing: draft.text, path: "p")
    #expect(policy.exports.all.map(\.path) == ["users.csv", "groups.csv", "group-members.csv"])
    #expect(policy.matching.memberKeys.map(\.description) == ["externalId", "userName"])
    #expect(policy.lifecycle.leavers.delete == .after(30))
    #expect(draft.text.contains("#   mail, givenName, surname, jobTitle, mobile"))
  }

  // MARK: - Expressions

  @Test(arguments: [
    #"Join(" ", [givenName], [surname])"#,
    #"Replace([mail], , "(?<n>[^@]+)@(?<d>.+)", , "${n} at ${d}", , )"#,
    #"Replace([a], "it's", , , "\"q\" and \\", , )"#, "ToLower(\n\t[a],\n)",
    #"IIF([a] = "x: y # z", "- {b}", "[c]")"#, #"Append([a], "  trailing  ")"#,
    "Join(\"\u{2028}\u{FEFF}\u{85}\", [a], \"😀é\u{301}\")",
    #"Append([a], "%TAB% R&anchor & .*anchor")"#,
    #"Switch([a], "!", "@", "`", "|", ">", "null", "~", "true", "0x1F")"#,
    "IIF([a] <> \"\", [a], \"?\")",
    #"SelectUniqueValue([a], Append([a], "1"), Append([a], "2"))"#,
  ])
  func expressionsAreCarriedExactly(text: String) async throws {
    let policy = try await Self.policy(Schema(mappings: [Schema.function(text, "nickName")]))
    guard case .expression(let program) = Self.rule("nickName", in: policy)?.source else {
      Issue.record("no expression")
      return
    }
    #expect(Array(program.text.utf8) == Array(text.utf8))
    // And with something besides, which takes the long form.
    let other = try await Self.policy(
      Schema(mappings: [Schema.function(text, "nickName", more: #","defaultValue":"d: 'x' \\ #""#)])
    )
    let rule = Self.rule("nickName", in: other)
    guard case .expression(let again) = rule?.source else { return }
    #expect(Array(again.text.utf8) == Array(text.utf8))
    #expect(rule?.defaultValue == #"d: 'x' \ #"#)
  }

  @Test(arguments: [
    ("Nope([a])", "There is no function `Nope`"), ("Left([a])", "Left"), ("[a", "no closing"),
    ("SingleAppRoleAssignment([appRoleAssignments])", "assigned to the application"),
    ("Join(\"\", [manager], \"x\")", "refers to another object"),
  ])
  func whatIsNoExpressionHereIsSaidSo(text: String, reason: String) async throws {
    let draft = try await Self.draft(Schema(mappings: [Schema.function(text, "nickName")]))
    #expect(draft.left.first?.hasPrefix("nickName ← \(text): ") == true, "\(draft.left)")
    #expect(draft.left.first?.contains(reason) == true, "\(draft.left)")
    #expect(draft.text.contains("    # NOT CARRIED OVER nickName ← "))
    let policy = try Policy(parsing: draft.text, path: "p")
    #expect(Self.rule("nickName", in: policy) == nil)
  }

  @Test(arguments: [
    "Not([IsSoftDeleted])", #"Switch([IsSoftDeleted], , "False", "True", "True", "False")"#,
  ])
  func whoIsNotDeletedIsActive(text: String) async throws {
    let policy = try await Self.policy(Schema(mappings: [Schema.function(text, "active")]))
    let rule = try #require(Self.rule("active", in: policy))
    #expect(rule.source == .columns(["accountEnabled"]))
    #expect(rule.vocabulary?.meaning(of: "False") == false)
  }

  /// Elsewhere it is worked out from `accountEnabled`, and from nothing nothing follows.
  @Test(arguments: [("True", "yes"), ("False", "no"), ("TRUE", "yes"), ("", nil), ("?", nil)])
  func softDeletedIsTheOppositeOfEnabled(cell: String, expected: String?) async throws {
    let text = #"Switch([IsSoftDeleted], , "False", "yes", "True", "no")"#
    let policy = try await Self.policy(Schema(mappings: [Schema.function(text, "userType")]))
    guard case .expression(let program) = Self.rule("userType", in: policy)?.source else {
      Issue.record("no expression")
      return
    }
    #expect(program.columns == ["accountEnabled"])
    let trial = ExpressionTrial(
      program, inputs: ["accountEnabled": cell.isEmpty ? .null : .text(cell)], now: 0, taken: [],
      seed: 1)
    #expect(trial.outcome == .value(expected.map { .text($0) } ?? .null))
  }

  @Test func columnsInExpressionsAreCalledAsInTheExport() async throws {
    let schema = Schema(mappings: [
      Schema.function(#"Append("[mobile]", [mobile])"#, "nickName"),
      Schema.attribute("physicalDeliveryOfficeName", "title"),
      Schema.attribute("extensionAttribute9", "userType"),
    ])
    let draft = try await Self.draft(
      schema, files: ["users.csv": "userPrincipalName,mobilePhone,officeLocation\na,b,c\n"])
    #expect(draft.text.contains(#"nickName: 'Append("[mobile]", [mobilePhone])'"#))
    #expect(draft.text.contains("title: officeLocation"))
    #expect(
      draft.left.contains(
        "userType ← extensionAttribute9: the export has no column extensionAttribute9"))
  }

  // MARK: - References

  @Test(arguments: [
    ("manager.id", "externalId"), ("managerId", "externalId"),
    ("ManagerUserPrincipalName", "userName"),
    ("manager.userPrincipalName", "userName"),
  ])
  func theManagerIsFoundByWhatTheExportHasOfHim(column: String, key: String) async throws {
    let manager = Schema.attribute(
      "manager", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager")
    let draft = try await Self.draft(
      Schema(mappings: [manager, Schema.attribute("objectId", "externalId")]),
      files: ["users.csv": "id,userPrincipalName,\(column)\n1,a,b\n"])
    let rule = Self.rule(
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
      in: try Policy(parsing: draft.text, path: "p"))
    #expect(rule?.source == .columns([column]))
    #expect(rule?.references?.description == key)
    #expect(draft.left.allSatisfy { !$0.contains("manager") }, "\(draft.left)")
  }

  @Test(arguments: [
    ("id,userPrincipalName,manager.id", "no attribute is mapped to the object ids"),
    (
      "id,userPrincipalName,manager",
      "no column with the object id or the user principal name of the manager"
    ),
  ])
  func aManagerWhomNobodyCouldFindIsLeftOut(header: String, reason: String) async throws {
    let manager = Schema.attribute(
      "manager", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager")
    let row = header.split(separator: ",").map { _ in "x" }.joined(separator: ",")
    let draft = try await Self.draft(
      Schema(mappings: [manager]), files: ["users.csv": "\(header)\n\(row)\n"])
    #expect(draft.left.first?.contains(reason) == true, "\(draft.left)")
    _ = try Policy(parsing: draft.text, path: "p")
  }

  /// Without an export the policy says by what a manager may be named, and needs no object id for it.
  @Test func withoutAnExportTheManagerGoesByWhatIsMapped() async throws {
    let manager = Schema.attribute("manager", "urn:contoso:hr:1.0:User:boss")
    for (more, key) in [
      ([], "userName"), ([Schema.attribute("objectId", "externalId")], "externalId"),
    ] {
      let policy = try await Self.policy(Schema(mappings: [manager] + more))
      let rule = Self.rule("urn:contoso:hr:1.0:User:boss", in: policy)
      #expect(rule?.references?.description == key)
    }
  }

  @Test func whatCannotReferToAnybodyDoesNot() async throws {
    let draft = try await Self.draft(Schema(mappings: [Schema.attribute("manager", "nickName")]))
    #expect(draft.left.first?.contains("nickName is no attribute that can") == true)
  }

  // MARK: - Roles

  /// Which team has which role a person has to write; what is there until then changes nobody.
  @Test func rolesOfTheApplicationHaveAPlaceAmongTheTeams() async throws {
    let draft = try await Self.draft(
      Schema(mappings: [
        Schema.function("AppRoleAssignmentsComplex([appRoleAssignments])", "roles")
      ]))
    let policy = try Policy(parsing: draft.text, path: "p")
    #expect(policy.teams.roles == [])
    #expect(policy.teams.memberRoles == .written)
    #expect(draft.left.first?.contains("write which team has which under teams: roles") == true)
    let without = try await Self.policy(Schema())
    #expect(without.teams.roles == nil)
  }

  // MARK: - Flow rules

  @Test func flowTypesAndDefaultsAreCarried() async throws {
    let policy = try await Self.policy(
      Schema(mappings: [
        Schema.attribute("jobTitle", "title", more: #","flowType":"ObjectAddOnly""#),
        Schema.attribute("city", "locale", more: #","defaultValue":"en""#),
        #"{"targetAttributeName":"timezone","defaultValue":"UTC","source":null}"#,
        #"{"targetAttributeName":"userType","source":{"type":"Constant","name":"","expression":"\"a \\\"b\\\"\""}}"#,
        #"{"targetAttributeName":"active","source":{"type":"Constant","name":"True","expression":"\"True\""}}"#,
      ]))
    #expect(Self.rule("title", in: policy)?.apply == .onCreate)
    #expect(Self.rule("locale", in: policy)?.defaultValue == "en")
    #expect(Self.rule("timezone", in: policy)?.source == .constant("UTC"))
    #expect(Self.rule("timezone", in: policy)?.apply == .onCreate)
    #expect(Self.rule("userType", in: policy)?.source == .constant(#"a "b""#))
    #expect(Self.rule("userType", in: policy)?.apply == .always)
    #expect(Self.rule("active", in: policy)?.source == .constant("true"))
  }

  @Test func precedenceOrdersTheKeysAndTheObjectIDIsFirst() async throws {
    let keys: (Schema) async throws -> [String] = { schema in
      try await Self.policy(schema).matching.memberKeys.map(\.description)
    }
    #expect(
      try await keys(
        Schema(mappings: [
          Schema.attribute("mail", #"emails[type eq "work"].value"#, priority: 3),
          Schema.attribute("mailNickname", "externalId", priority: 2),
        ])) == ["userName", "externalId", #"emails[type eq "work"].value"#])
    #expect(
      try await keys(Schema(mappings: [Schema.attribute("objectId", "externalId")]))
        == ["externalId", "userName"])
    #expect(
      try await keys(
        Schema(mappings: [
          #"{"targetAttributeName":"externalId","matchingPriority":2,"source":{"type":"Constant","name":"x","expression":""}}"#
        ])) == ["userName"])
    let added = Schema(mappings: [
      Schema.attribute("mail", "externalId", priority: 2, more: #","flowType":"ObjectAddOnly""#)
    ])
    #expect(try await keys(added) == ["userName", "externalId"])
  }

  @Test(arguments: [
    ("", "delete: 30"), (#","flowTypes":"Add, Update""#, "delete: never"),
    (#","flowTypes":"Update,Delete""#, "create: never"),
    (#","flowTypes":"Add""#, "deactivate: never"), (#","flowTypes":"Add""#, "reactivate: never"),
    (
      #","flowTypes":"Add,Delete""#,
      "# NOT CARRIED OVER Delete is ticked in Entra and Update is not"
    ),
  ])
  func targetActionsAreCarried(object: String, line: String) async throws {
    let draft = try await Self.draft(Schema(object: object))
    #expect(draft.text.contains(line))
    _ = try Policy(parsing: draft.text, path: "p")
  }

  // MARK: - Scope

  private static func scope(_ text: String) async throws -> (EntraDraft, ExportScope?) {
    let draft = try await draft(Schema(object: #","scope":{\#(text)}"#))
    return (draft, try Policy(parsing: draft.text, path: "p").exports.people[0].scope)
  }

  static func clause(_ name: String, _ operatorName: String, _ values: String = "")
    -> String
  {
    #"{"sourceOperandName":"\#(name)","operatorName":"\#(operatorName)","targetOperand":{"values":[\#(values)]}}"#
  }

  @Test func scopeGroupsAreCarried() async throws {
    let clauses = [
      Self.clause("department", "EQUALS", #""R&D: 'x' # \"y\"""#),
      Self.clause("mail", "IS_NOT_NULL"),
    ]
    let (_, scope) = try await Self.scope(
      #""groups":[{"name":"One","clauses":[\#(clauses[0]),\#(clauses[1])]},{"clauses":[\#(clauses[1])]}]"#
    )
    let expected = try ScopeFilter(groups: [
      [
        ScopeClause(column: "department", operatorName: "EQUALS", value: #"R&D: 'x' # "y""#),
        ScopeClause(column: "mail", operatorName: "IS NOT NULL", value: nil),
      ], [ScopeClause(column: "mail", operatorName: "IS NOT NULL", value: nil)],
    ])
    #expect(scope == ExportScope(filter: expected, leaving: .leaver))
  }

  @Test func whoLeavesAnInputFilterIsLeftAlone() async throws {
    let (_, scope) = try await Self.scope(
      #""inputFilterGroups":[{"clauses":[\#(Self.clause("city", "EQUALS", #""Graz""#))]}]"#)
    #expect(scope?.leaving == .leave)
  }

  @Test(arguments: [
    clause("city", "IsMemberOf", #""x""#), clause("city", "EQUALS", #""x","y""#),
    clause("city", "REGEX MATCH", #""(""#), clause("age", "Greater_Than", #""old""#),
  ])
  func aScopeIsCarriedWholeOrNotAtAll(clause: String) async throws {
    let good = Self.clause("mail", "IS NOT NULL")
    let (draft, scope) = try await Self.scope(#""groups":[{"clauses":[\#(good),\#(clause)]}]"#)
    // Nobody comes or goes by it before a person has looked.
    #expect(scope?.filter?.text == #"userPrincipalName eq "write the scope by hand""#)
    #expect(scope?.leaving == .leave)
    #expect(draft.text.contains("UNTIL IT IS WRITTEN BY HAND NOBODY IS IN SCOPE"))
    #expect(draft.left.contains { $0.contains("mail IS NOT NULL") })
  }

  @Test func bothKindsOfFiltersMustHold() async throws {
    let (draft, scope) = try await Self.scope(
      #""groups":[{"clauses":[\#(Self.clause("a", "IS NOT NULL"))]},{"clauses":[\#(Self.clause("b", "IS NOT NULL"))]}],"#
        + #""inputFilterGroups":[{"clauses":[\#(Self.clause("c", "IS TRUE"))]}]"#)
    let c = ScopeClause(column: "c", operatorName: "IS TRUE", value: nil)
    let expected = try ScopeFilter(
      groups: ["a", "b"].map {
        [ScopeClause(column: $0, operatorName: "IS NOT NULL", value: nil), c]
      })
    #expect(scope == ExportScope(filter: expected, leaving: .leave))
    #expect(draft.text.contains("# NOTE groups and inputFilterGroups are one scope here"))
    let (_, closed) = try await Self.scope(#""categoryFilterGroups":[{}]"#)
    #expect(closed?.filter?.text.contains("by hand") == true)
  }

  /// A scope whose column the export lacks stays: then nothing is read, instead of everybody.
  @Test func aScopeStaysThoughItsColumnIsMissing() async throws {
    let clause = Self.clause("department", "EQUALS", #""Sales""#)
    let draft = try await Self.draft(
      Schema(object: #","scope":{"groups":[{"clauses":[\#(clause)]}]}"#),
      files: ["users.csv": "userPrincipalName,mail\na,b\n"])
    #expect(try Policy(parsing: draft.text, path: "p").exports.people[0].scope != nil)
    #expect(draft.left.contains { $0.contains("needs the column department") })
  }

  // MARK: - Teams

  static func groups(_ mappings: [String], more: String = "") -> String {
    #",{"name":"Groups","sourceObjectName":"Group","targetObjectName":"Group"\#(more),"attributeMappings":["#
      + ([Schema.attribute("displayName", "displayName", priority: 1)] + mappings).joined(
        separator: ",")
      + "]}"
  }

  @Test func membersAreNamedByWhatIsMapped() async throws {
    let members = Schema.attribute("members", "members")
    let withID = try await Self.policy(
      Schema(
        mappings: [Schema.attribute("objectId", "externalId")],
        groups: Self.groups([Schema.attribute("objectId", "externalId"), members])))
    #expect(withID.exports.memberships[0].team.key.description == "externalId")
    let withoutID = try await Self.policy(Schema(groups: Self.groups([members])))
    #expect(withoutID.exports.memberships[0].team.key.description == "displayName")
    #expect(withoutID.exports.memberships[0].member.key.description == "userName")
    let none = try await Self.policy(Schema(groups: Self.groups([])))
    #expect(none.exports.memberships.isEmpty)
    #expect(none.exports.teams.count == 1)
  }

  @Test func aMappingThatIsTurnedOffGivesNoTeams() async throws {
    let policy = try await Self.policy(Schema(groups: Self.groups([], more: #","enabled":false"#)))
    #expect(policy.exports.teams.isEmpty)
  }

  @Test func whatTeamsCannotHaveIsSaid() async throws {
    let draft = try await Self.draft(
      Schema(
        groups: Self.groups(
          [Schema.attribute("mail", "externalId", more: #","flowType":"ObjectAddOnly""#)],
          more: #","scope":{"groups":[{"clauses":[\#(Self.clause("mail", "IS NOT NULL"))]}]}"#)))
    #expect(draft.left.contains { $0.contains("set only once is not possible for teams") })
    #expect(draft.left.contains { $0.contains("the scope of groups (mail IS NOT NULL") })
    for sentence in draft.left { #expect(draft.text.contains(sentence), "\(sentence)") }
    _ = try Policy(parsing: draft.text, path: "p")
  }

  // MARK: - Targets that are no SCIM services

  @Test func wellKnownNamesAreTakenForWhatTheyMean() async throws {
    let text = """
      {"synchronizationRules":[{"name":"R","objectMappings":[{"name":"Users","sourceObjectName":"User",
      "targetObjectName":"User","attributeMappings":[
      {"targetAttributeName":"Username","matchingPriority":1,"source":{"type":"Attribute","name":"userPrincipalName"}},
      {"targetAttributeName":"FirstName","source":{"type":"Attribute","name":"givenName"}},
      {"targetAttributeName":"Email","source":{"type":"Attribute","name":"mail"}},
      {"targetAttributeName":"IsActive","source":{"type":"Function","expression":"Not([IsSoftDeleted])"}},
      {"targetAttributeName":"ProfileName","source":{"type":"Constant","name":"Chatter"}}]}]}]}
      """
    let company = try Company()
    try company.write(text, as: "s.json")
    let draft = try EntraDraft(contentsOf: company.path("s.json"), exports: [])
    let policy = try Policy(parsing: draft.text, path: "p")
    #expect(
      policy.exports.people[0].mapping.map(\.path.description) == [
        "active", #"emails[type eq "work"].value"#, "name.givenName", "userName",
      ])
    #expect(
      draft.text.contains(
        "# NOTE the target attribute is called FirstName, which is taken for name.givenName"))
    #expect(draft.left.contains { $0.hasPrefix("ProfileName ← constant “Chatter”: ") })
  }

  // MARK: - Files that are something else

  private static func complaint(_ bytes: [UInt8]) throws -> String? {
    let company = try Company()
    try company.write(bytes, as: "schema.json")
    do throws(JobFailure) {
      _ = try EntraDraft(contentsOf: company.path("schema.json"), exports: [])
      return nil
    } catch {
      guard case .unreadable(let lines) = error else { return "\(error)" }
      return lines.joined(separator: "\n")
    }
  }

  @Test(arguments: [
    ("", ":1: this is not JSON"), ("{\n\"a\": tru}", ":2: this is not JSON"),
    ("[]", "no list synchronizationRules"), ("{}", "no list synchronizationRules"),
    (#"{"synchronizationRules":[]}"#, "gives userName"),
    (
      #"{"synchronizationRules":[{"objectMappings":{}}]}"#,
      "synchronizationRules[0].objectMappings: a list"
    ),
    (
      #"{"synchronizationRules":[{"objectMappings":[{"attributeMappings":[{}]}]}]}"#,
      "synchronizationRules[0].objectMappings[0].attributeMappings[0]: targetAttributeName is missing"
    ),
    (
      #"{"synchronizationRules":[{"objectMappings":[{"attributeMappings":[{"targetAttributeName":"userName","source":{"type":"Magic"}}]}]}]}"#,
      "“Magic” is none of Attribute, Constant and Function"
    ),
    (
      #"{"synchronizationRules":[{"objectMappings":[{"name":"SF","target":"x","attributeMappings":[{"targetAttributeName":"x-account","source":null}]}]}]}"#,
      "It maps: SF (to  of )"
    ),
    (
      #"{"synchronizationRules":[{"objectMappings":[{"attributeMappings":[{"targetAttributeName":"userName","matchingPriority":1,"source":{"type":"Function","expression":"Nope()"}}]}]}]}"#,
      "no policy can be made without userName: userName ← Nope()"
    ),
  ])
  func whatIsNoSchemaIsToldWithItsPlace(text: String, complaint: String) throws {
    let found = try Self.complaint(Array(text.utf8))
    #expect(found?.contains(complaint) == true, "\(found ?? "none")")
    #expect(found?.contains("schema.json") == true)
  }

  /// A download that breaks off anywhere is no schema.
  @Test func aCutSchemaIsRefusedWhereverItEnds() throws {
    let bytes = [UInt8](
      try Data(contentsOf: Self.samples.appending(path: "provisioning-schema.json")))
    for count in stride(from: 0, to: bytes.count - 2, by: 397) {
      #expect(throws: JobFailure.self) {
        _ = try EntraSchema(reading: Array(bytes.prefix(count)), path: "s")
      }
    }
  }

  @Test func graphsWrappingAndAByteOrderMarkAreFine() throws {
    let text = Schema().text
    for variant in ["\u{FEFF}" + text, #"{"value":[\#(text)]}"#, #"{"schema":\#(text)}"#] {
      #expect(try Self.complaint(Array(variant.utf8)) == nil)
    }
  }

  /// Whatever one value of the sample is replaced by, the outcome is a policy that can be read, or a refusal.
  @Test(arguments: [#""x""#, "null", "[]", "{}", "7", "true", #""Nope([""#, #""'\n${x}: #""#])
  func aMutatedSchemaMakesAPolicyOrNone(replacement: String) throws {
    let text = try String(
      contentsOf: Self.samples.appending(path: "provisioning-schema.json"), encoding: .utf8)
    let values = text.matches(of: /: ?("(?:[^"\\]|\\.)*"|null|true|false|[0-9]+)/)
    var made = 0
    for match in values.enumerated().filter({ $0.offset % 3 == 0 }).map(\.element) {
      let range = match.1.startIndex..<match.1.endIndex
      let mutated = text.replacingCharacters(in: range, with: replacement)
      let company = try Company()
      try company.write(mutated, as: "s.json")
      guard let draft = try? EntraDraft(contentsOf: company.path("s.json"), exports: []) else {
        continue
      }
      made += 1
      #expect(throws: Never.self, "\(match.1) → \(replacement)\n\(draft.text)") {
        _ = try Policy(parsing: draft.text, path: "p")
      }
    }
    #expect(values.count > 100)
    // What is no JSON is refused whatever it replaces.
    let isJSON = (try? JSONSerialization.jsonObject(with: Data("[\(replacement)]".utf8))) != nil
    #expect((made > 0) == isJSON)
  }
}

/// A text as JSON has it.
private enum JSONText {
  static func quoted(_ text: String) -> [UInt8] {
    let data = try? JSONEncoder().encode(text)
    return [UInt8](data ?? Data())
  }
}
