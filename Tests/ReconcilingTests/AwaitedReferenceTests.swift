import Identity
import PlanFile
import TestSupport
import Testing

@testable import Reconciling

/// An export of changes says once whom somebody refers to; who is not there yet is waited for.
struct AwaitedReferenceTests {
  private static func company() throws -> Company {
    try Company(
      """
      state: rollcall.db
      exports:
        people:
          - name: changes
            path: changes-*.csv
            content: delta
            sequence: 'changes-(\\d+)'
            removed: {column: change, values: [deleted]}
      mapping:
        members:
          externalId: id
          userName: login
          title: title
          urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager: {column: manager, key: externalId}
      \(CompanyPolicy.wideGuards)
      """)
  }

  /// Writes the changes of a night; `manager` is left out where it is nil.
  private static func write(
    _ rows: [(name: String, title: String, manager: String, change: String)], night: Int,
    to company: Company
  ) throws {
    let lines = rows.map { "E-\($0.name),\($0.name),\($0.title),\($0.manager),\($0.change)\n" }
    try company.write(
      "id,login,title,manager,change\n" + lines.joined(), as: "changes-\(night).csv")
  }

  private func manager(of name: String, _ company: Company) throws -> String? {
    let members = try company.members()
    return members.values.first { $0.name == name }?.manager.map { members[$0]?.name ?? $0 }
  }

  @Test func whoJoinsLaterIsReferredToThen() async throws {
    let company = try Self.company()
    try Self.write([("ann", "Buyer", "E-bob", "")], night: 1, to: company)
    let first = try await company.apply(night: 1)
    #expect(first.findings["map.unresolved-reference"] == 1)
    #expect(try manager(of: "ann", company) == nil)

    try Self.write([("cy", "Buyer", "", "")], night: 2, to: company)
    #expect(try await company.apply(night: 2).operations == ["create-member cy"])

    try Self.write([("bob", "Head", "", "")], night: 3, to: company)
    let third = try await company.apply(night: 3)
    #expect(try manager(of: "ann", company) == "bob")
    // It rests on what was said in the first night.
    let place = third.decisions.operations.firstIndex { $0.subject.name == "ann" }
    let grounds = try #require(third.evidence.grounds.first { $0.operation == place })
    #expect(grounds.origins.map(\.line) == [2])
    #expect(grounds.origins.first?.file.hasSuffix("changes-1.csv") == true)

    try Self.write([("cy", "Lead", "", "")], night: 4, to: company)
    let fourth = try await company.plan(night: 4)
    #expect(fourth.operations == ["update-member cy: title Buyer → Lead"])
    #expect(fourth.evidence.bookkeeping.awaitedReferences == [])
  }

  @Test func aLaterChangeOfTheSameMemberCountsInstead() async throws {
    let company = try Self.company()
    try Self.write(
      [("ann", "Buyer", "E-bob", ""), ("cy", "Lead", "", "")], night: 1, to: company)
    try await company.apply(night: 1)
    try Self.write([("ann", "Buyer", "E-cy", "")], night: 2, to: company)
    try await company.apply(night: 2)
    #expect(try manager(of: "ann", company) == "cy")
    try Self.write([("bob", "Head", "", "")], night: 3, to: company)
    #expect(try await company.apply(night: 3).operations == ["create-member bob"])
    #expect(try manager(of: "ann", company) == "cy")
  }

  @Test func whatIsSaidAnewIsWaitedForAnew() async throws {
    let company = try Self.company()
    try Self.write([("ann", "Buyer", "E-bob", "")], night: 1, to: company)
    try await company.apply(night: 1)
    try Self.write([("ann", "Buyer", "E-dan", "")], night: 2, to: company)
    try await company.apply(night: 2)
    try Self.write(
      [("bob", "Head", "", ""), ("dan", "Head", "", "")], night: 3, to: company)
    try await company.apply(night: 3)
    #expect(try manager(of: "ann", company) == "dan")
  }

  @Test func itIsOneOperationWithWhatElseChanges() async throws {
    let company = try Self.company()
    try Self.write([("ann", "Buyer", "E-bob", "")], night: 1, to: company)
    try await company.apply(night: 1)
    // Her record comes again, without a manager and with another title.
    try Self.write(
      [("bob", "Head", "", ""), ("ann", "Lead", "", "")], night: 2, to: company)
    let plan = try await company.apply(night: 2)
    #expect(plan.decisions.operations.count == 2)
    #expect(try manager(of: "ann", company) == "bob")
    #expect(try await company.plan(night: 3).operations == [])
  }

  @Test func theRecordThatComesAgainUnchangedIsNotCountedTwice() async throws {
    let company = try Self.company()
    try Self.write([("ann", "Buyer", "E-bob", "")], night: 1, to: company)
    try await company.apply(night: 1)
    try Self.write(
      [("ann", "Buyer", "", ""), ("bob", "Head", "", "")], night: 2, to: company)
    let plan = try await company.apply(night: 2)
    #expect(plan.decisions.situations == [.joiner: 1, .differs: 1])
    #expect(try manager(of: "ann", company) == "bob")
  }

  @Test func whoHasLeftWaitsForNobody() async throws {
    let company = try Self.company()
    try Self.write([("ann", "Buyer", "E-bob", "")], night: 1, to: company)
    try await company.apply(night: 1)
    try Self.write(
      [("ann", "Buyer", "", "deleted"), ("bob", "Head", "", "")], night: 2, to: company)
    let plan = try await company.apply(night: 2)
    #expect(plan.operations.contains("deactivate-member ann"))
    #expect(try manager(of: "ann", company) == nil)
    #expect(try await company.plan(night: 3).operations.count <= 1)
  }
}
