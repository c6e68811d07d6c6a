import Identity
import PlanFile
import TestSupport
import Testing

@testable import Reconciling

/// What another policy would do otherwise, on the same exports and state.
struct CompareTests {
  private static let wide = CompanyPolicy.wideGuards

  /// A company after its first night; `bob` has left and `ann` got another title since.
  private static func company(_ policy: CompanyPolicy = CompanyPolicy(sections: wide)) async throws
    -> Company
  {
    let company = try Company(policy, crowd: 20)
    try company.people(["ann", "bob"])
    if policy.hasTeams {
      try company.teams(["Sales"])
      try company.memberships([("Sales", "ann")])
    }
    try await company.apply(night: 1)
    try company.people([Person("ann").with { $0.title = "Lead" }, "new"])
    return company
  }

  private static func compare(
    _ company: Company, _ other: CompanyPolicy, as name: String = "other.yaml"
  ) async throws -> ComparedPlans {
    try company.write(other.text, as: name)
    return try await company.job(night: 2).compare(with: company.path(name))
  }

  private static func words(_ comparison: PlanComparison) -> [String] {
    comparison.entries.map { entry in
      func words(_ effects: [PlanComparison.Effect]) -> String {
        effects.map { effect in
          ([effect.kind.rawValue] + [effect.team?.name].compactMap(\.self)
            + effect.values.map { "\($0.attribute.path)=\($0.after ?? "–")" })
            .joined(separator: " ")
        }.joined(separator: ", ")
      }
      let sides = [words(entry.first), words(entry.second)].filter { !$0.isEmpty }
      return "\(entry.change.rawValue) \(entry.name): \(sides.joined(separator: " | "))"
    }
  }

  @Test func thePolicyItselfChangesNothing() async throws {
    let company = try await Self.company()
    let compared = try await company.job(night: 2).compare(with: company.path("rollcall.yaml"))
    #expect(compared.comparison.isEmpty)
    #expect(compared.comparison.sameCount == 3)
    #expect(compared.first == compared.second)
  }

  /// Comments, order and other words for the same say nothing.
  @Test func anotherWayToWriteItChangesNothing() async throws {
    let company = try await Self.company()
    var other = CompanyPolicy(sections: "# a comment\n" + Self.wide)
    other.sections += "\nlifecycle: {leavers: {deactivate: 1}}"
    #expect(try await Self.compare(company, other).comparison.isEmpty)
  }

  @Test func whatIsNoLongerDoneIsDropped() async throws {
    let company = try await Self.company()
    let compared = try await Self.compare(
      company, CompanyPolicy(sections: Self.wide + "\nlifecycle: {leavers: {deactivate: never}}"))
    #expect(Self.words(compared.comparison) == ["dropped bob: deactivate-member"])
    #expect(compared.comparison.sameCount == 2)
  }

