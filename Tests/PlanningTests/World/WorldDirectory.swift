import Identity
import PlanFile
import Planning

/// Who is meant by the names in membership rows: tonight's names first, then those of the state.
struct WorldDirectory {
  private var changed: [String: Set<Int>] = [:]
  private var current: [String: Set<Int>] = [:]
  private var renamed: [String: Set<Int>] = [:]
  private var teams: [String: Set<Int>] = [:]

  init(_ run: WorldRun, _ members: MemberDecisions, _ decisions: TeamDecisions) {
    for draft in members.drafts {
      if case .create(let image) = draft.step, let id = World.memberSet.id(of: .userName) {
        changed[(image.text(id) ?? "").lowercased(), default: []].insert(draft.seat)
      }
      for change in draft.changes where change.attribute.path == .userName {
        changed[(change.after ?? "").lowercased(), default: []].insert(draft.seat)
      }
    }
    for (seat, member) in run.world.members.enumerated() {
      guard let name = member.values["userName"] else { continue }
      current[name.lowercased(), default: []].insert(seat)
    }
    let reference = run.world.knobs.teamReference
    guard let path = World.teamPaths[reference], let id = World.teamSet.id(of: path) else { return }
    for (seat, team) in decisions.teams.enumerated() {
      if let value = team.image.text(id) { teams[value.lowercased(), default: []].insert(seat) }
    }
    for draft in decisions.drafts {
      guard case .updateTeam(let changes) = draft.action else { continue }
      for change in changes where change.attribute.path == path {
        renamed[(change.after ?? "").lowercased(), default: []].insert(draft.seat)
      }
    }
  }

  func member(_ name: String) -> Int? {
    let found = changed[name.lowercased()] ?? current[name.lowercased()] ?? []
    return found.count == 1 ? found.first : nil
  }

  func team(_ name: String) -> Int? {
    let found = renamed[name.lowercased()] ?? teams[name.lowercased()] ?? []
    return found.count == 1 ? found.first : nil
  }
}
