import Identity

/// The teams and memberships of the oracle.
struct OracleTeams {
  /// A team as tonight leaves it.
  struct Team {
    enum Standing {
      case managed
      case addsOnly
      case untouched
    }

    let id: String
    let name: String
    /// What it is called before and after tonight.
    var values: [String: String]
    var changes: [String: String] = [:]
    var current: World.Team?
    var standing = Standing.managed
    var isListed = false
    var isListedReliably = false
  }

  struct Row: Hashable {
    let export: String
    let place: Int
    let values: [String: String]

    subscript(name: String) -> String { values[name] ?? "" }
  }

  /// What a row would do, unless a name it needs is taken.
  private struct Intent {
    let row: Row
    let team: String?
    var isAdoption = false
    var changes: [String: String] = [:]
    var conflict: String?
  }

  let world: World
  let people: Oracle
  var operations: Set<String> = []
  var holds: Set<String> = []
  var situations: [String: Int] = [:]
  var ownerships: Set<String> = []
  var teams: [Team] = []
  private var frozen: Set<String> = []

  private var keys: [String] { world.knobs.teamKeys }

  init(_ world: World, _ people: Oracle) {
    self.world = world
    self.people = people
    teams = world.teams.map { team in
      Team(
        id: team.id, name: team.values["displayName"] ?? "", values: team.values, current: team,
        standing: team.owners.isEmpty ? .untouched : .managed)
    }
    decideRows()
    reportGone()
    decideMemberships()
  }

  mutating func count(_ situation: String) { situations[situation, default: 0] += 1 }

  mutating func hold(_ row: Row, _ situation: String) {
    count(situation)
    holds.insert("team \(row["displayName"]): \(situation)")
  }

  private func isReliable(_ row: Row) -> Bool {
    world.knobs.isImplicit || people.export(row.export)?.isReliable == true
  }

  func isProtected(_ team: Team) -> Bool {
    (keys + ["displayName"]).contains { key in
      [team.values[key], team.changes[key]].compactMap { $0 }
        .contains { people.fits($0, world.knobs.protectedTeams) }
    }
  }

  // MARK: - Team records

  private var rows: [Row] {
    people.exports.flatMap { export -> [Row] in
      switch export.kind {
      case .teams where !world.knobs.isImplicit:
        return export.records.enumerated().map {
          Row(export: export.name, place: $0, values: $1.values)
        }
      case .memberships where world.knobs.isImplicit:
        return Set(export.rows.map(\.team)).sorted().enumerated().map {
          Row(export: export.name, place: $0, values: ["displayName": $1])
        }
      default: return []
      }
    }
  }

  private func holders(_ key: String, _ value: String) -> [String] {
    world.teams.filter { ($0.values[key] ?? "").lowercased() == value.lowercased() }.map(\.id)
  }

  private func match(_ row: Row) -> Oracle.Match {
    for (place, key) in keys.enumerated() where !row[key].isEmpty {
      let found = holders(key, row[key])
      guard let id = found.first else { continue }
      guard found.count == 1 else { return .ambiguous(Set(found)) }
      let contradicts = keys[..<place].contains { higher in
        let theirs = world.team(id)?.values[higher] ?? ""
        return !row[higher].isEmpty && !theirs.isEmpty
          && row[higher].lowercased() != theirs.lowercased()
      }
      return contradicts ? .conflict(id) : .member(id)
    }
    return .nobody
  }

  private mutating func freeze(_ ids: Set<String>) {
    frozen.formUnion(ids)
    for place in teams.indices where ids.contains(teams[place].id) {
      teams[place].standing = .untouched
      teams[place].isListed = true
    }
  }

  private mutating func decideRows() {
    var claims: [String: [Row]] = [:]
    var intents: [Intent] = []
    let rows = rows
    for row in rows {
      let match = match(row)
      let isTwin = rows.contains { other in
        other != row
          && keys.contains { !row[$0].isEmpty && row[$0].lowercased() == other[$0].lowercased() }
      }
      switch match {
      case .member(let id):
        if isTwin { freeze([id]) } else { claims[id, default: []].append(row) }
      case .ambiguous(let ids):
        freeze(ids)
        if !isTwin { hold(row, "ambiguous") }
      case .conflict(let id):
        if !isTwin { join(row, conflict: id, &intents) }
      case .nobody:
        if !isTwin { join(row, conflict: nil, &intents) }
      }
      if isTwin { hold(row, "duplicate") }
    }
    for (id, rows) in claims { settle(id, rows, &intents) }
    for intent in withoutTaken(intents) { carryOut(intent) }
  }

  private mutating func join(_ row: Row, conflict: String?, _ intents: inout [Intent]) {
    if row["displayName"].isEmpty || keys.allSatisfy({ row[$0].isEmpty }) {
      return hold(row, "quarantined")
    }
    if !world.knobs.updatesFromUnreliable, !isReliable(row) { return count("withheld") }
    intents.append(Intent(row: row, team: nil, conflict: conflict))
  }

