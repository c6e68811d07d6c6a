import Identity
import PlanFile
import Testing

@testable import Reconciling

/// Several people exports: who owns whom, whose word counts, what a delta may say.
struct SeveralExportsTests {
  private static let two = """
        - {name: staff, path: users.csv, content: full}
        - {name: hr, path: hr.csv, content: full}
    """

  private static func company(_ sections: String = "", people: String = two) throws -> Company {
    try Company(CompanyPolicy(people: people, sections: sections), crowd: 20)
  }

  private static let merging =
    "matching: {merge: {authority: [hr, staff], attributes: {title: staff}}}\n"

  // MARK: - Ownership

  @Test func onlyTheOwnerMakesALeaver() async throws {
    let company = try Self.company()
    try company.people(["ann", "bob"])
    try company.write(Person.csv(["carl", "dora"]), as: "hr.csv")
    try await company.apply(night: 1)
    try company.people(["ann"])
    let plan = try await company.plan(night: 2)

    #expect(plan.operations == ["deactivate-member bob"])
  }

  @Test func personWhoMovesToAnotherExportStays() async throws {
    let company = try Self.company()
    try company.people(["ann", "bob"])
    try company.write(Person.csv((0..<20).map { Person("temp\($0)") }), as: "hr.csv")
    try await company.apply(night: 1)
    try company.people(["ann"])
    try company.write(Person.csv((0..<20).map { Person("temp\($0)") } + ["bob"]), as: "hr.csv")
    let plan = try await company.apply(night: 2)
    #expect(plan.operations == [])
    #expect(plan.decisions.situations[.moved] == 1)
    // Now both own bob: missing from one is not missing.
    #expect(try await company.plan(night: 3).operations == [])
    try company.write(Person.csv((0..<20).map { Person("temp\($0)") }), as: "hr.csv")
    #expect(try await company.plan(night: 3).operations == ["deactivate-member bob"])
  }

  @Test func personInBothExportsIsADuplicateUnlessThePolicySaysMerge() async throws {
    let company = try Self.company()
    try company.people(["ann", "bob"])
    try company.write(Person.csv(["bob", "carl"]), as: "hr.csv")
    let plan = try await company.plan(night: 1)

    #expect(plan.operations.contains("create-member ann"))
    #expect(!plan.operations.contains("create-member bob"))
    #expect(plan.findings["match.duplicate"] == 2)
    #expect(plan.holds == ["duplicate record E-bob"])
  }

  @Test func mergedPersonHasEachAttributeFromItsAuthority() async throws {
    let company = try Self.company(Self.merging)
    try company.people([
      Person("ann").with {
        $0.title = "From staff"
        $0.city = "Staff City"
      }
    ])
    try company.write(
      Person.csv([
        Person("ann").with {
          $0.title = "From hr"
          $0.city = "Hr City"
          $0.department = ""
        }
      ]), as: "hr.csv")
    try await company.apply(night: 1)
    let state = try company.export()

    #expect(state.contains("From staff"))
    #expect(state.contains("Hr City"))
    #expect(!state.contains("From hr"))
    #expect(!state.contains("Staff City"))
    #expect(try await company.plan(night: 2).operations == [])
  }

  @Test func mergedPersonLeavesWhenMissingFromBoth() async throws {
    let company = try Self.company(Self.merging)
    let temps = (0..<20).map { Person("temp\($0)") }
    try company.people(["ann"])
    try company.write(Person.csv(temps + ["ann"]), as: "hr.csv")
    try await company.apply(night: 1)
    try company.people([])
    #expect(try await company.apply(night: 2).operations == [])
    try company.write(Person.csv(temps), as: "hr.csv")
    #expect(try await company.plan(night: 3).operations == ["deactivate-member ann"])
  }

  @Test func memberWhoseExportIsGoneFromThePolicyIsOnlyReported() async throws {
    let company = try Self.company()
    try company.people(["ann"])
    try company.write(Person.csv(["carl", "dora"]), as: "hr.csv")
    try await company.apply(night: 1)
    try company.write(CompanyPolicy().text, as: "rollcall.yaml")
    let plan = try await company.plan(night: 2)

    #expect(plan.operations == [])
    #expect(plan.decisions.situations[.orphaned] == 2)
    #expect(plan.findings["match.orphaned"] == 2)
  }

