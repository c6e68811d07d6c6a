import Identity
import PlanFile
import Testing

@testable import Reconciling

/// Who joins, leaves, comes back or is found, by the table of situations.
struct LifecycleTests {
  private static func company(_ sections: String = "", mapping: String = "") throws -> Company {
    try Company(
      CompanyPolicy(mapping: mapping, sections: sections + "\n" + CompanyPolicy.wideGuards),
      crowd: 20)
  }

  // MARK: - Joiners

  @Test func disabledJoinerIsCreatedOnlyWhereThePolicySaysSo() async throws {
    for (rule, isCreated) in [("false", false), ("true", true)] {
      let company = try Self.company("lifecycle: {createDisabled: \(rule)}")
      try company.people([Person("ann").with { $0.enabled = "False" }])
      let plan = try await company.apply(night: 1)

      #expect(plan.operations.contains("create-member ann") == isCreated)
      #expect(plan.decisions.situations[.disabledJoiner] == (isCreated ? nil : 1))
      #expect(try await company.plan(night: 2).operations == [])
      // Enabled at the source, everybody may come in.
      try company.people(["ann"])
      #expect(
        try await company.plan(night: 2).operations == [
          isCreated ? "reactivate-member ann: active false → true" : "create-member ann"
        ])
    }
  }

  /// A guard would refuse all of the plan; here the others go on.
  @Test func whoIsNewIsCountedWhereThePolicyCreatesNobody() async throws {
    let company = try Self.company("")
    try company.people(["ann"])
    try await company.apply(night: 1)
    let policy = String(decoding: try company.read("rollcall.yaml"), as: UTF8.self)
    try company.write(policy + "\nlifecycle: {create: never}\n", as: "rollcall.yaml")
    try company.people([Person("ann").with { $0.title = "Boss" }, Person("bob")])
    let plan = try await company.apply(night: 2)
    #expect(plan.operations == ["update-member ann: title Buyer → Boss"])
    #expect(plan.decisions.situations[.notCreated] == 1)
    #expect(plan.findings["match.not-created"] == 1)
    #expect(plan.holds == [])
    try company.people(["ann"])
    #expect(try await company.plan(night: 3).decisions.situations[.notCreated] == nil)
  }

  /// Values, managers and who is active stay as they are; whoever is missing leaves all the same.
  @Test func whatDiffersIsCountedWhereThePolicyUpdatesNobody() async throws {
    let company = try Self.company()
    try company.people(["ann", "bob", "cy"])
    try await company.apply(night: 1)
    let policy = String(decoding: try company.read("rollcall.yaml"), as: UTF8.self)
    try company.write(policy + "\nlifecycle: {update: never}\n", as: "rollcall.yaml")
    try company.people([
      Person("ann").with { $0.title = "Boss" }, Person("bob").with { $0.enabled = "False" }, "dee",
    ])
    let plan = try await company.apply(night: 2)
    #expect(plan.operations == ["create-member dee", "deactivate-member cy"])
    #expect(plan.decisions.situations[.notUpdated] == 2)
    #expect(plan.holds == [])
    let explained = try await company.job(night: 3).explain("ann").subjects
    #expect(explained.flatMap(\.steps).last?.notes == [.neverUpdated])
    try company.write(policy, as: "rollcall.yaml")
    #expect(
      try await company.plan(night: 3).operations == [
        "update-member ann: title Buyer → Boss", "update-member bob: active true → false",
      ])
  }

  // MARK: - Teams

  private static func teams(_ lifecycle: String) throws -> Company {
    try Company(
      CompanyPolicy(
        hasTeams: true,
        sections: "lifecycle: {teams: \(lifecycle)}\n" + CompanyPolicy.wideGuards), crowd: 10)
  }

  /// Nobody is warned every night of memberships in a team that is left out on purpose.
  @Test func noTeamIsCreatedWhereThePolicyCreatesNone() async throws {
    let company = try Self.teams("{create: never}")
    try company.people(["ann", "bob"])
    try company.teams(["Sales", "Legal"])
    try company.memberships([("Sales", "ann"), ("Legal", "bob")])
    let plan = try await company.apply(night: 1)
    #expect(plan.operations.filter { !$0.contains("create-member") } == [])
    #expect(plan.findings["team.not-created"] == 2)
    #expect(plan.findings["edge.unknown-team"] == nil)
    #expect(plan.decisions.situations[.notCreated] == 2)
    #expect(plan.holds == [])
  }

  @Test func teamsAndTheirMembersStayWhereThePolicyUpdatesNone() async throws {
    let company = try Self.teams("{create: always}")
    try company.people(["ann", "bob"])
    try company.teams(["Sales"])
    try company.memberships([("Sales", "ann")])
    try await company.apply(night: 1)
    let policy = String(decoding: try company.read("rollcall.yaml"), as: UTF8.self)
    try company.write(
      policy.replacing("teams: {create: always}", with: "teams: {update: never}"),
      as: "rollcall.yaml")
    try company.write("id,displayName\nG-Sales,Sellers\nG-Legal,Legal\n", as: "groups.csv")
    try company.memberships([("Sales", "bob"), ("Legal", "ann")])
    let plan = try await company.apply(night: 2)
    #expect(plan.operations == ["add-membership Legal + ann", "create-team Legal"])
    #expect(plan.decisions.situations[.notUpdated] == 2)
    #expect(plan.decisions.situations[.withheld] == nil)
    #expect(plan.holds == [])
  }

  @Test func recordWithoutAUserNameIsHeld() async throws {
    let company = try Self.company()
    try company.people([Person("ann").with { $0.userName = "" }])
    let plan = try await company.plan(night: 1)

    #expect(plan.operations.count == 20)
    #expect(plan.findings["map.no-user-name"] == 1)
    #expect(plan.holds == ["quarantined record E-ann"])
  }

  @Test func twoRecordsOfOneKeyAreHeldBothAndTheirMemberKeepsEverything() async throws {
    let company = try Self.company()
    try company.people(["ann"])
    try await company.apply(night: 1)
    try company.people([
      Person("ann").with { $0.title = "One" }, Person("ann").with { $0.title = "Two" },
    ])
    let plan = try await company.plan(night: 2)

    #expect(plan.operations == [])
    #expect(plan.findings["match.duplicate"] == 2)
    #expect(plan.holds == ["duplicate record E-ann"])
  }

  @Test func twoRecordsOfWhichOneIsTheSameAreHeldToo() async throws {
    let company = try Self.company()
    try company.people(["ann"])
    try await company.apply(night: 1)
    try company.people(["ann", Person("ann").with { $0.title = "Two" }])
    let plan = try await company.plan(night: 2)

    #expect(plan.operations == [])
    #expect(plan.findings["match.duplicate"] == 2)
  }

  @Test func recordThatClaimsAMemberByALowerKeyIsADuplicateOfItsOwner() async throws {
    let company = try Self.company()
    try company.people(["ann"])
    try await company.apply(night: 1)
    // The first record has ann's id and a new name, the second one her name and no id.
    try company.people([
      Person("ann").with { $0.userName = "anna" }, Person("ann").with { $0.id = "" },
    ])
    let plan = try await company.plan(night: 2)

    #expect(plan.operations == [])
    #expect(plan.findings == ["match.contended": 2])
  }

  // MARK: - Leavers and returners

  @Test func ladderGoesStepByStep() async throws {
    let company = try Self.company(
      "lifecycle: {leavers: {deactivate: 2, stripTeams: 3, delete: 4, minInterval: 1h}}")
    try company.people(["ann", "bob"])
    try await company.apply(night: 1)
    var steps: [[String]] = []
    for night in 2...5 {
      // Something must be new in the file, or the night does not count.
      try company.people([Person("bob").with { $0.title = "Title \(night)" }])
      steps.append(try await company.apply(night: night).removals)
    }

    #expect(steps == [[], ["deactivate-member ann"], [], ["delete-member ann"]])
    #expect(try !company.export().contains("\"userName\":\"ann\""))
  }

  @Test func leaverIsReactivatedOnReturn() async throws {
    let company = try Self.company()
    try company.people(["ann", "bob"])
    try await company.apply(night: 1)
    try company.people(["bob"])
    #expect(try await company.apply(night: 2).operations == ["deactivate-member ann"])
    #expect(try await company.apply(night: 3).operations == [])
    try company.people([Person("ann").with { $0.title = "Lead" }, "bob"])
    let plan = try await company.apply(night: 4)

    #expect(
      plan.operations == ["reactivate-member ann: active false → true, title Buyer → Lead"])
    #expect(plan.decisions.operations.first?.classes == .grant)
    #expect(try await company.plan(night: 5).operations == [])
  }

  @Test func memberDisabledAtTheSourceComesBackWithIt() async throws {
    let company = try Self.company()
    try company.people(["ann"])
    try await company.apply(night: 1)
    try company.people([Person("ann").with { $0.enabled = "False" }])
    let disabling = try await company.apply(night: 2)
    #expect(disabling.operations == ["update-member ann: active true → false"])
    #expect(disabling.decisions.operations.first?.classes == .removal)
    #expect(try await company.apply(night: 3).operations == [])
    try company.people(["ann"])
    #expect(
      try await company.plan(night: 4).operations == ["reactivate-member ann: active false → true"])
  }

  @Test func leaverWhoIsDisabledAtTheSourceOnReturnStaysInactive() async throws {
    let company = try Self.company()
    try company.people(["ann"])
    try await company.apply(night: 1)
    try company.people([])
    try await company.apply(night: 2)
    try company.people([Person("ann").with { $0.enabled = "False" }])

    #expect(try await company.plan(night: 3).operations == [])
  }

  @Test func nobodyIsReactivatedWhereThePolicySaysNever() async throws {
    let company = try Self.company("lifecycle: {reactivate: never}")
    try company.people(["ann"])
    try await company.apply(night: 1)
    try company.people([])
    try await company.apply(night: 2)
    try company.people(["ann"])
    let plan = try await company.plan(night: 3)

    #expect(plan.operations == [])
    #expect(plan.holds == ["inactiveNotByUs member ann"])
  }

  // MARK: - Members that are there already

  /// A directory with ann in it, active or not, that nobody manages.
  private static func directory(
    _ sections: String = "", enabled: String = "True"
  ) async throws -> Company {
    let company = try company(sections)
    try company.write(
      Person.csv([Person("ann").with { $0.enabled = enabled }]), as: "directory.csv")
    _ = try await company.job(night: 1).refresh(from: [company.path("directory.csv")])
    return company
  }

  @Test func refreshMakesNobodyManaged() async throws {
    let company = try await Self.directory()
    try company.people([])
    let plan = try await company.plan(night: 1)

    #expect(plan.removals == [])
    #expect(plan.decisions.situations[.unmanaged] == 1)
    #expect(try company.job(night: 1).history().map(\.outcome) == [.refreshed])
  }

  @Test func foundMemberIsHeldUntilThePolicyAdoptsIt() async throws {
    for (sections, expected) in [
      ("", []), ("matching: {adopt: {members: [userName]}}", []),
      ("matching: {adopt: {members: [externalId]}}", ["update-member ann: title Buyer → Lead"]),
    ] {
      let company = try await Self.directory(sections)
      try company.people([Person("ann").with { $0.title = "Lead" }])
      let plan = try await company.apply(night: 1)

      #expect(plan.operations.filter { !$0.contains("crowd") } == expected, "\(sections)")
      #expect(plan.holds == (expected.isEmpty ? ["found member ann"] : []))
      let next = try await company.plan(night: 2)
      #expect(next.operations == [])
    }
  }

  @Test func adoptionReactivatesNobody() async throws {
    let company = try await Self.directory(
      "matching: {adopt: {members: [externalId]}}", enabled: "False")
    try company.people(["ann"])
    let plan = try await company.apply(night: 1)

    #expect(plan.operations.filter { !$0.contains("crowd") } == ["update-member ann"])
    let next = try await company.plan(night: 2)
    #expect(next.operations == [])
    #expect(next.holds == ["inactiveNotByUs member ann"])
  }

  @Test func inactiveMemberIsReactivatedWhereThePolicySaysAlways() async throws {
    let company = try await Self.directory(
      "matching: {adopt: {members: [externalId]}}\nlifecycle: {reactivate: always}",
      enabled: "False")
    try company.people(["ann"])
    try await company.apply(night: 1)

    #expect(
      try await company.plan(night: 2).operations == ["reactivate-member ann: active false → true"])
  }

  @Test func joinerDoesNotTakeANameThatAnUnmanagedMemberHas() async throws {
    let company = try await Self.directory()
    try company.people([Person("ann").with { $0.id = "E-other" }])
    let plan = try await company.plan(night: 1)

    #expect(plan.operations.filter { !$0.contains("crowd") } == [])
    #expect(plan.holds == ["conflictingKeys record E-other"])
  }

  // MARK: - Probable renames

  @Test func leaverAndJoinerWhoAreAlikeAreHeldAsOnePerson() async throws {
    let company = try Self.company()
    let ann = Person("ann").with {
      $0.givenName = "Ann"
      $0.familyName = "Schmidt"
    }
    try company.people([ann])
    try await company.apply(night: 1)
    try company.people([
      ann.with {
        $0.id = "E-9"
        $0.userName = "ann.weber"
        $0.mail = "ann.weber@contoso.com"
      }
    ])
    let plan = try await company.plan(night: 2)

    #expect(plan.operations == [])
    #expect(plan.findings["match.probable-rename"] == 1)
    #expect(plan.holds == ["probableRename member ann", "probableRename record E-9"])
  }

  // MARK: - Empty cells

  @Test func emptyCellClearsOnlyWhatThePolicyLetsItClear() async throws {
    let company = try Self.company()
    try company.people(["ann"])
    try await company.apply(night: 1)
    try company.people([
      Person("ann").with {
        $0.title = ""
        $0.department = ""
        $0.city = ""
        $0.mail = ""
      }
    ])

    #expect(try await company.apply(night: 2).operations == ["update-member ann: title Buyer → –"])
    #expect(try await company.plan(night: 3).operations == [])
  }

  @Test func typeNameInACellIsNoValue() async throws {
    let company = try Self.company()
    try company.people(["ann"])
    try await company.apply(night: 1)
    try company.people([Person("ann").with { $0.title = "System.String[]" }])
    let plan = try await company.plan(night: 2)

    #expect(plan.operations == [])
    #expect(plan.findings["read.lost-value"] == 1)
  }

  @Test func newlyMappedAttributeIsFilledIn() async throws {
    let company = try Self.company()
    try company.people(["ann"])
    try await company.apply(night: 1)
    try company.write(
      CompanyPolicy(mapping: "    nickName: displayName", sections: CompanyPolicy.wideGuards).text,
      as: "rollcall.yaml")
    let plan = try await company.apply(night: 2)

    #expect(plan.operations.count == 21)
    #expect(plan.operations.contains("update-member ann: nickName – → Ann"))
    #expect(try await company.plan(night: 3).operations == [])
  }

  @Test func attributeThatIsMappedNoMoreStaysAsItIs() async throws {
    let company = try Self.company()
    try company.people(["ann"])
    try await company.apply(night: 1)
    let text = CompanyPolicy(sections: CompanyPolicy.wideGuards).text
    try company.write(
      text.split(separator: "\n").filter { !$0.contains("jobTitle") }.joined(separator: "\n"),
      as: "rollcall.yaml")
    try company.people([Person("ann").with { $0.title = "Lead" }])

    #expect(try await company.apply(night: 2).operations == [])
    #expect(try company.export().contains("\"title\":\"Buyer\""))
  }
}
