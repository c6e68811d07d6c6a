import Identity
import PlanFile
import TestSupport
import Testing

@testable import Reconciling

/// What is told of one person or team, and that it is what the plan does.
struct ExplainTests {
  /// One subject in words: `match: match.key match.member`, values and memberships that are not the same.
  struct Told {
    let subject: Explanation.Subject

    func codes(_ name: Explanation.StepName) -> [String] {
      subject.steps.first { $0.name == name }?.notes.map(\.code) ?? []
    }

    func text(_ name: Explanation.StepName) -> String {
      subject.steps.first { $0.name == name }?.notes.map(\.text).joined(separator: "\n") ?? ""
    }

    func status(_ name: Explanation.StepName) -> Explanation.Status? {
      subject.steps.first { $0.name == name }?.status
    }

    var operations: [String] {
      subject.steps[4].operations.map(\.operation.words).sorted()
    }

    var values: [String] {
      subject.steps[3].values.filter { $0.outcome != .same }.map { value in
        let name = value.attribute.subAttribute ?? value.attribute.attribute
        return "\(name) \(value.outcome.rawValue)"
      }
    }

    var memberships: [String] {
      subject.steps[3].memberships.map { "\($0.name) \($0.outcome.rawValue)" }
    }
  }

  private static func company(
    _ sections: String = "", people: String? = nil, hasTeams: Bool = false, crowd: Int = 20
  ) throws -> Company {
    var policy = CompanyPolicy(
      hasTeams: hasTeams, sections: sections + "\n" + CompanyPolicy.wideGuards)
    if let people { policy.people = people }
    return try Company(policy, crowd: crowd)
  }

  static func told(
    _ company: Company, _ who: String, night: Int
  ) async throws -> [Told] {
    try await company.job(night: night).explain(who).subjects.map { Told(subject: $0) }
  }

  static func one(_ company: Company, _ who: String, night: Int) async throws -> Told {
    let subjects = try await told(company, who, night: night)
    #expect(subjects.count == 1, "\(subjects.map(\.subject.name))")
    let told = try #require(subjects.first)
    #expect(told.subject.steps.map(\.name) == Explanation.StepName.allCases)
    // Whatever is told, the plan does it.
    let plan = try await company.plan(night: night)
    let planned = Set(plan.decisions.operations.map(\.words))
    #expect(Set(told.operations).isSubset(of: planned))
    return told
  }

  // MARK: - Whom

  @Test(arguments: ["E-ann", "ann", "ANN", "ann@contoso.com", "users.csv:2"])
  func aPersonIsFoundByEveryNameAndByTheLine(who: String) async throws {
    let company = try Self.company()
    try company.people(["ann", "bob"])
    try await company.apply(night: 1)
    let told = try await Self.one(company, who, night: 2)
    #expect(told.subject.name == "ann")
    #expect(told.subject.id != nil)
    #expect(told.text(.import).hasSuffix("users.csv:2, export staff"))
    #expect(told.codes(.match) == ["match.key", "match.key", "match.member", "match.situation"])
    #expect(told.codes(.act) == ["act.agrees"])
    #expect(told.operations == [])
    #expect(told.values == [])
  }

