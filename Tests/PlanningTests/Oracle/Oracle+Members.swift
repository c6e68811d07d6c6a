import Planning

// Rows that are members, rows that are not yet, and members that no row names.

extension Oracle {
  mutating func decideRows() {
    for row in rows where !heldRows.contains(row) {
      switch matches[row] {
      case .member(let id) where row.hasLeft: depart(row, member(id))
      case .member(let id): decide(row, member(id))
      default: if !row.hasLeft { join(row) }
      }
    }
  }

  /// The values that the row gives and the member does not have; `active` is another question.
  private func changes(_ row: Row, _ member: World.Member) -> [String: String?] {
    var changes: [String: String?] = [:]
    for (name, value) in row.values where name != "active" {
      if value != member.values[name] ?? "" {
        changes[name] = .some(value.isEmpty ? nil : value)
      }
    }
    return changes
  }

  private enum Activity {
    case unchanged
    case disable
    case enable
    case refuse
  }

  private func activity(_ row: Row, _ member: World.Member) -> Activity {
    let says = row["active"]
    if member.isActive { return says == "false" ? .disable : .unchanged }
    // Nobody is enabled whom the source calls inactive, and nobody on whom it is silent, unless it was absence
    // that disabled them.
    if says == "false" { return .unchanged }
    if says.isEmpty && !(member.isDeactivatedByUs && member.isLeaver) { return .unchanged }
    switch world.knobs.reactivation {
    case .always: return .enable
    case .ours: return member.isDeactivatedByUs ? .enable : .refuse
    case .never: return .refuse
    }
  }

  private mutating func decide(_ row: Row, _ member: World.Member) {
    absences[member.id] = nil
    let isManaged = !member.owners.isEmpty
    let isNewOwner = !member.owners.contains(row.export)
    var changes = changes(row, member)
    let differs = !changes.isEmpty || activity(row, member) != .unchanged
    let updates = world.knobs.updatesMembers
    if !updates { changes = [:] }
    let isDifferent = isNewOwner || (updates && differs)
    let isShielded = shielded.contains(member.id)
    if isShielded || doubtful.contains(member.id) {
      frozen.insert(member.id)
      idle.insert(row)
      guard isDifferent else { return count("same") }
      count(isShielded ? "quarantined" : "contended")
      return hold("member \(name(member.id))", isShielded ? "quarantined" : "contended")
    }
    if !isReliable(row) {
      frozen.insert(member.id)
      if !world.knobs.updatesFromUnreliable {
        idle.insert(row)
        return count(isDifferent ? "withheld" : "same")
      }
    }
    if !isManaged {
      let key = keys.first { key in
        !row[key].isEmpty && holders(Slot(key, row[key])).contains(member.id)
      }
      guard world.knobs.adopt.contains(key ?? "") else {
        frozen.insert(member.id)
        idle.insert(row)
        count("found")
        return hold("member \(name(member.id))", "found")
      }
    }
    var draft = Draft(
      verb: .update, member: member.id, row: row,
      situation: !isManaged ? "found" : isNewOwner ? "moved" : "differs",
      newOwners: isNewOwner ? [row.export] : [])
    var isWithheld = false
    switch updates ? activity(row, member) : .unchanged {
    case .unchanged: break
    case .disable where !isReliable(row):
      withhold(member.id)
      isWithheld = true
    case .disable:
      changes["active"] = "false"
      draft.classes.insert("removal")
      if isManaged { draft.situation = "sourceDisabled" }
    case .enable where isManaged:
      changes["active"] = "true"
      draft.verb = .reactivate
      draft.classes.insert("grant")
      draft.situation = "returner"
    case .refuse where isManaged:
      frozen.insert(member.id)
      idle.insert(row)
      count("inactiveNotByUs")
      return hold("member \(name(member.id))", "inactiveNotByUs")
    case .enable, .refuse: break
    }
    draft.changes = changes
    if changes.keys.contains(where: isKey) { draft.classes.insert("rekey") }
    if changes.isEmpty && draft.newOwners.isEmpty {
      if !isWithheld { count(!updates && differs ? "notUpdated" : "same") }
    } else {
      drafts.append(draft)
    }
  }

