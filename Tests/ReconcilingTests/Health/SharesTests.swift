import Identity
import PlanFile
import TestSupport
import Testing

@testable import Reconciling

/// A file that is as long as ever and has the same columns may still be a bad one.
struct SharesTests {
  private static let staff: [Person] = (1...40).map { number in
    Person("person\(number)").with {
      $0.givenName = "Given\(number)"
      $0.enabled = number % 10 == 0 ? "False" : "True"
    }
  }

  /// A company of forty after its first night, which removes nobody because of guards.
  private static func settled(_ sections: String = "") async throws -> Company {
    let company = try Company(
      CompanyPolicy(
        sections: "lifecycle: {createDisabled: true}\n\(CompanyPolicy.wideGuards)\n\(sections)"))
    try company.people(staff)
    try await company.apply(night: 1)
    return company
  }

  /// One way for values to go bad, with somebody gone, so that there is a removal to withhold.
  struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let finding: String
    let edit: @Sendable (Int, inout Person) -> Void
  }

  static let damages = [
    Damage(testDescription: "a boolean column is inverted", finding: "health.value-share") {
      $1.enabled = $1.enabled == "True" ? "False" : "True"
    },
    Damage(testDescription: "everybody is disabled", finding: "health.value-share") {
      $1.enabled = "False"
    },
    Damage(testDescription: "a boolean column is empty", finding: "health.filled-share") {
      $1.enabled = ""
    },
    Damage(testDescription: "a column lost its values", finding: "health.filled-share") {
      $1.title = ""
    },
    Damage(testDescription: "a column holds type names", finding: "health.filled-share") {
      $1.department = "System.String[]"
    },
    Damage(testDescription: "half a column lost its values", finding: "health.filled-share") {
      if $0 % 2 == 0 { $1.givenName = "" }
    },
    Damage(testDescription: "an empty column is filled", finding: "health.filled-share") {
      $1.familyName = "Unknown"
    },
    Damage(testDescription: "keys are written otherwise", finding: "health.key-churn") {
      $1.id = "0\($0)"
      $1.userName = "p\($0)"
      $1.mail = "p\($0)@contoso.com"
    },
    Damage(testDescription: "letters became question marks", finding: "health.garbled-column") {
      if $0 < 20 { $1.displayName = "M?ller \($0)" }
    },
    Damage(testDescription: "UTF-8 was encoded twice", finding: "health.garbled-column") {
      if $0 < 20 { $1.displayName = "MÃ¼ller \($0)" }
    },
  ]

  @Test(arguments: ["json", "ldif"], ["M?ller", "MÃ¼ller"])
  func garbledLettersAreSeenInOtherFormatsToo(format: String, name: String) async throws {
    let preset = format == "json" ? "entra" : "openldap"
    let company = try Company(
      """
      state: rollcall.db
      exports: {people: [{name: staff, path: users, content: full, preset: \(preset)}]}
      """)
    func write(_ name: String) throws {
      let people = (1...40).map {
        format == "json"
          ? #"{"id":"p\#($0)","userPrincipalName":"p\#($0)@x","displayName":"\#(name) \#($0)"}"#
            + "\n"
          : "dn: uid=p\($0),dc=x\nobjectClass: inetOrgPerson\nuid: p\($0)\nentryUUID: \($0)\ncn: \(name) \($0)\n\n"
      }
      try company.write(people.joined(), as: "users")
    }
    try write("Miller")
    try await company.apply(night: 1)
    try write(name)
    let plan = try await company.plan(night: 2)
    #expect(plan.findings["health.garbled-column"] == 1)
    #expect(plan.isReliable("staff") == false)
  }

  @Test(arguments: damages)
  func damagedValuesRemoveNobody(_ damage: Damage) async throws {
    let company = try await Self.settled()
    let damaged = Self.staff.dropFirst().enumerated().map { place, person in
      person.with { damage.edit(place, &$0) }
    }
    try company.people(damaged)
    let plan = try await company.apply(night: 2)

    #expect(plan.removals == [])
    #expect(plan.isReliable("staff") == false)
    #expect(plan.findings[damage.finding, default: 0] >= 1, "\(plan.findings)")
    #expect(plan.holds.contains("withheld export staff"))
  }

  /// But for new keys, by which everybody was created once more: those members are missing now.
  @Test(arguments: damages.filter { $0.finding != "health.key-churn" })
  func undamagedValuesOfTheNextNightAreBelieved(_ damage: Damage) async throws {
    let company = try await Self.settled()
    try company.people(
      Self.staff.enumerated().map { place, person in
        person.with { damage.edit(place, &$0) }
      })
    try await company.apply(night: 2)
    try company.people(Array(Self.staff.dropFirst()))
    let plan = try await company.plan(night: 3)

    // Nothing of the bad night has become the measure.
    #expect(plan.isReliable("staff") == true)
    #expect(plan.removals.contains("deactivate-member person1"))
  }

  @Test func handfulOfChangesIsNoDamage() async throws {
    let company = try await Self.settled()
    var people = Self.staff
    for place in 0..<3 {
      people[place].enabled = "False"
      people[place].title = ""
    }
    try company.people(people)
    let plan = try await company.plan(night: 2)

    #expect(plan.isReliable("staff") == true)
    #expect(plan.removals.count == 3)
  }

  @Test func thePolicySaysHowMuchIsTooMuch() async throws {
    let company = try await Self.settled(
      "health: {valueChange: 100, filledChange: 100, recordFall: 5, keyChurn: 50}")
    let inverted = Self.staff.map { person in
      person.with {
        $0.enabled = $0.enabled == "True" ? "False" : "True"
        $0.title = ""
      }
    }
    try company.people(inverted)
    let plan = try await company.plan(night: 2)

    #expect(plan.isReliable("staff") == true)
    #expect(plan.removals.count == 36)
  }

  @Test func everyTenthNewPersonInTheirPlaceIsTooMuchChurn() async throws {
    for (replaced, isReliable) in [(3, true), (4, false)] {
      let company = try await Self.settled()
      let active = Self.staff.filter { $0.enabled == "True" }
      let others = (0..<replaced).map { Person("other\($0)") }
      let gone = Set(active.prefix(replaced).map(\.id))
      try company.people(Self.staff.filter { !gone.contains($0.id) } + others)
      let plan = try await company.plan(night: 2)

      // Of 36 active members, a tenth is 3.6, and the policy says 10 percent: four are one too many.
      #expect(active.count == 36)
      #expect(plan.isReliable("staff") == isReliable)
      #expect(plan.removals.count == (isReliable ? replaced : 0))
    }
  }

  @Test func valuesThatAnExpressionMakesAreCountedToo() async throws {
    let company = try Company(
      CompanyPolicy(sections: CompanyPolicy.wideGuards).text.replacing(
        "active: {column: accountEnabled, \"true\": [\"True\"], \"false\": [\"False\"]}",
        with: "active: 'Switch([accountEnabled], \"False\", \"True\", \"True\")'"))
    let staff = (1...40).map { Person("person\($0)") }
    try company.people(staff)
    try await company.apply(night: 1)
    try company.people(staff.map { person in person.with { $0.enabled = "yes" } })
    let plan = try await company.plan(night: 2)

    #expect(plan.removals == [])
    #expect(plan.findings["health.value-share", default: 0] >= 1)
  }

  @Test func fileInAnotherEncodingIsReadOrRemovesNobody() async throws {
    let company = try await Self.settled()
    let people = Self.staff.dropFirst().enumerated().map { place, person in
      person.with { if place < 8 { $0.displayName = "Zoë \(place)" } }
    }
    let text = Person.csv(people)
    var utf16: [UInt8] = [0xFF, 0xFE]
    for unit in text.utf16 { utf16 += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    let latin: [UInt8] = text.unicodeScalars.map { UInt8($0.value) }
    try company.write(utf16, as: "users.csv")
    let readable = try await company.plan(night: 2)
    try company.write(latin, as: "users.csv")
    let unreadable = try await company.plan(night: 2)

    #expect(readable.removals.count == 1)
    #expect(readable.findings["health.encoding-changed"] == 1)
    #expect(unreadable.removals == [])
    #expect(unreadable.isReliable("staff") == false)
    #expect(unreadable.findings["health.wrong-encoding"] == 1)
  }

  /// A record of a group has many members, so it is those that are counted.
  @Test func aFewUnknownMembersOfLargeGroupsAreNoReasonToDoubt() async throws {
    let company = try Company(
      """
      state: rollcall.db
      exports:
        people:
          - {name: staff, path: users.json, content: full, preset: entra}
        teams:
          - {name: groups, path: groups.json, content: full, preset: entra}
        memberships:
          - {name: members, path: groups.json, content: full, preset: entra}
      \(CompanyPolicy.wideGuards)
      """)
    let ids = (1...200).map { "p\($0)" }
    let people = ids.map { #"{"id":"\#($0)","userPrincipalName":"\#($0)@x"}"# }
    try company.write(#"{"value":[\#(people.joined(separator: ","))]}"#, as: "users.json")
    func write(_ members: [String]) throws {
      let list = members.map { #"{"id":"\#($0)"}"# }.joined(separator: ",")
      let groups = (1...3).map { #"{"id":"g\#($0)","displayName":"T\#($0)","members":[\#(list)]}"# }
      try company.write(#"{"value":[\#(groups.joined(separator: ","))]}"#, as: "groups.json")
    }
    try write(ids)
    try await company.apply(night: 1)
    try write(["device1", "device2"] + ids.dropLast())
    let plan = try await company.plan(night: 2)
    #expect(plan.isReliable("members") == true)
    #expect(plan.removals.count == 3)
    try write((1...150).map { "device\($0)" } + ids.dropLast())
    let doubtful = try await company.plan(night: 2)
    #expect(doubtful.isReliable("members") == false)
    let finding = doubtful.evidence.findings.first { $0.code == "health.unknown-references" }
    #expect(try #require(finding).message.contains("43 %"))
  }

  @Test func membershipsOfPeopleNobodyKnowsTakeNobodyOut() async throws {
    let staff = (1...40).map { Person("person\($0)") }
    let company = try Company(
      CompanyPolicy(hasTeams: true, sections: CompanyPolicy.wideGuards))
    try company.people(staff)
    try company.teams(["Sales"])
    try company.memberships(staff.map { ("Sales", $0.userName) })
    try await company.apply(night: 1)
    // Their user names are written with a domain now.
    try company.memberships(staff.map { ("Sales", $0.mail) })
    let plan = try await company.plan(night: 2)

    #expect(plan.removals == [])
    #expect(plan.isReliable("group-members") == false)
    #expect(plan.findings["health.unknown-references"] == 1)
  }
}
