import Foundation
import Spawning
import TestSupport
import Testing

/// A company of thousands after its first night, and the plan of a second one with 20,200 operations.
///
/// Of 4,000 people 400 leave and 2,000 change, 3,100 come; 14,250 memberships come and 450 go.
struct NightOfChanges: Sendable {
  /// The state before the night, to be copied.
  let before: String
  let plan: String
  let oldContent: StateDump
  let newContent: StateDump
  /// Of an undisturbed apply: from its start to its first write, and from there to its last one.
  let untilFirstWrite: Duration
  let untilLastWrite: Duration
  /// The size of its log when everything is in it.
  let logBytes: Int
  private let folder: TemporaryFolder

  static func prepared() async throws -> NightOfChanges {
    let folder = try TemporaryFolder()
    for night in 1...2 { try writeExports(of: night, in: folder) }
    _ = try folder.write(policy, as: "rollcall.yaml")
    let before = folder.path + "/before.db"
    let plan = folder.path + "/tonight.plan"
    try await run(["apply"], night: 1, state: before, in: folder)
    try await run(["plan", "--out", plan], night: 2, state: before, in: folder)
    let after = folder.path + "/after.db"
    try FileManager.default.copyItem(atPath: before, toPath: after)
    let draft = NightOfChanges(
      before: before, plan: plan, oldContent: try StateDump(of: before, withSalts: false),
      newContent: try StateDump(of: before, withSalts: false), untilFirstWrite: .zero,
      untilLastWrite: .zero, logBytes: 0, folder: folder)
    let times = try await WatchedApply(draft, state: after).timesUndisturbed()
    let night = NightOfChanges(
      before: before, plan: plan, oldContent: draft.oldContent,
      newContent: try StateDump(of: after, withSalts: false), untilFirstWrite: times.first,
      untilLastWrite: times.last, logBytes: times.logBytes, folder: folder)
    try #require(night.newContent.operationCount - night.oldContent.operationCount == 20_200)
    return night
  }

  // MARK: - The program

  /// Beside the test bundle: SwiftPM builds every product before it runs tests.
  private static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "rollcall")

  /// Starts the program on the second night's exports.
  func start(_ arguments: [String], state: String) throws -> Spawned {
    try Self.start(arguments, night: 2, state: state, in: folder)
  }

  /// Runs it to its end, on the second night's exports, and returns its exit code.
  func run(_ arguments: String..., state: String) async throws -> Int32 {
    let process = try start(arguments, state: state)
    return try await offPool { process.end() }
  }

  private static func run(
    _ arguments: [String], night: Int, state: String, in folder: TemporaryFolder
  ) async throws {
    let process = try start(arguments, night: night, state: state, in: folder)
    let code = try await offPool { process.end() }
    guard code == 0 else { throw WatchedApply.Failed(code: code) }
  }

  private static func start(
    _ arguments: [String], night: Int, state: String, in folder: TemporaryFolder
  ) throws -> Spawned {
    try #require(
      FileManager.default.isExecutableFile(atPath: program.path),
      "\(program.path) is not built; `swift build` builds it")
    let all =
      arguments + [
        "--quiet", "--policy", folder.path + "/rollcall.yaml", "--exports",
        folder.path + "/night-\(night)", "--state", state, "--now",
        "2026-03-0\(night)T02:00Z",
      ] + (arguments[0] == "apply" ? ["--reports", state + "-reports"] : [])
    return try Spawned(
      program.path, all, environment: ProcessInfo.processInfo.environment)
  }

  // MARK: - The files

  private static func writeExports(of night: Int, in folder: TemporaryFolder) throws {
    try FileManager.default.createDirectory(
      atPath: folder.path + "/night-\(night)", withIntermediateDirectories: true)
    let isFirst = night == 1
    func isThere(_ number: Int) -> Bool { isFirst || number >= 4_000 || number % 10 != 7 }
    var people = "id,userPrincipalName,displayName,jobTitle,accountEnabled\n"
    for number in 0..<(isFirst ? 4_000 : 7_100) where isThere(number) {
      let isPromoted = !isFirst && number % 2 == 0 && number < 4_000
      people += "E\(number),user\(number)@contoso.com,User \(number),"
      people += "\(isPromoted ? "Lead" : "Buyer"),True\n"
    }
    var teams = "id,displayName\n"
    for number in 0..<100 { teams += "G\(number),Team \(number)\n" }
    var memberships = "groupId,userPrincipalName\n"
    for number in isFirst ? 0..<2_000 : 500..<7_100
    where isThere(number) && (!isFirst || number % 10 != 7) {
      for place in 0..<(isFirst ? 1 : number < 4_000 ? 2 : 3) {
        memberships += "G\((number + 37 * place) % 100),user\(number)@contoso.com\n"
      }
    }
    _ = try folder.write(people, as: "night-\(night)/users.csv")
    _ = try folder.write(teams, as: "night-\(night)/groups.csv")
    _ = try folder.write(memberships, as: "night-\(night)/members.csv")
  }

  private static let policy = """
    preset: none
    exports:
      people:
        - {name: staff, path: users.csv, content: full}
      teams:
        - {name: groups, path: groups.csv, content: full}
      memberships:
        - name: members
          path: members.csv
          content: full
          team: {column: groupId, key: externalId}
          member: {column: userPrincipalName, key: userName}
    mapping:
      members:
        externalId: id
        userName: userPrincipalName
        displayName: displayName
        title: jobTitle
        active: {column: accountEnabled, "true": ["True"], "false": ["False"]}
      teams: {externalId: id, displayName: displayName}
    guards:
      creates: {count: 100000, percent: 100, floor: 100000}
      updates: {count: 100000, percent: 100, floor: 100000}
      removals: {count: 100000, percent: 100, floor: 100000}
      membershipsAdded: {count: 100000, percent: 100, floor: 100000}
      membershipsRemoved: {count: 100000, percent: 100, floor: 100000}
      membershipsRemovedPerTeam: {percent: 100, floor: 100000}
    """
}

extension StateDump {
  /// How many operations the journal holds.
  fileprivate var operationCount: Int {
    let packs = tables["operation_pack"]?.split(separator: "\n") ?? []
    // The second column is how many creates a pack has.
    let packed = packs.compactMap { Int($0.split(separator: " ")[1]) }.reduce(0, +)
    return packed + (tables["operation"]?.split(separator: "\n").count ?? 0)
  }
}
