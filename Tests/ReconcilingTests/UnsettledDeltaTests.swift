import PlanFile
import TestSupport
import Testing

@testable import Reconciling

/// What changes say once must not be lost because it could not be carried out in the night in which they said it.
struct UnsettledDeltaTests {
  private static func company(path: String = "changes-*.csv") throws -> Company {
    try Company(
      CompanyPolicy(
        people: """
              - name: changes
                path: '\(path)'
                content: delta
                removed: {column: change, values: [deleted]}
          """, sections: CompanyPolicy.wideGuards))
  }

  private static func write(
    _ rows: [(Person, String)], to company: Company, as name: String
  ) throws {
    let lines = [Person.header + ["change"]] + rows.map { $0.cells + [$1] }
    try company.write(
      lines.map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n", as: name)
  }

  @Test func oneFileThatEveryNightWritesAnewIsKnownByItsContent() async throws {
    let company = try Self.company(path: "changes.csv")
    try Self.write([("ann", ""), ("bob", "")], to: company, as: "changes.csv")
    try await company.apply(night: 1)
    let again = try await company.plan(night: 2)
    #expect(again.operations == [])
    #expect(again.findings["health.delta-applied"] == 1)

    try Self.write([("bob", "deleted"), ("cy", "")], to: company, as: "changes.csv")
    let plan = try await company.apply(night: 3)
    #expect(plan.operations == ["create-member cy", "deactivate-member bob"])
    #expect(try await company.plan(night: 4).findings["health.delta-applied"] == 1)
  }

  @Test func aHeldRecordIsReadAgainUntilItIsSettled() async throws {
    let company = try Self.company()
    try Self.write([("ann", ""), ("bob", "")], to: company, as: "changes-1.csv")
    try await company.apply(night: 1)
    // Cy wants the name that Bob has.
    let rival = Person("cy").with { $0.userName = "bob" }
    try Self.write([(rival, ""), ("dan", "")], to: company, as: "changes-2.csv")
    let held = try await company.apply(night: 2)
    #expect(held.operations == ["create-member dan"])
    #expect(held.findings["health.delta-read-again"] == 1)
    #expect(try await company.apply(night: 3).decisions.holds.count == 1)

    try Self.write(
      [(Person("bob").with { $0.userName = "robert" }, "")], to: company, as: "changes-3.csv")
    let settled = try await company.apply(night: 4)
    #expect(settled.decisions.operations.count == 2)
    #expect(settled.findings["health.delta-read-again"] == nil)
    #expect(try await company.plan(night: 5).decisions.holds == [])
  }

  @Test func aRecordThatCannotBeUnderstoodIsToldEveryNightUntilSomebodyLetsItGo() async throws {
    let company = try Self.company()
    try Self.write([("ann", "")], to: company, as: "changes-1.csv")
    try await company.apply(night: 1)
    let odd = Person("cy").with { $0.enabled = "perhaps" }
    try Self.write([(odd, ""), ("dan", "")], to: company, as: "changes-2.csv")
    try await company.apply(night: 2)
    let again = try await company.apply(night: 3)
    #expect(again.findings["map.unknown-word"] == 1)
    #expect(again.decisions.holds.isEmpty == false)

    try company.job(night: 4).resume(reason: "cy is a test", accepting: ["changes"])
    try await company.apply(night: 4)
    #expect(try await company.plan(night: 5).decisions.holds == [])
  }

  @Test func aQuietNightIsNoBrokenFile() async throws {
    let company = try Self.company()
    try Self.write([("ann", "")], to: company, as: "changes-1.csv")
    try await company.apply(night: 1)
    try Self.write([], to: company, as: "changes-2.csv")
    let plan = try await company.apply(night: 2)
    #expect(plan.isReliable("changes") == true)
    #expect(plan.decisions.holds == [])
    #expect(try await company.plan(night: 3).findings["health.delta-applied"] == 2)
  }
}
