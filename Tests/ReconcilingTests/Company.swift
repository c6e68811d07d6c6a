import Foundation
import Identity
import PlanFile
import TestSupport

@testable import Reconciling

/// A small company in a folder of its own: a policy, the exports of tonight, and a state.
///
/// ```
/// let company = try Company()
/// try company.people(["ann", "bob"])
/// try await company.apply(night: 1)
/// try company.people(["ann"])
/// #expect(try await company.plan(night: 2).operations == ["deactivate-member bob"])
/// ```
final class Company {
  /// 2026-03-01T02:00:00Z: when the first night's run begins.
  static let firstNight = 1_772_330_400

  let folder: TemporaryFolder
  /// People who are in every `users.csv` and never change: with them, one leaver is no fallen file.
  private let crowd: [Person]

  init(_ policy: String = CompanyPolicy().text, crowd: Int = 0) throws {
    folder = try TemporaryFolder()
    self.crowd = (0..<crowd).map { Person("crowd\($0)") }
    try write(policy, as: "rollcall.yaml")
  }

  convenience init(_ policy: CompanyPolicy, crowd: Int = 0) throws {
    try self.init(policy.text, crowd: crowd)
  }

  func path(_ name: String) -> String { folder.path + "/" + name }

  var state: String { path("rollcall.db") }

  func write(_ text: String, as name: String) throws { _ = try folder.write(text, as: name) }

  func write(_ bytes: [UInt8], as name: String) throws { _ = try folder.write(bytes, as: name) }

  func read(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path(name)) }

  // MARK: - The files of tonight

  /// `users.csv` with these people, in this order, and the crowd behind them.
  func people(_ people: [Person]) throws {
    try write(Person.csv(people + crowd), as: "users.csv")
  }

  /// `groups.csv` with these teams: `G-Sales` is the external id of `Sales`.
  func teams(_ names: [String]) throws {
    try write(
      (["id,displayName"] + names.map { "G-\($0),\($0)" }).joined(separator: "\n") + "\n",
      as: "groups.csv")
  }

  /// `members.csv` with these pairs of team and user name.
  func memberships(_ pairs: [(team: String, member: String)]) throws {
    try write(
      (["groupId,userPrincipalName"] + pairs.map { "G-\($0.team),\($0.member)" })
        .joined(separator: "\n") + "\n", as: "members.csv")
  }

  // MARK: - Runs

  /// The job of one night; nights are a day apart.
  func job(night: Int, jobs: Int? = nil) throws -> Job {
    try Job(
      JobSettings(
        policy: path("rollcall.yaml"), now: Self.firstNight + (night - 1) * 86_400, jobs: jobs))
  }

  func plan(night: Int, jobs: Int? = nil) async throws -> Plan {
    try await job(night: night, jobs: jobs).plan().plan
  }

  /// Plans and applies in one step, as cron does.
  @discardableResult
  func apply(night: Int) async throws -> Plan {
    try await job(night: night).apply(planAt: nil, approvalAt: nil).planned.plan
  }

  /// Writes a plan to `tonight.plan`.
  @discardableResult
  func save(night: Int) async throws -> PlannedJob {
    let job = try job(night: night)
    return try job.save(try await job.plan(), to: path("tonight.plan"))
  }

  /// Everything the state holds, as it is exported; ids and all.
  func export(_ format: StateFormat = .json) throws -> String {
    let bytes = Collected()
    try job(night: 1).export(format) { bytes.bytes += $0 }
    return String(decoding: bytes.bytes, as: UTF8.self)
  }

  private final class Collected {
    var bytes: [UInt8] = []
  }
}
