import Identity
import PlanFile
import Reading
import Scanning
import Testing

@testable import Reconciling

/// Managers in the changes that Microsoft Graph answers: `manager@delta`.
struct GraphDeltaTests {
  private static func company(_ mapping: String = "") throws -> Company {
    try Company(
      """
      state: rollcall.db
      preset: entra
      exports:
        people:
          - {name: staff, path: users.csv, content: full}
          - {name: changes, path: changes.json, content: delta}
      matching: {merge: {authority: [changes, staff]}}
      \(mapping)
      \(CompanyPolicy.wideGuards)
      """)
  }

  private static let people =
    "id,userPrincipalName,accountEnabled,managerId\n1,ann,True,2\n2,bo,True,\n3,cy,True,2\n4,di,True,\n"

  private static func element(_ id: String, isGone: Bool = false) -> String {
    ##"{"@odata.type":"#microsoft.graph.user""##
      + (isGone ? #","@removed":{"reason":"deleted"}"# : "") + #","id":"\#(id)"}"#
  }

  private static func changes(_ managers: [(id: String, elements: [String])]) -> String {
    let records = managers.map {
      #"{"id":"\#($0.id)","manager@delta":[\#($0.elements.joined(separator: ","))]}"#
    }
    return #"{"@odata.deltaLink":"https://graph/x","value":[\#(records.joined(separator: ","))]}"#
  }

  private func managers(_ company: Company) throws -> [String: String] {
    let members = try company.members().values
    let names = Dictionary(
      uniqueKeysWithValues: members.map { ("\($0.resource["id"]?.text ?? "")", $0.name) })
    return Dictionary(
      uniqueKeysWithValues: members.map { member in
        let id = member.resource[KnownAttributes.enterpriseSchema]?["manager"]?["value"]?.text
        return (member.name, id.flatMap { names[$0] } ?? "")
      })
  }

  /// The manager who is named is taken, wherever the one before says that it is gone.
  @Test(arguments: [true, false])
  func theManagerThatStaysIsTaken(isGoneFirst: Bool) async throws {
    let company = try Self.company()
    try company.write(Self.people, as: "users.csv")
    try company.write(Self.changes([]), as: "changes.json")
    try await company.apply(night: 1)
    let elements = [Self.element("2", isGone: true), Self.element("4")]
    try company.write(
      Self.changes([
        ("1", isGoneFirst ? elements : elements.reversed()), ("4", [Self.element("3")]),
      ]),
      as: "changes.json")
    let plan = try await company.apply(night: 2)
    #expect(plan.findings["map.several-values"] == nil)
    #expect(try managers(company) == ["ann": "di", "bo": "", "cy": "bo", "di": "cy"])
  }

  /// Whoever is gone is not taken for the manager; whether nobody takes the place is the policy's to say.
  @Test(arguments: ["keep", "clear"])
  func aManagerWhoIsGoneIsNotTheManager(whenEmpty: String) async throws {
    let company = try Self.company(
      """
      mapping:
        members:
          urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager:
            {column: ["manager@delta.id", managerId], key: externalId, whenEmpty: \(whenEmpty)}
      """)
    try company.write(Self.people, as: "users.csv")
    try company.write(Self.changes([]), as: "changes.json")
    try await company.apply(night: 1)
    try company.write(
      Self.changes([
        ("1", [Self.element("2", isGone: true)]), ("2", [Self.element("9", isGone: true)]),
      ]),
      as: "changes.json")
    try await company.apply(night: 2)
    #expect(try managers(company)["ann"] == (whenEmpty == "clear" ? "" : "bo"))
    #expect(try managers(company)["bo"] == "")
  }

  @Test func initTakesSuchAFileForADelta() async throws {
    let company = try Self.company()
    try company.write(Self.changes([("1", [Self.element("2")])]), as: "changes.json")
    let exports = try await ExportInspector(jobs: 1).inspect([company.path("changes.json")])
    #expect(exports[0].isDelta)
    #expect(exports[0].content.columns.contains { $0.name == "manager@delta.id" })
  }
}
