import Planning
import TestSupport

extension World {
  /// A small world in which everything that can go wrong goes wrong often.
  static func random(seed: UInt64) -> World {
    var source = SeededGenerator(seed: seed)
    var world = World()
    world.knobs = .random(&source)
    world.addPeople(&source)
    world.addTeams(&source)
    return world
  }

  private static func pick<Value>(_ values: [Value], _ source: inout SeededGenerator) -> Value {
    values[Int.random(in: 0..<values.count, using: &source)]
  }

  private static func chance(_ percent: Int, _ source: inout SeededGenerator) -> Bool {
    Int.random(in: 0..<100, using: &source) < percent
  }

  // MARK: - People

  private mutating func addPeople(_ source: inout SeededGenerator) {
    let count = Int.random(in: 0...8, using: &source)
    for number in 0..<count { members.append(Self.member(number, &source)) }
    let exports = Self.chance(35, &source) ? ["hr", "temps"] : ["hr"]
    var rows: [String: [Record]] = [:]
    for (number, member) in members.enumerated() where Self.chance(80, &source) {
      let export = Self.pick(exports, &source)
      rows[export, default: []].append(
        Self.record(of: member.values, isActive: member.isActive, number, &source))
    }
    for number in 0..<Int.random(in: 0...4, using: &source) {
      let values = Self.member(number + 8, &source).values
      rows[Self.pick(exports, &source), default: []].append(
        Self.record(of: values, isActive: true, number, &source))
    }
    // The same row again, in this export or another.
    if Self.chance(15, &source), let row = rows.values.joined().randomElement(using: &source) {
      rows[Self.pick(exports, &source), default: []].append(row)
    }
    for name in exports {
      var export = Export(name: name, kind: .people)
      export.isFull = Self.chance(80, &source)
      export.isReliable = Self.chance(85, &source)
      export.digest = Self.pick(["1", "2"], &source)
      if Self.chance(15, &source) { export.columns = ["externalId", "userName", "title"] }
      export.records = (rows[name] ?? []).map { record in
        var record = record
        record.isUnreadable = Self.chance(3, &source)
        record.hasLeft = !export.isFull && Self.chance(20, &source)
        return record
      }
      self.exports.append(export)
    }
  }

  private static func member(_ number: Int, _ source: inout SeededGenerator) -> Member {
    var values = ["externalId": "E\(number)", "userName": "u\(number)"]
    if chance(10, &source) { values["externalId"] = nil }
    if chance(8, &source) { values["externalId"] = "E\(Int.random(in: 0..<6, using: &source))" }
    if chance(8, &source) { values["userName"] = "U\(Int.random(in: 0..<6, using: &source))" }
    values["title"] = pick([nil, "Buyer", "Seller"], &source)
    values["mail"] = pick([nil, "u\(number)@x", "shared@x"], &source)
    values["given"] = pick(["Ann", "Bo"], &source)
    values["family"] = pick(["Ohara", "Li"], &source)
    for name in ["city", "office", "phone"] { values[name] = pick(["1", "1", "2"], &source) }
    var member = Member("m\(number)", values)
    member.owners = pick(
      [["hr"], ["hr"], ["hr"], ["temps"], ["hr", "temps"], [], ["closed"], ["closed", "hr"]],
      &source)
    if chance(25, &source) {
      member.isActive = false
      member.isDeactivatedByUs = chance(70, &source)
      member.isLeaver = member.isDeactivatedByUs && chance(70, &source)
    }
    if chance(25, &source) {
      member.absence = Absence(
        count: Int.random(in: 1...3, using: &source), digest: pick(["1", "0"], &source),
        countedAt: pick([900_000, 990_000], &source))
    }
    return member
  }

  /// A row about somebody, mostly true.
  private static func record(
    of values: [String: String], isActive: Bool, _ number: Int, _ source: inout SeededGenerator
  ) -> Record {
    var values = values
    values["active"] = isActive ? "true" : "false"
    if chance(15, &source) { values["active"] = pick([nil, "true", "false"], &source) }
    for name in ["title", "city", "mail"] where chance(12, &source) {
      values[name] = pick([nil, "", "new", "shared@x"], &source)
    }
    if chance(12, &source) { values["userName"] = "u\(Int.random(in: 0..<12, using: &source))" }
    if chance(10, &source) { values["externalId"] = "E\(Int.random(in: 0..<12, using: &source))" }
    if chance(6, &source) { values["externalId"] = nil }
    if chance(4, &source) { values["userName"] = nil }
    return Record(values: values)
  }

