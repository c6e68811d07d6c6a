package import Identity
package import Matching
import PlanFile

/// What writing the roles of teams to their members needs to know.
package struct RoleInput: Sendable {
  /// A team that carries roles, before this plan or after it.
  package struct Team: Sendable {
    package let seat: Int
    package let roles: Set<String>
    /// The seats of its members before this plan.
    package let members: [Int]

    package init(seat: Int, roles: Set<String>, members: [Int]) {
      self.seat = seat
      self.roles = roles
      self.members = members
    }
  }

  package var rules: PlanningRules
  package var members: CurrentMembers
  /// The values of every member of these teams.
  package var details: SeatDetails
  /// Who has a record tonight.
  package var pairing: Pairing
  package var edges: EdgeDecisions
  package var teams: [Team]
  /// The attribute of members that says that one has a role, by the role.
  package var attributes: [String: AttributeID]
  /// Those of roles that nobody is to have any more, by the role.
  package var retired: [String: AttributeID]
  /// The seats of those who have one of these.
  package var holders: [Int]
  /// People exports that cannot be believed tonight, as owners: who is in one loses nothing.
  package var doubted: ExportSet

  package init(
    rules: PlanningRules, members: CurrentMembers, details: SeatDetails, pairing: Pairing,
    edges: EdgeDecisions, teams: [Team], attributes: [String: AttributeID],
    retired: [String: AttributeID] = [:], holders: [Int] = [], doubted: ExportSet = []
  ) {
    self.rules = rules
    self.members = members
    self.details = details
    self.pairing = pairing
    self.edges = edges
    self.teams = teams
    self.attributes = attributes
    self.retired = retired
    self.holders = holders
    self.doubted = doubted
  }
}

