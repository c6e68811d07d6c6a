import Foundation
import TestSupport
import Testing

/// The state's word that it equals the exports, and the check of it.
struct AttestationCommandTests {
  private static func appliedJob() throws -> SmallJob {
    let job = try SmallJob(people: ["ann", "bob"])
    #expect(try job.run("apply").code == 0)
    return job
  }

  @Test func aCleanRunIsAttestedAndVerified() throws {
    let job = try Self.appliedJob()
    let run = try job.run("attest", "--out", "clean.attestation", night: 2)
    #expect(run.code == 0, "\(run.complaints)")
    #expect(run.output.contains("At 2026-03-02 02:00 UTC the state "), "\(run.output)")
    let words = "with 2 active and 0 inactive members equalled 1 file with 2 records"
    #expect(run.output.contains(words), "\(run.output)")
    #expect(run.output.contains(", without exception.\n"), "\(run.output)")
    #expect(try job.mode(of: "clean.attestation") == 0o600)
    let check = try job.run("verify", "clean.attestation", night: 3)
    #expect(check.code == 0, "\(check.complaints)")
    #expect(check.output.hasPrefix("Genuine: this state gave the attestation"))
    #expect(check.output.contains("users.csv\nNo run has been made since.\n"), "\(check.output)")
    try job.write(["ann", "bob", "eve"])
    #expect(try job.run("apply", night: 4).code == 0)
    #expect(
      try job.run("verify", "clean.attestation").output.contains("1 run has been made since."))
    let json = try job.run("verify", "clean.attestation", "--output", "json").output
    #expect(json.contains(#""runsSince":1,"samePolicy":true"#), "\(json)")
  }

  @Test func whatIsNotCleanIsNotAttested() throws {
    let job = try Self.appliedJob()
    try job.write(["ann", "bob", "eve"])
    let run = try job.run("attest", "--out", "a", night: 2)
    #expect(run.code == 2)
    #expect(run.complaints.contains("Nothing is attested"))
    #expect(!job.exists("a"))
    try job.write(
      "id,mail,name,enabled\n1,ann@x,Ann,yes\n1,bob@x,Bob,yes\nann,ann@example.com,Ann,yes\n",
      as: "users.csv")
    #expect(try job.run("attest", "--out", "a", night: 2).code == 10)
  }

  @Test func whatWasTouchedOrIsAnothersDoesNotVerify() throws {
    let job = try Self.appliedJob()
    #expect(try job.run("attest", "--out", "a").code == 0)
    let text = try String(contentsOfFile: job.path + "/a", encoding: .utf8)
    try job.write(text.replacing("\"records\":2", with: "\"records\":3"), as: "b")
    let forged = try job.run("verify", "b")
    #expect(forged.code == 9)
    #expect(forged.complaints.contains("b: The seal does not belong to this state"))
    let other = try Self.appliedJob()
    try other.write(text, as: "a")
    #expect(try other.run("verify", "a").code == 9)
    #expect(try job.run("verify", "nowhere").code == 64)
    try job.write("hello", as: "c")
    #expect(try job.run("verify", "c").code == 9)
  }

  @Test func whatThePolicyLeavesAloneIsNamedWhereverTheAttestationIsShown() throws {
    let job = try SmallJob(
      people: SmallJob.crowd(0..<12), guards: ["removals: {count: 99, percent: 100, floor: 99}"])
    #expect(try job.run("apply").code == 0)
    try job.addToPolicy("protected: {members: ['p1*']}")
    try job.write(["p0"] + SmallJob.crowd(2..<10))
    let json = try job.run("attest", "--out", "a", "--output", "json", night: 2)
    #expect(json.code == 0, "\(json.complaints)")
    let figures = #""members":{"active":12,"inactive":0},"exceptions":{"protected":3}"#
    #expect(json.output.contains(figures), "\(json.output)")
    let text = "  3 protected: the exports would have removed or changed them\n"
    #expect(try job.run("attest", "--out", "a", night: 2).output.contains(text))
    #expect(try job.run("verify", "a", night: 2).output.contains(text))
  }

  @Test func nothingReadIsNothingToAttest() throws {
    let job = try SmallJob(people: ["ann"])
    #expect(try job.run("apply").code == 0)
    let policy = try String(contentsOfFile: job.path + "/rollcall.yaml", encoding: .utf8)
    try job.write(
      policy.replacing("path: users.csv", with: "path: delta-*.csv")
        .replacing("content: full", with: "content: delta"), as: "rollcall.yaml")
    let run = try job.run("attest", "--out", "a", night: 2)
    #expect(run.code == 3, "\(run.output)")
    #expect(run.complaints.contains("nothing that the state could equal"), "\(run.complaints)")
    #expect(!job.exists("a"))
  }

  @Test func aPlanVerifiesToo() throws {
    let job = try Self.appliedJob()
    #expect(try job.run("plan", "--out", "p").code == 0)
    #expect(try job.run("verify", "p").output.hasPrefix("Genuine: this state sealed the plan"))
  }

  @Test func pseudonymousReportsNameNobodyAndNeedTheState() throws {
    let job = try Self.appliedJob()
    let run = try job.run(
      "report", "--format", "html,json,csv,markdown,text", "--pseudonymous", "--to", "shown")
    #expect(run.code == 0, "\(run.complaints)")
    let names = try job.files(in: "shown")
    #expect(names.count == 8)
    for name in names {
      #expect(name.hasPrefix("run-000001-2026-03-01.pseudonymous."))
      let text = try String(contentsOfFile: job.path + "/shown/" + name, encoding: .utf8)
      #expect(!text.contains("ann@example.com") && !text.contains("Bob"), "\(name)")
    }
    #expect(try job.run("plan", "--out", "p").code == 0)
    let elsewhere = try TemporaryFolder()
    let alone = try ProgramRun(
      ["report", job.path + "/p", "--pseudonymous", "--to", "-", "--format", "json"],
      in: elsewhere.path)
    #expect(alone.code == 64)
    #expect(alone.complaints.contains("takes its key from the state"))
  }
}
