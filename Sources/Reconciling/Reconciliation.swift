import Identity
import Matching
import PlanFile
import Planning
import Reading
import Reporting
import Scanning
import Storing

/// One run, from exports to a plan: the order of the stages.
///
/// Nothing in here changes anything.
struct Reconciliation {
  let policy: Policy
  let store: StateStore
  let settings: JobSettings
  /// Seconds since 1970.
  let now: Int
  let book: CurrentBookkeeping
  let roster: ExportRoster
  let basis: RunBasis
  let ids: IDSource
  let notify: @Sendable (JobProgress) -> Void
  /// Sees what the stages come to, where one person or team is to be explained; decides nothing.
  var witness: RunWitness?

  init(
    policy: Policy, store: StateStore, settings: JobSettings, now: Int,
    notify: @escaping @Sendable (JobProgress) -> Void
  ) throws(JobFailure) {
    self.policy = policy
    self.store = store
    self.settings = settings
    self.now = now
    self.notify = notify
    ids = IDSource(store)
    book = try JobFailure.storing { () throws(StoreFailure) in try store.bookkeeping() }
    roster = try ExportRoster(
      policy.exports, teamRules: policy.teams.rules, book: book,
      resolve: { settings.resolve($0, in: policy) })
    basis = try RunBasis(policy, store, roster: roster)
  }

  /// Reads everything to its end, then matches, decides, and judges.
  func plan() async throws(JobFailure) -> Plan {
    let (plan, isMistaken) = try await plan(believingMemberships: true)
    return isMistaken ? try await self.plan(believingMemberships: false).plan : plan
  }

  /// So many records leave enough behind to be worth looking for.
  private static let manyRecords = 100_000

  /// A plan, and whether somebody was taken to be out of scope by memberships that turn out not to be believed: what
  /// they name can be looked up only when everybody is known.
  private func plan(
    believingMemberships: Bool
  ) async throws(JobFailure) -> (plan: Plan, isMistaken: Bool) {
    notify(JobProgress(.loadingState))
    var run = RunFacts(roster: roster)
    try noteClock(&run)
    noteAwaited(&run)
    if basis.retiredRoles.areUntold { run.findings.note(.rolesLeftAlone) }
    // Only a scope that goes by teams wants to know them, and their members, first.
    let early = policy.asksForAssignment ? try await readTeams(&run) : nil
    let assignments = try await assignments(early, &run, believing: believingMemberships)
    witness?.assignments = assignments
    var people = try await readPeople(&run, assignments)
    let isIndexed = indexing(people.index)
    let currentTeams = BegunWork(jobs: settings.jobs) { [store, basis, settings] in
      Self.currentTeams(store, basis.teamAttributes, threads: settings.jobs)
    }
    let teamRecords = if let early { early } else { try await readTeams(&run) }
    try refuseUnlessSomethingWasRead(run)
    // What reading leaves behind between the values of a first load would stay there until the plan is made.
    if people.open.count > Self.manyRecords { FreedMemory.giveBack() }
    let records = roster.people.compactMap { run.summaries[$0.number]?.recordCount }.reduce(0, +)
    notify(JobProgress(.deciding, total: records))
    try await witness?.see(people, self)
    let ahead = await membershipsAhead()

    var details = try await details(ofCandidates: people)
    let pairing = Pairing(
      people.open, attendance: people.attendance, index: people.index, details: details,
      merging: basis.rules.merge != nil)
    people.forgetOpenRecords()
    judgeKeys(people, pairing, &run)
    try await addAbsent(to: &details, pairing, people, run)
    let locator = RecordLocator(run)
    let decidedTeams = decidingTeams(
      teamInput(teamRecords, current: try currentTeams.take().get(), run), locator)
    var members = decideMembers(memberInput(people, pairing, details, run), locator, of: records)
    if people.ids.isKnown {
      try await settleReferences(
        &members, people, directory(people, pairing, members), &details, run, locator)
    }
    let teams = decidedTeams.take()
    isIndexed?.take()
    let edges = try await decideMemberships(
      people, pairing, members, teams, teamRecords.selection, ahead, &details, &run)
    try await settleRoles(&members, teams, edges, &details, people.index, pairing, run)
    try ids.check()
    witness?.see(people, pairing, details, members, teams, run)
    if members.drafts.count > Self.manyRecords { FreedMemory.giveBack() }
    notify(JobProgress(.ordering))
    // The memberships have been read since: their records have places now, too.
    let plan = assemble(people, consume members, teams, edges, run, RecordLocator(run))
    let isMistaken =
      assignments.values.contains(where: \.isComplete)
      && roster.memberships.contains { run.health[$0.number]?.isReliable == false }
    return (plan, isMistaken)
  }

