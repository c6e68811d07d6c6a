import ArgumentParser
import Foundation

/// Writes two nights of exports of a company of any size.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Writes old and new exports of a generated company: users, groups, memberships.")

  @Option(help: "The same seed and numbers write the same bytes, on any machine.")
  var seed: UInt64 = 1

  @Option(help: "People in the old users file.")
  var rows = 1_000_000

  @Option(help: "Share of people who change, leave or join between the files.")
  var changed = 0.012

  @Option(help: "Teams; 0 writes no groups and memberships.")
  var teams = 0

  @Option(help: "Memberships over all teams (about).")
  var memberships = 0

  @Option(help: "Share of memberships that are added or removed.")
  var membershipsChanged = 0.01

  @Option(help: "A column of the users files that the new one does not have.")
  var omit: EntraColumn?

  @Flag(help: "Write the rows of the new users file in another order.")
  var shuffled = false

  @Option(help: "The folder that gets old/ and new/.")
  var output: String

  func validate() throws {
    guard rows > 0, teams >= 0, memberships >= 0 else {
      throw ValidationError("--rows must be positive; --teams and --memberships not negative.")
    }
    guard (0...1).contains(changed), (0...1).contains(membershipsChanged) else {
      throw ValidationError("A share is a number from 0 to 1.")
    }
  }

  func run() throws {
    let folder = URL(filePath: output, directoryHint: .isDirectory)
    let people = PeopleGenerator(seed: seed, rows: rows, share: ChangeShare(changed))
    let columns = EntraColumn.filled
    try people.write(.old, to: folder.appending(path: "old/users.csv"))
    try people.write(
      .new, to: folder.appending(path: "new/users.csv"), columns: columns.filter { $0 != omit },
      isShuffled: shuffled)
    guard teams > 0 else { return }
    let groups = TeamsGenerator(
      people: people, teams: teams, memberships: memberships, changed: membershipsChanged)
    for (edition, night) in [(PeopleGenerator.Edition.old, "old"), (.new, "new")] {
      try groups.writeTeams(to: folder.appending(path: "\(night)/groups.csv"))
      try groups.writeMemberships(
        edition, to: folder.appending(path: "\(night)/group-members.csv"))
    }
  }
}

extension EntraColumn: ExpressibleByArgument {}