  @Test func renamedExportTakesItsPeopleWithIt() async throws {
    let company = try Self.company(people: "    - {name: staff, path: users.csv, content: full}")
    try company.people(["ann", "bob"])
    try await company.apply(night: 1)
    try company.write(
      CompanyPolicy(
        people: "    - {name: people, formerly: [staff], path: users.csv, content: full}"
      ).text, as: "rollcall.yaml")
    try company.people(["ann", "new"])
    #expect(
      try await company.apply(night: 2).operations == [
        "create-member new", "deactivate-member bob",
      ])
    try company.people(["new"])
    #expect(try await company.plan(night: 3).operations == ["deactivate-member ann"])
  }

  // MARK: - Columns that one export has and the other has not

  @Test func missingColumnClearsNothing() async throws {
    let company = try Self.company()
    try company.people(["ann"])
    try company.write("id,userPrincipalName,accountEnabled\nE-carl,carl,True\n", as: "hr.csv")
    let first = try await company.apply(night: 1)
    #expect(first.operations.contains("create-member carl"))
    #expect(try await company.plan(night: 2).operations == [])
  }

  // MARK: - Deltas

  private static let withDelta = """
        - {name: staff, path: users.csv, content: full}
        - name: changes
          path: 'changes-*.csv'
          content: delta
          removed: {column: change, values: [deleted]}
          sequence: 'changes-(\\d+)\\.csv'
    """

  private static func delta(_ rows: [(Person, String)]) -> String {
    let lines = [Person.header + ["change"]] + rows.map { $0.cells + [$1] }
    return lines.map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
  }

  private static func deltaOnly() throws -> Company {
    let policy = withDelta.split(separator: "\n").dropFirst().joined(separator: "\n")
    return try Company(CompanyPolicy(people: policy))
  }

  @Test func deltaRemovesOnlyByItsMarker() async throws {
    let company = try Self.deltaOnly()
    try company.write(
      Self.delta([("ann", ""), ("bob", ""), ("carl", "")]), as: "changes-0001.csv")
    try await company.apply(night: 1)
    try company.write(
      Self.delta([(Person("ann").with { $0.title = "Lead" }, ""), ("bob", "deleted")]),
      as: "changes-0002.csv")
    let plan = try await company.apply(night: 2)

    #expect(plan.operations == ["deactivate-member bob", "update-member ann: title Buyer → Lead"])
    #expect(try await company.plan(night: 3).operations == [])
  }

  @Test func deltaThatHasBeenAppliedIsNotReadAgain() async throws {
    let company = try Self.deltaOnly()
    try company.write(Self.delta([("ann", "")]), as: "changes-0001.csv")
    try await company.apply(night: 1)
    try company.write(
      Self.delta([(Person("ann").with { $0.title = "Lead" }, "")]), as: "changes-0002.csv")
    try await company.apply(night: 2)
    // The first delta says Buyer; it is older than what is known.
    let plan = try await company.plan(night: 3)

    #expect(plan.operations == [])
    #expect(plan.findings["health.delta-applied"] == 2)
  }

  @Test func deltasFollowEachOtherByNumberNotByName() async throws {
    let company = try Self.deltaOnly()
    for number in 9...11 {
      try company.write(
        Self.delta([(Person("ann").with { $0.title = "Title \(number)" }, "")]),
        as: "changes-\(number).csv")
      let plan = try await company.apply(night: number)
      #expect(plan.operations.count == 1, "\(number)")
    }
    #expect(try company.export().contains("Title 11"))
  }

  @Test func gapRefusesADelta() async throws {
    let company = try Self.deltaOnly()
    try company.write(Self.delta([("ann", ""), ("bob", "")]), as: "changes-0001.csv")
    try await company.apply(night: 1)
    try company.write(
      Self.delta([(Person("ann").with { $0.title = "Lead" }, ""), ("bob", "deleted")]),
      as: "changes-0003.csv")
    let plan = try await company.apply(night: 2)

    #expect(plan.operations == [])
    #expect(plan.isReliable("changes") == false)
    #expect(plan.findings["health.delta-gap"] == 1)
    // The missing one arrives: both are taken.
    try company.write(Self.delta([("carl", "")]), as: "changes-0002.csv")
    #expect(
      try await company.plan(night: 3).operations == [
        "create-member carl", "deactivate-member bob", "update-member ann: title Buyer → Lead",
      ])
  }

  @Test(arguments: [true, false])
  func gapIsHealedByAFullExportThatArrived(hasArrived: Bool) async throws {
    let company = try Self.company(people: Self.withDelta)
    try company.people(["ann", "bob"])
    try company.write(Self.delta([("zoe", "")]), as: "changes-0001.csv")
    try await company.apply(night: 1)
    try company.write(
      Self.delta([(Person("zoe").with { $0.title = "Lead" }, "")]), as: "changes-0003.csv")
    if !hasArrived { try company.remove("users.csv") }
    let plan = try await company.plan(night: 2)

    #expect(plan.operations == (hasArrived ? ["update-member zoe: title Buyer → Lead"] : []))
    #expect(plan.findings["health.delta-gap"] == (hasArrived ? nil : 1))
  }

  @Test func noNewDeltaIsNothingNew() async throws {
    let company = try Self.deltaOnly()
    try company.write(Self.delta([("ann", "")]), as: "changes-0001.csv")
    try await company.apply(night: 1)
    try company.remove("changes-0001.csv")
    let plan = try await company.apply(night: 2)

    #expect(plan.operations == [])
    #expect(plan.holds == [])
  }

  @Test func unmarkedAbsenceFromAFullExportDoesNotRemoveWhomADeltaOwnsToo() async throws {
    let company = try Self.company(people: Self.withDelta)
    try company.people(["ann", "bob"])
    try company.write(Self.delta([("zoe", "")]), as: "changes-0001.csv")
    try await company.apply(night: 1)
    try company.people(["ann"])
    let plan = try await company.plan(night: 2)

    #expect(plan.operations == ["deactivate-member bob"])
  }
}
