import Foundation
import Testing

struct DiffCommandTests {
  private static func files(_ old: String, _ new: String) throws -> SmallJob {
    let job = try SmallJob()
    try job.write(old, as: "old.csv")
    try job.write(new, as: "new.csv")
    return job
  }

  @Test func differencesAreNamedAndCounted() throws {
    let job = try Self.files(
      "id,title\n1,Buyer\n2,Clerk\n3,Cook\n", "title;id\nCook;3\nSenior buyer;1\nNurse;4\n")
    let run = try job.run("diff", "old.csv", "new.csv", "--key", "id")
    #expect(run.code == 0, "\(run.complaints)")
    #expect(
      run.output == """
        ~ 1
            title: Buyer → Senior buyer
        - 2
        + 4
        1 created, 1 changed, 1 removed, 1 unchanged.

        """)
    #expect(run.complaints.isEmpty)
  }

  @Test func detailedExitCodeTellsThemApart() throws {
    let job = try Self.files("id,t\n1,a\n", "id,t\n1,b\n")
    let differ = try job.run("diff", "old.csv", "new.csv", "--key", "id", "--detailed-exitcode")
    #expect(differ.code == 2)
    let same = try job.run("diff", "old.csv", "old.csv", "--key", "id", "--detailed-exitcode")
    #expect(same.code == 0)
  }

  @Test func everyFormSaysTheSame() throws {
    let job = try Self.files("id,team,t\n1,x,a\n1,y,b\n", "id,team,t\n1,x,c\n1,z,d\n")
    let csv = try job.run("diff", "old.csv", "new.csv", "--key", "id,team", "--output", "csv")
    #expect(
      csv.output == "change,id,team,column,old,new\r\nchanged,1,x,t,a,c\r\nremoved,1,y,,,\r\n"
        + "created,1,z,,,\r\n")
    let run = try job.run(
      "diff", "old.csv", "new.csv", "--key", "id", "--key", "team", "--output", "json")
    let json = try JobCommandTests.object(run)
    #expect((json["rows"] as? [Any])?.count == 3)
  }

  @Test func aKeyThatIsNoColumnIsNamedWithTheColumns() throws {
    let job = try Self.files("id,t\n1,a\n", "id,t\n1,b\n")
    let run = try job.run("diff", "old.csv", "new.csv", "--key", "mail")
    #expect(run.code == 3)
    #expect(run.complaints.contains("has no column mail"), "\(run.complaints)")
    #expect(run.output.isEmpty)
  }

  @Test func aMissingFileIsThree() throws {
    let job = try Self.files("id\n1\n", "id\n1\n")
    let run = try job.run("diff", "old.csv", "nowhere.csv", "--key", "id")
    #expect(run.code == 3)
    #expect(run.complaints.contains("nowhere.csv"))
  }

  @Test func damageIsToldOnStandardErrorWithItsPlace() throws {
    let job = try Self.files("id,t\n1,a\n2,b\n", "id,t\n1,a\n2,b,c\n")
    let run = try job.run("diff", "old.csv", "new.csv", "--key", "id")
    #expect(run.complaints.contains("new.csv:3: "), "\(run.complaints)")
    #expect(run.output.contains("a removed row may be one of them"), "\(run.output)")
  }
}
