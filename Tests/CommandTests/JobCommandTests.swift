import Foundation
import TestSupport
import Testing

/// The commands over one small job: what they answer when all is well and when something is not.
struct JobCommandTests {
  @Test func anotherPolicyIsComparedPersonByPerson() throws {
    let job = try SmallJob(people: ["ann", "bob"])
    #expect(try job.run("apply").code == 0)
    try job.write(["ann"])
    let policy = try String(contentsOfFile: job.path + "/rollcall.yaml", encoding: .utf8)
    try job.write(policy + "lifecycle: {leavers: {deactivate: never}}\n", as: "next.yaml")
    let run = try job.run("plan", "--compare", "next.yaml", night: 2)
    #expect(run.code == 0, "\(run.complaints)")
    #expect(
      run.output.hasPrefix(
        """
        next.yaml compared with rollcall.yaml: 1 person or team would be treated otherwise
        Nothing has been written.

        Operations               now     then
          deactivate-member          1        0

        People and teams
          - bob@example.com
              no longer: deactivate-member [removal]

        """), "\(run.output)")
    let json = try Self.object(
      job.run("plan", "--compare", "next.yaml", "--output", "json", night: 2))
    #expect(json["schema"] as? String == "rollcall.compare/1")
    #expect(json["different"] as? Bool == true)
    #expect((json["subjects"] as? [[String: Any]])?.first?["change"] as? String == "dropped")
    let detailed = ["plan", "--compare", "next.yaml", "--detailed-exitcode"]
    #expect(try ProgramRun(detailed + ["--now", "2026-03-02T02:00:00Z"], in: job.path).code == 2)
    #expect(
      try job.run("plan", "--compare", "rollcall.yaml", "--detailed-exitcode", night: 2).code == 0)
    #expect(try job.run("plan", "--compare", "none.yaml").code == 78)
    #expect(try job.run("plan", "--compare", "next.yaml", "--out", "p").code == 64)
    #expect(!job.exists("p"))
  }

  /// A program reads ids, and finds the names beside them.
  @Test func aComparisonNamesWhomValuesMean() throws {
    let job = try SmallJob()
    let policy = try String(contentsOfFile: job.path + "/rollcall.yaml", encoding: .utf8)
    let manager = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"
    let line = "    \(manager): {column: boss, key: externalId}\nmatching:"
    try job.write(policy.replacing("matching:", with: line), as: "next.yaml")
    try job.write(
      "id,mail,name,enabled,boss\nann,ann@x,Ann,yes,\nbob,bob@x,Bob,yes,ann\n", as: "users.csv")
    #expect(try job.run("apply").code == 0)
    let next = ["plan", "--compare", "next.yaml"]
    let text = try job.runAll(next, night: 2)
    #expect(text.output.contains("manager.value: none → \"ann@x ("), "\(text.output)")
    let json = try Self.object(job.runAll(next + ["--output", "json"], night: 2))
    let names = try #require(json["names"] as? [String: String])
    #expect(Array(names.values) == ["ann@x"])
  }

  @Test func withoutAPolicyThereIsNoJob() throws {
    let job = try SmallJob()
    for command in ["check", "plan", "apply", "history", "report"] {
      let run = try job.run(command, "--policy", "nowhere.yaml")
      #expect(run.code == 78, "\(command)")
      #expect(run.complaints.contains("nowhere.yaml"))
      #expect(run.output.isEmpty)
    }
  }

  @Test func aPolicyIsRefusedWithLineAndSuggestion() throws {
    let job = try SmallJob()
    try job.write(
      """
      exports:
        people:
          - name: staff
            path: users.csv
            content: full
      maping: {}
      """, as: "rollcall.yaml")
    let run = try job.run("check")
    #expect(run.code == 78)
    #expect(run.complaints.contains("rollcall.yaml:6"), "\(run.complaints)")
    #expect(run.complaints.contains("mapping"), "\(run.complaints)")
  }

  @Test func checkShowsWhichColumnGivesWhichAttribute() throws {
    let job = try SmallJob(people: ["ann"])
    let run = try job.run("check")
    #expect(run.code == 0, "\(run.complaints)")
    #expect(run.output.contains(#/userName +← mail/#))
    #expect(!job.exists("rollcall.db"), "check must not touch the state")
  }

  @Test func checkMissesAFile() throws {
    let job = try SmallJob()
    let run = try job.run("check", "--exports", "elsewhere")
    #expect(run.code == 3)
    #expect(run.output.contains("No file matches"), "\(run.output)")
    let json = try Self.object(try job.run("check", "--exports", "elsewhere", "--output", "json"))
    #expect(json["good"] as? Bool == false)
  }

  @Test func anExportWithoutRecordsPlansNothing() throws {
    let job = try SmallJob(people: [])
    let run = try job.run("plan")
    #expect(run.code == 3, "\(run.output) \(run.complaints)")
    #expect(run.complaints.contains("nothing was planned"))
  }

  @Test func aSecondPlanIsEmpty() throws {
    let job = try SmallJob(people: ["ann", "bob"])
    #expect(try job.run("plan", "--detailed-exitcode").code == 2)
    #expect(try job.run("plan").code == 0)
    #expect(try job.run("apply").code == 0)
    let run = try job.run("plan", "--detailed-exitcode")
    #expect(run.code == 0, "\(run.output)")
    #expect(run.output.hasPrefix("Nothing to do"))
  }

  @Test func somebodyHeldIsTen() throws {
    let job = try SmallJob(people: ["ann", "bob"])
    try job.write(
      "id,mail,name,enabled\n1,ann@x,Ann,yes\n1,bob@x,Bob,yes\n2,carl@x,Carl,yes\n", as: "users.csv"
    )
    #expect(try job.run("plan", "--detailed-exitcode").code == 10)
    #expect(try job.run("plan", "--detailed-exitcode", "--exit-zero-on-hold").code == 2)
    #expect(try job.run("plan", "--exit-zero-on-hold").code == 0)
    let run = try job.run("apply")
    #expect(run.code == 10, "\(run.complaints)")
    #expect(try job.run("apply", "--exit-zero-on-hold").code == 0)
  }

  @Test func aPlanBelongsToTheStateItSaw() throws {
    let job = try SmallJob(people: ["ann"])
    #expect(try job.run("plan", "--out", "first").code == 0)
    #expect(try job.run("apply", "first").code == 0)
    let stale = try job.run("apply", "first")
    #expect(stale.code == 5, "\(stale.output) \(stale.complaints)")
    #expect(stale.complaints.contains("Make a new plan."))
  }

  @Test func aPlanThatWasTouchedIsNotBelieved() throws {
    let job = try SmallJob(people: ["ann"])
    #expect(try job.run("plan", "--out", "p").code == 0)
    let text = try String(contentsOfFile: job.path + "/p", encoding: .utf8)
    try job.write(text.replacing("Ann", with: "Eve"), as: "p")
    for command in ["show", "apply"] {
      let run = try job.run(command, "p")
      #expect(run.code == 9, "\(command)")
      #expect(run.complaints.contains("changed after it was sealed"), "\(run.complaints)")
    }
    #expect(try job.run("show", "nowhere").code == 64)
  }

  @Test func aPlanCanBeReadWhereThereIsNoPolicyAndNoState() throws {
    let job = try SmallJob(people: ["ann"])
    let elsewhere = try TemporaryFolder()
    let plan = job.path + "/p"
    #expect(try job.run("plan", "--out", "p").code == 0)
    let run = try ProgramRun(["show", plan], in: elsewhere.path)
    #expect(run.code == 0, "\(run.complaints)")
    #expect(run.output.contains("+ create ann@example.com"))
    #expect(run.complaints.contains("nobody can tell who sealed this plan"))
    let page = ["report", plan, "--format", "html", "--to", "-"]
    #expect(try ProgramRun(page, in: elsewhere.path).output.contains("<html"))
    #expect(try ProgramRun(["report", plan], in: elsewhere.path).code == 64)
  }

  @Test func reportsAreWrittenForTheirOwnerOnly() throws {
    let job = try SmallJob(people: ["ann"])
    let run = try job.run("apply")
    let names = try job.files(in: "Reports")
    #expect(
      names == [
        "run-000001-2026-03-01.findings.csv", "run-000001-2026-03-01.html",
        "run-000001-2026-03-01.json", "run-000001-2026-03-01.operations.csv",
        "run-000001-2026-03-01.properties.csv", "run-000001-2026-03-01.steps.csv",
      ])
    for name in names {
      #expect(run.output.contains("Reports/\(name)"))
      #expect(try job.mode(of: "Reports/\(name)") == 0o600)
    }
    #expect(try job.mode(of: "Reports") == 0o700)
  }

  @Test func aReportThatCannotBeWrittenIsToldAfterTheRun() throws {
    let job = try SmallJob(people: ["ann"])
    try job.write("a file", as: "Reports")
    let run = try job.run("apply")
    #expect(run.code == 1)
    #expect(run.complaints.contains("The run is done"), "\(run.complaints)")
    #expect(try job.run("plan", "--detailed-exitcode").code == 0)
  }

  @Test func aReportGoesWhereItIsSent() throws {
    let job = try SmallJob(people: ["ann"])
    #expect(try job.run("apply", "-q").code == 0)
    let json = try Self.object(try job.run("report", "--format", "json", "--to", "-"))
    #expect(json["schema"] as? String == "rollcall.report/1")
    let run = try job.run("report", "--run", "1", "--format", "text,html", "--to", "out")
    #expect(run.output == "out/run-000001-2026-03-01.html\nout/run-000001-2026-03-01.txt\n")
    #expect(try job.run("report", "--run", "7").code == 64)
  }

  @Test func quietSaysNothingWhenAllIsWell() throws {
    let job = try SmallJob(people: ["ann"])
    for command in [["check"], ["plan"], ["apply"]] {
      let run = try job.run(command[0], "--quiet")
      #expect(run.code == 0)
      #expect(run.output.isEmpty && run.complaints.isEmpty, "\(command): \(run.output)")
    }
  }

  @Test func verboseTellsTheStepsOnStandardErrorOnly() throws {
    let job = try SmallJob(people: ["ann"])
    let plain = try job.run("plan")
    let verbose = try job.run("plan", "--verbose")
    #expect(verbose.complaints.contains("reading staff"), "\(verbose.complaints)")
    #expect(verbose.output == plain.output)
  }

  @Test func jsonIsOneDocument() throws {
    let job = try SmallJob(people: ["ann"])
    let plan = try Self.object(try job.run("plan", "--out", "p", "--output", "json"))
    #expect((plan["verdict"] as? [String: Any])?["kind"] as? String == "planned")
    _ = try Self.object(try job.run("show", "p", "--output", "json"))
    let applied = try Self.object(try job.run("apply", "p", "--output", "json"))
    #expect((applied["run"] as? [String: Any])?["number"] as? Int == 1)
    let history = try Self.object(try job.run("history", "--output", "json"))
    #expect((history["runs"] as? [Any])?.count == 1)
    _ = try Self.object(try job.run("report", "--output", "json"))
    _ = try Self.object(try job.run("export", "--format", "scim"))
    _ = try Self.object(try job.run("resume", "--reason", "why", "--output", "json"))
  }

  @Test func theCommandsToRunNextKnowTheJob() throws {
    let job = try SmallJob(people: ["ann"])
    let run = try job.run(
      "plan", "--out", "p", "--state", "my state.db", "--policy", "./rollcall.yaml")
    #expect(
      run.output.contains("rollcall apply p --policy ./rollcall.yaml --state 'my state.db'\n"),
      "\(run.output)")
  }

  @Test func anExportIsWrittenWhole() throws {
    let job = try SmallJob(people: ["ann", "bob"])
    #expect(try job.run("apply", "-q").code == 0)
    let printed = try job.run("export", "--format", "csv")
    #expect(printed.code == 0)
    #expect(printed.output.contains("ann@example.com"))
    #expect(try job.run("export", "--format", "csv", "--to", "members.csv").code == 0)
    let written = try String(contentsOfFile: job.path + "/members.csv", encoding: .utf8)
    #expect(written == printed.output)
    #expect(try job.mode(of: "members.csv") == 0o600)
  }

  @Test func aRefreshManagesNobody() throws {
    let job = try SmallJob(people: ["ann"])
    try job.write(
      "id,mail,name,enabled\nann,ann@example.com,Ann,yes\nzoe,zoe@example.com,Zoe,yes\n",
      as: "now.csv")
    let run = try job.run("refresh", "--from", "now.csv")
    #expect(run.code == 0, "\(run.complaints)")
    #expect(run.output == "now.csv: 2 create-member (run 1)\n")
    let plan = try job.run("plan", night: 2)
    #expect(plan.code == 10, "ann is found, and held until a person adopts her: \(plan.output)")
    #expect(!plan.output.contains("deactivate"), "zoe is nobody's: \(plan.output)")
    let again = try job.run("refresh", "--from", "now.csv", "--as", "staff", night: 2)
    #expect(again.output == "now.csv: nothing new (run 2)\n", "\(again.complaints)")
  }

  static func object(_ run: ProgramRun) throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    return try #require(value as? [String: Any])
  }
}
