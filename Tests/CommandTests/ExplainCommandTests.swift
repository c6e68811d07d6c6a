import Foundation
import Testing

struct ExplainCommandTests {
  private static func job() throws -> SmallJob {
    let job = try SmallJob(people: ["ann", "bob"])
    #expect(try job.run("apply").code == 0)
    return job
  }

  @Test func theFiveStepsArePrinted() throws {
    let job = try Self.job()
    try job.write("id,mail,name,enabled\nann,ann@example.com,Anna,yes\n", as: "users.csv")
    let run = try job.run("explain", "ann@example.com", night: 2)
    #expect(run.code == 0, "\(run.complaints)")
    let id = try #require(run.output.firstMatch(of: #/person ([0-9a-f-]{36})\n/#)).1
    #expect(
      run.output == """
        ann@example.com   person \(id)
          import    users.csv:2, export staff
          scope     staff has no scope: every record counts
          match     externalId “ann” is that of ann@example.com
                    userName “ann@example.com” is that of ann@example.com
                    ann@example.com is in the state, active, managed by staff
                    differs: values differ
          evaluate  displayName ← name
                        "Ann" → "Anna"
                    3 values are the same
          act       update-member   differs · mapping · users.csv:2

        """)
  }

  @Test func whyNotIsPrinted() throws {
    let job = try Self.job()
    try job.write("id,mail,name,enabled\n\"ann,ann@example.com,Anna,yes\n", as: "users.csv")
    try job.write("id,mail,name,enabled\nann,ann@example.com,Ann,yes\n\"x", as: "users.csv")
    let run = try job.run("explain", "bob", night: 2)
    #expect(run.code == 0, "\(run.complaints)")
    #expect(run.output.contains("  act       no operation\n"))
    #expect(run.output.contains("! bob@example.com would be deactivated but is not: "))
    #expect(run.output.contains("! staff is not believed tonight: "))
  }

  @Test func jsonHasTheStepsInTheirOrder() throws {
    let job = try Self.job()
    let run = try job.run("explain", "users.csv:3", "--output", "json", night: 2)
    let json = try JobCommandTests.object(run)
    #expect(json["schema"] as? String == "rollcall.explain/1")
    let subjects = try #require(json["subjects"] as? [[String: Any]])
    #expect(subjects.count == 1)
    #expect(subjects[0]["name"] as? String == "bob@example.com")
    let steps = try #require(subjects[0]["steps"] as? [[String: Any]])
    #expect(
      steps.map { $0["step"] as? String } == ["import", "scope", "match", "evaluate", "act"])
    let values = try #require(steps[3]["values"] as? [[String: Any]])
    #expect(values.allSatisfy { $0["outcome"] as? String == "same" })
    let notes = try #require(steps[0]["notes"] as? [[String: Any]])
    let origin = try #require(notes.first?["origin"] as? [String: Any])
    #expect(origin["line"] as? Int == 3)
  }

  @Test(arguments: [["explain"], ["explain", ""], ["explain", "carl"], ["explain", "a", "b"]])
  func wrongCallsAreUsage(command: [String]) throws {
    let job = try Self.job()
    #expect(try ProgramRun(command, in: job.path).code == 64)
  }

  @Test func withoutAStateEverybodyIsNewAndNoStateIsMade() throws {
    let job = try SmallJob(people: ["ann"])
    let run = try job.run("explain", "ann")
    #expect(run.output.contains("person, not in the state"), "\(run.complaints)")
    #expect(run.output.contains("create-member"))
    #expect(!job.exists("rollcall.db"))
  }

  @Test func namesCannotMoveTheCursor() throws {
    let job = try SmallJob()
    try job.write("id,mail,name,enabled\nann,a\u{1B}[2Jb,Ann,yes\n", as: "users.csv")
    let run = try job.run("explain", "ann")
    #expect(run.code == 0)
    #expect(!run.output.contains("\u{1B}"))
  }

  /// Scripts rest on these codes, so the page that lists them lists them all, and no others.
  @Test func everyReasonIsOnThePage() throws {
    func codes(_ file: String) throws -> Set<String> {
      let path = ProgramRun.repository.appending(path: "Sources/Reconciling/\(file)")
      let text = try String(contentsOf: path, encoding: .utf8)
      return Set(text.matches(of: #/["`](act\.[a-z-]+)["`]/#).map { String($0.1) })
    }
    let known = try codes("Explaining/Explanation+Message.swift").subtracting(["act.owner"])
    #expect(known.count > 15)
    #expect(try codes("Reconciling.docc/AskingARun.md") == known)
  }
}