  /// A file of JSON may be one line, and a line of it every record that begins there.
  @Test func aLineOfSeveralRecordsIsAboutAllOfThem() async throws {
    let people = "    - {name: staff, path: users.json, content: full}"
    let company = try Self.company(people: people)
    try company.write(
      #"[{"id":"1","userPrincipalName":"ann"},{"id":"2","userPrincipalName":"bob"},"# + "\n"
        + #"{"id":"3","userPrincipalName":"cy",\#n"mail":"cy@x"}]"#, as: "users.json")
    #expect(
      try await Self.told(company, "users.json:1", night: 1).map(\.subject.name) == ["ann", "bob"])
    for line in 2...3 {
      #expect(
        try await Self.told(company, "users.json:\(line)", night: 1).map(\.subject.name) == ["cy"])
    }
    let whole = company.path("users.json") + ":2"
    #expect(try await Self.told(company, whole, night: 1).map(\.subject.name) == ["cy"])
  }

  @Test func aPersonIsFoundByTheIDOfTheState() async throws {
    let company = try Self.company()
    try company.people(["ann"])
    try await company.apply(night: 1)
    let id = try #require(try await Self.one(company, "ann", night: 2).subject.id)
    #expect(try await Self.one(company, "\(id)", night: 2).subject.name == "ann")
  }

  @Test(arguments: ["zoe", "users.csv:1", "users.csv:99", "other.csv:2", "A-1:2"])
  func whomNobodyKnowsIsAUsageFailure(who: String) async throws {
    let company = try Self.company()
    try company.people(["ann"])
    let job = try company.job(night: 1)
    do throws(JobFailure) {
      _ = try await job.explain(who)
      Issue.record("somebody was found")
    } catch {
      guard case .usage(let sentence) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(sentence.contains(who))
    }
  }

  @Test func nothingIsWritten() async throws {
    let company = try Self.company()
    try company.people(["ann"])
    _ = try await Self.told(company, "ann", night: 1)
    #expect(throws: (any Error).self) { try company.read("rollcall.db") }
    try await company.apply(night: 1)
    let before = try company.export()
    _ = try await Self.told(company, "ann", night: 2)
    #expect(try company.export() == before)
  }

  // MARK: - What is done

  @Test func aJoinerIsTold() async throws {
    let company = try Self.company()
    try company.people(["ann"])
    let told = try await Self.one(company, "ann", night: 1)
    #expect(told.operations == ["create-member ann"])
    #expect(told.subject.id == nil)
    #expect(told.codes(.match).contains("match.nobody"))
    #expect(told.values.contains("title new"))
    #expect(told.status(.act) == .success)
  }

  @Test func aChangeIsToldWithItsColumn() async throws {
    let company = try Self.company()
    try company.people(["ann"])
    try await company.apply(night: 1)
    try company.people([Person("ann").with { $0.title = "Lead" }])
    let told = try await Self.one(company, "ann", night: 2)
    #expect(told.operations == ["update-member ann: title Buyer → Lead"])
    #expect(told.values == ["title changes"])
    let title = try #require(told.subject.steps[3].values.first { $0.outcome == .changes })
    #expect(title.source == "jobTitle")
    #expect(title.current == "Buyer" && title.export == "Lead")
  }

  @Test func whoWasRenamedIsFoundByBothNames() async throws {
    let company = try Self.company()
    try company.people(["ann"])
    try await company.apply(night: 1)
    try company.people([Person("ann").with { $0.userName = "anna" }])
    for who in ["ann", "anna"] {
      let told = try await Self.one(company, who, night: 2)
      #expect(told.operations == ["update-member ann: userName ann → anna"])
      #expect(told.codes(.import) == ["import.record"])
    }
  }

  // MARK: - Why not

  @Test func aLeaverOfAnUnreliableExportIsWithheld() async throws {
    let company = try Self.company()
    try company.people(["ann", "bob"])
    try await company.apply(night: 1)
    try company.write(Person.csv(["bob"]), as: "users.csv")
    let told = try await Self.one(company, "ann", night: 2)
    #expect(told.operations == [])
    #expect(told.codes(.import) == ["import.absent", "import.unreliable"])
    #expect(told.status(.import) == .warning)
    #expect(told.codes(.act) == ["plan.removal-withheld", "act.held"])
    #expect(told.text(.act).contains("ann would be deactivated but is not"))
  }

  /// Findings are cut off after a hundred of a kind; who is asked about is not.
  @Test func theLastOfManyWithheldIsToldToo() async throws {
    let company = try Self.company(crowd: 150)
    try company.people(["zoe"])
    try await company.apply(night: 1)
    try company.write(Person.csv([Person("new")]), as: "users.csv")
    for who in ["crowd0", "crowd149", "zoe"] {
      let told = try await Self.one(company, who, night: 2)
      #expect(told.codes(.act) == ["plan.removal-withheld", "act.held"], "\(who)")
    }
  }

  @Test func aLeaverWaitsForItsNights() async throws {
    let company = try Self.company("lifecycle: {leavers: {deactivate: 3}}")
    try company.people(["ann", "bob"])
    try await company.apply(night: 1)
    try company.people(["bob"])
    let told = try await Self.one(company, "ann", night: 2)
    #expect(told.codes(.act).contains("act.absences"))
    #expect(told.text(.act).contains("missing for 1 night of the 3 nights"), "\(told.text(.act))")
    try await company.apply(night: 2)
    try company.people(["bob", "carl"])
    #expect(
      try await Self.one(company, "ann", night: 3).text(.act).contains("2 nights of the 3 nights"))
  }

  @Test func whoIsInactiveAlreadyIsNotDeletedUnlessThePolicySaysSo() async throws {
    let company = try Self.company()
    try company.people(["ann", "bob"])
    try await company.apply(night: 1)
    try company.people(["bob"])
    #expect(try await Self.one(company, "ann", night: 2).operations == ["deactivate-member ann"])
    try await company.apply(night: 2)
    let told = try await Self.one(company, "ann", night: 3)
    #expect(told.codes(.act) == ["act.already-inactive", "act.never-deleted"])
    #expect(told.codes(.match).contains("match.deactivated-by-us"))
  }

  @Test func twoRecordsOfOneMemberAreToldAsOnePerson() async throws {
    let company = try Self.company()
    try company.people(["ann"])
    try await company.apply(night: 1)
    try company.people([
      Person("ann").with { $0.title = "One" }, Person("ann").with { $0.title = "Two" },
    ])
    let told = try await Self.one(company, "ann", night: 2)
    #expect(told.codes(.import) == ["import.record", "import.record"])
    #expect(told.codes(.act).contains("match.duplicate"))
    #expect(told.codes(.act).contains("act.held"))
    #expect(told.values == ["title heldBack"])
    #expect(told.status(.match) == .warning)
  }

  @Test func aReusedUserNameIsTold() async throws {
    let company = try Self.company()
    try company.people(["ann"])
    try await company.apply(night: 1)
    try company.people([Person("ann").with { $0.id = "E-other" }])
    let told = try await Self.told(company, "users.csv:2", night: 2)
    #expect(told.count == 1)
    #expect(told[0].subject.id == nil)
    #expect(told[0].operations == [])
    #expect(
      !Set(told[0].codes(.act)).isDisjoint(with: [
        "match.conflicting-keys", "match.value-taken", "match.probable-rename",
      ]))
    #expect(told[0].text(.match).contains("userName “ann” is that of ann"))
    #expect(try await Self.told(company, "ann", night: 2).count == 2)
  }

  @Test func aRecordThatCannotBeReadIsTold() async throws {
    let company = try Self.company()
    try company.people(["ann"])
    try await company.apply(night: 1)
    let text = Person.csv(["ann"] + (0..<20).map { Person("crowd\($0)") })
    try company.write(
      text.replacing("Buyer,Sales", with: "Buyer,Sales,", maxReplacements: 1), as: "users.csv")
    for who in ["users.csv:2"] {
      let told = try await Self.one(company, who, night: 2)
      #expect(told.codes(.import).contains("import.unreadable"))
      #expect(told.codes(.act).contains("read.ragged-row"))
      #expect(told.codes(.act).contains("act.set-aside"))
    }
    let member = try await Self.told(company, "ann", night: 2)
    #expect(member.contains { $0.codes(.act).contains("plan.removal-withheld") }, "\(member)")
  }

  @Test func whoIsOutOfScopeIsTold() async throws {
    let scope = #"'department eq "Sales"'"#
    let company = try Self.company(
      people: "    - {name: staff, path: users.csv, content: full, scope: \(scope)}")
    try company.people(["ann"])
    try await company.apply(night: 1)
    try company.people([Person("ann").with { $0.department = "Legal" }])
    let told = try await Self.one(company, "ann", night: 2)
    #expect(told.codes(.scope) == ["scope.outside"])
    #expect(told.status(.scope) == .skipped)
    #expect(told.operations == ["deactivate-member ann"])
  }

  @Test func whoMayLeaveTheScopeIsToldToo() async throws {
    let scope = #"{filter: 'department eq "Sales"', leaving: leave}"#
    let company = try Self.company(
      people: "    - {name: staff, path: users.csv, content: full, scope: \(scope)}")
    try company.people(["ann"])
    try await company.apply(night: 1)
    try company.people([Person("ann").with { $0.department = "Legal" }])
    let told = try await Self.one(company, "E-ann", night: 2)
    // Not missing: its record is there.
    #expect(!told.codes(.act).contains("act.teams-kept"))
    #expect(!told.codes(.match).contains("match.situation"))
    #expect(told.operations == [])
    #expect(told.codes(.act) == ["act.out-of-scope"])
  }

  @Test func whoIsProtectedIsTold() async throws {
    let company = try Self.company("protected: {members: [ann]}")
    try company.people(["ann", "bob"])
    try await company.apply(night: 1)
    try company.people(["bob"])
    let told = try await Self.one(company, "ann", night: 2)
    #expect(told.operations == [])
    #expect(told.codes(.act) == ["plan.protected"])
  }

  @Test func aDisabledJoinerIsTold() async throws {
    let company = try Self.company()
    try company.people([Person("ann").with { $0.enabled = "False" }])
    let told = try await Self.one(company, "ann", night: 1)
    #expect(told.operations == [])
    #expect(told.codes(.act) == ["match.disabled-joiner"])
  }

  @Test func aRefusedPlanIsToldWithEachOfItsOperations() async throws {
    let company = try Company(
      CompanyPolicy(
        sections: "guards: {removals: {count: 0, floor: 0}}\nhealth: {recordFall: 100}"),
      crowd: 20)
    try company.people(["ann"])
    try await company.apply(night: 1)
    try company.people([])
    let told = try await Self.one(company, "ann", night: 2)
    #expect(told.operations == ["deactivate-member ann"])
    #expect(told.codes(.act).contains("act.refused"))
    #expect(try await company.job(night: 2).explain("ann").refusals.map(\.name) == ["removals"])
  }

  @Test func somebodyWhoIsNotManagedIsTold() async throws {
    let company = try Self.company()
    try company.people(["ann"])
    _ = try await company.job(night: 1).refresh(from: [company.path("users.csv")])
    let told = try await Self.one(company, "ann", night: 2)
    #expect(told.operations == [])
    #expect(told.codes(.act) == ["match.claimable", "act.held"])
    #expect(told.status(.match) == .warning)
    try company.people([])
    let absent = try await Self.one(company, "ann", night: 2)
    #expect(absent.codes(.act) == ["act.unmanaged"])
  }

  @Test func whoLooksRenamedIsToldOnBothSides() async throws {
    let company = try Self.company()
    let ann = Person("ann").with {
      $0.givenName = "Ann"
      $0.familyName = "Berg"
    }
    try company.people([ann])
    try await company.apply(night: 1)
    try company.people([
      ann.with {
        $0.id = "E-2"
        $0.userName = "ann.berg"
      }
    ])
    for who in ["ann", "ann.berg"] {
      let told = try await Self.one(company, who, night: 2)
      #expect(told.operations == [])
      #expect(told.codes(.act).contains("match.probable-rename"), "\(who): \(told.codes(.act))")
      #expect(told.codes(.match).last == "match.situation")
      #expect(told.text(.match).contains("probable rename"))
    }
  }

  @Test func whoIsNotInADeltaIsTold() async throws {
    let company = try Self.company(
      people: "    - {name: staff, path: \"users*.csv\", content: delta}")
    try company.write(Person.csv(["ann", "bob"]), as: "users1.csv")
    try await company.apply(night: 1)
    try company.write(Person.csv(["bob"]), as: "users2.csv")
    let told = try await Self.one(company, "ann", night: 2)
    #expect(told.codes(.act) == ["act.delta-is-silent"])
    #expect(told.operations == [])
  }

  @Test func mergedExportsAreToldWithTheOneThatHasTheSay() async throws {
    let people = """
          - {name: hr, path: users.csv, content: full}
          - name: ad
            path: ad.csv
            content: full
            mapping: {title: {column: role}}
      """
    let company = try Self.company(
      "matching: {merge: {authority: [ad, hr]}}", people: people)
    try company.people(["ann"])
    try company.write("id,userPrincipalName,role\nE-ann,ann,Chief\n", as: "ad.csv")
    let new = try await Self.one(company, "ann", night: 1)
    #expect(new.codes(.import) == ["import.record", "import.record"])
    #expect(new.codes(.evaluate) == ["evaluate.merged"])
    let title = try #require(
      new.subject.steps[3].values.first { $0.attribute.description == "title" })
    #expect(title.export == "Chief" && title.source == "role")
    #expect(new.operations == ["create-member ann"])
    try await company.apply(night: 1)
    let same = try await Self.one(company, "ad.csv:2", night: 2)
    #expect(same.codes(.import) == ["import.record", "import.record"])
    #expect(same.operations == [] && same.values == [])
  }

  @Test func whatIsSetOnceIsToldSo() async throws {
    let company = try Company(
      CompanyPolicy(
        mapping: "    nickName: {column: city, apply: onCreate}", sections: CompanyPolicy.wideGuards
      ))
    try company.people(["ann"])
    try await company.apply(night: 1)
    try company.people([Person("ann").with { $0.city = "Graz" }])
    let told = try await Self.one(company, "ann", night: 2)
    #expect(told.values == ["locality changes", "nickName onCreate"])
  }

  @Test func whoIsDisabledByValueIsTold() async throws {
    let company = try Self.company()
    try company.people(["ann"])
    try await company.apply(night: 1)
    try company.people([Person("ann").with { $0.enabled = "False" }])
    let told = try await Self.one(company, "ann", night: 2)
    #expect(told.operations == ["update-member ann: active true → false"])
    #expect(told.text(.match).contains("source disabled"))
  }

  // MARK: - Teams

  private static func withTeams() async throws -> Company {
    let company = try company(hasTeams: true)
    try company.people(["ann", "bob"])
    try company.teams(["Sales", "Legal"])
    try company.memberships([("Sales", "ann"), ("Legal", "ann"), ("Sales", "bob")])
    try await company.apply(night: 1)
    return company
  }

  @Test func theTeamsOfAPersonAreTold() async throws {
    let company = try await Self.withTeams()
    try company.teams(["Sales", "Legal", "New"])
    try company.memberships([("Sales", "ann"), ("New", "ann"), ("Sales", "bob")])
    let told = try await Self.one(company, "ann", night: 2)
    #expect(told.memberships == ["Legal leaves", "New joins", "Sales stays"])
    #expect(told.operations == ["add-membership New + ann", "remove-membership Legal - ann"])
  }

  @Test func aLeaverKeepsTeamsAndIsToldWhy() async throws {
    let company = try await Self.withTeams()
    try company.people(["bob"])
    try company.memberships([("Sales", "bob")])
    let told = try await Self.one(company, "ann", night: 2)
    #expect(told.memberships == ["Legal kept", "Sales kept"])
    #expect(told.codes(.act).contains("act.teams-kept"))
  }

  @Test func aTeamKeepsItsLeaversAndSaysSo() async throws {
    let company = try await Self.withTeams()
    try company.people(["bob"])
    try company.memberships([("Sales", "bob")])
    let told = try await Self.one(company, "Sales", night: 2)
    #expect(told.operations == [])
    #expect(told.memberships == ["ann kept"])
  }

  @Test(arguments: ["Sales", "G-Sales", "groups.csv:2"])
  func aTeamIsFoundByNameKeyAndLine(who: String) async throws {
    let company = try await Self.withTeams()
    try company.memberships([("Sales", "ann"), ("Legal", "ann"), ("Legal", "bob")])
    let told = try await Self.one(company, who, night: 2)
    #expect(told.subject.kind == .team)
    #expect(told.subject.name == "Sales")
    #expect(told.operations == ["remove-membership Sales - bob"])
    #expect(told.memberships == ["bob leaves"])
    #expect(told.codes(.scope) == ["scope.team"])
    #expect(told.text(.evaluate).contains("1 memberships are asked for, 2 are there now"))
  }

  @Test func aLineOfMembershipsIsAboutItsMember() async throws {
    let company = try await Self.withTeams()
    try company.people(["ann", "bob", "new"])
    try company.memberships([("Sales", "ann"), ("Sales", "new"), ("Legal", "zoe")])
    #expect(try await Self.one(company, "members.csv:2", night: 2).subject.name == "ann")
    let new = try await Self.one(company, "members.csv:3", night: 2)
    #expect(new.operations == ["add-membership Sales + new", "create-member new"])
    let job = try company.job(night: 2)
    do throws(JobFailure) {
      _ = try await job.explain("members.csv:4")
      Issue.record("somebody was found")
    } catch {
      guard case .usage(let sentence) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(sentence.contains("Team Legal names zoe, who is no member"))
    }
  }

  @Test func aNewTeamAndAGoneTeamAreTold() async throws {
    let company = try await Self.withTeams()
    try company.teams(["Sales", "New"])
    try company.memberships([("Sales", "ann"), ("Sales", "bob")])
    let new = try await Self.one(company, "New", night: 2)
    #expect(new.operations == ["create-team New"])
    #expect(new.subject.id == nil)
    let gone = try await Self.one(company, "Legal", night: 2)
    #expect(gone.operations == [])
    #expect(gone.codes(.import).contains("import.absent"))
    #expect(gone.codes(.act) == ["team.gone", "act.team-untouched"])
  }
}
