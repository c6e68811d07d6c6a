import Identity
import Matching
import PlanFile
import Planning
import Reading
import Storing

extension Reconciliation {
  /// Puts everything that was decided into one plan, and judges it.
  func assemble(
    _ people: PeopleStage, _ members: consuming MemberDecisions, _ teams: TeamDecisions,
    _ edges: EdgeDecisions, _ run: RunFacts, _ locator: RecordLocator
  ) -> Plan {
    let currentTeams = teams.teams.compactMap(\.current)
    let populations = BegunWork(jobs: settings.jobs) { [members = people.index.members] in
      Populations(members, teams: currentTeams)
    }
    locator.prepare(edges.drafts.lazy.flatMap(\.records.all))
    var assembly = PlanAssembly(rules: basis.rules, locate: locator.origin(of:))
    assembly.add(members) { seat in
      StateMark.member(
        people.index.members.fingerprints[seat], people.index.members.standings[seat])
    }
    // What follows takes as much memory as a million drafts do.
    members.drafts = []
    assembly.add(teams) { seat in
      StateMark.team(basis.teamFingerprinter.fingerprint(of: teams.teams[seat].image))
    }
    assembly.add(edges)
    let unsettled = unsettled(run, members, edges)
    var findings = run.findings
    for name in unsettled { findings.note(.deltaReadAgain(export: name)) }
    assembly.add(findings)
    assembly.addQuarantined(run.quarantined, holds: exportHolds(run))
    assembly.setBookkeeping { book in
      book.renamedExports = roster.renamed
      book.deltaPositions = run.deltaPositions.filter { !unsettled.contains($0.export) }
      book.baselines = roster.all.compactMap { run.baselines[$0.number] }
    }
    let guards = GuardRound(limits: policy.guards.limits)
    return assembly.plan(
      base: evidence(run), heldSince: book.holds
    ) { [populations = populations.take()] in guards.judge($0, populations) }
  }

  /// Deltas of which something is not carried out tonight: they are read again, since no later one says it.
  private func unsettled(
    _ run: RunFacts, _ members: MemberDecisions, _ edges: EdgeDecisions
  ) -> [String] {
    let open = members.unsettledExports.union(edges.unsettledExports)
    let arrived = Set(run.deltaPositions.map(\.export))
    return roster.all.filter { export in
      arrived.contains(export.settings.name) && !book.acceptedExports.contains(export.settings.name)
        && (open.contains(export.number) || run.health[export.number]?.isReliable == false
          || run.summaries[export.number].map { $0.quarantinedCount > 0 } == true
          || (run.setAside[export.number] ?? 0) > 0)
    }.map(\.settings.name)
  }

  /// Exports that are not believed, and records that could not be read, are told every night.
  private func exportHolds(_ run: RunFacts) -> [Hold] {
    roster.all.compactMap { export in
      let isUnreliable = run.health[export.number]?.isReliable == false
      let lost =
        (run.summaries[export.number]?.quarantinedCount ?? 0) + (run.setAside[export.number] ?? 0)
      guard isUnreliable || lost > 0 else { return nil }
      return Hold(
        export: export.settings.name,
        situation: isUnreliable ? .withheld : .quarantined, isRemoval: isUnreliable)
    }
  }

  private func evidence(_ run: RunFacts) -> Evidence {
    Evidence(
      toolVersion: RollcallVersion.text, now: now, policyDigest: policy.digest,
      lineage: store.identity.lineage, journalHead: store.identity.journalHead,
      inputs: roster.all.flatMap { export in
        run.summaries[export.number]?.inputs(of: export.settings) ?? []
      },
      health: roster.all.compactMap { run.health[$0.number] }, verdicts: [], grounds: [],
      findings: [], bookkeeping: Bookkeeping(), redacted: policy.redacted)
  }
}

extension Populations {
  /// What guards take shares of, from the state as it is now.
  init(_ members: CurrentMembers, teams: [TeamFacts]) {
    self.init(
      members: members.count, activeManaged: members.activeCount(ownedBy: .all), teams: teams.count,
      memberships: teams.reduce(0) { $0 + $1.edgeCount },
      membershipsByTeam: Dictionary(
        uniqueKeysWithValues: teams.map { ($0.id, $0.edgeCount) }))
  }
}
