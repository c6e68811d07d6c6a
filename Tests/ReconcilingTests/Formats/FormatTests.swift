import Foundation
import PlanFile
import Testing

@testable import Reconciling

/// The same people in another format are the same people.
struct FormatTests {
  private static let people: [Person] = ["ann", "bob", Person("Zoë").with { $0.title = "" }]

  /// The rows of `users.csv` as JSON.
  private static func json(
    _ people: [Person], _ separator: String, without name: String? = nil
  ) -> String {
    people.map { person in
      let members = zip(Person.header, person.cells).filter { $0.0 != name }.map { name, value in
        let text = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(name)\":" + (name == "accountEnabled" ? "\"\(text)\"" : "\"\(text)\"")
      }
      return "{" + members.joined(separator: ",") + "}"
    }.joined(separator: separator)
  }

  @Test func decisionsDoNotDependOnTheFormat() async throws {
    let company = try Company()
    try company.people(Self.people)
    try await company.apply(night: 1)
    let tonight = [Person("ann").with { $0.title = "Lead" }, "carl", "dora", Self.people[2]]
    try company.people(tonight)
    let table = try await company.plan(night: 2)
    let texts = [
      "[" + Self.json(tonight, ",") + "]", Self.json(tonight, "\n") + "\n",
      "{\"value\":[" + Self.json(tonight, ",\n") + "]}",
    ]
    for text in texts {
      try company.write(text, as: "users.csv")
      let plan = try await company.plan(night: 2)
      #expect(plan.operations == table.operations)
      #expect(plan.decisionBytes == table.decisionBytes)
    }
  }

  @Test func aFieldThatIsNotThereClearsNothing() async throws {
    let company = try Company()
    try company.people(Self.people)
    try await company.apply(night: 1)
    try company.write(Self.json(Self.people, "\n", without: "jobTitle"), as: "users.csv")
    #expect(try await company.plan(night: 2).operations == [])
    try company.write(
      Self.json(Self.people, "\n").replacing("\"Buyer\"", with: "null"), as: "users.csv")
    #expect(
      try await company.plan(night: 2).operations == [
        "update-member ann: title Buyer → –", "update-member bob: title Buyer → –",
      ])
  }

  @Test(arguments: ["cut", "more pages", "broken", "a bad record", "fewer than stated"])
  func nobodyIsRemovedByAFileThatIsNotWhole(trap: String) async throws {
    let company = try Company(crowd: 0)
    let crowd = (0..<30).map { Person("crowd\($0)") }
    try company.write("[" + Self.json(crowd, ",") + "]", as: "users.csv")
    try await company.apply(night: 1)
    let fewer = Self.json(Array(crowd.dropFirst()), ",")
    let text =
      switch trap {
      case "cut": "[" + fewer
      case "more pages": "{\"@odata.nextLink\":\"x\",\"value\":[\(fewer)]}"
      case "broken": "[" + fewer + ",]"
      case "a bad record": "[" + fewer + ",{\"id\":\"1\",\"id\":\"2\"}]"
      default: "{\"totalResults\":30,\"Resources\":[\(fewer)]}"
      }
    try company.write(text, as: "users.csv")
    let plan = try await company.plan(night: 2)
    #expect(plan.operations == [])
    #expect(plan.isReliable("staff") == false)
    try company.write("[" + fewer + "]", as: "users.csv")
    #expect(try await company.plan(night: 2).operations == ["deactivate-member crowd0"])
  }

  @Test func severalValuesForOneAttributeSetTheRecordAside() async throws {
    let company = try Company()
    let text = Self.json(Self.people, "\n").replacing(
      "\"ann@contoso.com\"", with: "[\"a@x\",\"b@x\"]")
    try company.write(text, as: "users.csv")
    let plan = try await company.plan(night: 1)
    #expect(plan.findings["map.several-values"] == 1)
    #expect(!plan.operations.contains("create-member ann"))
  }
}
