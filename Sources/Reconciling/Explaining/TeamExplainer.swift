import Identity
import Matching
import PlanFile
import Planning
import Reading

/// Tells of one team what each step of the run came to.
struct TeamExplainer {
  /// A record of tonight that is, or may be, the team.
  struct Look {
    let number: RecordNumber
    let origin: RecordOrigin
    let export: RunExport
    let image: AttributeImage
    let problem: Finding.Subject?
    let sources: [AttributeID: String]
    /// Nil for a record that counts.
    let leftOut: Explanation.LeftOutTeam?
  }

  /// A team WHO may mean: of the state, new tonight, or a record that came to nothing.
  struct Candidate {
    /// Its place among the teams of the run.
    var seat: Int?
    var looks: [Look] = []
    var unreadable: [RecordOrigin] = []
    /// Memberships that the exports and the state do not agree on, with the members' names.
    var disagreements = Disagreements()
  }

  struct Disagreements {
    /// Asked for, and in the state: of a team that a rule makes.
    var agreed: [(member: String, records: [RecordNumber])] = []
    /// In the state, and asked for by no export.
    var unasked: [String] = []
    /// Asked for, and not in the state.
    var missing: [(member: String, records: [RecordNumber])] = []
  }

  let lookup: RunLookup
  let candidate: Candidate

  private var attributes: AttributeSet { lookup.basis.teamAttributes }
  private var roster: ExportRoster { lookup.reconciliation.roster }

  private var team: TeamDecisions.Team? {
    candidate.seat.map { lookup.seen.teams.teams[$0] }
  }

  private var name: String {
    team?.subject.name
      ?? attributes.id(of: .displayName).flatMap { candidate.looks.first?.image.text($0) }
      ?? candidate.unreadable.first?.place ?? ""
  }

  func subject() -> Explanation.Subject {
    let planned = team.map { lookup.operations(of: $0.subject.id) } ?? []
    return Explanation.Subject(
      kind: .team, name: name, id: team?.current?.id,
      steps: [
        importStep, scopeStep, matchStep(planned), evaluateStep(planned), actStep(planned),
      ])
  }

  // MARK: - Import

  private var importStep: Explanation.Step {
    var step = Explanation.Step(name: .import, status: .success)
    for look in candidate.looks {
      step.notes.append(.record(look.origin))
      if let problem = look.problem {
        step.notes.append(.finding(Finding(problem, at: look.origin)))
      }
    }
    step.notes += candidate.unreadable.map { .unreadable($0) }
    if let rule {
      step.notes.append(
        .byRule(
          name: rule.name, filter: rule.filter.shown,
          exports: rule.exports ?? roster.people.map(\.settings.name),
          place: "\(RunExport.baseName(of: lookup.reconciliation.policy.path)):\(rule.line)"))
    } else if roster.teams.isEmpty {
      step.notes.append(.knownByMemberships(exports: roster.memberships.map(\.settings.name)))
    }
    let present = Set(candidate.looks.map(\.export.number))
    // Nobody expects a team of a rule in an export.
    let expected = rule == nil ? roster.teams : []
    step.notes += expected.filter { !present.contains($0.number) }.map(lookup.absence(from:))
    step.notes += (roster.teams + roster.memberships).flatMap(lookup.distrust(of:))
    if candidate.looks.isEmpty, !roster.teams.isEmpty, rule == nil { step.status = .skipped }
    if step.notes.contains(where: \.isWarning) { step.status = .warning }
    return step
  }

  /// The rule of the policy that the team is there for.
  private var rule: TeamSettings.Rule? { candidate.seat.flatMap(lookup.rule(ofTeam:)) }

  // MARK: - Scope

  private var scopeStep: Explanation.Step {
    let leftOut = Set(candidate.looks.compactMap(\.leftOut)).sorted { $0.name < $1.name }
    return Explanation.Step(
      name: .scope, status: .skipped,
      notes: leftOut.isEmpty ? [.teamsHaveNoScope] : leftOut.map { .teamLeftOut($0) })
  }

  /// Whether the policy leaves all of its records out.
  private var isLeftOut: Bool {
    !candidate.looks.isEmpty && candidate.looks.allSatisfy { $0.leftOut != nil }
  }

  // MARK: - Match

  private func matchStep(_ planned: [Explanation.PlannedOperation]) -> Explanation.Step {
    var step = Explanation.Step(name: .match, status: .success)
    if let look = candidate.looks.first {
      for key in lookup.basis.teamKeys {
        guard let value = look.image.text(key.id), !value.isEmpty else {
          step.notes.append(.keyMissing(name: "\(key.path)"))
          continue
        }
        let holders = lookup.seen.teams.teams.filter {
          $0.current != nil && MatchKeyText.same($0.image[key.id] ?? [], Array(value.utf8)[...])
        }
        step.notes.append(
          .teamKey(name: "\(key.path)", value: value, holders: holders.map(\.subject.name)))
      }
    }
    if let current = team?.current {
      step.notes.append(
        .team(name: name, owners: current.owners.numbers.compactMap { roster.names[$0] }))
    } else {
      step.notes.append(.teamNotInState)
    }
    if let situation = situation(planned) { step.notes.append(.situation(situation)) }
    return step
  }

