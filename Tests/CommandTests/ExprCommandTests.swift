import Foundation
import Testing

struct ExprCommandTests {
  private static func job() throws -> SmallJob {
    let job = try SmallJob()
    try job.write(
      "givenName,surname,hired\nAnn,\"O'Hara\",2025-08-15\nBo,\"Van\nDyke\",soon\n", as: "in.csv")
    return job
  }

  @Test func theResultComesFirstAndThenEveryPart() throws {
    let run = try Self.job().run(
      "expr", #"ToLower(Join(" ", [givenName], [surname]))"#, "--record", "in.csv:2")
    #expect(run.code == 0, "\(run.complaints)")
    #expect(
      run.output == """
        "ann o'hara"   text

        ToLower(Join(" ", [givenName], [surname]))  "ann o'hara"
          Join(" ", [givenName], [surname])         "Ann O'Hara"
            [givenName]                             "Ann"
            [surname]                               "O'Hara"

        """)
  }

  @Test(arguments: ["in.csv:3", "in.csv:4"])
  func aRecordOfSeveralLinesStandsOnEach(record: String) throws {
    let run = try Self.job().run("expr", "[givenName]", "--record", record)
    #expect(run.output.hasPrefix("\"Bo\""), "\(run.output)")
  }

  @Test(arguments: [
    ("Item([mails], 2)", "list.json:2", "\"b\"   text"), ("[on]", "list.json:3", "True   boolean"),
    ("[name.given]", "list.json:2", "\"Ann\"   text"),
    ("[name.given]", "list.json:4", "nothing   null"),
    (#"[emails[type eq "work"].value]"#, "list.json:2", "\"w@x\"   text"),
    ("[id]", "lines.jsonl:2", "\"2\"   text"), ("[id]", "one.json:1#2", "\"2\"   text"),
    ("[mail]", "some.ldif:4", "\"b@x\"   text"),
  ])
  func recordsOfAnyFormatCanBeTried(expression: String, record: String, headline: String) throws {
    let job = try SmallJob()
    try job.write(
      """
      [
       {"id":"1","mails":["a","b"],"on":true,"emails":[{"type":"home","value":"h@x"},{"type":"work","value":"w@x"}],
        "name":{"given":"Ann"}},
       {"id":"2","name":{"given":null}}]
      """, as: "list.json")
    try job.write("{\"id\":\"1\"}\n{\"id\":\"2\"}\n", as: "lines.jsonl")
    try job.write(#"[{"id":"1"},{"id":"2"}]"#, as: "one.json")
    try job.write("dn: cn=a\nmail: a@x\n\ndn: cn=b\nmail: b@x\n\n", as: "some.ldif")
    let run = try job.run("expr", expression, "--record", record)
    #expect(run.output.hasPrefix(headline + "\n"), "\(run.output)\(run.complaints)")
  }

  @Test(arguments: [
    ("one.json:1", "2 records begin on this line; say which: one.json:1#2 is the second", 3),
    ("one.json:1#3", "no record on this line", 3), ("one.json:2", "no record on this line", 3),
    ("one.json:1#0", "counted from 1", 64), ("one.json", "a file and a line", 64),
  ])
  func whichRecordIsMeantMustBeSaid(record: String, sentence: String, code: Int32) throws {
    let job = try SmallJob()
    try job.write(#"[{"id":"1"},{"id":"2"}]"#, as: "one.json")
    let run = try job.run("expr", "[id]", "--record", record)
    #expect(run.code == code)
    #expect(run.complaints.contains(sentence), "\(run.complaints)")
  }

  @Test(arguments: ["in.csv:1", "in.csv:5", "in.csv:99"])
  func aLineWithoutARecordIsThree(record: String) throws {
    let run = try Self.job().run("expr", "[givenName]", "--record", record)
    #expect(run.code == 3)
    #expect(run.complaints.contains("no record on this line"), "\(run.complaints)")
  }

  @Test func branchesThatAreNotTakenAreNotNeeded() throws {
    let run = try ProgramRun([
      "expr", #"IIF([a] = "1", [b], CDate([b]))"#, "--set", "a=1", "--set", "b=x=y",
    ])
    #expect(run.code == 0)
    #expect(run.output.contains("not needed"))
    #expect(run.output.contains("\"x=y\""))
  }

  @Test func jsonHasValueTypeAndTree() throws {
    let run = try ProgramRun([
      "expr", "Item([mails], 2)", "--set-json", #"mails=["a@x.org","b@x.org"]"#, "--output", "json",
    ])
    let json = try JobCommandTests.object(run)
    #expect(json["value"] as? String == "b@x.org")
    #expect(json["type"] as? String == "text")
    let tree = try #require(json["tree"] as? [String: Any])
    #expect(tree["expression"] as? String == "Item([mails], 2)")
    let parts = try #require(tree["parts"] as? [[String: Any]])
    #expect(parts.count == 2)
    #expect(parts[0]["value"] as? [String] == ["a@x.org", "b@x.org"])
    #expect(parts[0]["type"] as? String == "list")
  }

  @Test(arguments: [
    (["DateDiff(\"d\", Now(), CDate(\"2025-08-15\"))", "--now", "2025-07-30"], "16   number"),
    (
      ["SelectUniqueValue([a], [b])", "--set", "a=x", "--set", "b=y", "--taken", "X"],
      "\"y\"   text"
    ),
    (["IsPresent([a])", "--set-json", "a=null"], "False   boolean"), (["[a]"], "nothing   null"),
    (["Now()", "--now", "2025-07-30T14:05Z"], "7/30/2025 2:05:00 PM   date"),
    (["Redact([a])", "--set", "a=secret"], "[Redact]   text"),
  ])
  func optionsSayWhatTheRecordAndTheClockWould(arguments: [String], headline: String) throws {
    let run = try ProgramRun(["expr"] + arguments)
    #expect(run.code == 0, "\(run.complaints)")
    #expect(run.output.hasPrefix(headline + "\n"), "\(run.output)")
    #expect(!run.output.contains("secret"))
  }

  @Test func aFailureNamesThePartAndWhatItWasGiven() throws {
    let run = try Self.job().run("expr", #"Join("-", CDate([hired]))"#, "--record", "in.csv:3")
    #expect(run.code == 3)
    #expect(run.output.hasPrefix("failed: that is not a date"), "\(run.output)")
    #expect(run.output.contains("(given “soon”)"))
    let json = try Self.job().run(
      "expr", "CDate([hired])", "--record", "in.csv:3", "--output", "json")
    #expect(json.code == 3)
    #expect(json.output.contains(#""type":"error","error":"that is not a date"#), "\(json.output)")
  }

  @Test func mistakesHaveACaret() throws {
    let run = try ProgramRun(["expr", "ToLower(Left([a]))"])
    #expect(run.code == 64)
    #expect(run.complaints.contains("character 9: "), "\(run.complaints)")
    #expect(run.complaints.contains("  ToLower(Left([a]))\n"))
    #expect(run.complaints.contains("          ^~~~~~~~~\n"))
    let column = try Self.job().run("expr", "[surnme]", "--record", "in.csv:2")
    #expect(column.code == 64)
    #expect(column.complaints.contains("Did you mean `[surname]`?"), "\(column.complaints)")
  }

  @Test func aPolicyLendsItsTables() throws {
    let job = try Self.job()
    try job.write("city,office\nBerlin,BER-1\n", as: "offices.csv")
    try job.write(
      """
      preset: entra
      exports: {people: [{name: users, path: users.csv, content: full}]}
      expressions: {defaultDomain: contoso.com, tables: {offices: offices.csv}}
      """, as: "policy.yaml")
    let run = try job.run(
      "expr", #"Lookup("offices", [city]) & "@" & DefaultDomain()"#, "--set", "city=Berlin",
      "--policy", "policy.yaml")
    #expect(run.output.hasPrefix("\"BER-1@contoso.com\""), "\(run.output)\(run.complaints)")
  }

  @Test func valuesCannotMoveTheCursor() throws {
    let run = try ProgramRun(["expr", "[a]", "--set", "a=x\u{1B}[2J"])
    #expect(!run.output.contains("\u{1B}"))
  }
}