  // MARK: - Teams

  private mutating func addTeams(_ source: inout SeededGenerator) {
    let names = ["Sales", "Admins", "Lab", "Press", "Board"]
    for number in 0..<Int.random(in: 0...4, using: &source) {
      var values = ["displayName": names[number]]
      if Self.chance(80, &source) { values["externalId"] = "G\(number)" }
      var team = Team("t\(number)", values)
      team.owners = Self.pick([["groups"], ["groups"], ["groups"], [], ["closed"]], &source)
      team.claims = Self.pick([["edges"], ["edges"], ["edges", "more"], [], ["closed"]], &source)
      for member in members where Self.chance(40, &source) {
        team.edges[member.id] = Self.chance(75, &source)
      }
      teams.append(team)
    }
    addTeamExport(names, &source)
    addMemberships(names, &source)
  }

  private mutating func addTeamExport(_ names: [String], _ source: inout SeededGenerator) {
    guard !knobs.isImplicit else { return }
    var export = Export(name: "groups", kind: .teams)
    export.isFull = Self.chance(85, &source)
    export.isReliable = Self.chance(85, &source)
    for number in 0..<names.count where Self.chance(75, &source) {
      var values = ["externalId": "G\(number)", "displayName": names[number]]
      if Self.chance(10, &source) { values["displayName"] = Self.pick(names, &source) }
      if Self.chance(8, &source) { values["externalId"] = nil }
      if Self.chance(8, &source) {
        values["externalId"] = "G\(Int.random(in: 0..<7, using: &source))"
      }
      if Self.chance(15, &source) { values["note"] = Self.pick(["", "new"], &source) }
      export.records.append(Record(values: values))
    }
    exports.append(export)
  }

  private mutating func addMemberships(_ names: [String], _ source: inout SeededGenerator) {
    for name in Self.chance(40, &source) ? ["edges", "more"] : ["edges"] {
      var export = Export(name: name, kind: .memberships)
      export.isFull = Self.chance(80, &source)
      export.isReliable = Self.chance(85, &source)
      let isEmpty = Self.chance(10, &source)
      for team in names.prefix(4) where !isEmpty && Self.chance(80, &source) {
        for number in 0..<12 where Self.chance(35, &source) {
          export.rows.append(
            Row(
              team: team, member: "u\(number)",
              isGone: !export.isFull && Self.chance(25, &source)))
        }
      }
      exports.append(export)
    }
  }
}

extension World.Knobs {
  fileprivate static func random(_ source: inout SeededGenerator) -> World.Knobs {
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &source) < percent }
    var knobs = World.Knobs()
    if chance(15) { knobs.keys = ["externalId"] }
    if chance(10) { knobs.keys = ["userName"] }
    if chance(10) { knobs.teamKeys = ["externalId"] }
    if chance(30) { knobs.adopt = chance(50) ? ["externalId"] : ["externalId", "userName"] }
    if chance(30) { knobs.adoptTeams = ["externalId", "displayName"] }
    knobs.deactivate = chance(70) ? 1 : chance(80) ? 2 : Int.max
    if chance(30) { knobs.stripTeams = Int.random(in: 1...3, using: &source) }
    if chance(25) { knobs.delete = Int.random(in: 2...3, using: &source) }
    knobs.createsDisabled = chance(20)
    knobs.reactivation = chance(70) ? .ours : chance(50) ? .always : .never
    if chance(30) { knobs.protected = ["u1", "*4"] }
    if chance(30) { knobs.protectedTeams = ["Admins", "La*"] }
    if chance(30) { knobs.exact = ["Sales", "Lab"] }
    knobs.updatesFromUnreliable = chance(80)
    knobs.isImplicit = chance(12)
    if chance(25) { knobs.teamReference = "externalId" }
    if knobs.isImplicit {
      knobs.teamReference = "displayName"
      knobs.teamKeys = ["displayName"]
    }
    knobs.createsMembers = !chance(10)
    knobs.updatesMembers = !chance(10)
    return knobs
  }
}