  func isKey(_ attribute: String) -> Bool {
    attribute == "userName" || attribute == "mail" || keys.contains(attribute)
  }

  private mutating func join(_ row: Row) {
    let isDisabled = row["active"] == "false" && !world.knobs.createsDisabled
    if isDisabled || !world.knobs.createsMembers,
      isReliable(row) || world.knobs.updatesFromUnreliable
    {
      idle.insert(row)
      return count(world.knobs.createsMembers ? "disabledJoiner" : "notCreated")
    }
    if !isReliable(row) {
      frozenRows.insert(row)
      if !world.knobs.updatesFromUnreliable {
        idle.insert(row)
        return count("withheld")
      }
    }
    guard !row["userName"].isEmpty else {
      idle.insert(row)
      count("quarantined")
      return hold("record \(keyText(row))", "quarantined")
    }
    drafts.append(
      Draft(
        verb: .create, row: row, changes: row.values.filter { !$0.value.isEmpty },
        situation: "joiner", newOwners: [row.export]))
  }

  // MARK: - Absence

  private mutating func depart(_ row: Row, _ member: World.Member) {
    guard member.owners.contains(row.export) else { return }
    guard member.isActive else {
      absent.insert(member.id)
      return
    }
    let others = living(member).filter { $0.name != row.export }
    guard !shielded.contains(member.id), !doubtful.contains(member.id), isReliable(row),
      others.allSatisfy({ $0.isFull && $0.isReliable })
    else {
      frozen.insert(member.id)
      return withhold(member.id)
    }
    absent.insert(member.id)
    if world.knobs.deactivate == Int.max { return count("leaver") }
    drafts.append(
      Draft(
        verb: .deactivate, member: member.id, row: row, classes: ["removal"], situation: "leaver"))
  }

  mutating func decideAbsent() {
    for member in world.members { absences[member.id] = member.absence?.count }
    for row in rows {
      if case .member(let id) = matches[row], !row.hasLeft, !heldRows.contains(row) {
        absences[id] = nil
      }
    }
    let present = Set(
      rows.compactMap { row -> String? in
        if case .member(let id) = matches[row] { return id }
        return nil
      }
    ).union(doubtful)
    for member in world.members where !present.contains(member.id) { decideAbsent(member) }
    frozen.formUnion(doubtful)
    frozen.formUnion(shielded)
  }

  private mutating func decideAbsent(_ member: World.Member) {
    guard !member.owners.isEmpty else { return count("unmanaged") }
    let exports = living(member)
    guard !exports.isEmpty else {
      absent.insert(member.id)
      return count("orphaned")
    }
    guard exports.allSatisfy(\.isFull) else {
      if member.isLeaver { absent.insert(member.id) }
      return
    }
    absent.insert(member.id)
    guard !shielded.contains(member.id), exports.allSatisfy(\.isReliable) else {
      if member.isActive { withhold(member.id) }
      return
    }
    climb(member, digest: exports.map(\.digest).joined(separator: " "))
  }

  private mutating func climb(_ member: World.Member, digest: String) {
    var nights = member.absence?.count ?? 0
    let isNewNight =
      member.absence.map {
        $0.digest != digest && world.now - $0.countedAt >= world.knobs.minInterval
      } ?? true
    if isNewNight {
      nights += 1
      // Whom nothing more can happen to is not counted any further.
      if member.isActive || world.knobs.stripTeams != nil || world.knobs.delete != nil {
        absences[member.id] = nights
      }
    }
    let leave = Draft(
      verb: .deactivate, member: member.id, classes: ["removal"], situation: "leaver")
    if let limit = world.knobs.delete, nights >= limit, !member.isActive {
      var delete = leave
      delete.verb = .delete
      drafts.append(delete)
      stripped.insert(member.id)
      return
    }
    if let limit = world.knobs.stripTeams, nights >= limit { stripped.insert(member.id) }
    guard member.isActive else { return }
    if nights >= world.knobs.deactivate { drafts.append(leave) } else { waiting.append(member.id) }
  }
}
