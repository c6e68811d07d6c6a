import Foundation

/// Writes teams and memberships: a few teams hold much of the company, most hold some dozens.
///
/// The team of rank r has a share of the memberships proportional to 1 / (r + 10), cut at a third of the
/// people. Members are distinct by construction (`Walk`), so no set of pairs is kept.
struct TeamsGenerator {
  let people: PeopleGenerator
  let teams: Int
  let memberships: Int
  /// How many of a million memberships are removed; as many are added.
  let changing: Int

  init(people: PeopleGenerator, teams: Int, memberships: Int, changed: Double) {
    self.people = people
    self.teams = teams
    self.memberships = memberships
    changing = Int(changed * 1_000_000) / 2
  }

  func writeTeams(to url: URL) throws {
    var file = try ByteFile(url)
    try file.append { $0.append(contentsOf: "id,displayName,mail,groupType,membershipType\n".utf8) }
    for team in 0..<teams {
      try file.append { bytes in
        appendIdentifier(of: team, to: &bytes)
        bytes.append(contentsOf: ",Team ".utf8)
        bytes.appendDecimal(team + 1)
        bytes.append(contentsOf: ",,Security,Assigned\n".utf8)
      }
    }
    try file.close()
  }

  func writeMemberships(_ edition: PeopleGenerator.Edition, to url: URL) throws {
    var file = try ByteFile(url)
    try file.append { $0.append(contentsOf: "groupId,userPrincipalName\n".utf8) }
    for (team, size) in sizes().enumerated() {
      for person in members(of: team, size: size, edition) {
        try file.append { bytes in
          appendIdentifier(of: team, to: &bytes)
          bytes.append(UInt8(ascii: ","))
          people.appendUserName(of: person, to: &bytes)
          bytes.append(UInt8(ascii: "\n"))
        }
      }
    }
    try file.close()
  }

  /// The new edition drops some members, and goes as many steps further along the team's walk.
  private func members(
    of team: Int, size: Int, _ edition: PeopleGenerator.Edition
  ) -> some Sequence<Int> {
    let walk = Walk(over: people.rows, seed: people.seed &+ UInt64(team) &* 2 &+ 1)
    var lots = SeededNumbers(people.seed &+ 7, of: team)
    var last = size
    var step = 0
    return AnyIterator {
      while edition == .new, step < size, lots.below(1_000_000) < changing {
        step += 1
        last = min(last + 1, people.rows)
      }
      guard step < last else { return nil }
      defer { step += 1 }
      return walk.item(at: step)
    }
  }

  private func sizes() -> [Int] {
    let weights = (0..<teams).map { 1 / Double($0 + 10) }
    let total = weights.reduce(0, +)
    return weights.map { weight in
      min(max(1, Int(Double(memberships) * weight / total)), max(1, people.rows / 3))
    }
  }

  private func appendIdentifier(of team: Int, to bytes: inout [UInt8]) {
    var numbers = SeededNumbers(people.seed &+ 3, of: team)
    bytes.appendIdentifier(numbers.next(), numbers.next())
  }
}
