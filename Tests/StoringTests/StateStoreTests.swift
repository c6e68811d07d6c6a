import Foundation
import GRDB
import Identity
import PlanFile
import Scanning
import TestSupport
import Testing

@testable import Storing

struct StateStoreTests {
  private func problem(_ body: () throws -> Void) -> StoreFailure.Problem? {
    do {
      try body()
      return nil
    } catch {
      return (error as? StoreFailure)?.problem
    }
  }

  private func mode(_ path: String) throws -> Int {
    let value = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    return try #require((value as? NSNumber)?.intValue)
  }

  @Test func readingAMissingStateFails() throws {
    let sample = try SampleState()
    #expect(problem { _ = try sample.open(.reading) } == .missing)
    #expect(!FileManager.default.fileExists(atPath: sample.path))
  }

  @Test func planningOnAMissingStateCreatesItsIdentityAndNothingElse() throws {
    let sample = try SampleState()
    let store = try sample.open(.readingOrCreating)
    #expect(store.identity.lineage.utf8.count == 32)
    #expect(store.identity.runCount == 0)
    #expect(store.secret(.fingerprints).count == 32)
    #expect(store.secret(.fingerprints) != store.secret(.seal))
    #expect(try store.runs().isEmpty)
    let again = try sample.open(.reading)
    #expect(again.identity == store.identity)
    #expect(again.secret(.seal) == store.secret(.seal))
  }

  @Test func everyFileIsForItsUserAloneWhateverTheUmask() throws {
    let sample = try SampleState()
    let before = umask(0)
    defer { umask(before) }
    let store = try sample.open(members: ["ann"])
    for suffix in ["", "-wal", "-shm", ".lock"] {
      #expect(try mode(sample.path + suffix) == 0o600, "\(suffix)")
    }
    try store.close()
  }

