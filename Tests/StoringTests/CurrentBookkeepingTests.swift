import Identity
import PlanFile
import TestSupport
import Testing

@testable import Storing

struct CurrentBookkeepingTests {
  private static let wanted = AwaitedReference.Wanted(
    key: .userName, value: "E-bob",
    origin: RecordOrigin(export: "people", file: "changes-1.csv", line: 7))

  private func book() -> Bookkeeping {
    var book = Bookkeeping()
    book.absences = [
      Bookkeeping.Absence(
        member: SampleState.id("bob"), count: 2, exportDigest: "d1", countedAt: 50)
    ]
    book.ownerships = [
      Bookkeeping.Ownership(kind: .member, subject: SampleState.id("ann"), export: "people"),
      Bookkeeping.Ownership(kind: .member, subject: SampleState.id("ann"), export: "guests"),
    ]
    book.baselines = [
      Bookkeeping.Baseline(
        export: "people", columns: ["userName", "a,\"b\""], recordCount: 7, fileCount: 1,
        digest: "d")
    ]
    book.deltaPositions = [Bookkeeping.DeltaPosition(export: "guests", position: "17")]
    book.awaitedReferences = [
      AwaitedReference(member: SampleState.id("ann"), attribute: .displayName, wanted: Self.wanted)
    ]
    book.holds = [Bookkeeping.HoldAge(subject: "member ann", since: 40)]
    return book
  }

