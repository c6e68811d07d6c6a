import Identity
import PlanFile
import Storing
import TestSupport
import Testing

@testable import Applying

/// One transaction, all of it or nothing: operations, journal, bookkeeping, approval, marker.
struct ApplicationTests {
  private let state: TestState

  init() throws {
    state = try TestState()
  }

  /// One operation of every kind, on members and teams that `addEverybody` puts there.
  private static let everyKind: [Operation] = [
    .leave("Sales", "ann"), .delete("gone"), .deactivate("leaver"),
    .update("ann", TestState.title, from: nil, to: "Buyer"),
    .update("ann2", .active, from: "true", to: "false"), .reactivate("back"),
    .create("dora", [TestState.department: "Sales"]), .updateTeam("Sales", to: "Shop"),
    .createTeam("Board"), .join("Board", "dora"), .join("Sales", "ann2"),
  ]

  private func addEverybody() throws {
    try state.addMembers("ann", "ann2", "leaver", "gone")
    try state.addMembers("back", values: [.active: "false"], standing: [.deactivatedByUs, .leaver])
    try state.addTeam("Sales", members: ["ann"])
  }

  @Test func everyKindIsJournaledAsItWasPlanned() throws {
    try addEverybody()
    let plan = try state.plan(Self.everyKind)
    var times = [100, 200]
    let run = try state.apply(plan, record: [1, 2, 3], clock: { times.removeFirst() })

    #expect(run.number == 1)
    #expect(run.outcome == .applied)
    #expect((run.startedAt, run.finishedAt) == (100, 200))
    #expect(run.counts == plan.decisions.counts)
    try state.read { store throws in
      let journaled = try store.journaledRun(1)
      #expect(journaled.record == run)
      #expect(journaled.operations == Self.everyKind)
      #expect(journaled.grounds == plan.evidence.grounds)
      #expect(journaled.evidence == [1, 2, 3])
      #expect(store.identity.journalHead == run.head)
      #expect(try store.verifyJournal().isSound)
      #expect(try store.verifyFile() == nil)
    }
  }

