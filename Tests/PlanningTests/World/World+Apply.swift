import Identity
import PlanFile

extension World {
  /// The world after a plan has been carried out, as the embedded state does it; the exports stay as they are.
  func applying(_ plan: Plan) -> World {
    var world = self
    for operation in plan.decisions.operations { world.apply(operation) }
    world.remember(plan.evidence.bookkeeping)
    world.generation += 1
    return world
  }

  /// The world after tonight, and its plan.
  func nextNight() -> World { applying(plan()) }

  /// Carries out one operation.
  mutating func apply(_ operation: Operation) {
    let id = operation.subject.id.description
    switch operation.action {
    case .createMember(let image):
      var member = Member(id, Self.values(image, World.memberSet), owners: [])
      member.isActive = member.values.removeValue(forKey: "active") != "false"
      member.isDeactivatedByUs = !member.isActive
      members.append(member)
    case .updateMember(let changes), .reactivateMember(let changes):
      edit(id) { $0.apply(changes) }
    case .deactivateMember:
      edit(id) {
        $0.isActive = false
        $0.isDeactivatedByUs = true
        $0.isLeaver = true
      }
    case .deleteMember:
      members.removeAll { $0.id == id }
      for place in teams.indices { teams[place].edges[id] = nil }
    case .createTeam(let image):
      teams.append(
        Team(id, Self.values(image, World.teamSet, team: true), owners: [], claims: []))
    case .updateTeam(let changes):
      editTeam(id) { team in
        for change in changes {
          team.values[World.shortName(change.attribute.path, team: true)] = change.after
        }
      }
    case .addMembership(let member): editTeam(id) { $0.edges[member.id.description] = true }
    case .removeMembership(let member): editTeam(id) { $0.edges[member.id.description] = nil }
    }
  }

  private static func values(
    _ image: AttributeImage, _ set: AttributeSet, team: Bool = false
  ) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: image.entries.map { entry in
        (
          World.shortName(set[entry.id].path, team: team),
          String(decoding: image.bytes[entry.range], as: UTF8.self)
        )
      })
  }

  private mutating func edit(_ id: String, _ body: (inout Member) -> Void) {
    guard let place = members.firstIndex(where: { $0.id == id }) else { return }
    body(&members[place])
  }

  private mutating func editTeam(_ id: String, _ body: (inout Team) -> Void) {
    guard let place = teams.firstIndex(where: { $0.id == id }) else { return }
    body(&teams[place])
  }

  private mutating func remember(_ book: Bookkeeping) {
    for ownership in book.ownerships {
      let id = ownership.subject.description
      switch ownership.kind {
      case .member: edit(id) { $0.owners.insert(ownership.export) }
      case .team: editTeam(id) { $0.owners.insert(ownership.export) }
      case .teamClaim: editTeam(id) { $0.claims.insert(ownership.export) }
      }
    }
    for absence in book.absences {
      edit(absence.member.description) {
        $0.absence = Absence(
          count: absence.count, digest: absence.exportDigest, countedAt: absence.countedAt)
      }
    }
    for member in book.presences { edit(member.description) { $0.absence = nil } }
    heldSince = Dictionary(uniqueKeysWithValues: book.holds.map { ($0.subject, $0.since) })
  }
}

extension World.Member {
  fileprivate mutating func apply(_ changes: [AttributeChange]) {
    for change in changes {
      guard change.attribute.path == .active else {
        values[World.shortName(change.attribute.path)] = change.after
        continue
      }
      isActive = change.after == "true"
      isDeactivatedByUs = !isActive
      if isActive { isLeaver = false }
    }
  }
}
