import Foundation
import TestSupport
import Testing

@testable import Storing

/// The real program, killed at many moments of an apply of 20,200 operations.
///
/// Every operation kind that a night has is among them. Each kill works on its own copy of one
/// prepared state, so the old and the new content are known to the last row.
struct KillTests {
  /// When to kill, told by what can be seen of the process from outside.
  enum Moment: Sendable {
    /// A share of the way to the first write, by time.
    case beforeFirstWrite(Double)
    /// A share of the way from the first write to the last one, by time.
    case amidWrites(Double)
    /// When the write-ahead log has grown to a share of its last size.
    case amidLog(Double)
  }

  static let moments: [Moment] = {
    var moments: [Moment] = [.beforeFirstWrite(0.5)]
    for place in 0..<10 { moments.append(.amidWrites((Double(place) + 0.5) / 10)) }
    for share in [0, 0.2, 0.4, 0.7, 1] { moments.append(.amidLog(share)) }
    return moments
  }()

  /// Where a kill landed.
  enum Landing: Sendable {
    case beforeFirstWrite
    /// The transaction had changed something; nothing of it was in the log yet.
    case amidWrites
    /// A part of it was in the log.
    case amidLog
    case afterLastWrite
  }

  @Test func killAtAnyMomentLeavesTheOldStateOrTheNewOne() async throws {
    let night = try await NightOfChanges.prepared()
    let landings = try await withThrowingTaskGroup(of: [Landing].self) { group in
      // Two at a time: one process uses one core while it writes.
      for half in 0..<2 {
        group.addTask {
          var landings: [Landing] = []
          for (number, moment) in Self.moments.enumerated() where number % 2 == half {
            landings.append(try await Self.kill(night, at: moment, number: number))
          }
          return landings
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }

    #expect(landings.count == Self.moments.count)
    let amid = landings.count { $0 == .amidWrites || $0 == .amidLog }
    #expect(
      amid * 2 >= landings.count,
      "only \(amid) of \(landings.count) kills landed between the first and the last write")
  }

  /// Kills one apply, and holds the state it leaves against both that are allowed.
  private static func kill(
    _ night: NightOfChanges, at moment: Moment, number: Int
  ) async throws -> Landing {
    let folder = try TemporaryFolder()
    let state = folder.path + "/rollcall.db"
    try FileManager.default.copyItem(atPath: night.before, toPath: state)
    let seen = try await WatchedApply(night, state: state).kill(at: moment)
    let what: Comment = "kill \(number), \(moment), seen \(seen)"

    let isNew = try check(state, is: night, what)
    // The next night's run makes the rest of the way from wherever this one stopped.
    if !isNew, [6, 12].contains(number) {
      #expect(try await night.run("apply", state: state) == 0, what)
      #expect(try check(state, is: night, what) == true, what)
      #expect(try await night.run("plan", "--detailed-exitcode", state: state) == 0, what)
    }
    guard !isNew else { return .afterLastWrite }
    guard seen.hadBegunToWrite else { return .beforeFirstWrite }
    return seen.logBytes > 0 ? .amidLog : .amidWrites
  }

  /// Whether the state is the new one; it is checked that it is either, and whole.
  private static func check(
    _ state: String, is night: NightOfChanges, _ what: Comment
  ) throws -> Bool {
    let runs: Int
    do {
      let store = try StateStore.open(state, as: .writing)
      #expect(try store.verifyFile() == nil, what)
      #expect(try store.verifyJournal().isSound, what)
      runs = try store.runs().count
      try store.close()
    }
    let dump = try StateDump(of: state, withSalts: false)
    let isNew = runs == 2
    #expect(runs == 1 || runs == 2, what)
    #expect(dump.differences(from: isNew ? night.newContent : night.oldContent) == [], what)
    return isNew
  }
}