  @Test func settingsThatKeepDataSafeAreOn() throws {
    let store = try SampleState().open()
    let settings = try store.read { statements throws(StoreFailure) in
      var found: [String: String] = [:]
      for name in [
        "journal_mode", "synchronous", "trusted_schema", "cell_size_check", "mmap_size",
        "application_id", "user_version", "page_size",
      ] {
        found[name] = try statements("PRAGMA \(name)").first { $0.text(0) }
      }
      return found
    }
    #expect(
      settings == [
        "journal_mode": "wal", "synchronous": "2", "trusted_schema": "0", "cell_size_check": "1",
        "mmap_size": "0", "application_id": String(StateSchema.applicationID),
        "user_version": String(StateSchema.version),
        "page_size": String(StateSettings.pageSize),
      ])
  }

  @Test func otherFilesAreLeftAlone() throws {
    let sample = try SampleState()
    let text = try sample.folder.write("userName,title\nann,Buyer\n", as: "users.csv")
    #expect(problem { _ = try StateStore.open(text, as: .writing) } == .notAState)
    #expect(try String(contentsOfFile: text, encoding: .utf8) == "userName,title\nann,Buyer\n")
    let other = sample.folder.path + "/other.db"
    try DatabaseQueue(path: other).write { try $0.execute(sql: "CREATE TABLE pet (name TEXT)") }
    #expect(problem { _ = try StateStore.open(other, as: .writing) } == .notAState)
    #expect(problem { _ = try StateStore.open(other, as: .reading) } == .notAState)
    #expect(problem { _ = try StateStore.open(sample.folder.path, as: .writing) } == .notAFile)
  }

  @Test func aFolderThatIsMissingIsNotMade() throws {
    let sample = try SampleState()
    let folder = sample.folder.path + "/later"
    #expect(
      problem { _ = try StateStore.open(folder + "/state", as: .writing) }
        == .folderMissing(folder: folder))
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  @Test func aNewerStateIsRefused() throws {
    let sample = try SampleState()
    try sample.open().close()
    try sample.tamper("PRAGMA user_version = 77")
    for access in [StateStore.Access.reading, .readingOrCreating, .writing] {
      #expect(
        problem { _ = try sample.open(access) }
          == .newerVersion(found: 77, known: StateSchema.version))
    }
  }

  @Test func aStepOfAnotherRollcallIsRefused() throws {
    let sample = try SampleState()
    try sample.open().close()
    try sample.tamper("INSERT INTO grdb_migrations VALUES ('zzz9')")
    for access in [StateStore.Access.reading, .readingOrCreating, .writing] {
      #expect(problem { _ = try sample.open(access) } == .unknownStep("zzz9"))
    }
  }

  @Test func whatAFullDiskLeftOfACreationIsMadeAnew() throws {
    let sample = try SampleState()
    try sample.tamper("CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
    #expect(problem { _ = try sample.open(.reading) } == .missing)
    #expect(try sample.open(.readingOrCreating).identity.runCount == 0)
    #expect(try sample.open(members: ["ann"]).hasNoMembers() == false)
    // Another program's file that has gone through steps of its own is not ours to finish.
    let other = try SampleState()
    try other.tamper(
      "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY); "
        + "INSERT INTO grdb_migrations VALUES ('pets')")
    #expect(problem { _ = try other.open(.writing) } == .notAState)
  }

  @Test func anInterruptedCreationIsFinished() throws {
    let sample = try SampleState()
    _ = try sample.folder.write("", as: "rollcall.state")
    #expect(problem { _ = try sample.open(.reading) } == .missing)
    #expect(try sample.open(.readingOrCreating).identity.runCount == 0)
  }

  @Test func aLinkToOnesOwnFileIsFollowed() throws {
    let sample = try SampleState()
    try sample.open(members: ["ann"]).close()
    let link = sample.folder.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: sample.path)
    let store = try StateStore.open(link, as: .reading)
    #expect(try store.ordinal(ofMember: SampleState.id("ann")) == 1)
  }

  @Test func aLinkToSomebodyElsesFileIsRefused() throws {
    let sample = try SampleState()
    // Only root can have files of others to link to that it could also open.
    let link = sample.folder.path + "/link"
    let target = geteuid() == 0 ? sample.folder.path + "/theirs" : "/etc/passwd"
    if geteuid() == 0 {
      _ = try sample.folder.write("", as: "theirs")
      try FileManager.default.setAttributes([.ownerAccountID: 65534], ofItemAtPath: target)
    }
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
    #expect(
      problem { _ = try StateStore.open(link, as: .writing) } == .foreignLink(target: target))
  }

  @Test func aFailedWriteLeavesNothing() throws {
    struct Doubt: Error {}
    let sample = try SampleState()
    let store = try sample.open(members: ["ann"])
    let before = try sample.dump(["member", "member_index", "member_key", "setting"])
    #expect(throws: Doubt.self) {
      try store.write { state in
        try state.insertMember(SampleState.member("bob"), standing: .active, owners: [])
        throw Doubt()
      }
    }
    #expect(try sample.dump(["member", "member_index", "member_key", "setting"]) == before)
    try store.write { state in
      try state.insertMember(SampleState.member("bob"), standing: .active, owners: [])
    }
    #expect(try store.ordinal(ofMember: SampleState.id("bob")) == 2)
  }

  @Test func aFailureThatIsIgnoredStillStopsTheWrite() throws {
    let sample = try SampleState()
    let store = try sample.open(members: ["ann"])
    let missing = StoreFailure.Problem.membershipMissing(team: 9, member: 1)
    let found = problem {
      try store.write { state in
        try? state.removeMembership(team: 9, member: 1)
        _ = try? state.insertMember(SampleState.member("bob"), standing: .active, owners: [])
      }
    }
    #expect(found == missing)
    #expect(try store.ordinal(ofMember: SampleState.id("bob")) == nil)
  }

  @Test func aFullDiskRollsBackAndIsTold() throws {
    let sample = try SampleState()
    let store = try sample.open(members: ["ann"])
    let found = problem {
      try store.write { state in
        let pages = try state.statements("PRAGMA page_count").first { $0.integer(0) } ?? 0
        try state.statements.connection.execute("PRAGMA max_page_count = \(pages + 2)")
        for number in 0..<2000 {
          try state.insertMember(SampleState.member("m\(number)"), standing: .active, owners: [])
        }
      }
    }
    #expect(found == .diskFull)
    #expect(try store.forEachCount() == 1)
  }

  @Test func aReaderKeepsItsSnapshotWhileOthersWrite() async throws {
    let sample = try SampleState()
    let writer = try sample.open(members: ["ann"])
    let reader = try sample.open(.reading)
    try writer.write { state in
      try state.insertMember(SampleState.member("bob"), standing: .active, owners: [])
    }
    for threads in [1, 2, 4] {
      #expect(try await reader.members(SampleState.basis, threads: threads).count == 1)
      #expect(try await writer.members(SampleState.basis, threads: threads).count == 2)
    }
  }

  @Test func aStoreForReadingIsNotWritten() throws {
    let sample = try SampleState()
    try sample.open().close()
    let store = try sample.open(.reading)
    #expect(problem { try store.write { _ in } } == .readOnly)
  }

  @Test func closingTwiceIsFine() throws {
    let store = try SampleState().open()
    try store.close()
    try store.close()
  }

  @Test(arguments: [1, 2, 5])
  func teamsReadByThreadsAreAllTeams(threads: Int) throws {
    let sample = try SampleState()
    let store = try sample.open(members: ["ann"])
    let names = AttributeSet([
      ManagedAttribute(path: .displayName),
      ManagedAttribute(path: AttributePath(attribute: "externalId")),
    ])
    #expect(try store.teams(with: names, threads: threads) { facts, _ in facts }.isEmpty)
    try store.write { state in
      for number in 1...1400 {
        try state.insertTeam(
          SampleState.team("t\(number)"), owners: ExportSet(export: number % 60))
      }
      for ordinal in UInt32(500)...1100 { try state.deleteTeam(ordinal) }
      try state.addMembership(team: 7, member: 1)
    }
    let teams = try store.teams()
    #expect(teams.count == 799)
    let values = try store.teams(with: names, threads: threads) { ($0, $1) }
    #expect(values.map(\.0) == teams.map(\.facts))
    #expect(values.map(\.1) == teams.map { $0.resource.document.image(of: names) })
  }
}

extension StateStore {
  /// How many members there are, by reading every one.
  func forEachCount() throws -> Int {
    var count = 0
    try forEachMember { _ in count += 1 }
    return count
  }
}
