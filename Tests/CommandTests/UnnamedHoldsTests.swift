import Foundation
import Testing

/// More people are held than can be named one by one.
struct UnnamedHoldsTests {
  /// The file of nearly everybody is empty on the second night.
  private static func job(people: Int) throws -> SmallJob {
    let job = try SmallJob(people: SmallJob.crowd(0..<people))
    try job.write(
      """
      exports:
        people:
          - {name: staff, path: users.csv, content: full}
          - {name: partners, path: partners.csv, content: full}
      mapping:
        members: {externalId: id, userName: mail, displayName: name}
      """, as: "rollcall.yaml")
    try job.write("id,mail,name,enabled\nx1,x1@example.com,X,yes\n", as: "partners.csv")
    try #require(try job.run("apply", "--quiet").code == 0)
    try job.write([])
    return job
  }

  @Test func everyCountIsTrueAboveTenThousand() throws {
    let job = try Self.job(people: 10_100)
    let run = try job.run("plan", "--output", "json", night: 2)
    #expect(run.code == 10, "\(run.complaints)")
    let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let counts = try #require(report?["counts"] as? [String: Any])
    // The people and their export.
    #expect(counts["holds"] as? Int == 10_101)
    #expect(counts["removalsWithheld"] as? Int == 10_100)
    #expect(counts["unnamedWithheld"] as? Int == 100)
    #expect((counts["situations"] as? [String: Any])?["withheld"] as? Int == 10_100)
    let holds = try #require(report?["holds"] as? [[String: Any]])
    #expect(holds.count == 10_001)
    #expect(!holds.contains { ($0["subject"] as? String)?.contains("further") == true })
    let findings = try #require(report?["findings"] as? [[String: Any]])
    let withheld = findings.filter { $0["code"] as? String == "plan.removal-withheld" }
    let repeats = withheld.compactMap { $0["repeats"] as? Int }.reduce(0, +)
    #expect(withheld.count + repeats == 10_100)
  }
}
