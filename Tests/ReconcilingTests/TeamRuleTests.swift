import Identity
import PlanFile
import Testing

@testable import Reconciling

/// Teams that the policy makes: of everybody whose record fits a filter.
struct TeamRuleTests {
  private static let people = "    - {name: staff, path: users.csv, content: full}"
  private static let rules = """
    teams:
      rules:
        Sellers: 'department eq "Sales"'
        Leads: {filter: 'jobTitle co "Lead" and not (department eq "Legal")', exports: [staff]}
    """

  private static func company(
    _ rules: String = rules, people: String = people, hasTeams: Bool = false, crowd: Int = 0
  ) throws -> Company {
    try Company(
      CompanyPolicy(
        people: people, hasTeams: hasTeams, sections: CompanyPolicy.wideGuards + "\n" + rules),
      crowd: crowd)
  }

  private static func person(
    _ name: String, _ department: String, _ title: String = "Buyer"
  ) -> Person {
    Person(name).with {
      $0.department = department
      $0.title = title
    }
  }

  private func edges(_ plan: Plan) -> [String] {
    plan.operations.filter { $0.contains("membership") }
  }

  // MARK: - Night by night

  @Test func whoFitsIsInTheTeam() async throws {
    let company = try Self.company()
    try company.people([
      Self.person("ann", "Sales", "Lead Buyer"), Self.person("bob", "Legal", "Lead Counsel"),
      Self.person("cy", "Sales"),
    ])
    let plan = try await company.apply(night: 1)
    #expect(
      edges(plan) == [
        "add-membership Leads + ann", "add-membership Sellers + ann", "add-membership Sellers + cy",
      ])
    #expect(plan.operations.filter { $0.hasPrefix("create-team") }.count == 2)
    #expect(Set(plan.decisions.operations.map(\.rule)) == ["lifecycle.create", "teams.rules"])
    // The team rests on the line of the policy, a membership on that of the record.
    let team = try #require(plan.decisions.operations.firstIndex { $0.kind == .createTeam })
    let grounds = plan.evidence.grounds.filter { $0.operation == team }.flatMap(\.origins)
    #expect(grounds.first?.file.hasSuffix("rollcall.yaml") == true)
    #expect(try await company.plan(night: 2).operations == [])
  }

  @Test func whoNoLongerFitsLeavesTheTeam() async throws {
    let company = try Self.company()
    try company.people([Self.person("ann", "Sales"), Self.person("bob", "Sales")])
    try await company.apply(night: 1)
    try company.people([Self.person("ann", "Legal"), Self.person("bob", "Sales")])
    let plan = try await company.apply(night: 2)
    #expect(edges(plan) == ["remove-membership Sellers - ann"])
    #expect(plan.removals == ["remove-membership Sellers - ann"])
    #expect(try await company.plan(night: 3).operations == [])
    try company.people([Self.person("ann", "Sales"), Self.person("bob", "Sales")])
    #expect(edges(try await company.plan(night: 3)) == ["add-membership Sellers + ann"])
  }

  /// The rule stands in the policy, so the team is emptied and not gone.
  @Test func aTeamThatNobodyFitsIsEmptied() async throws {
    let company = try Self.company()
    try company.people([Self.person("ann", "Sales"), Self.person("bob", "Legal")])
    try await company.apply(night: 1)
    try company.people([Self.person("ann", "Legal"), Self.person("bob", "Legal")])
    let plan = try await company.plan(night: 2)
    #expect(edges(plan) == ["remove-membership Sellers - ann"])
    #expect(plan.decisions.situations[.emptied] == 1)
  }

  @Test func aRuleThatIsTakenOutLeavesItsTeamAlone() async throws {
    let company = try Self.company()
    try company.people([Self.person("ann", "Sales")])
    try await company.apply(night: 1)
    let policy = CompanyPolicy(
      sections: CompanyPolicy.wideGuards + "\nteams: {rules: {Leads: 'jobTitle pr'}}")
    try company.write(policy.text, as: "rollcall.yaml")
    let plan = try await company.plan(night: 2)
    #expect(plan.removals == [])
    #expect(plan.findings["team.gone"] == 1)
  }

  // MARK: - Nobody leaves on doubt

  @Test func anUnreliableExportRemovesNobody() async throws {
    let company = try Self.company(crowd: 20)
    try company.people([Self.person("ann", "Sales"), Self.person("bob", "Sales")])
    try await company.apply(night: 1)
    // An open quote swallows the rest of the file.
    let half = Person.csv([Self.person("ann", "Legal"), Self.person("bob", "Sales")])
    try company.write(half + "\"E-x,x\n", as: "users.csv")
    let plan = try await company.plan(night: 2)
    #expect(plan.isReliable("staff") == false)
    #expect(plan.removals == [])
    #expect(plan.holds.contains("withheld team Sellers"))
  }

  @Test func aCellThatHoldsATypeNameRemovesNobody() async throws {
    let company = try Self.company()
    try company.people([Self.person("ann", "Sales"), Self.person("bob", "Sales")])
    try await company.apply(night: 1)
    try company.people([Self.person("ann", "System.String[]"), Self.person("bob", "Legal")])
    let plan = try await company.plan(night: 2)
    #expect(plan.removals == [])
    #expect(plan.holds == ["withheld team Sellers"])
  }

  /// A second export that the rule looks at, but that never had anybody for it, is asked for as well.
  @Test func everyExportOfTheRuleMustBeBelieved() async throws {
    let company = try Self.company(
      people: Self.people + "\n    - {name: guests, path: guests.csv, content: full}")
    try company.people([Self.person("ann", "Sales"), Self.person("bob", "Sales")])
    try company.write(Person.csv([Self.person("gus", "Legal")]), as: "guests.csv")
    try await company.apply(night: 1)
    try company.people([Self.person("ann", "Legal"), Self.person("bob", "Sales")])
    try company.write("", as: "guests.csv")
    let plan = try await company.plan(night: 2)
    #expect(plan.isReliable("guests") == false)
    #expect(plan.removals == [])
    try company.write(Person.csv([Self.person("gus", "Legal")]), as: "guests.csv")
    #expect(try await company.plan(night: 2).removals == ["remove-membership Sellers - ann"])
  }

  @Test func aLeaverKeepsTheTeamUntilTheLadderStripsIt() async throws {
    let company = try Self.company(crowd: 20)
    try company.people([Self.person("ann", "Sales"), Self.person("bob", "Sales")])
    try await company.apply(night: 1)
    try company.people([Self.person("bob", "Sales")])
    #expect(try await company.plan(night: 2).removals == ["deactivate-member ann"])
  }

  @Test func inADeltaOnlyARecordTakesSomebodyOut() async throws {
    let company = try Self.company(
      people: "    - {name: staff, path: \"users*.csv\", content: delta}")
    try company.people([Self.person("ann", "Sales"), Self.person("bob", "Sales")])
    try await company.apply(night: 1)
    try company.write(Person.csv([Self.person("cy", "Sales")]), as: "users2.csv")
    #expect(edges(try await company.plan(night: 2)) == ["add-membership Sellers + cy"])
    try company.write(Person.csv([Self.person("ann", "Legal")]), as: "users2.csv")
    #expect(edges(try await company.plan(night: 2)) == ["remove-membership Sellers - ann"])
  }

  @Test func aMissingColumnStopsTheRun() async throws {
    let company = try Self.company("teams: {rules: {Sellers: 'departmnt eq \"Sales\"'}}")
    try company.people(["ann"])
    do {
      _ = try await company.plan(night: 1)
      Issue.record("it was planned")
    } catch {
      guard case .unreadable(let sentences) = error as? JobFailure else {
        Issue.record("\(error)")
        return
      }
      #expect(sentences.first?.contains("Did you mean department?") == true)
    }
    #expect(try company.job(night: 1).check().isGood == false)
  }

  // MARK: - With teams of exports

  /// A rule adds to a team that an export has, and takes nobody out whom the export lists.
  @Test func aRuleAddsToATeamOfAnExport() async throws {
    let company = try Self.company(hasTeams: true)
    try company.teams(["Sellers", "Others"])
    try company.people([
      Self.person("ann", "Sales"), Self.person("bob", "Legal"), Self.person("cy", "Legal"),
    ])
    try company.memberships([("Sellers", "bob"), ("Others", "cy")])
    let plan = try await company.apply(night: 1)
    #expect(
      edges(plan) == [
        "add-membership Others + cy", "add-membership Sellers + ann",
        "add-membership Sellers + bob",
      ])
    #expect(try await company.plan(night: 2).operations == [])
    try company.people([
      Self.person("ann", "Legal"), Self.person("bob", "Legal"), Self.person("cy", "Legal"),
    ])
    #expect(try await company.plan(night: 2).removals == ["remove-membership Sellers - ann"])
  }

  @Test func theOrderOfRowsAndTheNumberOfThreadsDecideNothing() async throws {
    let people = (0..<40).map {
      Self.person("p\($0)", $0 % 3 == 0 ? "Sales" : "Legal", $0 % 5 == 0 ? "Lead" : "Buyer")
    }
    var digests: Set<String> = []
    for (order, jobs) in [(people, 1), (people.reversed(), 4)] {
      let company = try Self.company()
      try company.people(order)
      let plan = try await company.plan(night: 1, jobs: jobs)
      digests.insert(plan.operations.joined(separator: "\n"))
    }
    #expect(digests.count == 1)
  }

  @Test(arguments: UInt64(0)..<8)
  func agreesWithTheSlowWay(seed: UInt64) async throws {
    var random = Numbers(seed: seed)
    let company = try Self.company()
    var teams: [String: Set<String>] = [:]
    for night in 1...3 {
      let people = (0..<10).map {
        Self.person(
          "p\($0)", random.next(2) == 0 ? "Sales" : "Legal", random.next(2) == 0 ? "Lead" : "Buyer")
      }
      try company.people(people)
      for operation in try await company.apply(night: night).decisions.operations {
        switch operation.action {
        case .addMembership(let member):
          teams[operation.subject.name, default: []].insert(member.name)
        case .removeMembership(let member): teams[operation.subject.name]?.remove(member.name)
        default: continue
        }
      }
      #expect(
        teams["Sellers", default: []]
          == Set(people.filter { $0.department == "Sales" }.map(\.userName)), "seed \(seed)")
      #expect(
        teams["Leads", default: []]
          == Set(
            people.filter { $0.title == "Lead" && $0.department != "Legal" }.map(\.userName)),
        "seed \(seed)")
      #expect(try await company.plan(night: night + 1).operations == [], "seed \(seed)")
    }
  }

  private struct Numbers {
    var seed: UInt64

    mutating func next(_ limit: UInt64) -> UInt64 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (seed >> 33) % limit
    }
  }
}
