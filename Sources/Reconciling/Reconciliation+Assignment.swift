import Identity
import Matching
import PlanFile
import Planning
import Reading
import Storing

extension Reconciliation {
  /// Who is in the teams that the scope of each people export names, by the number of the export; none where no scope
  /// names any.
  ///
  /// `believing`: whether who is in none of the teams is out of scope, where all their exports look whole.
  func assignments(
    _ teams: TeamRecords?, _ run: inout RunFacts, believing: Bool
  ) async throws(JobFailure) -> [Int: Assignment] {
    guard let teams else { return [:] }
    let stage = try await readAssignmentStage(teams, &run)
    var assignments: [Int: Assignment] = [:]
    for (export, people) in zip(roster.people, policy.exports.people) {
      guard let patterns = people.scope?.assigned else { continue }
      let unknown = stage.stage.unknown(patterns)
      guard unknown.isEmpty || !stage.isComplete else {
        throw .unreadable(
          unknown.map { pattern in
            "\(policy.path): exports.people.scope.assigned: no export has a team “\(pattern.text)”, so nobody "
              + "would be assigned by it."
              + (stage.stage.nearest(to: pattern).map { " Did you mean \($0)?" } ?? "")
          })
      }
      assignments[export.number] = stage.stage.assignment(
        to: patterns, isComplete: believing && stage.isComplete && unknown.isEmpty)
    }
    return assignments
  }

  private func readAssignmentStage(
    _ teams: TeamRecords, _ run: inout RunFacts
  ) async throws(JobFailure) -> (stage: AssignmentStage, isComplete: Bool) {
    let display = basis.teamAttributes.id(of: .displayName)
    let images = teams.isImplicit ? [] : teams.sources
    let names = images.map { image in display.flatMap { image.text($0) } ?? "" }
    let views = zip(images, names).map { image, name in
      TeamDecisions.Team(
        subject: SubjectRef(id: ResourceID(name), name: name), image: image, current: nil,
        standing: .untouched, isListed: true)
    }
    let keys = policy.exports.memberships.map {
      basis.teamAttributes.id(of: $0.team.key) ?? AttributeID(0)
    }
    var selection = TeamDirectory.Selection()
    selection.nestedKeys = basis.teamKeys.map(\.id)
    let directory = TeamDirectory(views, renamed: [:], keys: keys, selection: selection)
    var stage = AssignmentStage(names: names, hasher: basis.keyHasher)
    let gate = gate
    // Nobody goes by an export that no good run has been seen of, but where nobody is yet, nobody can go.
    let nobodyIsThere = try JobFailure.storing { () throws(StoreFailure) in
      try store.ordinalCount() <= 1
    }
    var isComplete = roster.teams.allSatisfy { export in
      run.health[export.number]?.isReliable == true
        && (nobodyIsThere || !run.unprecedented.contains(export.number))
    }
    for (place, (export, settings)) in zip(roster.memberships, policy.exports.memberships)
      .enumerated()
    {
      do {
        var summary: ReadSummary?
        if let source = try await source(export, settings, place: place, directory) {
          notify(JobProgress(.reading(export: export.settings.name)))
          summary = try await stage.read(
            source, teams: directory, fileNames: self.names(settings.team, export),
            callsTeamsByName: settings.team.key == .displayName)
        }
        var facts = ExportFacts(summary: summary)
        facts.countUnreadable()
        let judgement = gate.judge(export, facts)
        isComplete =
          isComplete && judgement.health.isReliable && (nobodyIsThere || judgement.mayRemove)
      } catch {
        throw JobFailure(reading: error)
      }
    }
    return (stage, isComplete)
  }
}
