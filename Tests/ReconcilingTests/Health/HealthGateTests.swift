import Identity
import PlanFile
import TestSupport
import Testing

@testable import Reconciling

/// A bad read must not be taken for absence: whatever is wrong with a file, nobody loses access.
struct HealthGateTests {
  private static let staff: [Person] = (1...40).map { Person("person\($0)") }

  /// A company of forty after its first night.
  private static func settled(_ policy: CompanyPolicy = CompanyPolicy()) async throws -> Company {
    let company = try Company(policy)
    try company.people(staff)
    try await company.apply(night: 1)
    return company
  }

  /// One way for a file to go bad, and the finding that says so.
  struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let finding: String
    let damage: @Sendable (Company) throws -> Void

    init(
      _ description: String, _ finding: String, damage: @escaping @Sendable (Company) throws -> Void
    ) {
      testDescription = description
      self.finding = finding
      self.damage = damage
    }
  }

  /// Everybody but the last three, so that there are leavers to be withheld: not fewer than is usual.
  private static var fewer: [Person] { Array(staff.dropLast(3)) }

  static let damages: [Damage] = [
    Damage("a column is missing", "health.header-changed") { company in
      let rows = ([Person.header] + fewer.map(\.cells)).map { $0.filter { $0 != "city" } }
      try company.write(csv(rows.map { Array($0.prefix(8)) + $0.suffix(1) }), as: "users.csv")
    },
    Damage("a column is new", "health.header-changed") { company in
      let rows = [Person.header + ["extra"]] + fewer.map { $0.cells + ["x"] }
      try company.write(csv(rows), as: "users.csv")
    },
    Damage("a column has another name", "health.header-changed") { company in
      let header = Person.header.map { $0 == "city" ? "town" : $0 }
      try company.write(csv([header] + fewer.map(\.cells)), as: "users.csv")
    },
    Damage("far fewer people", "health.fewer-records") { company in
      try company.people(Array(staff.prefix(30)))
    },
    Damage("a quote that is never closed", "read.unterminated-quote") { company in
      let text = Person.csv(fewer).replacing("Person30,", with: "\"Person30,")
      try company.write(text, as: "users.csv")
    },
    Damage("one row with a cell too many", "health.quarantined") { company in
      let text = Person.csv(fewer).replacing("Person30,", with: "Person30,x,")
      try company.write(text, as: "users.csv")
    },
    Damage("one row without any key", "health.quarantined") { company in
      try company.people(
        fewer.dropLast() + [
          Person("").with {
            $0.id = ""
            $0.userName = ""
          }
        ])
    },
    Damage("a key with a NUL byte in it", "health.quarantined") { company in
      let text = Person.csv(fewer).replacing("E-person30,", with: "E-per\0son30,")
      try company.write(text, as: "users.csv")
    },
    Damage("a key that is no UTF-8", "health.quarantined") { company in
      var bytes = Array(Person.csv(fewer).utf8)
      let line = try #require(
        bytes.split(separator: 0x0A, omittingEmptySubsequences: false).last { !$0.isEmpty })
      bytes[line.startIndex] = 0xFF
      try company.write(bytes, as: "users.csv")
    },
  ]

  private static func csv(_ rows: [[String]]) -> String {
    rows.map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
  }

  @Test(arguments: damages)
  func damagedFileRemovesNobody(_ damage: Damage) async throws {
    let company = try await Self.settled()
    try damage.damage(company)
    let plan = try await company.apply(night: 2)

    #expect(plan.removals == [])
    #expect(plan.isReliable("staff") == false)
    #expect(plan.findings[damage.finding, default: 0] == 1)
    #expect(plan.holds.contains("withheld export staff"))
    // What is withheld tonight is done when the file is good again, and not before.
    try company.people(Self.fewer + [Person("new")])
    let next = try await company.plan(night: 3)
    #expect(next.isReliable("staff") == true)
  }

  @Test func damagedFileDoesNotBecomeTheMeasureOfTheNextOne() async throws {
    let company = try await Self.settled()
    try company.people(Array(Self.staff.prefix(20)))
    try await company.apply(night: 2)
    let plan = try await company.plan(night: 3)

    #expect(plan.isReliable("staff") == false)
    #expect(plan.removals == [])
  }

  @Test func shrunkenFileIsBelievedOnceAPersonHasSaidSo() async throws {
    let company = try await Self.settled(CompanyPolicy(sections: CompanyPolicy.wideGuards))
    try company.people(Array(Self.staff.prefix(20)))
    try await company.apply(night: 2)
    try company.job(night: 2).resume(reason: "half of us were sold", accepting: ["staff"])
    let plan = try await company.apply(night: 3)

    #expect(plan.isReliable("staff") == true)
    #expect(plan.removals.count == 20)
  }

  @Test func updatesOfADoubtedFileGoOnUnlessThePolicySaysNothing() async throws {
    for (response, expected) in [
      ("updates", ["create-member new", "update-member person1: title Buyer → Lead"]),
      ("nothing", []),
    ] {
      let company = try await Self.settled(
        CompanyPolicy(sections: "health: {onUnreliable: \(response)}"))
      var people = Self.staff.dropLast(10) + [Person("new")]
      people[0].title = "Lead"
      try company.people(Array(people))
      #expect(try await company.plan(night: 2).operations == expected)
    }
  }

  @Test func disablingByValueIsWithheldFromADoubtedFile() async throws {
    let company = try await Self.settled()
    var people = Array(Self.staff.dropLast(10))
    people[0].enabled = "False"
    try company.people(people)
    let plan = try await company.plan(night: 2)

    #expect(plan.operations == [])
    #expect(plan.holds.contains("withheld member person1"))
  }

  // MARK: - Nothing to read at all

  static let unreadable: [Damage] = [
    Damage("the file is empty", "empty") { try $0.write("", as: "users.csv") },
    Damage("only a header", "header") {
      try $0.write(Person.header.joined(separator: ",") + "\n", as: "users.csv")
    },
    Damage("the file is not there", "users.csv") { try $0.remove("users.csv") },
    Damage("only a byte order mark", "empty") {
      try $0.write([0xEF, 0xBB, 0xBF], as: "users.csv")
    },
    Damage("every row is broken", "40 lines") { company in
      let text = Person.csv(staff).replacing(",Buyer,", with: ",Buyer,x,")
      try company.write(text, as: "users.csv")
    },
    Damage("another file altogether", "match key") {
      try $0.write("sku,price\nA1,20\n", as: "users.csv")
    },
  ]

  @Test(arguments: unreadable)
  func nothingReadableIsAFailureAndNoPlan(_ damage: Damage) async throws {
    let company = try await Self.settled()
    try damage.damage(company)

    for apply in [false, true] {
      let failure = await #expect(throws: JobFailure.self) {
        if apply { try await company.apply(night: 2) } else { _ = try await company.plan(night: 2) }
      }
      guard case .unreadable(let sentences) = failure else {
        Issue.record("failed otherwise: \(String(describing: failure))")
        return
      }
      #expect(sentences.joined(separator: "\n").contains(damage.finding))
    }
    #expect(try company.export().components("\"active\":true") == 40)
  }

  @Test func vanishedExportOfSeveralRemovesNobodyOfIt() async throws {
    let company = try Company(
      CompanyPolicy(
        people: """
              - {name: staff, path: users.csv, content: full}
              - {name: guests, path: guests.csv, content: full}
          """))
    try company.people(Self.staff)
    try company.write(Person.csv((1...10).map { Person("guest\($0)") }), as: "guests.csv")
    try await company.apply(night: 1)
    try company.remove("guests.csv")
    try company.people(Array(Self.staff.dropLast()))
    let plan = try await company.plan(night: 2)

    #expect(plan.operations == ["deactivate-member person40"])
    #expect(plan.isReliable("guests") == false)
    #expect(plan.findings["health.file-vanished"] == 1)
    #expect(plan.findings["plan.removal-withheld"] == 10)
  }

  // MARK: - Several files

  private static func sharded(_ count: Int) throws -> Company {
    let company = try Company(
      CompanyPolicy(people: "    - {name: staff, path: 'users-*.csv', content: full}"))
    for shard in 0..<count {
      try company.write(
        Person.csv(Array(staff[shard * 10..<(shard + 1) * 10])), as: "users-\(shard).csv")
    }
    return company
  }

  @Test func fewerFilesRemoveNobody() async throws {
    let company = try Self.sharded(4)
    try await company.apply(night: 1)
    try company.remove("users-2.csv")
    let plan = try await company.plan(night: 2)

    #expect(plan.removals == [])
    #expect(plan.findings["health.fewer-files"] == 1)
    #expect(plan.decisions.situations[.withheld] == 10)
  }

  @Test func emptyShardRemovesNobody() async throws {
    let company = try Self.sharded(4)
    try await company.apply(night: 1)
    try company.write("", as: "users-2.csv")
    let plan = try await company.plan(night: 2)

    #expect(plan.removals == [])
    #expect(plan.isReliable("staff") == false)
  }

  @Test func personWhoMovesToAnotherShardIsTheSame() async throws {
    let company = try Self.sharded(4)
    try await company.apply(night: 1)
    try company.write(Person.csv(Array(Self.staff[1..<10])), as: "users-0.csv")
    try company.write(Person.csv(Array(Self.staff[10..<20]) + [Self.staff[0]]), as: "users-1.csv")

    #expect(try await company.plan(night: 2).operations == [])
  }

  // MARK: - Tolerance

  @Test func toleratedLinesLetRemovalsGoOn() async throws {
    for (tolerated, removals) in [(0, []), (1, ["deactivate-member person40"])] {
      let policy = CompanyPolicy(
        people: "    - {name: staff, path: users.csv, content: full, toleratedLines: \(tolerated)}")
      let company = try await Self.settled(policy)
      let text = Person.csv(Array(Self.staff.dropLast())) + "a row that is none\n"
      try company.write(text, as: "users.csv")
      let plan = try await company.plan(night: 2)

      #expect(plan.removals == removals)
      #expect(plan.decisions.situations[.quarantined] == 1)
      #expect(!plan.holds.isEmpty)
    }
  }

  @Test func badRowOfAKnownPersonKeepsThatPersonAndNobodyElse() async throws {
    let company = try await Self.settled()
    let text = Person.csv(Array(Self.staff.dropLast())).replacing(
      "person30@contoso.com,Buyer", with: "person30@contoso.com,Bu\0yer")
    try company.write(text, as: "users.csv")
    let plan = try await company.plan(night: 2)

    #expect(plan.isReliable("staff") == true)
    #expect(plan.removals == ["deactivate-member person40"])
    #expect(plan.holds == ["quarantined export staff", "withheld member person30"])
    #expect(plan.findings["read.nul-byte"] == 1)
  }

  // MARK: - Files that were cut off

  /// The removals that the smallest guard and the records' fall allow: a tenth of forty.
  private static let allowedFall = 4

  @Test(arguments: [1, 2, 3])
  func noPrefixOfAFileRemovesMoreThanTheRuleAllows(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let company = try await Self.settled(CompanyPolicy(sections: CompanyPolicy.wideGuards))
    let awkward = Self.staff.enumerated().map { place, person in
      place % 3 == 0
        ? person.with { $0.displayName = "Line one\nline \"two\", and \($0.userName)" } : person
    }
    try company.people(awkward)
    try await company.apply(night: 2)
    let whole = Array(Person.csv(awkward).utf8)
    let header = whole.firstIndex(of: UInt8(ascii: "\n")) ?? 0
    for _ in 0..<12 {
      let cut = Int.random(in: header + 2..<whole.count, using: &random)
      try company.write(Array(whole[..<cut]), as: "users.csv")
      do {
        let plan = try await company.plan(night: 3)
        #expect(
          plan.removals.count <= Self.allowedFall, "seed \(seed), cut at \(cut) of \(whole.count)")
        if plan.isReliable("staff") == false {
          #expect(plan.removals == [], "seed \(seed), cut \(cut)")
        }
      } catch JobFailure.unreadable {
        // Less than one record is nothing to plan from.
      }
    }
  }

  @Test(arguments: [4, 5])
  func noPrefixOfMembershipsTakesMoreThanTheRuleAllows(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let company = try Company(CompanyPolicy(hasTeams: true, sections: CompanyPolicy.wideGuards))
    try company.people(Self.staff)
    try company.teams(["Sales", "Legal"])
    try company.memberships(
      Self.staff.flatMap { [("Sales", $0.userName), ("Legal", $0.userName)] })
    try await company.apply(night: 1)
    let whole = try company.read("members.csv")
    let header = whole.firstIndex(of: UInt8(ascii: "\n")) ?? 0
    for _ in 0..<12 {
      let cut = Int.random(in: header + 2..<whole.count, using: &random)
      try company.write(Array(whole[..<cut]), as: "members.csv")
      let plan = try await company.plan(night: 2)

      // A tenth of eighty, and the row whose name was cut to that of somebody else.
      #expect(plan.removals.count <= 9, "seed \(seed), cut at \(cut) of \(whole.count)")
      if plan.isReliable("group-members") == false {
        #expect(plan.removals == [], "seed \(seed), cut at \(cut)")
      }
    }
  }

  // MARK: - Who is active

  /// Whoever is disabled at the source is not created, and must not come in active when the column is gone.
  @Test(arguments: ["gone", "emptied", "inverted"])
  func nobodyIsCreatedOnADoubtfulColumn(damage: String) async throws {
    let disabled = (1...12).map { number in
      Person("former\(number)").with { $0.enabled = "False" }
    }
    let company = try Company()
    try company.people(Self.staff + disabled)
    try await company.apply(night: 1)
    let everybody = Self.staff + disabled + [Person("new")]
    let damaged = everybody.map { person in
      person.with { person in
        switch damage {
        case "emptied": person.enabled = ""
        case "inverted": person.enabled = person.enabled == "True" ? "False" : "True"
        default: break
        }
      }
    }
    try company.people(damaged)
    if damage == "gone" {
      let rows = ([Person.header] + everybody.map(\.cells)).map { Array($0.dropLast()) }
      try company.write(Self.csv(rows), as: "users.csv")
    }
    let plan = try await company.plan(night: 2)
    #expect(plan.isReliable("staff") == false)
    #expect(plan.operations == [])
    #expect(plan.findings["plan.create-withheld"] ?? 0 >= 12)
  }

  /// Graph writes `accountEnabled`, others `AccountEnabled`, and the preset takes either.
  @Test func aColumnOfTwoNamesIsDoubtfulUnderBoth() async throws {
    let company = try Company(
      """
      state: rollcall.db
      exports: {people: [{name: staff, path: users.json, content: full, preset: entra}]}
      """)
    func write(_ isEnabled: (Int) -> Bool) throws {
      let people = (1...40).map {
        #"{"id":"p\#($0)","userPrincipalName":"p\#($0)@x","accountEnabled":\#(isEnabled($0))}"#
      }
      try company.write(#"{"value":[\#(people.joined(separator: ","))]}"#, as: "users.json")
    }
    try write { $0 > 6 }
    try await company.apply(night: 1)
    try write { $0 <= 6 }
    let plan = try await company.plan(night: 2)
    #expect(plan.operations == [])
    #expect(plan.findings["plan.create-withheld"] == 6)
  }

  @Test func anEndWithoutALineFeedIsACut() async throws {
    let company = try await Self.settled()
    let text = Person.csv(Self.staff)
    try company.write(String(text.dropLast(4)), as: "users.csv")
    let plan = try await company.plan(night: 2)
    #expect(plan.isReliable("staff") == false)
    #expect(plan.findings["health.last-line-open"] == 1)
  }

  @Test func filesThatNeverEndTheirLastLineAreNotCut() async throws {
    let company = try Company()
    try company.write(String(Person.csv(Self.staff).dropLast()), as: "users.csv")
    try await company.apply(night: 1)
    try company.write(String(Person.csv(Array(Self.staff.dropLast(2))).dropLast()), as: "users.csv")
    let plan = try await company.plan(night: 2)
    #expect(plan.isReliable("staff") == true)
    #expect(plan.removals.count == 2)
  }
}

extension String {
  /// How often `text` stands in it.
  fileprivate func components(_ text: String) -> Int { split(separator: text).count - 1 }
}