  @Test func journalHoldsWhatADeactivationAndADeletionReallyChanged() throws {
    try addEverybody()
    let deleted = try #require(try state.memberNow("gone")).resource.document.canonicalBytes
    try state.apply([.delete("gone"), .deactivate("leaver")])

    let values = try #require(try state.dump().tables["operation_value"])
    #expect(
      values.contains(
        "'"
          + String(decoding: deleted, as: UTF8.self)
          .replacing("'", with: "''") + "'"))
    #expect(values.contains(#"'leaver' NULL '{"active":true}' '{"active":false}'"#))
  }

  @Test func runsFollowEachOtherInOneChain() throws {
    try state.addMembers("ann")
    let first = try state.apply([.deactivate("ann")])
    let second = try state.apply([.reactivate("ann")])

    #expect((first.number, second.number) == (1, 2))
    #expect(first.head != second.head)
    try state.read { store throws in
      #expect(try store.runs() == [first, second])
      #expect(try store.verifyJournal().isSound)
    }
  }

  // MARK: - Bookkeeping

  @Test func bookkeepingIsWrittenEvenWithoutOperations() throws {
    try state.addMembers("ann", "bob")
    try state.addTeam("Sales")
    let (ann, bob) = (TestState.id("ann", .member), TestState.id("bob", .member))
    var before = Bookkeeping()
    before.absences = [.init(member: bob, count: 1, exportDigest: "d0", countedAt: 5)]
    before.holds = [.init(subject: "member old", since: 1)]
    try state.apply(try state.plan([], remembering: before))
    var book = Bookkeeping()
    book.absences = [.init(member: ann, count: 2, exportDigest: "d1", countedAt: 7)]
    book.presences = [bob]
    book.ownerships = [
      .init(kind: .member, subject: bob, export: "hr"),
      .init(kind: .team, subject: TestState.id("Sales", .team), export: "hr"),
      .init(kind: .teamClaim, subject: TestState.id("Sales", .team), export: "edges"),
    ]
    let baseline = Bookkeeping.Baseline(
      export: "staff", columns: ["id", "a \"b\""], recordCount: 2, fileCount: 1, digest: "d1")
    book.baselines = [baseline]
    book.deltaPositions = [.init(export: "deltas", position: "0042")]
    book.holds = [.init(subject: "member ann", since: 9)]
    let run = try state.apply(try state.plan([], remembering: book))

    #expect(run.outcome == .nothingToDo)
    #expect(run.counts == [:])
    try state.read { store throws in
      let now = try store.bookkeeping()
      let ordinal = try #require(try store.ordinal(ofMember: ann))
      #expect(now.absences.mapValues(\.count) == [ordinal: 2])
      #expect(now.absences[ordinal]?.exportDigest == "d1")
      #expect(now.absences[ordinal]?.countedAt == 7)
      #expect(now.holds == ["member ann": 9])
      #expect(now.baselines == ["staff": baseline])
      #expect(now.deltaPositions == ["deltas": "0042"])
    }
    let hr = try #require(try state.read { try $0.exportNumber("hr") })
    let edges = try #require(try state.read { try $0.exportNumber("edges") })
    #expect(try state.memberNow("bob")?.owners.contains(ExportSet(export: hr)) == true)
    let team = try #require(try state.teamNow("Sales"))
    #expect(team.owners.contains(ExportSet(export: hr)))
    #expect(team.claims == ExportSet(export: edges))
  }

  @Test func renamedExportKeepsItsMembersAndOwnsTheNewOnes() throws {
    try state.addMembers("ann")
    let staff = try #require(try state.read { try $0.exportNumber("staff") })
    var book = Bookkeeping()
    book.renamedExports = ["staff": "people"]
    book.ownerships = [
      .init(kind: .member, subject: TestState.id("dora", .member), export: "people")
    ]
    try state.apply(try state.plan([.create("dora")], remembering: book))

    #expect(try state.read { try $0.exportNumber("people") } == staff)
    #expect(try state.read { try $0.exportNumber("staff") } == nil)
    for name in ["ann", "dora"] {
      #expect(try state.memberNow(name)?.owners == ExportSet(export: staff))
    }
  }

  @Test func absenceOfAMemberThatThePlanDeletesIsNotKept() throws {
    try state.addMembers("ann")
    var book = Bookkeeping()
    book.absences = [
      .init(member: TestState.id("ann", .member), count: 3, exportDigest: "d", countedAt: 7)
    ]
    book.presences = [TestState.id("ann", .member)]
    try state.apply(try state.plan([.delete("ann")], remembering: book))

    #expect(try state.memberNow("ann") == nil)
    #expect(try state.read { try $0.bookkeeping().absences } == [:])
  }

  // MARK: - Approvals and the marker

  private static let approval = Approval(
    plan: "plan", lets: ["removals": 1], reason: "test", approver: "ann",
    issuedAt: TestState.now, until: TestState.now + 60, serial: "s1")

  @Test func approvalIsUsedUpByItsRun() throws {
    try state.addMembers("ann")
    let run = try state.apply(try state.plan([.deactivate("ann")]), approval: Self.approval)

    #expect(run.approval == "s1")
    #expect(try state.read { try $0.run(usingApproval: "s1") } == run.number)
  }

  @Test func usedApprovalIsRefusedAndNothingIsWritten() throws {
    try state.addMembers("ann")
    try state.apply(try state.plan([.deactivate("ann")]), approval: Self.approval)
    let plan = try state.plan([.reactivate("ann")])
    let before = try state.dump()

    let failure = #expect(throws: ApplyFailure.self) {
      try state.apply(plan, approval: Self.approval)
    }
    guard case .store(let store) = failure else {
      Issue.record("refused for another reason: \(String(describing: failure))")
      return
    }
    #expect(store.problem == .approvalUsed(serial: "s1", run: 1))
    #expect(try state.dump().differences(from: before) == [])
  }

  @Test func appliedPlanClearsTheMarkerOfARefusedOne() throws {
    try state.addMembers("ann")
    try state.change { state in
      try state.setMarker(GuardMarker(at: 1, planName: "p", breached: "removals"))
    }
    try state.apply([.deactivate("ann")])

    #expect(try state.read { try $0.bookkeeping().marker } == nil)
  }

  @Test func stalePlanLeavesTheMarker() throws {
    try state.addMembers("ann")
    let plan = try state.plan([.deactivate("ann")])
    try state.change { state in
      try state.setMarker(GuardMarker(at: 1, planName: "p", breached: "removals"))
    }
    try state.apply([.delete("ann")])
    try state.change { state in
      try state.setMarker(GuardMarker(at: 2, planName: "q", breached: "removals"))
    }
    #expect(throws: ApplyFailure.self) { try state.apply(plan) }

    #expect(try state.read { try $0.bookkeeping().marker?.planName } == "q")
  }

  // MARK: - All or nothing

  /// Plans that no planner writes, each broken at its last operation.
  static let broken: [[Operation]] = [
    everyKind + [.join("Board", "dora")],
    everyKind + [.leave("Board", "ann")],
    everyKind + [.create("dora")],
    everyKind + [.createTeam("Board")],
    everyKind + [.join("Nowhere", "dora")],
    everyKind + [.join("Board", "nobody")],
    everyKind + [.update("gone", TestState.title, from: nil, to: "x")],
  ]

  @Test(arguments: broken.indices)
  func failureAtTheLastOperationLeavesNoTrace(_ place: Int) throws {
    try addEverybody()
    let plan = try state.plan(Self.broken[place])
    let before = try state.dump()

    #expect(throws: ApplyFailure.self) { try state.apply(plan) }
    #expect(try state.dump().differences(from: before) == [])
  }

  @Test func stateMayBeOpenedUnderAnotherPolicyBetweenTwoPlans() throws {
    try state.addMembers("ann", values: [TestState.title: "Buyer"])
    let narrow = AttributeSet([ManagedAttribute(path: .userName)])
    do {
      let store = try StateStore.open(state.path, as: .writing)
      try store.write { try $0.rebase(IndexBasis(attributes: narrow, keys: [])) }
      try store.close()
    }
    let plan = try state.plan([.update("ann", TestState.title, from: "Buyer", to: "Lead")])
    try state.apply(plan)

    #expect(
      try state.memberNow("ann")?.resource.document.value(at: TestState.title) == "Lead")
  }
}
