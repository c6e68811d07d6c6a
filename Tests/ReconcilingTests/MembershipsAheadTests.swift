import Identity
import PlanFile
import TestSupport
import Testing

@testable import Reconciling

/// With one core nothing is read ahead; a plan, or why there is none, is the same bytes.
struct MembershipsAheadTests {
  private static let everybody: [Person] = (0..<60).map { Person("person\($0)") }
  private static let teamNames = ["Sales", "Legal", "Works"]

  private static let rows =
    "groupId,userPrincipalName\n"
    + everybody.enumerated().filter { $0.offset % 5 != 2 }.map {
      "G-\(teamNames[$0.offset % 3]),\($0.element.userName)\n"
    }.joined()

  /// What may stand in the file of memberships; nil for no file.
  private static let files: [(name: String, text: String?)] = [
    ("as it should be", rows),
    ("missing", nil),
    ("empty", ""),
    ("only a header", "groupId,userPrincipalName\n"),
    ("other columns", rows.replacing("groupId", with: "team")),
    ("columns in another order", "userPrincipalName,groupId\nperson1,G-Sales\n"),
    ("a quote that is not closed", rows + "G-Sales,\"person1\n" + rows),
    ("people and teams whom nobody knows", rows + "G-Nowhere,person1\nG-Sales,nobody\n"),
    ("rows that are too long", rows + "G-Sales,person1,person2\n"),
    ("no text", rows + "G-Sales,\0\nG-Legal,\u{FFFD}\n"),
    ("of another format", "[{\"groupId\": \"G-Sales\", \"userPrincipalName\": \"person3\"}]"),
  ]

  private enum Outcome: Equatable {
    case plan([UInt8])
    case failure(String)
  }

  private static func outcome(_ company: Company, jobs: Int) async -> Outcome {
    do {
      return .plan(Array(try await company.plan(night: 2, jobs: jobs).bytes))
    } catch {
      return .failure("\(error)")
    }
  }

  @Test(arguments: files.indices)
  func doNotShow(file: Int) async throws {
    let (name, text) = Self.files[file]
    let company = try Company(
      CompanyPolicy(hasTeams: true, sections: CompanyPolicy.wideGuards))
    try company.people(Self.everybody)
    try company.teams(Self.teamNames)
    try company.write(Self.rows, as: "members.csv")
    try await company.apply(night: 1)
    try company.people(Self.everybody.dropLast(2) + ["new1", "new2"])
    try company.remove("members.csv")
    if let text { try company.write(text, as: "members.csv") }
    let expected = await Self.outcome(company, jobs: 1)
    for jobs in [2, 3] {
      #expect(await Self.outcome(company, jobs: jobs) == expected, "\(name), \(jobs) jobs")
    }
  }
}