/// Gives members the roles of the teams that they are in once the plan is carried out, for targets that want to have
/// them from each member.
///
/// ```
/// Admins (Administrator) + ann     ann: roles[value eq "Administrator"]  –  → Administrator   grant
/// Admins - bob                     bob: the same                         Administrator  → –   removal
/// ```
///
/// Most targets do not: there a member has the roles of its teams.
package struct RolePlanning {
  private let input: RoleInput
  private var decisions: MemberDecisions
  /// By seat of the member.
  private var roles: [Int: Set<String>] = [:]

  package static func decide(_ decisions: MemberDecisions, _ input: RoleInput) -> MemberDecisions {
    var planning = RolePlanning(input: input, decisions: decisions)
    planning.collectRoles()
    planning.addToDrafts()
    planning.addDrafts()
    return planning.decisions
  }

  private init(input: RoleInput, decisions: MemberDecisions) {
    self.input = input
    self.decisions = decisions
  }

  /// The roles of everybody who is, or was, in one of the teams.
  private mutating func collectRoles() {
    let drafts = Dictionary(grouping: input.edges.drafts, by: \.teamSeat)
    for team in input.teams {
      var members = Set(team.members)
      for draft in drafts[team.seat] ?? [] {
        if draft.isAddition {
          members.insert(draft.memberSeat)
        } else {
          members.remove(draft.memberSeat)
          roles[draft.memberSeat, default: []].formUnion([])
        }
      }
      for member in members { roles[member, default: []].formUnion(team.roles) }
    }
    for seat in input.holders { roles[seat, default: []].formUnion([]) }
  }

  /// What changes for one member, in the order of the paths.
  private mutating func changes(of seat: Int) -> [AttributeChange] {
    guard let wanted = roles[seat] else { return [] }
    var changes: [AttributeChange] = []
    let given = input.attributes.map { ($1, wanted.contains($0) ? $0 : nil) }
    for (id, after) in given + input.retired.values.map({ ($0, nil) }) {
      let before = input.details[seat].text(id)
      guard before != after else { continue }
      changes.append(
        AttributeChange(
          attribute: input.rules.memberAttributes[id], before: before, after: after))
    }
    return permitted(changes.sorted { $0.attribute.path < $1.attribute.path }, seat: seat)
  }

  /// Nobody is demoted who is protected, or in an export of people that is not believed.
  private mutating func permitted(_ changes: [AttributeChange], seat: Int) -> [AttributeChange] {
    guard changes.contains(where: { $0.after == nil }), seat < input.members.count else {
      return changes
    }
    guard input.members.owners[seat].isDisjoint(with: input.doubted) else {
      decisions.findings.note(
        .removalWithheld(member: subject(ofSeat: seat).name, reason: .unreliableExport))
      decisions.count(.withheld)
      return changes.filter { $0.after != nil }
    }
    guard let rule = input.rules.protection(of: input.details[seat])
    else { return changes }
    decisions.findings.note(
      .protected(subject: subject(ofSeat: seat).name, change: "removal", rule: rule))
    decisions.count(.protected)
    return changes.filter { $0.after != nil }
  }

  private func subject(ofSeat seat: Int) -> SubjectRef {
    let id = input.details.id(of: seat) ?? ResourceID("")
    let name = input.rules.memberAttributes.id(of: .userName)
      .flatMap { input.details[seat].text($0) }
    return SubjectRef(id: id, name: name ?? id.description)
  }

  // MARK: - Drafts

  private mutating func addToDrafts() {
    var images: [Int: AttributeImage] = [:]
    for place in decisions.drafts.indices {
      var draft = decisions.drafts[place]
      guard roles[draft.seat] != nil else { continue }
      switch draft.step {
      case .create(let image):
        let whole = with(roles[draft.seat] ?? [], image)
        if let (_, newcomer) = draft.newcomer {
          images[newcomer] = whole
        } else {
          draft.step = .create(whole)
        }
      case .update where !input.rules.updatesMembers: break
      case .reactivate where !input.rules.updatesMembers: break
      case .update(let values):
        let changes = changes(of: draft.seat)
        draft.step = .update(values.merging(changes))
        draft.classes.formUnion(changes.classes)
      case .reactivate(let values):
        let changes = changes(of: draft.seat)
        draft.step = .reactivate(values.merging(changes))
        draft.classes.formUnion(changes.classes)
      // Who leaves keeps the roles until another night takes the teams, too.
      case .deactivate, .delete: break
      }
      decisions.drafts[place] = draft
      roles[draft.seat] = nil
    }
    decisions.drafts = decisions.drafts.replacingImages(images, rules: input.rules)
  }

  private func with(_ roles: Set<String>, _ image: AttributeImage) -> AttributeImage {
    input.attributes.reduce(image) { image, role in
      roles.contains(role.key) ? image.with(Array(role.key.utf8), for: role.value) : image
    }
  }

  /// Members of the state for whom there is nothing else to do.
  private mutating func addDrafts() {
    guard input.rules.updatesMembers else { return }
    for seat in roles.keys.sorted() where seat < input.members.count {
      guard !decisions.frozenSeats.contains(seat), !input.members.owners[seat].isEmpty else {
        continue
      }
      var changes = changes(of: seat)
      // Whoever is disabled is in the team until the ladder says otherwise, and gains nothing by it.
      if !input.members.standings[seat].contains(.active) {
        changes.removeAll { $0.after != nil }
      }
      guard !changes.isEmpty else { continue }
      decisions.drafts.append(
        MemberDraft(
          subject: subject(ofSeat: seat), seat: seat, step: .update(changes), situation: .differs,
          classes: changes.classes, rule: "teams.roles", records: [], newOwners: []))
      if input.pairing.isPresent(seat) { decisions.situations[.same, default: 1] -= 1 }
    }
  }
}

extension [AttributeChange] {
  /// What roles that come and go do to access.
  fileprivate var classes: ChangeClass {
    reduce(into: []) { $0.insert($1.after == nil ? .removal : .grant) }
  }
}
