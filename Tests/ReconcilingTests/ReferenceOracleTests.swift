import Identity
import PlanFile
import TestSupport
import Testing

@testable import Reconciling

/// The plan against an independent reckoning: dictionaries over the rows, nothing of the pipeline.
struct ReferenceOracleTests {
  /// What should happen to two nights of people, worked out row by row.
  private struct Reference {
    /// By external id, as the target holds them after the first night.
    private var current: [String: Person]
    private(set) var operations: [String] = []

    init(first: [Person]) {
      current = Dictionary(
        uniqueKeysWithValues: first.filter { $0.enabled == "True" }.map { ($0.id, $0) })
    }

    init(first: [Person], second: [Person]) {
      self.init(first: first)
      let tonight = Dictionary(uniqueKeysWithValues: second.map { ($0.id, $0) })
      for person in second {
        guard let before = current[person.id] else {
          if person.enabled == "True" { operations.append("create-member \(person.userName)") }
          continue
        }
        let changes = Self.changes(from: before, to: person)
        guard !changes.isEmpty else { continue }
        operations.append("update-member \(before.userName): " + changes.joined(separator: ", "))
      }
      for person in current.values where tonight[person.id] == nil {
        operations.append("deactivate-member \(person.userName)")
      }
      operations.sort()
    }

    /// Empty cells say nothing, but for the title, which the policy lets them clear.
    private static func changes(from before: Person, to after: Person) -> [String] {
      let pairs: [(name: String, before: String, after: String, clears: Bool)] = [
        ("userName", before.userName, after.userName, false),
        ("displayName", before.displayName, after.displayName, false),
        ("givenName", before.givenName, after.givenName, false),
        ("familyName", before.familyName, after.familyName, false),
        ("value", before.mail, after.mail, false), ("title", before.title, after.title, true),
        ("department", before.department, after.department, false),
        ("locality", before.city, after.city, false),
        (
          "active", before.enabled == "True" ? "true" : "false",
          after.enabled == "True" ? "true" : "false", false
        ),
      ]
      // Bytes, not text: to a person é and e with an accent are one letter, to a key they are two.
      return pairs.filter { pair in
        !pair.before.utf8.elementsEqual(pair.after.utf8) && (pair.clears || !pair.after.isEmpty)
      }
      .map { pair in
        "\(pair.name) \(pair.before.isEmpty ? "–" : pair.before) → \(pair.after.isEmpty ? "–" : pair.after)"
      }.sorted()
    }
  }

  private static let words = [
    "Ann", "Bob", "Łukasz", "Zoë", "O'Brien", "李小龙", "a, b", "say \"hi\"", "two\nlines", " padded ",
    "=1+1", "é", "e\u{301}", "",
  ]

  private static func person(_ number: Int, using random: inout SeededGenerator) -> Person {
    Person("user\(number)").with { person in
      person.displayName = words.randomElement(using: &random) ?? ""
      person.givenName = "Given\(number)"
      person.familyName = words.randomElement(using: &random) ?? ""
      person.title = words.randomElement(using: &random) ?? ""
      person.department = ["Sales", "Legal", "Works", ""].randomElement(using: &random) ?? ""
      person.city = words.randomElement(using: &random) ?? ""
      person.enabled = Int.random(in: 0..<20, using: &random) == 0 ? "False" : "True"
    }
  }

  /// Tonight's people: some leave, some change, some come; nobody takes a name that another one has.
  private static func night(
    after first: [Person], using random: inout SeededGenerator
  ) -> [Person] {
    var people = first.filter { _ in Int.random(in: 0..<12, using: &random) > 0 }
    for place in people.indices {
      let other = person(10_000 + place, using: &random)
      switch Int.random(in: 0..<10, using: &random) {
      case 0: people[place].title = other.title
      case 1: people[place].city = other.city
      case 2:
        people[place].displayName = other.displayName
        people[place].department = other.department
      case 3: people[place].userName += "-new"
      case 4: people[place].enabled = "False"
      default: break
      }
    }
    let count = Int.random(in: 1..<15, using: &random)
    people += (0..<count).map { person(20_000 + $0, using: &random) }
    return people.shuffled(using: &random)
  }

  @Test(arguments: 1...12)
  func planIsWhatDictionariesSay(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let first = (0..<150).map { Self.person($0, using: &random) }
    let second = Self.night(after: first, using: &random)
    let expected = Reference(first: first, second: second).operations
    let company = try Company(
      CompanyPolicy(
        sections: "health: {recordFall: 90, filledChange: 100, valueChange: 100}\n"
          + CompanyPolicy.wideGuards))
    try company.people(first)
    let load = try await company.apply(night: 1)
    try company.people(second)
    let plan = try await company.apply(night: 2)

    #expect(load.operations.count == first.count { $0.enabled == "True" }, "seed \(seed)")
    #expect(plan.operations == expected, "seed \(seed)")
    #expect(plan.holds == [], "seed \(seed)")
    #expect(plan.decisions.lowerBound == plan.decisions.operations.count, "seed \(seed)")
    let next = try await company.plan(night: 3)
    #expect(next.operations == [], "seed \(seed)")
  }

  /// Memberships likewise: sets of pairs, per team and in total.
  @Test(arguments: 1...8)
  func membershipsAreDifferencesOfSets(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let people = (0..<40).map { Person("user\($0)") }
    let teams = (0..<6).map { "Team\($0)" }
    func draw() -> Set<String> {
      Set(
        (0..<120).map { _ in
          "\(teams.randomElement(using: &random) ?? "") user\(Int.random(in: 0..<40, using: &random))"
        })
    }
    let (first, second) = (draw(), draw())
    let company = try Company(
      CompanyPolicy(
        hasTeams: true,
        sections: "health: {recordFall: 90, filledChange: 100, valueChange: 100}\n"
          + CompanyPolicy.wideGuards))
    try company.people(people)
    try company.teams(teams)
    func write(_ pairs: Set<String>) throws {
      try company.memberships(
        pairs.shuffled(using: &random).map { pair in
          let parts = pair.split(separator: " ").map(String.init)
          return (parts[0], parts[1])
        })
    }
    try write(first)
    try await company.apply(night: 1)
    try write(second)
    let plan = try await company.apply(night: 2)

    let added = second.subtracting(first).map {
      "add-membership \($0.replacing(" ", with: " + "))"
    }
    let removed = first.subtracting(second).map {
      "remove-membership \($0.replacing(" ", with: " - "))"
    }
    #expect(plan.operations == (added + removed).sorted(), "seed \(seed)")
    #expect(try await company.plan(night: 3).operations == [], "seed \(seed)")
  }
}
