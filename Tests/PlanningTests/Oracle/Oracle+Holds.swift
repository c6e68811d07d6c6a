import Identity

// Drafts that do not become operations, and those that do.

extension Oracle {
  // MARK: - Protection

  func isProtected(_ member: World.Member) -> Bool {
    (keys + ["userName", "externalId", "mail"]).contains { name in
      (member.values[name]).map { fits($0, world.knobs.protected) } ?? false
    }
  }

  /// Exact, or with one star at the end or the beginning; that is all the random worlds use.
  func fits(_ value: String, _ patterns: [String]) -> Bool {
    patterns.contains { pattern in
      let (value, pattern) = (value.lowercased(), pattern.lowercased())
      if pattern.hasSuffix("*") { return value.hasPrefix(pattern.dropLast()) }
      if pattern.hasPrefix("*") { return value.hasSuffix(pattern.dropFirst()) }
      return value == pattern
    }
  }

  mutating func protect() {
    drafts = drafts.compactMap { draft in
      guard let id = draft.member, isProtected(member(id)),
        !draft.classes.isDisjoint(with: ["removal", "rekey"])
      else { return draft }
      count("protected")
      if let row = draft.row { idle.insert(row) }
      var kept = draft
      kept.classes.subtract(["removal", "rekey"])
      kept.changes = kept.changes.filter { !isKey($0.key) }
      switch draft.verb {
      case .deactivate, .delete, .create: return nil
      case .reactivate: return kept
      case .update:
        kept.changes["active"] = nil
        if kept.situation == "sourceDisabled" {
          kept.situation = kept.newOwners.isEmpty ? "differs" : "moved"
        }
        return kept.changes.isEmpty && kept.newOwners.isEmpty ? nil : kept
      }
    }
  }

  // MARK: - Values that nobody may share

  /// What a row wants that those who it may be do not have.
  private func wants(_ row: Row) -> Set<Slot> {
    let had = couldBe(row)
    return Set(
      unique.filter { !row[$0].isEmpty }.map { Slot($0, row[$0]) }
        .filter { holders($0).isDisjoint(with: had) })
  }

  /// What a draft would give its member.
  private func wants(_ draft: Draft) -> Set<Slot> {
    let slots = unique.compactMap { name in
      draft.changes[name].flatMap { $0 }.map { Slot(name, $0) }
    }
    return Set(slots.filter { !holders($0).contains(draft.member ?? "") })
  }

  mutating func holdTakenValues() {
    var reasons: [Int: String] = [:]
    let claimants = rows.filter { row in
      if row.hasLeft, !heldRows.contains(row) { return false }
      return true
    }
    for (place, draft) in drafts.enumerated() {
      let isContested = claimants.contains { row in
        row != draft.row && !wants(row).isDisjoint(with: wants(draft))
      }
      if isContested { reasons[place] = "duplicate" }
    }
    var isSettled = false
    while !isSettled {
      isSettled = true
      for (place, draft) in drafts.enumerated() where reasons[place] == nil {
        guard let reason = obstacle(draft, reasons) else { continue }
        reasons[place] = reason
        isSettled = false
      }
    }
    for (place, reason) in reasons {
      let draft = drafts[place]
      count(reason)
      if let member = draft.member {
        frozen.insert(member)
        hold("member \(name(member))", reason)
      } else if let row = draft.row {
        hold("record \(keyText(row))", reason)
        if reason == "conflictingKeys", case .conflict(let holder) = matches[row] {
          pretenders[holder, default: []].append(row)
        }
      }
    }
    drafts = drafts.indices.filter { reasons[$0] == nil }.map { drafts[$0] }
  }

  private func obstacle(_ draft: Draft, _ held: [Int: String]) -> String? {
    for slot in wants(draft).sorted(by: { $0.attribute < $1.attribute }) {
      for holder in holders(slot).subtracting([draft.member ?? ""]).sorted() {
        let isFreed = drafts.indices.contains { place in
          guard drafts[place].member == holder, held[place] == nil else { return false }
          if drafts[place].verb == .delete { return true }
          guard let after = drafts[place].changes[slot.attribute] else { return false }
          return (after ?? "").lowercased() != slot.value
        }
        if isFreed { continue }
        if let row = draft.row, draft.verb == .create, matches[row] == .conflict(holder) {
          return "conflictingKeys"
        }
        return "valueTaken"
      }
    }
    return nil
  }

