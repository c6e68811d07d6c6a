import Foundation
import TestSupport
import Testing

/// Three nights of the sample company, as its README tells them.
struct ContosoTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func night(_ number: Int, _ command: String...) throws -> ProgramRun {
    let company = ProgramRun.repository.appending(path: "Samples/Contoso").path
    let options = [
      "--policy", "\(company)/rollcall.yaml", "--exports", "\(company)/night-\(number)", "--state",
      "\(folder.path)/contoso.db", "--now", "2026-03-0\(number)T02:00:00Z",
    ]
    return try ProgramRun(command + options, in: folder.path)
  }

  /// The counts of `plan --output json`, by kind; zeros left out.
  private func counts(_ run: ProgramRun) throws -> [String: Int] {
    let report = try JobCommandTests.object(run)
    let counts = try #require(report["counts"] as? [String: Any])
    let kinds = try #require(counts["kinds"] as? [String: Int])
    return kinds.filter { $0.value > 0 }
  }

  private func apply(_ number: Int) throws -> ProgramRun {
    try night(number, "apply", "--reports", folder.path + "/Reports")
  }

  @Test func threeNightsGoAsTheReadmeSays() throws {
    #expect(try night(1, "check").code == 0)
    let first = try night(1, "plan", "--output", "json")
    #expect(first.code == 0, "\(first.complaints)")
    #expect(
      try counts(first) == ["create-member": 245, "create-team": 20, "add-membership": 385])
    #expect(try apply(1).code == 0)

    let second = try night(2, "plan", "--output", "json", "--detailed-exitcode")
    #expect(second.code == 2, "\(second.complaints)")
    let counts2 = try counts(second)
    #expect(counts2["create-member"] == 4)
    #expect(counts2["deactivate-member"] == 3)
    #expect(counts2["remove-membership"] == 2)
    #expect(try apply(2).code == 0)

    let third = try night(3, "plan", "--output", "json")
    #expect(third.code == 10, "\(third.complaints)")
    let counts3 = try counts(third)
    #expect(counts3["create-member"] == 2)
    #expect(counts3["deactivate-member"] == nil, "nobody loses access while a row is unreadable")
    #expect(counts3["reactivate-member"] == 1)
    #expect(counts3["update-team"] == 1)
    #expect(try apply(3).code == 10)
    #expect(try counts(night(3, "plan", "--output", "json")).isEmpty)
    #expect(try apply(3).code == 10)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/Reports")
    #expect(names.count { $0.hasSuffix(".html") } == 4)
  }

  @Test func thePlanIsTheSameWhateverTheNumberOfCores() throws {
    let one = folder.path + "/one.plan"
    let many = folder.path + "/many.plan"
    #expect(try night(1, "plan", "-q", "--jobs", "1", "--out", one).code == 0)
    #expect(try night(1, "plan", "-q", "--jobs", "7", "--out", many).code == 0)
    #expect(
      FileManager.default.contentsEqual(atPath: one, andPath: many),
      "the bytes of the plan depend on the number of cores")
  }
}
