import Foundation
import TestSupport

/// A job small enough to say in a line what is in it: a folder with a policy and an export of people.
final class SmallJob {
  private let folder: TemporaryFolder
  var path: String { folder.path }

  /// `guards` are lines under `guards:`, such as `removals: {count: 1, floor: 0}`.
  init(people: [String] = [], guards: [String] = []) throws {
    folder = try TemporaryFolder()
    let limits = guards.isEmpty ? "" : "guards:\n" + guards.map { "  \($0)\n" }.joined()
    _ = try folder.write(
      """
      exports:
        people:
          - name: staff
            path: users.csv
            content: full
      mapping:
        members:
          externalId: id
          userName: mail
          displayName: name
          active: {column: enabled, "true": ["yes"], "false": ["no"]}
      matching:
        members: [externalId, userName]
      health:
        recordFall: 100
      \(limits)
      """, as: "rollcall.yaml")
    try write(people)
  }

  /// `ann` becomes a row with the id, address and name that belong to her.
  func write(_ people: [String]) throws {
    let rows = people.map { "\($0),\($0)@example.com,\($0.capitalized),yes\n" }
    _ = try folder.write("id,mail,name,enabled\n" + rows.joined(), as: "users.csv")
  }

  func write(_ text: String, as name: String) throws { _ = try folder.write(text, as: name) }

  /// Runs a command in the folder, on night `night` (from 1) of March 2026.
  func run(_ command: String..., night: Int = 1) throws -> ProgramRun {
    let noClock = ["diff", "inspect", "init", "--version", "help"].contains(command.first)
    let now = "2026-03-\(night < 10 ? "0" : "")\(night)T02:00:00Z"
    return try ProgramRun(command + (noClock ? [] : ["--now", now]), in: path)
  }

  /// The same with its words in a list.
  func runAll(_ command: [String], night: Int = 1) throws -> ProgramRun {
    let now = "2026-03-\(night < 10 ? "0" : "")\(night)T02:00:00Z"
    return try ProgramRun(command + ["--now", now], in: path)
  }

  /// Changes the state behind Rollcall's back, with the shell of SQLite.
  func tamper(_ sql: String) throws {
    let shell = Process()
    shell.executableURL = URL(filePath: "/usr/bin/env")
    shell.arguments = ["sqlite3", path + "/rollcall.db", sql]
    try shell.run()
    shell.waitUntilExit()
    guard shell.terminationStatus == 0 else { throw CocoaError(.fileReadUnknown) }
  }

  /// Numbered people, for when many are needed.
  static func crowd(_ numbers: Range<Int>) -> [String] { numbers.map { "p\($0)" } }

  /// Adds sections to the policy.
  func addToPolicy(_ text: String) throws {
    let policy = try String(contentsOfFile: path + "/rollcall.yaml", encoding: .utf8)
    try write(policy + "\n" + text + "\n", as: "rollcall.yaml")
  }

  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/" + name)
  }

  func files(in name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path + "/" + name).sorted()
  }

  /// The permissions of a file, as `0o600`.
  func mode(of name: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path + "/" + name)
    return attributes[.posixPermissions] as? Int ?? -1
  }
}
