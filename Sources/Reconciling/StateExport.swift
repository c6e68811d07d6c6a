import Identity
import Scanning
import Storing

/// How the current state is written out.
package enum StateFormat: String, Sendable, CaseIterable {
  /// One row per member, one column per managed attribute; memberships in a column.
  case csv
  /// JSON Lines: one object per member and team.
  case json
  /// One SCIM ListResponse (RFC 7644 §3.4.2) of Users and Groups.
  case scim
}

extension Job {
  /// Writes the current members and teams, piece by piece.
  package func export(
    _ format: StateFormat, notify: @escaping (JobProgress) -> Void = { _ in },
    to sink: @escaping ([UInt8]) throws -> Void
  ) throws {
    let store = try open(.reading)
    let writer = StateWriter(
      store: store, attributes: policy.attributeSet(for: .members),
      total: try store.ordinalCount() - 1, notify: notify, sink: sink)
    switch format {
    case .csv: try writer.csv()
    case .json: try writer.jsonLines()
    case .scim: try writer.scim()
    }
    try store.close()
  }
}

/// Writes a state out without holding it.
private struct StateWriter {
  let store: StateStore
  let attributes: AttributeSet
  /// Members there have ever been.
  let total: Int
  let notify: (JobProgress) -> Void
  let sink: ([UInt8]) throws -> Void

  private func forEachMember(_ body: (CurrentMember) throws -> Void) throws {
    notify(JobProgress(.exporting))
    try store.forEachMember { member in
      try body(member)
      notify(JobProgress(.exporting, done: Int(member.resource.ordinal), total: total))
    }
  }

  func csv() throws {
    var teams: [UInt32: String] = [:]
    for team in try store.teams() {
      teams[team.resource.ordinal] = team.resource.document.value(at: .displayName) ?? ""
    }
    let columns = attributes.attributes.filter { $0.path != .active }
    try sink(row(["id"] + columns.map(\.path.description) + ["active", "managed", "teams"]))
    try forEachMember { member in
      let edges = try store.teams(ofMembers: [member.resource.ordinal]).flatMap { $0 }
      let names = edges.compactMap { teams[$0.team] }.sorted()
      let document = member.resource.document
      try sink(
        row(
          [member.resource.id.description] + columns.map { document.value(of: $0) ?? "" } + [
            member.standing.contains(.active) ? "true" : "false",
            member.owners.isEmpty ? "false" : "true", names.joined(separator: ";"),
          ]))
    }
  }

  /// Exact values, quoted where RFC 4180 wants it: this is data for programs, not for spreadsheets.
  private func row(_ cells: [String]) -> [UInt8] {
    var line: [UInt8] = []
    for (index, cell) in cells.enumerated() {
      if index > 0 { line.append(UInt8(ascii: ",")) }
      let needsQuotes = cell.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
      guard needsQuotes else {
        line += Array(cell.utf8)
        continue
      }
      line.append(UInt8(ascii: "\""))
      for byte in cell.utf8 {
        line.append(byte)
        if byte == UInt8(ascii: "\"") { line.append(byte) }
      }
      line.append(UInt8(ascii: "\""))
    }
    return line + [0x0D, 0x0A]
  }

  func jsonLines() throws {
    try forEachResource { try sink($0.bytes + [0x0A]) }
  }

  func scim() throws {
    var count = 0
    try sink(
      Array(
        #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"Resources":["#.utf8))
    try forEachResource { resource in
      if count > 0 { try sink([UInt8(ascii: ",")]) }
      try sink(resource.bytes)
      count += 1
    }
    try sink(
      Array("],\"totalResults\":\(count),\"itemsPerPage\":\(count),\"startIndex\":1}\n".utf8))
  }

  /// Users first, then groups with their members (RFC 7643 §4.2).
  private func forEachResource(_ body: (JSONValue) throws -> Void) throws {
    try forEachMember { try body(resource($0.resource, type: "User")) }
    let teams = try store.teams()
    for (number, team) in teams.enumerated() {
      notify(JobProgress(.exportingTeams, done: number, total: teams.count))
      var document = team.resource.document
      let edges = try store.edges(ofTeam: team.resource.ordinal)
      let members = try store.resources(ofMembers: edges.map(\.member)).map { member in
        JSONValue.object([
          "value": .string(member.id.description),
          "display": .string(member.document.value(at: .userName) ?? ""),
        ])
      }
      document.setTopLevel("members", to: .array(members))
      let whole = CurrentResource(
        ordinal: team.resource.ordinal, id: team.resource.id, document: document)
      try body(resource(whole, type: "Group"))
    }
  }

  private func resource(_ resource: CurrentResource, type: String) -> JSONValue {
    var document = resource.document
    document.setTopLevel("meta", to: .object(["resourceType": .string(type)]))
    return document.root
  }
}
