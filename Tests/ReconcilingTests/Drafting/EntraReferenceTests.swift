import Identity
import Testing

@testable import Reconciling

/// What refers to other objects, where the source is no directory of Entra's.
struct EntraReferenceTests {
  private typealias Schema = EntraDraftTests.Schema

  /// Workday has the manager's number in a field of its own, and its columns are nobody's.
  @Test func aSourceThatIsNotEntraHasItsOwnColumnsAndManagers() async throws {
    let text = """
      {"synchronizationRules":[{"name":"R","sourceDirectoryName":"Workday","targetDirectoryName":"AD","objectMappings":[
      {"name":"Users","sourceObjectName":"Worker","targetObjectName":"User","attributeMappings":[
      \(Schema.attribute("WorkerID", "employeeID", priority: 1)),\(Schema.attribute("UserID", "sAMAccountName")),
      \(Schema.attribute("ManagerReference", "manager")),\(Schema.attribute("BusinessTitle", "title"))]}]}]}
      """
    let company = try Company()
    try company.write(text, as: "schema.json")
    try company.write(
      "WorkerID,UserID,BusinessTitle,ManagerReference\n1,ada,Boss,\n2,bob,Clerk,1\n", as: "wd.csv")
    let exports = try await ExportInspector(jobs: 1).inspect([company.path("wd.csv")])
    let draft = try EntraDraft(contentsOf: company.path("schema.json"), exports: exports)
    #expect(!draft.left.contains { $0.contains("do not tell what it holds") })
    let policy = try Policy(parsing: draft.text, path: "p")
    #expect(policy.exports.people[0].settings.path == company.path("wd.csv"))
    let number = "\(KnownAttributes.enterpriseSchema):employeeNumber"
    let manager = EntraDraftTests.rule(
      "\(KnownAttributes.enterpriseSchema):manager.value", in: policy)
    #expect(manager?.source == .columns(["ManagerReference"]))
    #expect(manager?.references?.description == number)
    try company.write(draft.text, as: "rollcall.yaml")
    try await company.apply(night: 1)
    #expect(try company.export().contains(#""manager":{"value":""#))
    // Without the file the column is named all the same.
    let alone = try EntraDraft(contentsOf: company.path("schema.json"), exports: [])
    #expect(alone.text.contains("{column: ManagerReference, key:"))
  }
}
