import Identity
import PlanFile
import Testing

@testable import Reconciling

/// `SelectUniqueValue`: chosen once, when somebody is created, against the state and everybody else of the run.
struct UniqueChoiceTests {
  private static let rules =
    #"SelectUniqueValue(ToLower([displayName]), ToLower([displayName]) & "2", ToLower(Join(".", [displayName], [city])))"#

  private static func company(crowd: Int = 0) throws -> Company {
    try Company(
      CompanyPolicy().text.replacing(
        "userName: userPrincipalName", with: "userName: '\(rules)'")
        + "matching: {members: [externalId]}\n" + CompanyPolicy.wideGuards, crowd: crowd)
  }

  private static func ann(_ id: String, city: String = "Rome") -> Person {
    Person("ann").with {
      $0.id = id
      $0.city = city
    }
  }

  private static func created(_ plan: Plan) -> [String: String] {
    let set = plan.decisions.memberAttributes
    return plan.decisions.operations.reduce(into: [:]) { names, operation in
      guard case .createMember(let image) = operation.action, let id = set.id(of: .externalID)
      else { return }
      names[image.text(id) ?? ""] = operation.subject.name
    }
  }

  @Test func theFirstFreeValueIsChosenAndStays() async throws {
    let company = try Self.company()
    try company.people([Self.ann("E-1")])
    #expect(Self.created(try await company.apply(night: 1)) == ["E-1": "ann"])
    try company.people([Self.ann("E-1"), Self.ann("E-2")])
    #expect(Self.created(try await company.apply(night: 2)) == ["E-2": "ann2"])
    #expect(try await company.plan(night: 3).operations == [])

    // A changed name changes no user name: that is what "chosen when created" means.
    try company.people([Self.ann("E-1").with { $0.displayName = "Anna" }, Self.ann("E-2")])
    #expect(
      try await company.plan(night: 4).operations == ["update-member ann: displayName Ann → Anna"])
  }

  /// The order of rows must not decide who gets which name.
  @Test func theOrderOfRowsChangesNothing() async throws {
    let people = [Self.ann("E-3"), Self.ann("E-1"), Self.ann("E-2", city: "Bonn")]
    var plans: [Plan] = []
    for order in [people, people.reversed(), [people[1], people[0], people[2]]] {
      let company = try Self.company()
      try company.people(order)
      plans.append(try await company.plan(night: 1))
    }
    #expect(Self.created(plans[0]) == ["E-1": "ann", "E-2": "ann2", "E-3": "ann.rome"])
    #expect(plans.allSatisfy { Self.created($0) == Self.created(plans[0]) })
  }

  @Test func someoneForWhomNothingIsLeftIsHeld() async throws {
    let company = try Self.company()
    try company.people((1...4).map { Self.ann("E-\($0)") })
    let plan = try await company.apply(night: 1)
    #expect(plan.operations.count == 3)
    #expect(plan.holds == ["valueTaken record E-4"])
    let finding = try #require(plan.evidence.findings.first { $0.code == "map.no-unique-value" })
    #expect(finding.message.contains("ann, ann2, ann.rome"))
  }

  @Test func theNameOfAnInactiveMemberIsTaken() async throws {
    let company = try Self.company(crowd: 20)
    try company.people([Self.ann("E-1")])
    try await company.apply(night: 1)
    try company.people([])
    try await company.apply(night: 2)
    try company.people([Self.ann("E-2", city: "Bonn")])
    let plan = try await company.plan(night: 3)
    #expect(Self.created(plan)["E-2"] == "ann2" || plan.holds.contains { $0.contains("E-2") })
    #expect(Self.created(plan)["E-2"] != "ann")
  }

  @Test func whatAnotherExportStatesIsTaken() async throws {
    let company = try Company(
      CompanyPolicy(
        people: """
              - {name: staff, path: users.csv, content: full, mapping: {userName: '\(Self.rules)'}}
              - {name: guests, path: guests.csv, content: full}
          """,
        sections: "matching: {members: [externalId]}\n" + CompanyPolicy.wideGuards))
    try company.people([Self.ann("E-1")])
    try company.write(
      "id,userPrincipalName,displayName\nE-9,ANN,Guest\n", as: "guests.csv")
    #expect(Self.created(try await company.plan(night: 1)) == ["E-1": "ann2", "E-9": "ANN"])
  }

  @Test func aRuleThatFailsHoldsOnlyWhoNeedsIt() async throws {
    let company = try Company(
      CompanyPolicy().text.replacing(
        "userName: userPrincipalName",
        with:
          #"userName: 'SelectUniqueValue(ToLower([displayName]), FormatDateTime([city], , "yyyy", "yy"))'"#
      )
        + "matching: {members: [externalId]}\n" + CompanyPolicy.wideGuards)
    try company.people([Self.ann("E-1"), Self.ann("E-2")])
    let plan = try await company.plan(night: 1)
    #expect(Self.created(plan) == ["E-1": "ann"])
    #expect(plan.findings["map.expression-failed"] == 1)
    #expect(plan.holds == ["valueTaken record E-2"])
  }

  @Test(arguments: ["[userName]", "[externalId, userName]"])
  func nobodyIsMatchedByWhatIsChosen(keys: String) throws {
    let text =
      CompanyPolicy().text.replacing(
        "userName: userPrincipalName", with: "userName: '\(Self.rules)'")
      + "matching: {members: \(keys)}\n"
    #expect(throws: PolicyFailure.self) { try Policy(parsing: text, path: "p") }
    do {
      _ = try Policy(parsing: text, path: "p")
    } catch {
      #expect(error.description.contains("chosen or set only when somebody is created"))
    }
  }
}