  // MARK: - Probable renames

  mutating func holdRenames() {
    let leavers =
      drafts.filter { $0.verb == .deactivate }.compactMap(\.member) + waiting
    var renamed: Set<String> = []
    var joined: Set<Row> = []
    // One who has a key of theirs and their name may be the same person, under a damaged number.
    let doubted = Set(
      leavers.filter { leaver in
        (pretenders[leaver] ?? []).contains { hasName(of: member(leaver), $0) }
      })
    for leaver in doubted {
      count("conflictingKeys")
      hold("member \(name(leaver))", "conflictingKeys", isRemoval: true)
    }
    for leaver in leavers where !doubted.contains(leaver) {
      for draft in drafts where draft.verb == .create {
        guard let row = draft.row, isAlike(member(leaver), row) else { continue }
        renamed.insert(leaver)
        joined.insert(row)
      }
    }
    for leaver in renamed {
      count("probableRename")
      hold("member \(name(leaver))", "probableRename", isRemoval: true)
    }
    renamed.formUnion(doubted)
    frozen.formUnion(renamed)
    for row in joined {
      count("probableRename")
      hold("record \(keyText(row))", "probableRename")
    }
    waiting.removeAll(where: renamed.contains)
    stripped.subtract(renamed)
    drafts.removeAll { draft in
      draft.verb == .deactivate && draft.member.map(renamed.contains) ?? false
        || draft.verb == .create && draft.row.map(joined.contains) ?? false
    }
  }

  private func hasName(of member: World.Member, _ row: Row) -> Bool {
    ["given", "family"].allSatisfy { part in
      let name = (member.values[part] ?? "").lowercased()
      return !name.isEmpty && name == row[part].lowercased()
    }
  }

  private func isAlike(_ member: World.Member, _ row: Row) -> Bool {
    guard hasName(of: member, row) else { return false }
    let compared = ["title", "city", "office", "phone", "externalId"].filter { !keys.contains($0) }
    let both = compared.filter { !(member.values[$0] ?? "").isEmpty && !row[$0].isEmpty }
    let equal = both.filter { member.values[$0] == row[$0] }
    return equal.count >= 3 && equal.count * 2 >= both.count
  }

  // MARK: - The outcome

  /// The id that a source key gets: of the first key plainly, of a lower one with its name.
  func newID(_ row: Row) -> String {
    let place = keys.firstIndex { !row[$0].isEmpty } ?? 0
    let value = row[keys[place]].lowercased()
    let key =
      place == 0 ? value : "!\(World.memberPaths[keys[place]]?.description ?? "")!\(value)"
    return freeID("\(row.export)/\(key)")
  }

  func freeID(_ base: String) -> String {
    var generation = world.generation
    while world.member("\(base)#\(generation)") != nil || world.team("\(base)#\(generation)") != nil
    {
      generation += 1
    }
    return "\(base)#\(generation)"
  }

  mutating func writeMembers() {
    for draft in drafts {
      let id = draft.member ?? draft.row.map(newID) ?? ""
      for owner in draft.newOwners { ownerships.insert("\(owner) owns \(id)") }
      let isOwnershipOnly =
        draft.verb == .update && draft.changes.isEmpty && draft.situation != "found"
      count(isOwnershipOnly ? "moved" : draft.situation)
      if !isOwnershipOnly { operations.insert(line(draft)) }
    }
  }

  private func line(_ draft: Draft) -> String {
    let classes = ["removal", "grant", "rekey"].filter(draft.classes.contains)
    let end = classes.isEmpty ? "" : " [\(classes.joined(separator: " "))]"
    guard let id = draft.member else {
      let values = draft.changes.map { "\($0.key)=\($0.value ?? "")" }.sorted()
      return "create \(draft.row?["userName"] ?? ""): " + values.joined(separator: " ") + end
    }
    var before = member(id).values
    before["active"] = member(id).isActive ? "true" : "false"
    let changes = draft.changes.map { name, after in
      "\(name) \(before[name] ?? "nil") → \(after ?? "nil")"
    }.sorted()
    return "\(draft.verb.rawValue) \(name(id))"
      + (changes.isEmpty ? "" : ": " + changes.joined(separator: ", ")) + end
  }
}
