import Foundation
import Testing

struct InspectCommandTests {
  private static let text = """
    {"value":[
    {"userPrincipalName":"ann@x","id":"1","title":"Buyer"},
    {"userPrincipalName":"bo@x","id":"2","title":null},
    {"userPrincipalName":"cy@x","id":"3","id":"4"}]}
    """

  @Test func columnsAreCountedAndKeysNamed() throws {
    let job = try SmallJob()
    try job.write(Self.text, as: "in.txt")
    let run = try job.run("inspect", "in.txt")
    #expect(run.code == 0, "\(run.complaints)")
    #expect(
      run.output == """
        in.txt
          json, UTF-8, preset entra, people
          2 records in 1 file, 1 set aside

          column             filled  different  examples
          userPrincipalName   100 %          2  ann@x, bo@x  could be a key
          id                  100 %          2  1, 2  could be a key
          title                50 %          1  Buyer
          error in.txt:4: The name “id” stands twice in one object (byte 157), and two programs would read it differently; the record is set aside.

        """)
  }

  @Test func valuesCanBeHidden() throws {
    let job = try SmallJob()
    try job.write(Self.text, as: "in.txt")
    for form in ["text", "json"] {
      let run = try job.run("inspect", "in.txt", "--hide-values", "--output", form)
      #expect(run.code == 0)
      #expect(!run.output.contains("ann@x"))
      #expect(!run.output.contains("Buyer"))
    }
  }

  @Test func secretsAreNeverShown() throws {
    let job = try SmallJob()
    try job.write(
      """
      [{"username":"ann","emailVerified":true,"Passwort_PWD":"geheim-0",
        "credentials":[{"type":"password","secretData":"geheim-1","credentialData":"geheim-2"}]}]
      """, as: "realm.json")
    try job.write(
      "dn: uid=ann\nuid: ann\nuserPassword:: e1NTSEF9Z2VoZWltLTM=\n\n", as: "people.ldif")
    for form in ["text", "json"] {
      let run = try job.run("inspect", "realm.json", "people.ldif", "--output", form)
      #expect(run.code == 0, "\(run.complaints)")
      #expect(run.output.contains("credentials.secretData"))
      #expect(!run.output.contains("geheim"), "\(run.output)")
      #expect(form == "json" || run.output.contains("not shown"))
    }
  }

  @Test(arguments: [
    ("[{\"id\":\"1\"}]", "json"), ("dn: uid=ann\nuid: ann\n\n", "ldif"),
    ("<?xml version=\"1.0\" encoding=\"UTF-16\"?><a><b><id>1</id></b></a>", "xml"),
  ])
  func theEncodingIsThatOfTheFile(text: String, format: String) throws {
    let job = try SmallJob()
    var wide: [UInt8] = [0xFE, 0xFF]
    for unit in text.utf16 { wide += [UInt8(unit >> 8), UInt8(unit & 0xFF)] }
    try Data(wide).write(to: URL(filePath: job.path).appending(path: "wide"))
    let run = try job.run("inspect", "wide")
    #expect(run.code == 0, "\(run.complaints)")
    #expect(run.output.contains("\(format), UTF-16BE"), "\(run.output)")
  }

  /// Whoever looks into a file need not see how people log in.
  @Test func passwordsAreNeverShown() throws {
    let job = try SmallJob()
    try job.write(
      #"[{"id":"1","userPassword":"Tr0ub4dor","key":"{SSHA}Yq3x","credentials":[{"secretData":"s3cr3t"}]}]"#,
      as: "in.json")
    for form in ["text", "json"] {
      let run = try job.run("inspect", "in.json", "--output", form)
      #expect(run.code == 0)
      for secret in ["Tr0ub4dor", "SSHA", "s3cr3t"] { #expect(!run.output.contains(secret)) }
    }
  }

  @Test func moreColumnsThanAreCountedAreTold() throws {
    let job = try SmallJob()
    let members = (0..<4_200).map { #""k\#($0)":1"# }.joined(separator: ",")
    try job.write(#"[{"id":"1","map":{\#(members)},"last":"z"}]"#, as: "in.json")
    let run = try job.run("inspect", "in.json")
    #expect(run.code == 0)
    #expect(run.output.contains("\n  last "))
    #expect(run.output.contains("and 3202 more columns, which were not counted"))
  }

  @Test(arguments: ["", "[1,2,3]"])
  func whatHoldsNoRecordsIsNotCalledGood(text: String) throws {
    let job = try SmallJob()
    try job.write(text, as: "in.json")
    let run = try job.run("inspect", "in.json")
    #expect(run.code == (text.isEmpty ? 3 : 0))
    #expect(run.output.contains("error"))
  }

  @Test func aFileThatIsNotWholeIsThree() throws {
    let job = try SmallJob()
    try job.write("[{\"id\":1}", as: "cut.json")
    let run = try job.run("inspect", "cut.json")
    #expect(run.code == 3)
    #expect(run.output.contains("not whole"))
  }

  @Test func initWritesAPolicyOnce() throws {
    let job = try SmallJob()
    try job.write(Self.text, as: "users.json")
    let run = try job.run("init", "users.json", "--out", "new.yaml")
    #expect(run.code == 0, "\(run.complaints)")
    #expect(try job.run("init", "users.json", "--out", "new.yaml").code == 64)
    #expect(try job.run("check", "--policy", "new.yaml").code == 0)
    let shown = try job.run("init", "users.json", "--out", "-")
    #expect(shown.output.contains("preset: entra"))
  }

  @Test func aPolicyIsMadeOfAnEntraSchema() throws {
    let job = try SmallJob()
    let samples = ProgramRun.repository.appending(path: "Samples/Entra")
    for name in ["provisioning-schema.json", "users.csv", "groups.csv", "group-members.csv"] {
      try job.write(
        String(contentsOf: samples.appending(path: name), encoding: .utf8), as: name)
    }
    let schema = ["init", "--from-entra", "provisioning-schema.json"]
    let files = ["users.csv", "groups.csv", "group-members.csv"]
    let run = try ProgramRun(schema + files + ["--out", "entra.yaml"], in: job.path)
    #expect(run.code == 0, "\(run.complaints)")
    #expect(run.output.contains("rollcall check --policy entra.yaml"))
    #expect(run.complaints.contains("not carried over: roles[primary eq"))
    #expect(try job.run("check", "--policy", "entra.yaml").code == 0)
    #expect(try job.run("plan", "--policy", "entra.yaml").output.contains("create-member      3"))
    // Without exports there is a policy that waits for them.
    let alone = try ProgramRun(schema + ["--out", "-", "--quiet"], in: job.path)
    #expect(alone.code == 0 && alone.complaints.isEmpty)
    #expect(alone.output.contains("      path: users.csv\n"))
    let wrong = try ProgramRun(["init", "--from-entra", "users.csv", "--out", "-"], in: job.path)
    #expect(wrong.code == 3)
    #expect(wrong.complaints.contains("users.csv:1: this is not JSON"))
    #expect(try ProgramRun(["init", "--from-entra", "none.json", "--out", "-"]).code == 3)
  }
}
