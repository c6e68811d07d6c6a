import Foundation

/// The generated exports of one benchmark, each written when the first scenario asks for it.
///
/// A folder is one night: users.csv, and with teams groups.csv and group-members.csv.
final class BenchData {
  private let folder: URL
  private let seed: UInt64
  private let rows: Int
  private let changed: Double
  private var written: Set<String> = []

  init(in folder: URL, seed: UInt64, rows: Int, changed: Double) {
    self.folder = folder
    self.seed = seed
    self.rows = rows
    self.changed = changed
  }

  func old() throws -> URL {
    try night("old") { try people.write(.old, to: $0.appending(path: "users.csv")) }
  }

  func new() throws -> URL {
    try night("new") { try people.write(.new, to: $0.appending(path: "users.csv")) }
  }

  func newShuffled() throws -> URL {
    try night("new-shuffled") {
      try people.write(.new, to: $0.appending(path: "users.csv"), isShuffled: true)
    }
  }

  func newWithoutDepartment() throws -> URL {
    try night("new-without-department") {
      try people.write(
        .new, to: $0.appending(path: "users.csv"),
        columns: EntraColumn.filled.filter { $0 != .department })
    }
  }

  /// A company whose people stay as they are and whose teams change.
  func oldWithTeams() throws -> URL {
    try night("old-with-teams") { try writeWithTeams(.old, to: $0) }
  }

  func newWithTeams() throws -> URL {
    try night("new-with-teams") { try writeWithTeams(.new, to: $0) }
  }

  /// The people as another format has them; `name` is the file's.
  func formatted(_ name: String, write: (FormatsGenerator, URL) throws -> Void) throws -> URL {
    let file = try night("formats") { _ in }.appending(path: name)
    if written.insert(name).inserted { try write(FormatsGenerator(seed: seed, rows: rows), file) }
    return file
  }

  private var people: PeopleGenerator {
    PeopleGenerator(seed: seed, rows: rows, share: ChangeShare(changed))
  }

  private func writeWithTeams(_ edition: PeopleGenerator.Edition, to night: URL) throws {
    let people = PeopleGenerator(seed: seed, rows: rows, share: ChangeShare(0))
    let teams = TeamsGenerator(
      people: people, teams: max(1, rows / 50), memberships: rows * 5, changed: 0.01)
    try people.write(edition, to: night.appending(path: "users.csv"))
    try teams.writeTeams(to: night.appending(path: "groups.csv"))
    try teams.writeMemberships(edition, to: night.appending(path: "group-members.csv"))
  }

  private func night(_ name: String, write: (URL) throws -> Void) throws -> URL {
    let night = folder.appending(path: name, directoryHint: .isDirectory)
    if written.insert(name).inserted { try write(night) }
    return night
  }
}
