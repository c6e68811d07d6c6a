/// A slow, obvious reconciler over dictionaries of text.
///
/// It is written from the table of situations and knows nothing of seats, hashes, fingerprints or batches:
/// every question is asked of every member and every row. It does not merge exports.
struct Oracle {
  /// One readable row of a people export, with the values that its columns give.
  struct Row: Hashable {
    let export: String
    let place: Int
    let values: [String: String]
    let hasLeft: Bool

    subscript(name: String) -> String { values[name] ?? "" }
  }

  /// What matching says of a row.
  enum Match: Hashable {
    case member(String)
    case ambiguous(Set<String>)
    case conflict(String)
    case nobody
  }

  /// A value of a unique attribute, folded.
  struct Slot: Hashable {
    let attribute: String
    let value: String

    init(_ attribute: String, _ value: String) {
      self.attribute = attribute
      self.value = value.lowercased()
    }
  }

  struct Draft {
    enum Verb: String {
      case create
      case update
      case deactivate
      case reactivate
      case delete
    }

    var verb: Verb
    /// The member it changes; nil for a create.
    var member: String?
    var row: Row?
    var changes: [String: String?] = [:]
    var classes: Set<String> = []
    var situation: String
    var newOwners: Set<String> = []
  }

  let world: World
  var operations: Set<String> = []
  var holds: Set<String> = []
  var situations: [String: Int] = [:]
  var ownerships: Set<String> = []
  /// Counters after tonight, by member.
  var absences: [String: Int] = [:]

  var drafts: [Draft] = []
  var rows: [Row] = []
  var matches: [Row: Match] = [:]
  /// Rows that are held because of who else they may be.
  var heldRows: Set<Row> = []
  /// Members whom a held or unreadable row may be.
  var doubtful: Set<String> = []
  var shielded: Set<String> = []
  /// Rows whose values are wanted although nothing comes of them.
  var idle: Set<Row> = []
  var frozen: Set<String> = []
  var frozenRows: Set<Row> = []
  var absent: Set<String> = []
  var stripped: Set<String> = []
  var waiting: [String] = []
  /// By member: rows that have a key of theirs and were held, because a higher one differs.
  var pretenders: [String: [Row]] = [:]

  var exports: [World.Export] { world.orderedExports }
  var keys: [String] { world.knobs.keys }
  var unique: [String] { keys.contains("userName") ? keys : keys + ["userName"] }

  init(_ world: World) {
    self.world = world
    readRows()
    matchRows()
    decideRows()
    decideAbsent()
    protect()
    holdTakenValues()
    holdRenames()
    for member in waiting {
      if world.knobs.deactivate == Int.max { count("leaver") } else { withhold(member) }
    }
    writeMembers()
    let teams = OracleTeams(world, self)
    operations.formUnion(teams.operations)
    holds.formUnion(teams.holds)
    situations.merge(teams.situations, uniquingKeysWith: +)
    ownerships.formUnion(teams.ownerships)
  }

  // MARK: - Small questions

  mutating func count(_ situation: String) { situations[situation, default: 0] += 1 }

  mutating func hold(_ subject: String, _ situation: String, isRemoval: Bool = false) {
    holds.insert("\(subject): \(situation)" + (isRemoval ? " !" : ""))
  }

  mutating func withhold(_ member: String) {
    count("withheld")
    hold("member \(name(member))", "withheld", isRemoval: true)
  }

  func member(_ id: String) -> World.Member { world.member(id) ?? World.Member(id, [:]) }

  func name(_ id: String) -> String { member(id).values["userName"] ?? id }

  /// What a record is called by: its first key value.
  func keyText(_ row: Row) -> String { keys.map { row[$0] }.first { !$0.isEmpty } ?? "" }

  func export(_ name: String) -> World.Export? { exports.first { $0.name == name } }

  func isReliable(_ row: Row) -> Bool { export(row.export)?.isReliable == true }

  /// The members that hold a value today, whoever they are.
  func holders(_ slot: Slot) -> Set<String> {
    Set(
      world.members.filter { ($0.values[slot.attribute] ?? "").lowercased() == slot.value }.map(
        \.id))
  }

