import Identity
import Matching
import PlanFile
import Planning
import Reading
import Storing

extension Refresh {
  func planMemberships(_ memberships: MembershipsExport) async throws -> Plan {
    guard case .reference(let reference) = memberships.team else {
      throw JobFailure.usage("Only memberships with a column for the team can be refreshed.")
    }
    let members = try await store.members(basis.index, threads: job.settings.jobs)
    let index = MemberIndex(
      members: members, keys: basis.memberKeys, matchCount: basis.matchCount)
    let teams = try store.teams()
    let views = teams.map { team in
      TeamDecisions.Team(
        subject: SubjectRef(
          id: team.resource.id, name: team.resource.document.value(at: .displayName) ?? ""),
        image: team.resource.document.image(of: basis.teamAttributes), current: team.facts,
        standing: .untouched, isListed: true)
    }
    let directory = TeamDirectory(
      views, renamed: [:], keys: [basis.teamAttributes.id(of: reference.key) ?? AttributeID(0)])
    var stage = MembershipStage(
      members: MemberDirectory(index: index, hasher: basis.keyHasher, drafts: [], left: []),
      teams: directory, teamNames: views.map(\.subject.name))
    let file = export.files[0]
    let teamColumn = try ColumnRules.column(reference.columns, in: header, file: file)?.0 ?? 0
    let memberColumn =
      try ColumnRules.column(memberships.member.columns, in: header, file: file)?.0 ?? 0
    try await stage.read(
      MembershipStage.Source(
        export: export, reader: reader,
        team: .column(teamColumn, key: 0, separator: Array((reference.separator ?? "").utf8)),
        memberColumn: memberColumn,
        memberKey: basis.memberKeys.firstIndex { $0.path == memberships.member.key } ?? 0,
        memberSeparator: Array((memberships.member.separator ?? "").utf8), marker: nil,
        header: header, lists: nil))
    let operations = try additions(stage.batches, teams: views, members: members)
    return assemble(
      operations: operations, findings: stage.findings, summary: stage.summaries[export.number])
  }

  private func additions(
    _ batches: [EdgeBatch], teams: [TeamDecisions.Team], members: CurrentMembers
  ) throws -> [(Operation, String?)] {
    let table = MembershipTable(batches, teamCount: teams.count)
    var operations: [(Operation, String?)] = []
    for (seat, team) in teams.enumerated() {
      guard let ordinal = team.current?.ordinal else { continue }
      let present = Set(try store.edges(ofTeam: ordinal).map(\.member))
      let wanted = Set(table.edges(ofTeam: seat).map { members.ordinals[Int($0.member)] })
        .subtracting(present).sorted()
      for member in try store.resources(ofMembers: wanted) {
        let name = member.document.value(at: .userName) ?? member.id.description
        operations.append(
          (
            Operation(
              subject: team.subject,
              action: .addMembership(SubjectRef(id: member.id, name: name)),
              situation: .unmanaged, classes: [], rule: "refresh"), nil
          ))
      }
    }
    return operations
  }
}
