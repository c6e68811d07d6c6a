import Identity
import Testing

@testable import Storing

struct StoreFailureTests {
  private static let problems: [StoreFailure.Problem] = [
    .missing, .folderMissing(folder: "/x"), .notAFile, .notAState,
    .newerVersion(found: 3, known: 1), .foreignLink(target: "/y"), .locked(nil),
    .locked(LockHolder(process: 1, host: "h", command: "rollcall apply", startedAt: 0)),
    .permission(detail: "no"), .unsafeSetting(name: "journal_mode", value: "delete"), .readOnly,
    .olderAndReadOnly(version: 5),
    .busy, .diskFull, .inputOutput(detail: "no"), .corrupt(detail: "no"),
    .database(code: 1, detail: "no"), .unknownSubject(ResourceID("a")),
    .duplicateID(ResourceID("a")), .membershipExists(team: 1, member: 2),
    .membershipMissing(team: 1, member: 2), .notAKey(.userName), .notRebased,
    .tooManyExports(limit: 64), .approvalUsed(serial: "s", run: 1), .unknownRun(1), .runNotOpen,
    .runNotFinished,
  ]

  @Test func everySentenceIsItsOwnAndEndsLikeOne() {
    let messages = Self.problems.map { StoreFailure($0, path: "/var/rollcall.state").message }
    #expect(Set(messages).count == messages.count)
    for message in messages {
      #expect(message.hasSuffix("."), "\(message)")
      #expect(!message.contains("could not be used"), "\(message)")
    }
  }

  @Test(
    arguments: [
      (13, StoreFailure.Problem.diskFull), (5, .busy), (261, .busy), (11, .corrupt(detail: "x")),
      (26, .notAState), (8, .readOnly), (14, .permission(detail: "x")),
      (778, .inputOutput(detail: "x, code 778")), (1, .database(code: 1, detail: "x")),
    ] as [(Int32, StoreFailure.Problem)])
  func resultCodesHaveTheirMeaning(code: Int32, problem: StoreFailure.Problem) {
    #expect(StoreFailure(code: code, detail: "x", path: "p").problem == problem)
  }
}
