import Identity
package import PlanFile

/// A plan with everything in it that a plan can hold, always the same to the last byte.
///
/// `word` stands in every text that comes from data (names, values, paths, files, rules), so that a
/// hostile one can be put everywhere at once.
package struct SamplePlan {
  package var isRefused = false
  /// Put before each text that data brings; empty for a plan that is pleasant to read.
  package var word = ""

  package init(isRefused: Bool = false, word: String = "") {
    self.isRefused = isRefused
    self.word = word
  }

  package var source: ReportSource { builder.source() }

  /// What the journal says of its apply.
  package var appliedSource: ReportSource {
    let plan = builder.plan
    let run = RunRecord(
      number: 12, outcome: .applied, startedAt: builder.now + 60, finishedAt: builder.now + 62,
      planName: builder.source().planName, policyDigest: plan.evidence.policyDigest,
      head: plan.evidence.journalHead, approval: nil, counts: plan.decisions.counts)
    var builder = builder
    builder.history.append(run)
    return builder.source(run: run)
  }

  package var builder: PlanBuilder {
    var builder = PlanBuilder()
    addMembers(to: &builder)
    addTeams(to: &builder)
    addGuards(to: &builder)
    addExports(to: &builder)
    addHolds(to: &builder)
    addFindings(to: &builder)
    addBackground(to: &builder)
    return builder
  }

  private func data(_ text: String) -> String { word + text }

  private func users(_ line: Int) -> RecordOrigin { PlanBuilder.origin(data("users.csv"), line) }
  private func edges(_ line: Int) -> RecordOrigin {
    PlanBuilder.origin(data("group-members.csv"), line)
  }

  private func addMembers(to builder: inout PlanBuilder) {
    let change = PlanBuilder.change
    builder.create(
      data("zoe.muller@contoso.com"),
      [
        .userName: data("zoe.muller@contoso.com"), .displayName: data("Zoë Müller"),
        PlanBuilder.title: data("Buyer"), PlanBuilder.department: data("Purchasing"),
        .active: "true",
      ], from: users(42))
    builder.create(
      data("d.ohara@contoso.com"),
      [
        .userName: data("d.ohara@contoso.com"), .displayName: data("O'Hara, Dee \"D\""),
        .active: "true",
      ], from: users(57))
    builder.update(
      data("bob.lee@contoso.com"),
      [
        change(PlanBuilder.title, data("Buyer"), data("Senior buyer")),
        change(PlanBuilder.department, data("Purchasing"), nil),
      ], from: users(7))
    builder.update(
      data("ida.jensen@contoso.com"),
      [
        change(.workEmail, data("ida.berg@contoso.com"), data("ida.jensen@contoso.com")),
        change(PlanBuilder.familyName, data("Berg"), data("Jensen")),
      ], classes: .rekey, from: users(19))
    builder.update(
      data("guest.north@fabrikam.example"), [change(.active, "true", "false")],
      situation: .sourceDisabled, classes: .removal, from: users(103))
    builder.reactivate(
      data("eve.stone@contoso.com"), [change(PlanBuilder.title, nil, data("Analyst"))],
      from: users(88))
    builder.deactivate(data("carl.diaz@contoso.com"))
    if isRefused {
      for number in 1...11 { builder.deactivate(data("former.\(number)@contoso.com")) }
    }
    builder.delete(data("old.account@contoso.com"))
  }

  private func addTeams(to builder: inout PlanBuilder) {
    builder.createTeam(data("Buyers – North"), from: PlanBuilder.origin(data("groups.csv"), 4))
    builder.updateTeam(
      data("Finance"),
      [PlanBuilder.change(.displayName, data("Finance"), data("Finance & Control"))],
      from: PlanBuilder.origin(data("groups.csv"), 9))
    builder.join(data("Buyers – North"), data("zoe.muller@contoso.com"), from: edges(3))
    builder.join(data("Buyers – North"), data("bob.lee@contoso.com"), from: edges(4))
    builder.join(
      data("Administrators"), data("ida.jensen@contoso.com"), classes: .grant, from: edges(77))
    // An unreliable export takes nobody out of a team.
    if !isRefused { builder.leave(data("Finance"), data("bob.lee@contoso.com")) }
    builder.join(data("Finance"), data("eve.stone@contoso.com"), from: edges(31))
  }

  private func addGuards(to builder: inout PlanBuilder) {
    builder.guarded(
      "creates", 2, of: 248, limit: "at most 50 and 20 % (always up to 5)",
      allowance: 49)
    builder.guarded(
      "updates", 3, of: 248, limit: "at most 100 and 50 % (always up to 5)",
      allowance: 100)
    builder.guarded(
      "removals", isRefused ? 15 : 4, of: 248, limit: "at most 10 and 5 % (always up to 5)",
      allowance: 10, passed: !isRefused)
    builder.guarded(
      "grants", 2, of: 248, limit: "at most 10 and 5 % (always up to 5)",
      allowance: 10)
    builder.guarded(
      "team-removals", isRefused ? 0 : 1, of: 14, limit: "at most 50 % (always up to 5)",
      allowance: 7, scope: data("Finance"))
  }

  private func addExports(to builder: inout PlanBuilder) {
    builder.read(data("people"), data("users.csv"), records: 251, bytes: 68_211)
    builder.read(data("teams"), data("groups.csv"), records: 20, bytes: 2_904)
    builder.read(
      data("memberships"), data("group-members.csv"), records: 812, bytes: 91_338,
      reliable: !isRefused,
      findings: isRefused
        ? [Finding(.fewerRecords(now: 812, before: 1_190, allowedPercent: 10))] : [])
  }

  private func addHolds(to builder: inout PlanBuilder) {
    builder.hold(data("record E1001"), .duplicate, daysAgo: 4)
    builder.hold(data("member j.smith@contoso.com"), .conflictingKeys)
    builder.hold(
      data("member k.frost@contoso.com"), .withheld, isRemoval: true, daysAgo: 1)
  }

  private func addFindings(to builder: inout PlanBuilder) {
    builder.findings = [
      Finding(
        .duplicate(key: "externalId", value: data("E1001"), others: [users(61)]), at: users(60)),
      Finding(
        .conflictingKeys(
          member: data("j.smith@contoso.com"), key: "externalId", recordValue: data("E2001"),
          memberValue: data("E0007")), at: users(72)),
      Finding(.raggedRow(columns: 23, expected: 22), at: users(180)),
      Finding(
        .removalWithheld(member: data("k.frost@contoso.com"), reason: .unreadableRecord)),
      Finding(
        .protected(
          subject: data("break.glass@contoso.com"), change: "deactivate",
          rule: data("break.glass@*"))),
      Finding(
        .edgeToUnknownMember(team: data("Finance"), reference: data("contractor-17")),
        at: edges(40), repeats: 3),
      Finding(.holdTooOld(subject: data("record E1001"), days: 4, limit: 3)),
      Finding(.unmanaged(member: data("scanner@contoso.com")), repeats: 6),
    ]
  }

  /// Eleven nights before this one, the first of them a first load, and where the members belong.
  private func addBackground(to builder: inout PlanBuilder) {
    let names = ["bob.lee", "ida.jensen", "carl.diaz", "eve.stone"]
    for (number, name) in names.enumerated() {
      builder.departments[data("\(name)@contoso.com")] = data(number < 2 ? "Purchasing" : "Finance")
    }
    let plan = builder.plan.evidence
    for night in 1...11 {
      let start = builder.now - (12 - night) * 86_400
      let counts: [Operation.Kind: Int] =
        night == 1
        ? [.createMember: 240, .createTeam: 18, .addMembership: 780]
        : [
          .createMember: night % 4, .updateMember: 3 + night * 7 % 9,
          .deactivateMember: night % 3, .addMembership: night * 5 % 8,
          .removeMembership: night * 3 % 5,
        ]
      builder.history.append(
        RunRecord(
          number: night, outcome: .applied, startedAt: start, finishedAt: start + 2,
          planName: plan.journalHead, policyDigest: plan.policyDigest, head: plan.journalHead,
          approval: nil, counts: counts))
    }
  }
}
