import Foundation
import Testing

/// The ways in which last night's file goes bad, as cron would meet them: what is said, and with which code
/// the program ends.
struct DoubtfulExportTests {
  private static let rows = (1...30).map { "p\($0),p\($0)@example.com,Person \($0),yes" }
  private static let header = "id,mail,name,enabled"

  private static func text(_ rows: [String], header: String = header) -> String {
    ([header] + rows).map { $0 + "\n" }.joined()
  }

  /// Thirty people after their first night; `more` goes into their export.
  private static func settled(_ more: String = "", path: String = "users.csv") throws -> SmallJob {
    let job = try SmallJob()
    try job.write(
      """
      exports:
        people:
          - {name: staff, path: '\(path)', content: full\(more)}
      mapping:
        members:
          externalId: id
          userName: mail
          displayName: name
          active: {column: enabled, "true": ["yes"], "false": ["no"]}
      """, as: "rollcall.yaml")
    return job
  }

  /// What happens to the file of the second night, and what is said of it.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: Int32
    let says: String
    let text: String
  }

  static let cases = [
    Case(
      testDescription: "truncated in a record", code: 10, says: "health.quarantined",
      text: String(text(rows).dropLast(20))),
    Case(
      testDescription: "truncated between records", code: 10, says: "health.fewer-records",
      text: text(Array(rows.prefix(20)))),
    Case(
      testDescription: "a column is gone", code: 10, says: "health.header-changed",
      text: text(rows.map { String($0.prefix { $0 != "," }) + ",p@x,n" }, header: "id,mail,name")),
    Case(
      testDescription: "an inverted column", code: 10, says: "health.value-share",
      text: text(rows.map { $0.replacing(",yes", with: ",no") })),
    Case(testDescription: "an empty file", code: 3, says: "is empty", text: ""),
    Case(testDescription: "a header alone", code: 3, says: "no records", text: header + "\n"),
    Case(
      testDescription: "encoded twice", code: 10, says: "health.garbled-column",
      text: text(rows.prefix(4).map { $0.replacing("Person", with: "JÃ¼rgen") } + rows.dropFirst(4))
    ),
  ]

  @Test(arguments: cases)
  func badFileEndsWithAWordAboutIt(_ bad: Case) throws {
    let job = try Self.settled()
    try job.write(Self.text(Self.rows), as: "users.csv")
    #expect(try job.run("apply").code == 0)
    try job.write(bad.text, as: "users.csv")
    let run = try job.run("apply", night: 2)

    #expect(run.code == bad.code, "\(run.output)\(run.complaints)")
    #expect((run.output + run.complaints).contains(bad.says), "\(run.output)\(run.complaints)")
    #expect(!run.output.contains("deactivate-member"))
    let state = try job.run("export", "--format", "json", night: 2).output
    #expect(state.split(separator: "\"active\":true").count - 1 == 30)
  }

  @Test func threeOfFourShardsRemoveNobody() throws {
    let job = try Self.settled(path: "users-*.csv")
    for shard in 0..<3 {
      try job.write(
        Self.text(Array(Self.rows[shard * 10..<shard * 10 + 10])), as: "users-\(shard).csv")
    }
    #expect(try job.run("apply").code == 0)
    try FileManager.default.removeItem(atPath: job.path + "/users-1.csv")
    let run = try job.run("apply", night: 2)

    #expect(run.code == 10)
    #expect(run.output.contains("health.fewer-files"))
  }

  @Test func yesterdaysFileRemovesNobody() throws {
    let job = try Self.settled(", maxAge: 26h", path: "users-*.csv")
    try job.write(Self.text(Self.rows), as: "users-2026-03-01.csv")
    #expect(try job.run("apply").code == 0)
    try job.write(Self.text(Array(Self.rows.dropLast())), as: "users-2026-03-01.csv")
    let run = try job.run("apply", night: 3)

    #expect(run.code == 10)
    #expect(run.output.contains("health.too-old"))
    #expect(run.output.contains("50 hours old"))
  }

  @Test func checkSaysWhatRemovalsDependOn() throws {
    let job = try Self.settled(", trailer: 'EOF', manifest: SHA256SUMS, maxAge: 26h")
    try job.write(Self.text(Self.rows) + "EOF\n", as: "users.csv")
    let run = try job.run("check")

    #expect(run.output.contains("removes only if: every file ends with a line that fits EOF"))
    #expect(run.output.contains("removes only if: SHA256SUMS agrees"))
    #expect(run.output.contains("removes only if: no file is older than 26 hours"))
    #expect(run.output.contains("SHA256SUMS is not there"))
  }

  @Test func initNamesTheManifestThatLiesBesideTheFile() throws {
    let job = try Self.settled()
    try FileManager.default.removeItem(atPath: job.path + "/rollcall.yaml")
    try job.write(Self.text(Self.rows), as: "users.csv")
    try job.write(String(repeating: "0", count: 64) + "  users.csv\n", as: "SHA256SUMS")
    #expect(try job.run("init", "users.csv").code == 0)
    let plan = try job.run("plan")

    #expect(plan.code == 10)
    #expect(plan.output.contains("health.digest-differs"))
  }
}
