import Identity
import PlanFile
import TestSupport
import Testing

@testable import Reconciling

/// Managers, by the columns in which the presets' directories name them.
struct PresetReferenceTests {
  struct Directory: Sendable, CustomTestStringConvertible {
    let preset: String
    let file: String
    let text: String

    var testDescription: String { "\(preset) \(file)" }

    init(_ preset: String, _ file: String, _ text: String) {
      self.preset = preset
      self.file = file
      self.text = text
    }
  }

  private static let directories = [
    Directory(
      "entra", "graph.json",
      #"{"value":[{"id":"1","userPrincipalName":"ann","accountEnabled":true,"manager":{"id":"2"}},{"id":"2","userPrincipalName":"bo","accountEnabled":true}]}"#
    ),
    Directory(
      "entra", "users.csv",
      "id,userPrincipalName,accountEnabled,managerId\n1,ann,True,2\n2,bo,True,\n"),
    Directory(
      "okta", "okta.json",
      #"[{"id":"1","status":"ACTIVE","profile":{"login":"ann","managerId":"2"}},{"id":"2","status":"ACTIVE","profile":{"login":"bo"}}]"#
    ),
    Directory(
      "google", "google.json",
      #"{"users":[{"id":"1","primaryEmail":"ann","suspended":false,"relations":[{"type":"assistant","value":"x"},{"type":"manager","value":"bo"}]},{"id":"2","primaryEmail":"bo","suspended":false}]}"#
    ),
    Directory(
      "workday", "workday.csv",
      "Employee ID,User Name,Worker Status,Manager ID\n1,ann,Active,2\n2,bo,Active,\n"),
    Directory(
      "workday", "workday.xml",
      """
      <wd:Report_Data xmlns:wd="urn:com.workday.report/All">
      <wd:Report_Entry><wd:Employee_ID>1</wd:Employee_ID><wd:User_Name>ann</wd:User_Name><wd:Active>1</wd:Active>
      <wd:Manager wd:Descriptor="Bo Ek"><wd:ID wd:type="WID">9f</wd:ID><wd:ID wd:type="Employee_ID">2</wd:ID></wd:Manager>
      </wd:Report_Entry>
      <wd:Report_Entry><wd:Employee_ID>2</wd:Employee_ID><wd:User_Name>bo</wd:User_Name><wd:Active>1</wd:Active>
      </wd:Report_Entry>
      </wd:Report_Data>
      """),
    Directory(
      "scim", "scim.json",
      #"[{"id":"1","userName":"ann","active":true,"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"2"}}},{"id":"2","userName":"bo","active":true}]"#
    ),
    Directory(
      "active-directory", "ad.ldif",
      """
      dn: CN=Ann,DC=x
      objectClass: user
      userPrincipalName: ann
      userAccountControl: 512
      objectGUID: 1
      manager: cn=Bo, dc=x

      dn: CN=Bo,DC=x
      objectClass: user
      userPrincipalName: bo
      userAccountControl: 512
      objectGUID: 2


      """),
    Directory(
      "openldap", "slapcat.ldif",
      """
      dn: uid=ann,dc=x
      objectClass: inetOrgPerson
      uid: ann
      entryUUID: 1
      manager: uid=bo,dc=x
      manager: uid=other,dc=x

      dn: uid=bo,dc=x
      objectClass: inetOrgPerson
      uid: bo
      entryUUID: 2


      """),
  ]

  private static func company(_ directory: Directory, _ mapping: String = "") throws -> Company {
    let company = try Company(
      """
      state: rollcall.db
      exports:
        people: [{name: users, path: \(directory.file), content: full, preset: \(directory.preset)}]
      \(mapping)
      \(CompanyPolicy.wideGuards)
      """)
    try company.write(directory.text, as: directory.file)
    return company
  }

  @Test(arguments: directories)
  func managersAreReferences(directory: Directory) async throws {
    let company = try Self.company(directory)
    let plan = try await company.apply(night: 1)
    #expect(plan.operations == ["create-member ann", "create-member bo"])
    #expect(plan.findings["map.unresolved-reference"] == nil, "\(plan.findings)")
    let state = try company.export()
    let bo = try #require(plan.decisions.operations.first { $0.subject.name == "bo" })
    #expect(state.contains(#""manager":{"value":"\#(bo.subject.id)"}"#), "\(state)")
    #expect(try await company.plan(night: 2).operations == [])
  }

  /// A preset proposes; whoever maps no such key, or takes the manager out, has no references.
  @Test(arguments: [
    "mapping: {members: {externalId: ~}}\nmatching: {members: [userName]}",
    "mapping: {members: {'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager': ~}}",
    "mapping: {members: {'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value': ~}}",
  ])
  func thePolicyMayDoWithout(mapping: String) async throws {
    let company = try Self.company(Self.directories[0], mapping)
    let plan = try await company.apply(night: 1)
    #expect(plan.operations == ["create-member ann", "create-member bo"])
    #expect(!(try company.export()).contains("manager"))
  }

  /// Somebody may want the text as it stands; then the other export's preset gives way.
  @Test func theTextOfThePolicyBeatsTheReferenceOfAPreset() async throws {
    let company = try Company(
      """
      state: rollcall.db
      exports:
        people:
          - {name: users, path: users.csv, content: full, preset: entra}
          - name: others
            path: others.csv
            content: full
            mapping:
              userName: login
              externalId: number
              active: {constant: "true"}
              urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value: boss
      \(CompanyPolicy.wideGuards)
      """)
    try company.write(Self.directories[1].text, as: "users.csv")
    try company.write("login,number,boss\nzoe,9,Somebody\n", as: "others.csv")
    let plan = try await company.apply(night: 1)
    #expect(plan.operations.count == 3)
    let state = try company.export()
    #expect(state.contains(#""manager":{"value":"Somebody"}"#))
    #expect(!state.contains(#""manager":{"value":"2"}"#))
  }

  /// A changed entry that does not speak of its manager says nothing, least of all that it is its own.
  @Test func aChangeThatNamesNoManagerLeavesItAlone() async throws {
    let company = try Company(
      """
      state: rollcall.db
      exports:
        people: [{name: users, path: ad.ldif, content: delta, preset: active-directory}]
      matching: {members: [externalId, userName]}
      \(CompanyPolicy.wideGuards)
      """)
    try company.write(
      """
      dn: CN=Ann,DC=x
      changetype: add
      objectClass: user
      userPrincipalName: ann
      userAccountControl: 512
      objectGUID: 1
      title: Buyer


      """, as: "ad.ldif")
    let plan = try await company.apply(night: 1)
    #expect(plan.operations == ["create-member ann"])
    #expect(!(try company.export()).contains("manager"))
  }
}
