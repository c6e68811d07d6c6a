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
          error in.txt:4: The name “id” stands twice in one object (byte 148), and two programs would read it differently; the record is set aside.

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
}
