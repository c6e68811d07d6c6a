import Identity
import PlanFile
import Scanning
import TestSupport
import Testing

@testable import Storing

struct JournaledRunTests {
  private func journal() throws -> (SampleState, StateStore) {
    let sample = try SampleState()
    let store = try sample.open()
    try SampleJournal.write(to: store)
    return (sample, store)
  }

  @Test func runsAreListedWithTheirCounts() throws {
    let (sample, store) = try journal()
    _ = sample
    let runs = try store.runs()
    #expect(runs.map(\.number) == [1, 2, 3])
    #expect(runs.map(\.planName) == ["p1", "p2", "p3"])
    #expect(runs.map(\.finishedAt) == [110, 210, 310])
    #expect(runs[0].counts == [.createMember: 3, .createTeam: 1, .addMembership: 1])
    #expect(runs[2].counts == [.reactivateMember: 1, .deleteMember: 1, .updateMember: 1])
    #expect(Set(runs.map(\.head)).count == 3)
    #expect(store.identity.journalHead == runs[2].head)
    #expect(store.identity.runCount == 3)
  }

  @Test func aCreateIsToldAsItWasThen() throws {
    let (sample, store) = try journal()
    _ = sample
    let run = try store.journaledRun(1)
    #expect(
      run.operations.map(\.kind) == [
        .createMember, .createMember, .createMember, .createTeam, .addMembership,
      ])
    for (operation, name) in zip(run.operations, ["ann", "bob", "eve"]) {
      let document = SampleState.member(name, title: name == "eve" ? "Head \"x\"" : "Buyer")
      #expect(operation.action == .createMember(SampleState.image(of: document)), "\(name)")
      #expect(operation.subject.name == "\(name)@contoso.com")
    }
    #expect(
      run.operations[4]
        == SampleJournal.teamOperation(.addMembership(SampleJournal.ann), .listed, .grant))
    #expect(run.evidence == Array("evidence of p1".utf8))
    #expect(run.grounds.map(\.operation) == [0, 1, 2])
    #expect(run.grounds[1].origins == [RecordOrigin(export: "people", file: "users.csv", line: 3)])
    #expect(run.memberAttributes == SampleState.attributes)
  }

  @Test func changesAreToldWithBothSides() throws {
    let (sample, store) = try journal()
    _ = sample
    let second = try store.journaledRun(2)
    #expect(second.operations[0].action == .updateMember(SampleJournal.annChanges))
    #expect(second.operations[1].action == .deactivateMember)
    #expect(second.grounds == [Evidence.Grounds(operation: 0, origins: [], stateBefore: "00ff")])
    let third = try store.journaledRun(3)
    #expect(third.operations[0].action == .reactivateMember(SampleJournal.bobChanges))
    #expect(third.operations[1].action == .deleteMember)
    #expect(third.operations[1].classes == .removal)
    #expect(third.operations[1].situation == .leaver)
  }

  @Test func aRefusedRunStandsInTheChainAndHasManagedNothing() throws {
    let (sample, store) = try journal()
    _ = sample
    let managed = try store.lastAttributes()?.members
    try store.write { state in
      try state.beginRun(
        RunStart(
          startedAt: 400, planName: "p4", policyDigest: "", approval: nil,
          memberAttributes: AttributeSet([]), teamAttributes: AttributeSet([]), evidence: []))
      try state.finishRun(.refused, at: 400)
    }
    let runs = try store.runs()
    #expect(runs.map(\.outcome).last == .refused)
    #expect(runs.last?.word == nil)
    #expect(try store.journaledRun(4).operations.isEmpty)
    #expect(try store.lastAttributes()?.members == managed)
    #expect(try store.verifyJournal().isSound)
  }

  @Test func anUnknownRunIsAFailure() throws {
    let (sample, store) = try journal()
    #expect(throws: StoreFailure(.unknownRun(4), path: sample.path)) {
      try store.journaledRun(4)
    }
  }

  @Test func anErasedPersonIsToldAsErased() throws {
    let (sample, store) = try journal()
    try store.close()
    try sample.tamper("DELETE FROM operation_value WHERE name = 'ann@contoso.com'")
    let again = try sample.open(.reading)
    let run = try again.journaledRun(1)
    #expect(run.operations[0].subject.name == JournaledRun.erasedName)
    #expect(run.operations[0].action == .createMember(AttributeImage()))
    #expect(run.operations[1].subject.name == "bob@contoso.com")
    #expect(try again.journaledRun(2).operations[0].action == .updateMember([]))
    let verification = try again.verifyJournal()
    #expect(verification.isSound)
    #expect(verification.erasedCount == 3)
  }

  @Test func aRunIsBegunAndFinishedInOneWrite() throws {
    let sample = try SampleState()
    let store = try sample.open(members: ["ann"])
    #expect(throws: StoreFailure(.runNotOpen, path: sample.path)) {
      try store.write { state in
        try state.journal(SampleState.operation("ann", .deactivateMember))
      }
    }
    #expect(throws: StoreFailure(.runNotFinished, path: sample.path)) {
      try store.write { state in try state.beginRun(SampleState.start()) }
    }
    #expect(try store.runs().isEmpty)
  }
}