  /// `records` is how many there are to decide about, for whoever watches.
  private func decideMembers(
    _ input: MemberInput, _ locator: RecordLocator, of records: Int
  ) -> MemberDecisions {
    MemberPlanning.decide(
      input, locate: locator.origin(of:),
      freeID: { [ids] in ids.id(.member, export: $0, sourceKey: $1) },
      progress: { [notify] done in
        // Whoever is known already takes no time.
        let known = max(records - input.pairing.joiners.count, 0)
        notify(JobProgress(.deciding, done: known + done, total: records))
      })
  }

  /// Indexes what memberships name members by while exports of teams are read.
  private func indexing(_ index: MemberIndex) -> BegunWork<Void>? {
    guard !roster.memberships.isEmpty else { return nil }
    return BegunWork(jobs: settings.jobs) {
      for key in index.keys.indices { _ = index.whole(key: key) }
    }
  }

  /// Decides about teams while members are decided about: neither asks for the other.
  private func decidingTeams(
    _ input: TeamInput, _ locator: RecordLocator
  ) -> BegunWork<TeamDecisions> {
    // Another thread knows nothing of this task's.
    let listed = FindingLog.listedPerCode
    return BegunWork(jobs: settings.jobs) { [ids] in
      FindingLog.$listedPerCode.withValue(listed) {
        TeamPlanning.decide(
          input, locate: locator.origin(of:),
          freeID: { ids.id(.team, export: $0, sourceKey: $1) })
      }
    }
  }

  /// A clock behind the last run makes absences younger than they are, and nobody sees that in the figures.
  private func noteClock(_ run: inout RunFacts) throws(JobFailure) {
    let last = try JobFailure.storing { () throws(StoreFailure) in try store.lastRun() }
    guard let last, now < last.finishedAt else { return }
    run.findings.note(
      .clockBehind(now: UTCTime(now).description, lastRun: UTCTime(last.finishedAt).description))
  }

  /// Nothing to read at all is no reason to find everybody gone.
  private func refuseUnlessSomethingWasRead(_ run: RunFacts) throws(JobFailure) {
    let exports = roster.people + roster.teams
    let isBlank = exports.allSatisfy { export in
      export.settings.content == .full
        && (run.summaries[export.number].map { $0.recordCount == 0 } ?? true)
    }
    guard isBlank else { return }
    throw .unreadable(
      exports.flatMap { export in
        (run.health[export.number]?.findings ?? []).filter { $0.severity == .error }
          .map { "\(export.settings.name): \($0.message)" }
      } + ["No export of people or teams has a record that can be read, so nothing was planned."])
  }
}

/// What reading has found out about the exports of one run, export by export.
struct RunFacts {
  let roster: ExportRoster
  var summaries: [Int: ReadSummary] = [:]
  var health: [Int: Evidence.Health] = [:]
  /// Exports of which absence means nothing tonight, though they are believed.
  var unprecedented: Set<Int> = []
  /// What good exports leave for the next run, by number.
  var baselines: [Int: Bookkeeping.Baseline] = [:]
  var readers: [Int: ExportReader] = [:]
  var findings = FindingLog()
  var quarantined = 0
  /// By export: how many records could be read, but not be understood.
  var setAside: [Int: Int] = [:]
  /// Of what the policy states, or a record of an earlier night, and none of tonight's does.
  var stated: [RecordNumber: RecordOrigin] = [:]
  /// The lines of records that were kept, by export.
  var lines: [Int: RecordLines] = [:]
  var deltaPositions: [Bookkeeping.DeltaPosition] = []
  /// By export: whatever its records say who is active by.
  var activeColumns: [Int: Set<String>] = [:]

  init(roster: ExportRoster) {
    self.roster = roster
  }

  /// Notes how many records of an export come to nothing.
  mutating func noteRead(_ summary: ReadSummary, setAside failed: Int, of export: Int) {
    quarantined += summary.quarantinedCount + failed
    if failed > 0 { setAside[export] = failed }
    findings.append(contentsOf: summary.findings)
  }

  /// Every export of the run as planning sees it, by number.
  var statuses: [ExportStatus] {
    roster.all.map { export in
      var status = ExportStatus(
        name: export.settings.name, owner: export.owner,
        isFull: export.settings.content == .full,
        isReliable: health[export.number]?.isReliable ?? false,
        mayRemove: !unprecedented.contains(export.number),
        digest: summaries[export.number]?.joinedDigest ?? "")
      status.doubtsActive = doubtsActive(export.number)
      return status
    }
  }

  /// Whether the health gate doubts the very thing that says who is active.
  private func doubtsActive(_ export: Int) -> Bool {
    guard let columns = activeColumns[export], let health = health[export], !health.isReliable
    else { return false }
    return health.findings.contains { finding in
      switch finding.subject {
      case .headerChanged(let missing, _): !columns.isDisjoint(with: missing)
      case .filledShare(let column, _, _, _), .valueShare(let column, _, _, _, _),
        .garbledColumn(let column):
        columns.contains(column)
      default: false
      }
    }
  }
}
