import Foundation

/// Writes the nights of the sample company as the files its directory would have exported.
struct ContosoFiles {
  let folder: URL

  func write(_ nights: [ContosoNights.Night]) throws {
    for night in nights {
      let nightFolder = folder.appending(path: "night-\(night.number)", directoryHint: .isDirectory)
      try FileManager.default.createDirectory(at: nightFolder, withIntermediateDirectories: true)
      try write(users(night), to: nightFolder.appending(path: "users.csv"))
      try write(groups(night.company), to: nightFolder.appending(path: "groups.csv"))
      try write(memberships(night), to: nightFolder.appending(path: "group-members.csv"))
    }
  }

  private func write(_ bytes: [UInt8], to file: URL) throws {
    try Data(bytes).write(to: file, options: .atomic)
  }

  /// UTF-8 without a mark, LF, cells quoted only where they must be: the portal's download.
  private func users(_ night: ContosoNights.Night) -> [UInt8] {
    var bytes: [UInt8] = []
    appendRow(EntraColumn.allCases.map(\.rawValue), to: &bytes)
    for person in night.company.people {
      if person.userName == night.raggedUserName {
        appendRaggedRow(person, to: &bytes)
      } else {
        appendRow(EntraColumn.allCases.map { person[$0] }, to: &bytes)
      }
    }
    return bytes
  }

  /// Byte order mark, CRLF and quotes around every cell: what Windows PowerShell's Export-Csv writes.
  private func groups(_ company: ContosoCompany) -> [UInt8] {
    var bytes: [UInt8] = [0xEF, 0xBB, 0xBF]
    let rows =
      [["id", "displayName", "mail", "groupType", "membershipType"]]
      + company.teams.map { [$0.id, $0.name, $0.mail, $0.groupType, "Assigned"] }
    for row in rows { appendRow(row, to: &bytes, alwaysQuoted: true, end: "\r\n") }
    return bytes
  }

  private func memberships(_ night: ContosoNights.Night) -> [UInt8] {
    let people = Dictionary(uniqueKeysWithValues: night.company.people.map { ($0.id, $0) })
    var bytes: [UInt8] = []
    appendRow(["groupId", "id", "userPrincipalName", "displayName"], to: &bytes)
    for team in night.company.teams {
      for person in night.company.members[team.id, default: []].compactMap({ people[$0] }) {
        appendRow([team.id, person.id, person.userName, person[.displayName]], to: &bytes)
      }
      for stray in night.strayMemberships where stray.team == team.name {
        appendRow([team.id, "", stray.userName, "Nobody Here"], to: &bytes)
      }
    }
    return bytes
  }

  /// Somebody edited the file by hand and typed a comma into the address.
  private func appendRaggedRow(_ person: ContosoPerson, to bytes: inout [UInt8]) {
    let cells = EntraColumn.allCases.flatMap { column in
      column == .streetAddress ? [person[column], " Rear Building"] : [person[column]]
    }
    appendRow(cells, to: &bytes)
  }

  private func appendRow(
    _ cells: [String], to bytes: inout [UInt8], alwaysQuoted: Bool = false, end: String = "\n"
  ) {
    for (number, cell) in cells.enumerated() {
      if number > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes.appendCell(cell, alwaysQuoted: alwaysQuoted)
    }
    bytes.append(contentsOf: end.utf8)
  }
}