  private func situation(_ planned: [Explanation.PlannedOperation]) -> Situation? {
    if let own = planned.first(where: { $0.operation.edgeMember == nil }) {
      return own.operation.situation
    }
    let held = lookup.plan.decisions.holds.first { $0.subject == "team \(name)" }
    if let held { return held.situation }
    guard let current = team?.current else { return nil }
    if team?.isListed == false { return current.owners.isEmpty ? .unmanaged : .gone }
    return .same
  }

  // MARK: - Evaluate

  private func evaluateStep(_ planned: [Explanation.PlannedOperation]) -> Explanation.Step {
    var step = Explanation.Step(name: .evaluate, status: .success)
    step.values = attributes.ids.compactMap { value(of: $0, planned) }
    let edges = lookup.edges.filter { Int($0.team) == candidate.seat && !$0.isGone }
    step.notes.append(
      .members(asked: Set(edges.map(\.member)).count, current: team?.current?.edgeCount ?? 0))
    step.memberships = memberships(planned)
    return step
  }

  private func memberships(
    _ planned: [Explanation.PlannedOperation]
  ) -> [Explanation.Membership] {
    var decided: [Explanation.Membership] = []
    for edge in planned {
      guard let member = edge.operation.edgeMember else { continue }
      decided.append(
        Explanation.Membership(
          name: member.name, origins: edge.origins,
          outcome: edge.operation.kind == .addMembership ? .joins : .leaves))
    }
    let names = Set(decided.map(\.name))
    let locator = RecordLocator(lookup.run)
    let missing = candidate.disagreements.missing.filter { !names.contains($0.member) }.map {
      Explanation.Membership(
        name: $0.member, origins: $0.records.map(locator.origin(of:)), outcome: .notAdded)
    }
    let kept = candidate.disagreements.unasked.filter { !names.contains($0) }.map {
      Explanation.Membership(name: $0, origins: [], outcome: .kept)
    }
    let stays = candidate.disagreements.agreed.filter { !names.contains($0.member) }.map {
      Explanation.Membership(
        name: $0.member, origins: $0.records.map(locator.origin(of:)), outcome: .stays)
    }
    return decided + missing + kept + stays
  }

  private func value(
    of id: AttributeID, _ planned: [Explanation.PlannedOperation]
  ) -> Explanation.Value? {
    let look = candidate.looks.first { $0.problem == nil && $0.leftOut == nil }
    let stated = look == nil ? statedByPolicy[id] : nil
    let asked = look?.image.text(id) ?? stated
    let current = team?.current == nil ? nil : team?.image.text(id)
    guard asked?.isEmpty == false || current != nil else { return nil }
    var outcome: Explanation.Value.Outcome =
      asked.map { $0.utf8.elementsEqual((current ?? "").utf8) ? .same : .heldBack } ?? .leftAlone
    for operation in planned.map(\.operation) {
      switch operation.action {
      case .createTeam: outcome = .new
      case .updateTeam(let changes)
      where changes.contains { $0.attribute.path == attributes[id].path }:
        outcome = .changes
      default: break
      }
    }
    return Explanation.Value(
      attribute: attributes[id].path,
      source: look?.sources[id] ?? (stated == nil ? nil : "the policy"),
      export: asked, current: current, outcome: outcome)
  }

  /// What no export says: a team of a rule, or of memberships alone, has its name and roles from the policy.
  private var statedByPolicy: [AttributeID: String] {
    guard rule != nil || roster.teams.isEmpty && team?.isListed == true else { return [:] }
    var values: [AttributeID: String] = [:]
    if let display = attributes.id(of: .displayName) { values[display] = name }
    if let roles = attributes.id(of: .teamRoles) {
      values[roles] = lookup.reconciliation.policy.teams.roles(of: name).joined(separator: ", ")
    }
    return values
  }

  // MARK: - Act

  private func actStep(_ planned: [Explanation.PlannedOperation]) -> Explanation.Step {
    var step = Explanation.Step(name: .act, status: .success, operations: planned)
    let origins = candidate.looks.map(\.origin) + candidate.unreadable
    let said = Set(candidate.looks.compactMap(\.problem))
    step.notes = lookup.notes(about: ["team \(name)"], at: origins).filter { note in
      guard case .finding(let finding) = note else { return true }
      return !said.contains(finding.subject)
    }
    if isLeftOut { step.notes.append(.teamDoesNotCount) }
    if team?.standing == .untouched { step.notes.append(.teamUntouched) }
    if planned.isEmpty {
      step.status = .skipped
      if step.notes.isEmpty, team?.current != nil { step.notes.append(.agrees) }
    } else {
      step.notes += lookup.blocks
    }
    if step.notes.contains(where: \.isWarning) { step.status = .warning }
    return step
  }
}
