import Foundation
import Glibc
import Spawning
import TestSupport
import Testing

@testable import Storing

/// The real program, killed at many moments of a first load: a rollback journal instead of a log.
///
/// The state is empty and stays so, or holds all 10,000 people; whoever opens it next, even to read, rolls back
/// what was begun.
struct FirstLoadKillTests {
  private static let people = 10_000
  /// Shares of the time from the first write to the last one.
  private static let moments = [0.0, 0.3, 0.5, 0.7, 0.9, 1.0]

  @Test func killAtAnyMomentOfAFirstLoadLeavesNobodyOrEverybody() async throws {
    let night = try FirstNight(people: Self.people)
    let duration = try await night.load(into: night.path("undisturbed"), killingAfter: nil).writing
    #expect(duration > .zero, "the journal was never seen, so this was no bulk load")
    var midway = 0
    for (number, share) in Self.moments.enumerated() {
      let state = night.path("killed-\(number)")
      let seen = try await night.load(into: state, killingAfter: duration * share)
      let isWhole = try check(state, reads: number % 2 == 0, "kill at \(share) of the writing")
      if seen.leftJournal, !isWhole { midway += 1 }
      if number == 2, !isWhole {
        _ = try await night.load(into: state, killingAfter: nil)
        #expect(try check(state, reads: false, "the load after a kill"))
      }
    }
    #expect(midway >= 2, "only \(midway) kills left a journal to roll back")
  }

  /// Whether everybody is there; it is checked that it is everybody or nobody.
  private func check(_ state: String, reads: Bool, _ what: Comment) throws -> Bool {
    let store = try StateStore.open(state, as: reads ? .readingOrCreating : .writing)
    #expect(try store.verifyFile() == nil, what)
    let journal = try store.verifyJournal()
    #expect(journal.isSound, what)
    let runs = try store.runs().count
    var members = 0
    try store.forEachMember { _ in members += 1 }
    #expect(members == (runs == 1 ? Self.people : 0), what)
    #expect(journal.operationCount == members, what)
    try store.close()
    return runs == 1
  }
}

/// The exports and the policy of a first night, and the program that loads them.
private struct FirstNight {
  struct Sighting: Sendable {
    /// From the first sight of the journal to the last one.
    var writing: Duration = .zero
    var leftJournal = false
  }

  private let folder: TemporaryFolder

  init(people count: Int) throws {
    folder = try TemporaryFolder()
    var people = "id,userPrincipalName,jobTitle\n"
    for number in 0..<count { people += "E\(number),user\(number)@contoso.com,Buyer\n" }
    _ = try folder.write(people, as: "users.csv")
    _ = try folder.write(
      """
      preset: none
      exports:
        people:
          - {name: staff, path: users.csv, content: full}
      mapping:
        members: {externalId: id, userName: userPrincipalName, title: jobTitle}
      guards:
        creates: {count: 100000, percent: 100, floor: 100000}
      """, as: "rollcall.yaml")
  }

  func path(_ name: String) -> String { folder.path + "/\(name).db" }

  /// Loads everybody; kills the program some time after its journal has first been seen.
  func load(into state: String, killingAfter delay: Duration?) async throws -> Sighting {
    let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "rollcall")
    let arguments = [
      "apply", "--quiet", "--policy", folder.path + "/rollcall.yaml", "--exports", folder.path,
      "--state", state, "--reports", state + "-reports", "--now", "2026-03-01T02:00Z",
    ]
    let running = try Spawned(
      program.path, arguments, environment: ProcessInfo.processInfo.environment)
    return try await offPool { try watch(running, state + "-journal", delay) }
  }

  private func watch(
    _ process: Spawned, _ journal: String, _ delay: Duration?
  ) throws -> Sighting {
    let clock = ContinuousClock()
    var sighting = Sighting()
    var first: ContinuousClock.Instant?
    while process.isRunning {
      // The state's own creation has a journal for a moment, before there is anything to load.
      let isThere = (try? FileManager.default.attributesOfItem(atPath: journal)) != nil
      if isThere {
        first = first ?? clock.now
      } else if sighting.writing < .milliseconds(50) {
        first = nil
      }
      if isThere, let first { sighting.writing = clock.now - first }
      if let delay, let first, clock.now - first >= delay { break }
      usleep(300)
    }
    if delay != nil, process.isRunning { process.signal(SIGKILL) }
    let code = process.end()
    if delay == nil { #expect(code == 0) }
    sighting.leftJournal = FileManager.default.fileExists(atPath: journal)
    return sighting
  }
}