  @Test func aNewMappingIsAddedOrChangesWhatIsDone() async throws {
    let company = try await Self.company()
    let compared = try await Self.compare(
      company, CompanyPolicy(mapping: "    nickName: userPrincipalName", sections: Self.wide))
    let words = Self.words(compared.comparison)
    #expect(words.count == 22)
    #expect(words.contains("added crowd1: update-member nickName=crowd1"))
    #expect(
      words.contains(
        "changed ann: update-member title=Lead | update-member nickName=ann title=Lead"))
    #expect(
      words.contains { $0.hasPrefix("changed new: create-member ") && $0.hasSuffix("userName=new") }
    )
  }

  @Test func aRenamedExportMakesNobodyNew() async throws {
    let company = try await Self.company()
    var other = CompanyPolicy(sections: Self.wide)
    other.people = "    - {name: people, formerly: [staff], path: users.csv, content: full}"
    let compared = try await Self.compare(company, other)
    #expect(Self.words(compared.comparison) == [])
  }

  /// The index of the state is made for other keys, which the comparison must not rest on.
  @Test func otherMatchKeysAreComparedOnTheSameState() async throws {
    let company = try await Self.company()
    let keys = "\nmatching: {members: [userName]}"
    #expect(
      try await Self.compare(company, CompanyPolicy(sections: Self.wide + keys)).comparison.isEmpty)
    try company.people([Person("ann").with { $0.userName = "anna" }, "bob"])
    let compared = try await Self.compare(company, CompanyPolicy(sections: Self.wide + keys))
    #expect(
      compared.first.decisions.operations.map(\.words) == ["update-member ann: userName ann → anna"]
    )
    #expect(!compared.comparison.isEmpty)
  }

  @Test func holdsFindingsAndGuardsAreCompared() async throws {
    let company = try await Self.company()
    let compared = try await Self.compare(
      company,
      CompanyPolicy(
        sections: "guards: {updates: {count: 0, floor: 0}}\nprotected: {members: [bob]}"))
    let comparison = compared.comparison
    #expect(Self.words(comparison) == ["dropped bob: deactivate-member"])
    #expect(comparison.findings.added.map(\.code) == ["plan.protected"])
    #expect(comparison.findings.dropped == [])
    #expect(comparison.verdicts.contains { $0.first?.passed == true && $0.second?.passed == false })
    #expect(!compared.first.isRefused && compared.second.isRefused)
    let waiting = try await Self.compare(
      company, CompanyPolicy(sections: Self.wide + "\nlifecycle: {leavers: {deactivate: 5}}"))
    #expect(waiting.comparison.holds.added.map(\.subject) == ["member bob"])
  }

  @Test func aMembershipBelongsToItsPerson() async throws {
    let company = try await Self.company(CompanyPolicy(hasTeams: true, sections: Self.wide))
    try company.memberships([("Sales", "new")])
    let compared = try await Self.compare(company, CompanyPolicy(sections: Self.wide))
    let words = Self.words(compared.comparison)
    #expect(
      words.contains { $0.hasPrefix("changed ann: remove-membership Sales, update-member") },
      "\(words)")
    #expect(words.contains { $0.hasPrefix("changed new: ") && $0.contains("add-membership Sales") })
  }

  /// The other policy stands in for the first, wherever it lies: its paths are those of the first.
  @Test func theOtherPolicyMayLieElsewhere() async throws {
    let company = try await Self.company()
    let elsewhere = try TemporaryFolder()
    try company.write("Buyer,B\nLead,L\n", as: "titles.csv")
    let table = "\nexpressions: {tables: {titles: titles.csv}}"
    let path = try elsewhere.write(
      CompanyPolicy(sections: Self.wide + table).text.replacing(
        "state: rollcall.db", with: "state: none.db"),
      as: "draft.yaml")
    let compared = try await company.job(night: 2).compare(with: path)
    #expect(compared.comparison.isEmpty)
  }

  @Test func aBrokenPolicyIsToldWithItsPlace() async throws {
    let company = try await Self.company()
    try company.write("exports: [", as: "other.yaml")
    let job = try company.job(night: 2)
    do throws(JobFailure) {
      _ = try await job.compare(with: company.path("other.yaml"))
      Issue.record("it was planned")
    } catch {
      guard case .policy(let lines) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(lines.first?.contains("other.yaml:2:1: This is not YAML") == true, "\(lines)")
    }
  }

  @Test func whatOnlyTheOtherPolicyCannotReadIsToldAsIts() async throws {
    let company = try await Self.company()
    var other = CompanyPolicy(sections: Self.wide)
    other.people = "    - {name: staff, path: users.csv, content: full, scope: 'departmnt pr'}"
    try company.write(other.text, as: "other.yaml")
    let job = try company.job(night: 2)
    do throws(JobFailure) {
      _ = try await job.compare(with: company.path("other.yaml"))
      Issue.record("it was planned")
    } catch {
      guard case .unreadable(let lines) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(lines.first?.contains("other.yaml: ") == true, "\(lines)")
      #expect(lines.first?.contains("Did you mean department?") == true, "\(lines)")
    }
  }

  @Test func nothingIsWritten() async throws {
    let company = try Company(CompanyPolicy(sections: Self.wide), crowd: 5)
    try company.people(["ann"])
    _ = try await Self.compare(company, CompanyPolicy(sections: Self.wide))
    #expect(throws: (any Error).self) { try company.read("rollcall.db") }
    try await company.apply(night: 1)
    let before = try company.export()
    _ = try await Self.compare(company, CompanyPolicy(mapping: "    nickName: city"))
    #expect(try company.export() == before)
  }

  /// The comparison names exactly those whose operations differ.
  @Test func everyDifferenceIsNamed() async throws {
    let company = try await Self.company()
    let mappings = [
      "nickName: city", "userType: {constant: x}", "nickName: {column: jobTitle, apply: onCreate}",
      "locale: 'IIF([jobTitle] = \"Lead\", \"de\", IgnoreAttributeFlow)'",
    ]
    for mapping in mappings {
      let compared = try await Self.compare(
        company, CompanyPolicy(mapping: "    " + mapping, sections: Self.wide))
      func names(_ plan: Plan) -> [String: Set<String>] {
        plan.decisions.operations.reduce(into: [:]) {
          $0[$1.subject.name, default: []].insert($1.told(in: plan))
        }
      }
      let (first, second) = (names(compared.first), names(compared.second))
      let differing = Set(first.keys).union(second.keys).filter { first[$0] != second[$0] }
      #expect(!differing.isEmpty, "\(mapping)")
      #expect(Set(compared.comparison.entries.map(\.name)) == differing, "\(mapping)")
    }
  }
}

extension Operation {
  /// The operation with its values by path.
  fileprivate func told(in plan: Plan) -> String {
    guard case .createMember(let image) = action else { return words }
    let set = plan.decisions.memberAttributes
    return words
      + set.ids.map { "\(set[$0].path)=\(image.text($0) ?? "")" }.filter { !$0.hasSuffix("=") }
      .joined(separator: " ")
  }
}
