import Identity
import Matching
import PlanFile
import Planning
import Reading
import Storing

/// What a run that a witness has seen says of a subject: operations, holds, findings.
struct RunLookup {
  /// More findings of one kind than anybody reads about one team.
  private static let findingLimit = 20

  let reconciliation: Reconciliation
  let seen: RunWitness.Seen
  /// Every membership that tonight's exports ask for, by seats.
  let edges: [DesiredEdge]
  let plan: Plan

  var run: RunFacts { seen.run }

  var basis: RunBasis { reconciliation.basis }

  /// The operations on somebody, or on their memberships.
  func operations(of id: ResourceID) -> [Explanation.PlannedOperation] {
    let operations = plan.decisions.operations
    return operations.indices.filter { place in
      operations[place].subjectID == id || operations[place].edgeMember?.id == id
    }.map { place in
      Explanation.PlannedOperation(
        operation: operations[place], origins: plan.evidence.grounds[place].origins)
    }
  }

  /// The members of the state whom a cell may name.
  func seats(of reference: MemberReference) -> [Int] {
    let hash = basis.keyHasher.hash(reference.value.span, key: reference.key)
    return seen.people.index.seats(key: reference.key, hash: hash)
  }

  // MARK: - Teams of the policy

  /// Where the roles of teams and members come from.
  static let rolesOfPolicy = "teams.roles of the policy"

  /// A record of a team as the policy sees it: under the name and with the roles that it has here; nil for one
  /// that is left out.
  func selected(_ image: AttributeImage) -> AttributeImage? {
    var records = TeamRecords()
    return reconciliation.selected(image, &records)
  }

  func whyLeftOut(_ image: AttributeImage) -> Explanation.LeftOutTeam? {
    let name = basis.teamAttributes.id(of: .displayName).flatMap { image.text($0) } ?? ""
    let settings = reconciliation.policy.teams
    if let pattern = settings.exclude.first(where: { $0.matches(name) }) {
      return Explanation.LeftOutTeam(name: name, setting: "exclude", patterns: [pattern.text])
    }
    return Explanation.LeftOutTeam(
      name: name, setting: "include", patterns: (settings.include ?? []).map(\.text))
  }

  /// The rule that puts people into a team.
  func rule(ofTeam seat: Int) -> TeamSettings.Rule? {
    let name = Array(seen.teams.teams[seat].subject.name.utf8)
    return reconciliation.policy.teams.rules.first {
      MatchKeyText.same(Array($0.name.utf8), name[...])
    }
  }

  /// What speaks of any of the names, or of a record on one of the lines; said once.
  func notes(about names: Set<String>, at origins: [RecordOrigin]) -> [Explanation.Note] {
    let findings = plan.evidence.findings.filter { finding in
      finding.mentions.contains(where: names.contains)
        || finding.origin.map(origins.contains) ?? false
    }
    let holds = plan.decisions.holds.filter { names.contains($0.subject) }
    var notes: [Explanation.Note] = []
    for (_, alike) in Dictionary(grouping: findings, by: \.code).sorted(by: { $0.key < $1.key }) {
      notes += alike.prefix(Self.findingLimit).map { .finding(Finding($0.subject, at: $0.origin)) }
      if alike.count > Self.findingLimit { notes.append(.more(alike.count - Self.findingLimit)) }
    }
    return notes + holds.map { .held(subject: $0.subject, situation: $0.situation, since: age($0)) }
  }

  private func age(_ hold: Hold) -> Int {
    plan.evidence.bookkeeping.holds.first { $0.subject == hold.subject }?.since
      ?? plan.evidence.now
  }

  /// Whether an export is believed tonight, and why not.
  func distrust(of export: RunExport) -> [Explanation.Note] {
    guard let health = run.health[export.number], !health.isReliable else { return [] }
    let reasons = health.findings.filter { $0.severity != .note }.map(\.message)
    return [
      .unreliable(
        export: export.settings.name,
        reason: reasons.isEmpty ? "it is not healthy" : reasons.joined(separator: " "))
    ]
  }

  /// That an export has no record of the one who is asked about.
  func absence(from export: RunExport) -> Explanation.Note {
    guard let summary = run.summaries[export.number] else {
      return .notRead(export: export.settings.name)
    }
    return .absent(
      export: export.settings.name, records: summary.recordCount,
      isFull: export.settings.content == .full)
  }

  /// Why the plan as a whole is not applied tonight.
  var blocks: [Explanation.Note] {
    let refusals = plan.evidence.verdicts.filter { !$0.passed }
    let marker = reconciliation.book.marker
    return refusals.map { .refused($0) } + (marker.map { [.marker(since: $0.at)] } ?? [])
  }
}

extension Operation {
  /// The member whose membership it is about.
  var edgeMember: SubjectRef? {
    switch action {
    case .addMembership(let member), .removeMembership(let member): member
    default: nil
    }
  }
}
