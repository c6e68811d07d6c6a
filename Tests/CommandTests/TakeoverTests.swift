import Foundation
import TestSupport
import Testing

/// The ways in which an export, wrong or malicious, could take an account or a team over.
struct TakeoverTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    _ = try folder.write(Self.policy, as: "rollcall.yaml")
    try write("groups.csv", "name", ["Buyers"])
    try write("members.csv", "group,mail", ["Buyers,jsmith@x"])
    try writePeople(["1,jsmith@x,John Smith,yes", "2,ann@x,Ann,yes", "3,bob@x,Bob,yes"])
    try #require(try run(1, "apply", "-q").code == 0)
  }

  private static let policy = """
    exports:
      people:
        - {name: staff, path: users.csv, content: full}
      teams:
        - {name: groups, path: groups.csv, content: full}
      memberships:
        - name: members
          path: members.csv
          content: full
          team: {column: group, key: displayName}
          member: {column: mail, key: userName}
    mapping:
      members:
        externalId: id
        userName: mail
        displayName: name
        active: {column: enabled, "true": ["yes"], "false": ["no"]}
      teams:
        displayName: name
    matching:
      members: [externalId, userName]
      teams: [displayName]
    lifecycle:
      leavers: {deactivate: 2}
    health:
      recordFall: 100
    """

  private func write(_ name: String, _ header: String, _ rows: [String]) throws {
    _ = try folder.write(([header] + rows).map { $0 + "\n" }.joined(), as: name)
  }

  private func writePeople(_ rows: [String]) throws {
    try write("users.csv", "id,mail,name,enabled", rows)
  }

  private func run(_ night: Int, _ command: String...) throws -> ProgramRun {
    try ProgramRun(command + ["--now", "2026-03-0\(night)T02:00Z"], in: folder.path)
  }

  /// Operations by kind, as `plan` or `apply` counts them; zeros left out.
  private func counts(_ run: ProgramRun) throws -> [String: Int] {
    let counts = try JobCommandTests.object(run)["counts"] as? [String: Any]
    return try #require(counts?["kinds"] as? [String: Int]).filter { $0.value > 0 }
  }

  @Test func aNewPersonWithAnOldUserNameDoesNotGetTheAccount() throws {
    try writePeople(["9,jsmith@x,Jane Smith,yes", "2,ann@x,Ann,yes", "3,bob@x,Bob,yes"])
    let run = try run(2, "apply")
    #expect(run.code == 10, "\(run.complaints)")
    #expect(run.output.contains("match.conflicting-keys"))
    #expect(run.output.contains("its externalId is “9” and the member's is “1”"))
    let state = try self.run(2, "export", "--format", "csv").output
    #expect(state.contains("John Smith"))
    #expect(!state.contains("Jane Smith"))
  }

  @Test(arguments: ["Ture", "", "System.String[]", "NO", "0", "FALSE"])
  func aGarbledColumnDisablesNobody(word: String) throws {
    try writePeople(["1,jsmith@x,John Smith,", "2,ann@x,Ann,", "3,bob@x,Bob,"].map { $0 + word })
    let counts = try counts(run(2, "plan", "--output", "json"))
    // ASCII case is folded in words, so that NO is a no; everything else is no word of the policy.
    #expect(counts == (word == "NO" ? ["update-member": 3] : [:]), "\(word)")
  }

  @Test func theSameFileIsOneAbsenceHoweverOftenItIsRead() throws {
    try writePeople(["1,jsmith@x,John Smith,yes", "2,ann@x,Ann,yes"])
    for night in 2...4 {
      #expect(try counts(run(night, "apply", "--output", "json")).isEmpty, "night \(night)")
    }
    try writePeople(["2,ann@x,Ann,yes", "1,jsmith@x,John Smith,yes"])
    #expect(try counts(run(5, "apply", "--output", "json")) == ["deactivate-member": 1])
  }

  @Test func aRowThatNamesATeamOfOthersDoesNotGetHoldOfIt() throws {
    try write("admins.csv", "name", ["Admins"])
    #expect(try run(2, "refresh", "--from", "admins.csv", "--as", "groups").code == 0)
    try write("groups.csv", "name", ["Buyers", "Admins"])
    try write("members.csv", "group,mail", ["Buyers,jsmith@x", "Admins,ann@x"])
    let run = try run(2, "apply", "--output", "json")
    #expect(run.code == 10, "\(run.complaints)")
    #expect(try counts(run).isEmpty, "\(run.output)")
    #expect(run.output.contains("team.claimable"))
  }

  @Test(arguments: ["", "id,mail,name,enabled\n", "id,mail,name,enabled\n1,\"jsmith@x,John"])
  func aFileThatWasCutOffRemovesNobody(text: String) throws {
    _ = try folder.write(text, as: "users.csv")
    for night in 2...4 {
      let run = try run(night, "apply", "--output", "json")
      #expect([3, 10].contains(run.code), "\(run.code) \(run.complaints)")
      if run.code == 10 { #expect(try counts(run).isEmpty, "\(run.output)") }
    }
    let state = try run(4, "export", "--format", "csv").output
    #expect(state.matches(of: #/,true,true,/#).count == 3, "\(state)")
  }
}