  /// A member's exports that the policy still has.
  func living(_ member: World.Member) -> [World.Export] {
    exports.filter { member.owners.contains($0.name) }
  }

  // MARK: - Reading and matching

  private mutating func readRows() {
    var unreadable: [[String: String]] = []
    for export in exports where export.kind == .people {
      for (place, record) in export.records.enumerated() {
        let values = record.values.filter { export.columns?.contains($0.key) ?? true }
        let isKeyless = keys.allSatisfy { (values[$0] ?? "").isEmpty }
        if record.isUnreadable || isKeyless {
          unreadable.append(values)
          count("quarantined")
        } else {
          rows.append(
            Row(export: export.name, place: place, values: values, hasLeft: record.hasLeft))
        }
      }
    }
    for values in unreadable {
      for attribute in unique {
        if let value = values[attribute], !value.isEmpty {
          shielded.formUnion(holders(Slot(attribute, value)))
        }
      }
    }
  }

  private func match(_ row: Row) -> Match {
    for (place, key) in keys.enumerated() where !row[key].isEmpty {
      let found = holders(Slot(key, row[key]))
      guard let id = found.first else { continue }
      guard found.count == 1 else { return .ambiguous(found) }
      let contradicts = keys[..<place].contains { higher in
        let theirs = member(id).values[higher] ?? ""
        return !row[higher].isEmpty && !theirs.isEmpty
          && row[higher].lowercased() != theirs.lowercased()
      }
      return contradicts ? .conflict(id) : .member(id)
    }
    return .nobody
  }

  private mutating func matchRows() {
    for row in rows { matches[row] = match(row) }
    for row in rows {
      guard case .ambiguous(let found) = matches[row] else { continue }
      heldRows.insert(row)
      doubtful.formUnion(found)
      count("ambiguous")
      hold("record \(keyText(row))", "ambiguous")
    }
    for member in world.members {
      let claims = rows.filter { matches[$0] == .member(member.id) }
      guard claims.count > 1 else { continue }
      doubtful.insert(member.id)
      let shareKey = keys.contains { key in
        !claims[0][key].isEmpty
          && claims.allSatisfy { $0[key].lowercased() == claims[0][key].lowercased() }
      }
      for row in claims {
        heldRows.insert(row)
        let situation = shareKey ? "duplicate" : "contended"
        count(situation)
        hold("record \(heldName(row, member))", situation)
      }
    }
    let nobodies = rows.filter(isNobody)
    let candidates = nobodies + rows.filter { heldRows.contains($0) }
    for row in nobodies {
      let hasTwin = candidates.contains { other in
        other != row
          && keys.contains { key in
            !row[key].isEmpty && row[key].lowercased() == other[key].lowercased()
              && holders(Slot(key, other[key])).isDisjoint(with: couldBe(other))
          }
      }
      guard hasTwin else { continue }
      heldRows.insert(row)
      count("duplicate")
      hold("record \(keyText(row))", "duplicate")
    }
  }

  /// A row that is certainly the same as its member was never looked at closely, and is called by its member.
  private func heldName(_ row: Row, _ member: World.Member) -> String {
    isCertainlySame(row, member) ? name(member.id) : keyText(row)
  }

  /// Every value known and equal, by an owner, and nothing to do about being active.
  private func isCertainlySame(_ row: Row, _ member: World.Member) -> Bool {
    var values = member.values
    values["active"] = member.isActive ? "true" : "false"
    let columns = export(row.export)?.columns
    let theirs = values.filter { !$0.value.isEmpty && (columns?.contains($0.key) ?? true) }
    return !row.hasLeft && row.values.filter { !$0.value.isEmpty } == theirs
      && member.owners.contains(row.export)
      && (columns?.contains("active") ?? true || !member.isLeaver)
  }

  /// The members that a row is, or may be.
  func couldBe(_ row: Row) -> Set<String> {
    switch matches[row] {
    case .member(let id): [id]
    case .ambiguous(let ids): ids
    default: []
    }
  }

  func isNobody(_ row: Row) -> Bool {
    switch matches[row] {
    case .nobody, .conflict: true
    default: false
    }
  }
}
