import Identity
import PlanFile
import Planning

extension World {
  func plan() -> Plan { WorldRun(self).plan() }

  /// What the plan does, one readable line per operation, in its order.
  var lines: [String] { plan().lines }

  /// What is held: subject, situation, and `!` for a removal withheld.
  var holds: [String] { plan().holdLines }
}

extension Plan {
  var lines: [String] { decisions.operations.map(\.line) }

  var holdLines: [String] {
    decisions.holds.map { "\($0.subject): \($0.situation.rawValue)" + ($0.isRemoval ? " !" : "") }
  }

  /// How many of each situation: `differs 1, same 2`.
  var situationLine: String {
    Situation.allCases.compactMap { situation in
      decisions.situations[situation].map { "\(situation.rawValue) \($0)" }
    }.joined(separator: ", ")
  }

  /// `hr owns m1`, `edges claims t1`.
  var ownershipLines: [String] {
    evidence.bookkeeping.ownerships.map {
      "\($0.export) \($0.kind == .teamClaim ? "claims" : "owns") \($0.subject)"
    }.sorted()
  }

  var codes: [String] { evidence.findings.map(\.code) }
}

extension Operation {
  /// `update ann: title nil → Buyer [rekey]`; classes in brackets.
  var line: String {
    let classes =
      self.classes.names.isEmpty ? "" : " [\(self.classes.names.joined(separator: " "))]"
    return text + classes
  }

  private var text: String {
    switch action {
    case .createMember(let image):
      "create \(subject.name): " + Self.values(image, World.memberSet, team: false)
    case .updateMember(let changes): "update \(subject.name)" + Self.text(changes)
    case .deactivateMember: "deactivate \(subject.name)"
    case .reactivateMember(let changes): "reactivate \(subject.name)" + Self.text(changes)
    case .deleteMember: "delete \(subject.name)"
    case .createTeam(let image):
      "create team \(subject.name): " + Self.values(image, World.teamSet, team: true)
    case .updateTeam(let changes): "update team \(subject.name)" + Self.text(changes, team: true)
    case .addMembership(let member): "add \(subject.name) ← \(member.name)"
    case .removeMembership(let member): "remove \(subject.name) ← \(member.name)"
    }
  }

  private static func text(_ changes: [AttributeChange], team: Bool = false) -> String {
    changes.isEmpty
      ? ""
      : ": "
        + changes.map { change in
          "\(World.shortName(change.attribute.path, team: team)) \(change.before ?? "nil") → "
            + (change.after ?? "nil")
        }.sorted().joined(separator: ", ")
  }

  private static func values(_ image: AttributeImage, _ set: AttributeSet, team: Bool) -> String {
    image.entries.map { entry in
      World.shortName(set[entry.id].path, team: team) + "="
        + String(decoding: image.bytes[entry.range], as: UTF8.self)
    }.sorted().joined(separator: " ")
  }
}
