import Foundation
import TestSupport
import Testing

/// A journal that somebody has edited: every command that speaks for it notices.
struct JournalCommandTests {
  /// Three are there, one of them leaves; `attested` says so.
  private static func job() throws -> SmallJob {
    let job = try SmallJob(
      people: ["ann", "bob", "eve"], guards: ["removals: {count: 99, percent: 100, floor: 99}"])
    #expect(try job.run("apply").code == 0)
    try job.write(["ann", "bob"])
    #expect(try job.run("apply", night: 2).code == 0)
    #expect(try job.run("attest", "--out", "attested", night: 3).code == 0)
    return job
  }

  @Test func anUntouchedStateIsWhole() throws {
    let job = try Self.job()
    let run = try job.run("verify", night: 3)
    #expect(run.code == 0, "\(run.complaints)")
    #expect(run.output.hasPrefix("Whole: the state's file, and its journal"))
    #expect(run.output.contains("2 runs, 4 operations; values erased of 0.\n"), "\(run.output)")
    let json = try job.run("verify", "--output", "json", night: 3).output
    #expect(json.contains(#""runs":2,"operations":4,"erased":0"#), "\(json)")
    #expect(try job.run("verify", "--state", "nowhere.db").code == 64)
  }

  /// What a create gave is found out by turning later changes back, and a list turned back must be a list again.
  @Test func changesOfValuesOfEveryKindLeaveTheJournalWhole() throws {
    let job = try SmallJob()
    let urn = "urn:contoso:hr:1.0:User"
    try job.write(
      """
      exports:
        people:
          - {name: staff, path: users.csv, content: full}
      mapping:
        members:
          externalId: id
          userName: mail
          active: {column: on, "true": ["yes"], "false": ["no"]}
          \(urn):skills: {expression: 'Split([skills], ";")', multiValued: true}
          \(urn):badge: {column: badge, type: integer}
          \(urn):share: {column: share, type: decimal}
          \(urn):remote: {column: remote, type: boolean, "true": ["y"], "false": ["n"]}
          \(urn):since: {column: since, type: dateTime}
      guards:
        removals: {count: 99, percent: 100, floor: 99}
      """, as: "rollcall.yaml")
    let nights = [
      "a,a@x.org,yes,A;B,5,0.5,y,2026-01-01T00:00:00Z\nb,b@x.org,yes,,,,,\n",
      "a,a@x.org,yes,A;C,7,0.75,n,2026-02-01T00:00:00Z\nb,b@x.org,yes,X,1,1.5,y,2026-01-01T00:00:00Z\n",
      "a,a@x.org,no,C,8,1,y,2026-03-01T00:00:00Z\nb,b@x.org,yes,Y;Z,2,2.5,n,2026-02-01T00:00:00Z\n",
    ]
    for (number, rows) in nights.enumerated() {
      try job.write("id,mail,on,skills,badge,share,remote,since\n\(rows)", as: "users.csv")
      let run = try job.run("apply", "-q", night: number + 1)
      #expect(run.code == 0, "night \(number + 1): \(run.complaints)")
      let verified = try job.run("verify", night: number + 1)
      #expect(verified.code == 0, "night \(number + 1): \(verified.complaints)")
    }
    let first = try job.run("report", "--run", "1", "--format", "text", "--to", "-", night: 3)
    #expect(first.output.contains("A") && first.output.contains("0.5"), "\(first.complaints)")
  }

  @Test func operationsThatAreGoneAreToldByEveryCommand() throws {
    let job = try Self.job()
    try job.tamper("DELETE FROM operation WHERE number = 2")
    for (command, words) in [
      (["verify"], "operation 2 of run 1 is missing"),
      (["verify", "attested"], "run 1 says that it carried out 3 operations, and 2 are there"),
      (["history"], "run 1 says"), (["report", "--run", "1"], "operation 2 of run 1"),
      (["attest", "--out", "again"], "operation 2 of run 1"),
    ] {
      let run = try job.runAll(command, night: 3)
      #expect(run.code == 9, "\(command): \(run.output)")
      #expect(run.complaints.contains(words), "\(command): \(run.complaints)")
    }
    #expect(try job.run("history", night: 3).output.contains("3 changes"))
    #expect(!job.exists("again"))
    // The other run is as it was, and the journal ends where it did.
    #expect(try job.run("report", "--run", "2", "--to", "shown", night: 3).code == 0)
    #expect(try job.run("plan", night: 3).code == 0)
  }

  @Test func nothingIsAppliedToAJournalWhoseEndIsNotItsOwn() throws {
    let job = try Self.job()
    try job.tamper("DELETE FROM operation WHERE number = 4")
    let run = try job.run("apply", night: 3)
    #expect(run.code == 9)
    #expect(run.complaints.contains("run 2 says that it carried out 1 operations, and 0 are there"))
    try job.tamper("DELETE FROM run WHERE number = 2")
    #expect(try job.run("apply", night: 3).complaints.contains("its last run is not the one"))
  }

  @Test func aChangedRowIsFoundByVerify() throws {
    let job = try Self.job()
    try job.tamper("UPDATE operation_value SET name = 'zoe@example.com' WHERE number = 4")
    #expect(try job.run("history", night: 3).code == 0)
    let run = try job.run("verify", night: 3)
    #expect(run.code == 9)
    #expect(run.complaints.contains("operation 4 of run 2"), "\(run.complaints)")
  }

  @Test func aLoadThatIsPackedIsToldAndVerifiedLikeAnyOther() throws {
    let job = try SmallJob(
      people: (0..<100).map { "p\($0)" },
      guards: ["creates: {count: 999, percent: 100, floor: 999}"])
    #expect(try job.run("apply").code == 0)
    #expect(try job.run("history", night: 2).output.contains("100 changes"))
    let whole = try job.run("verify", night: 2)
    #expect(
      whole.output.contains("1 run, 100 operations; values erased of 0.\n"), "\(whole.output)")
    #expect(try job.run("report", "--run", "1", "--to", "shown", night: 2).code == 0)
    #expect(try job.run("attest", "--out", "attested", night: 2).code == 0)

    try job.tamper("UPDATE journal SET name = NULL WHERE number = 40")
    let erased = try job.run("verify", night: 2)
    #expect(erased.output.contains("100 operations; values erased of 1.\n"), "\(erased.output)")

    try job.tamper("UPDATE operation_pack SET names = replace(names, 'p', 'q') WHERE first > 64")
    let changed = try job.run("verify", night: 2)
    #expect(changed.code == 9)
    #expect(changed.complaints.contains("operation 65 of run 1"), "\(changed.complaints)")
    #expect(try job.run("report", "--run", "1", "--to", "again", night: 2).code == 9)
    try job.tamper("DELETE FROM operation_pack")
    #expect(
      try job.run("history", night: 2).complaints.contains("100 operations, and 36 are there"))
  }
}