  private mutating func settle(_ id: String, _ rows: [Row], _ intents: inout [Intent]) {
    guard rows.count == 1, !frozen.contains(id),
      let place = teams.firstIndex(where: { $0.id == id })
    else {
      freeze([id])
      rows.forEach { hold($0, "contended") }
      return
    }
    let row = rows[0]
    teams[place].isListed = true
    teams[place].isListedReliably = isReliable(row)
    if !world.knobs.updatesFromUnreliable, !isReliable(row) {
      teams[place].standing = .untouched
      return count("withheld")
    }
    let isAdoption = world.team(id)?.owners.isEmpty ?? true
    let key = keys.first { !row[$0].isEmpty && holders($0, row[$0]).contains(id) } ?? ""
    if isAdoption, !world.knobs.adoptTeams.contains(key) { return hold(row, "found") }
    var changes = row.values.filter { $0.value != teams[place].values[$0.key] ?? "" }
    let isRekey = changes.keys.contains { keys.contains($0) || $0 == "displayName" }
    if isRekey, isProtected(teams[place]) {
      count("protected")
      changes = changes.filter { !keys.contains($0.key) && $0.key != "displayName" }
    }
    intents.append(Intent(row: row, team: id, isAdoption: isAdoption, changes: changes))
  }

  private mutating func withoutTaken(_ intents: [Intent]) -> [Intent] {
    var reasons: [Int: String] = [:]
    var isSettled = false
    while !isSettled {
      isSettled = true
      for (place, intent) in intents.enumerated() where reasons[place] == nil {
        guard let reason = obstacle(intent, intents, reasons) else { continue }
        reasons[place] = reason
        isSettled = false
      }
    }
    for (place, reason) in reasons {
      if let team = intents[place].team { freeze([team]) }
      hold(intents[place].row, reason)
    }
    return intents.indices.filter { reasons[$0] == nil }.map { intents[$0] }
  }

  private func obstacle(
    _ intent: Intent, _ intents: [Intent], _ held: [Int: String]
  ) -> String? {
    let wanted = intent.team == nil ? intent.row.values : intent.changes
    for key in keys {
      guard let value = wanted[key], !value.isEmpty else { continue }
      for holder in holders(key, value) where holder != intent.team {
        let isFreed = intents.indices.contains { place in
          guard intents[place].team == holder, held[place] == nil,
            let after = intents[place].changes[key]
          else { return false }
          return after.lowercased() != value.lowercased()
        }
        if !isFreed { return intent.conflict == holder ? "conflictingKeys" : "valueTaken" }
      }
    }
    return nil
  }

  private mutating func carryOut(_ intent: Intent) {
    guard let id = intent.team, let place = teams.firstIndex(where: { $0.id == id }) else {
      return create(intent.row)
    }
    if intent.isAdoption { teams[place].standing = .addsOnly }
    if teams[place].current?.owners.contains(intent.row.export) == false {
      ownerships.insert("\(intent.row.export) owns \(id)")
    }
    if !intent.isAdoption, intent.changes.isEmpty { return count("same") }
    count(intent.isAdoption ? "found" : "differs")
    let isRekey = intent.changes.keys.contains { keys.contains($0) || $0 == "displayName" }
    let before = teams[place].values
    let text = intent.changes.map { name, after in
      "\(name) \(before[name] ?? "nil") → \(after.isEmpty ? "nil" : after)"
    }.sorted().joined(separator: ", ")
    operations.insert(
      "update team \(teams[place].name)" + (text.isEmpty ? "" : ": " + text)
        + (isRekey ? " [rekey]" : ""))
    teams[place].changes = intent.changes
  }

  private mutating func create(_ row: Row) {
    let key = keys.firstIndex { !row[$0].isEmpty } ?? 0
    let value = row[keys[key]].lowercased()
    let path = World.teamPaths[keys[key]]?.description ?? ""
    let id = people.freeID("\(row.export)/" + (key == 0 ? value : "!\(path)!\(value)"))
    let values = row.values.filter { !$0.value.isEmpty }
    count("joiner")
    operations.insert(
      "create team \(row["displayName"]): "
        + values.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " "))
    ownerships.insert("\(row.export) owns \(id)")
    teams.append(
      Team(id: id, name: row["displayName"], values: values, standing: .addsOnly, isListed: true))
  }

  private mutating func reportGone() {
    guard !world.knobs.isImplicit else { return }
    for place in teams.indices {
      guard let current = teams[place].current, !teams[place].isListed, !current.owners.isEmpty
      else { continue }
      let exports = people.exports.filter { $0.kind == .teams && current.owners.contains($0.name) }
      guard exports.allSatisfy({ $0.isFull && $0.isReliable }) else { continue }
      teams[place].standing = .untouched
      count("gone")
    }
  }
}