  @Test func whatOneRunLeavesTheNextFinds() throws {
    let sample = try SampleState()
    let store = try sample.open(members: ["ann", "bob"])
    let book = book()
    try store.write { state in try state.apply(book) }
    let found = try store.bookkeeping()
    #expect(found.exports == ["people": 0, "guests": 1])
    #expect(
      found.absences == [
        2: CurrentBookkeeping.Absence(count: 2, exportDigest: "d1", countedAt: 50)
      ])
    #expect(found.baselines["people"] == book.baselines[0])
    #expect(found.deltaPositions == ["guests": "17"])
    #expect(found.holds == ["member ann": 40])
    #expect(found.awaitedReferences.map(\.wanted) == [Self.wanted])
    #expect(found.marker == nil)
    #expect(try store.member(1)?.owners == [ExportSet(export: 0), ExportSet(export: 1)])
  }

  @Test func presencesEndAbsencesAndHoldsThatAreNotToldAreOver() throws {
    let sample = try SampleState()
    let store = try sample.open(members: ["ann", "bob"])
    let book = book()
    try store.write { state in try state.apply(book) }
    var next = Bookkeeping()
    next.presences = [SampleState.id("bob"), SampleState.id("nobody")]
    next.awaitedReferences = [
      AwaitedReference(member: SampleState.id("ann"), attribute: .displayName, wanted: nil)
    ]
    try store.write { state in try state.apply(next) }
    let found = try store.bookkeeping()
    #expect(found.absences.isEmpty)
    #expect(found.holds.isEmpty)
    #expect(found.awaitedReferences.isEmpty)
    #expect(found.baselines.count == 1)
  }

  @Test func aForgottenBaselineIsGone() throws {
    let sample = try SampleState()
    let store = try sample.open(members: ["ann", "bob"])
    let book = book()
    try store.write { state in
      #expect(try !state.hasNoMembers())
      try state.apply(book)
      try state.forgetBaseline(of: "people")
    }
    #expect(try store.bookkeeping().baselines.isEmpty)
    let empty = try SampleState().open()
    #expect(try empty.write { state in try state.hasNoMembers() })
  }

  @Test func aRenamedExportKeepsItsNumber() throws {
    let sample = try SampleState()
    let store = try sample.open(members: ["ann", "bob"])
    let first = book()
    try store.write { state in try state.apply(first) }
    var book = Bookkeeping()
    book.renamedExports = ["people": "guests", "guests": "people"]
    try store.write { state in try state.apply(book) }
    #expect(try store.bookkeeping().exports == ["guests": 0, "people": 1])
    #expect(try store.bookkeeping().baselines["guests"]?.recordCount == 7)
  }

  @Test func teamsGetOwnersAndClaims() throws {
    let sample = try SampleState()
    let store = try sample.open(members: [])
    var book = Bookkeeping()
    for kind in [Bookkeeping.Ownership.Kind.team, .teamClaim] {
      book.ownerships.append(
        Bookkeeping.Ownership(
          kind: kind, subject: ResourceID("team-Sales"), export: kind.rawValue))
    }
    let wanted = book
    try store.write { state in
      try state.insertTeam(SampleState.team("Sales"), owners: [])
      try state.apply(wanted)
    }
    let team = try #require(try store.team(1))
    #expect(team.owners == ExportSet(export: 0))
    #expect(team.claims == ExportSet(export: 1))
  }

  @Test func bookkeepingAboutNobodyIsRefused() throws {
    let sample = try SampleState()
    let store = try sample.open(members: ["ann"])
    let book = book()
    #expect(throws: StoreFailure(.unknownSubject(SampleState.id("bob")), path: sample.path)) {
      try store.write { state in try state.apply(book) }
    }
    #expect(try store.bookkeeping() == CurrentBookkeeping())
  }

  @Test func thereIsRoomForSixtyFourExports() throws {
    let sample = try SampleState()
    let store = try sample.open()
    let last = try store.write { state in
      var last = 0
      for number in 0..<64 { last = try state.exportNumber("export \(number)") }
      return last
    }
    #expect(last == 63)
    #expect(try store.exportNumber("export 5") == 5)
    #expect(throws: StoreFailure(.tooManyExports(limit: 64), path: sample.path)) {
      try store.write { state in try state.exportNumber("one more") }
    }
  }

  @Test func anApprovalIsUsedOnce() throws {
    let sample = try SampleState()
    let store = try sample.open()
    let approval = Approval(
      plan: "p", lets: [:], reason: "r", approver: "root", issuedAt: 1, until: 2, serial: "s1")
    #expect(try store.run(usingApproval: "s1") == nil)
    try store.write { state in try state.use(approval, inRun: 4, at: 9) }
    #expect(try store.run(usingApproval: "s1") == 4)
    #expect(throws: StoreFailure(.approvalUsed(serial: "s1", run: 4), path: sample.path)) {
      try store.write { state in try state.use(approval, inRun: 5, at: 9) }
    }
  }

  @Test func aMarkerStaysUntilItIsCleared() throws {
    let sample = try SampleState()
    let store = try sample.open()
    let marker = GuardMarker(at: 5, planName: "p", breached: "removals: 240 of 20")
    try store.write { state in try state.setMarker(marker) }
    #expect(try store.bookkeeping().marker == marker)
    try store.write { state in try state.clearMarker() }
    #expect(try store.bookkeeping().marker == nil)
  }

  @Test func aReusedSourceKeyIsANewPerson() throws {
    let sample = try SampleState()
    let store = try sample.open(members: [])
    let key = Array("E1".utf8)
    func newID() throws -> ResourceID {
      try store.newIDs(.member, export: "people", sourceKeys: [key])[0]
    }
    let first = try newID()
    try store.write { state in
      try state.insertMember(
        SampleState.member("ann", id: first), standing: .active, owners: [])
    }
    // Ann lives on, perhaps under another number; whoever bears E1 now is somebody else.
    #expect(try store.generation(.member, export: "people", sourceKey: key) == 1)
    try store.write { state in try state.deleteMember(1) }
    let second = try newID()
    #expect(second != first)
    try store.write { state in
      try state.insertMember(
        SampleState.member("ann", id: second), standing: .active, owners: [])
    }
    #expect(try store.generation(.member, export: "people", sourceKey: key) == 2)
    #expect(try store.generation(.member, export: "guests", sourceKey: key) == 0)
    #expect(try store.generation(.team, export: "people", sourceKey: key) == 0)
  }
}
