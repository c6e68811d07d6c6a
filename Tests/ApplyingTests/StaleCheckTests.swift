import Identity
import PlanFile
import Scanning
import Storing
import TestSupport
import Testing

@testable import Applying

/// Plans whose ground has moved between plan and apply, and plans that only seem so.
struct StaleCheckTests {
  /// One change by somebody else, and what it does to a plan made before.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let operations: [Operation]
    let change: @Sendable (StateTransaction) throws -> Void
    let drifts: [Drift]

    init(
      _ description: String, _ operations: [Operation], drifts: [Drift] = [],
      change: @escaping @Sendable (StateTransaction) throws -> Void
    ) {
      testDescription = description
      self.operations = operations
      self.change = change
      self.drifts = drifts
    }
  }

  private static func populated() throws -> TestState {
    let state = try TestState()
    try state.addMembers("ann", "bob", "carl", values: [TestState.title: "Buyer"])
    try state.addTeam("Sales", members: ["ann"])
    try state.addTeam("Legal", members: ["carl"])
    return state
  }

  private static let retitled = Operation.update(
    "ann", TestState.title, from: "Buyer", to: "Lead")

  static let stale: [Case] = [
    Case("member changed", [retitled], drifts: [.memberChanged(name: "ann")]) {
      try $0.edit("ann", TestState.title, to: "Boss")
    },
    Case(
      "member deactivated by somebody else", [retitled], drifts: [.memberChanged(name: "ann")]
    ) { try $0.setStanding([], of: "ann") },
    Case("member gone", [retitled], drifts: [.memberGone(name: "ann")]) { try $0.delete("ann") },
    Case("leaver gone", [.deactivate("ann")], drifts: [.memberGone(name: "ann")]) {
      try $0.delete("ann")
    },
    Case("deleted one changed", [.delete("ann")], drifts: [.memberChanged(name: "ann")]) {
      try $0.edit("ann", TestState.title, to: "Boss")
    },
    Case("joiner is there", [.create("dora")], drifts: [.memberExists(name: "dora")]) {
      try $0.insert("dora")
    },
    Case(
      "joiner's user name taken", [.create("dora")],
      drifts: [.valueTaken(name: "dora", attribute: "userName", value: "dora")]
    ) { try $0.edit("bob", .userName, to: "Dora") },
    Case(
      "joiner's external id taken", [.create("dora")],
      drifts: [.valueTaken(name: "dora", attribute: "externalId", value: "E-dora")]
    ) { try $0.edit("bob", .externalID, to: "e-dora") },
    Case(
      "new user name taken", [.rename("ann", to: "anna")],
      drifts: [.valueTaken(name: "ann", attribute: "userName", value: "anna")]
    ) { try $0.edit("bob", .userName, to: "anna") },
    Case(
      "value that the plan frees has a second holder",
      [.rename("ann", to: "anna"), .create("dora", [.userName: "ann"])],
      drifts: [.valueTaken(name: "dora", attribute: "userName", value: "ann")]
    ) { try $0.edit("bob", .userName, to: "ann") },
    Case("team is there", [.createTeam("Board")], drifts: [.teamExists(name: "Board")]) {
      try $0.insertTeam("Board")
    },
    Case(
      "new team's name taken", [.createTeam("Board")],
      drifts: [.teamValueTaken(name: "Board", attribute: "displayName", value: "Board")]
    ) { try $0.editTeam("Legal", to: "board") },
    Case(
      "renamed team's name taken", [.updateTeam("Sales", to: "Field")],
      drifts: [.teamValueTaken(name: "Sales", attribute: "displayName", value: "Field")]
    ) { try $0.editTeam("Legal", to: "Field") },
    Case(
      "team gone", [.updateTeam("Sales", to: "Field")], drifts: [.teamGone(name: "Sales")]
    ) { try $0.deleteTeam("Sales") },
    Case(
      "team renamed", [.updateTeam("Sales", to: "Field")], drifts: [.teamChanged(name: "Sales")]
    ) { try $0.editTeam("Sales", to: "Shop") },
    Case(
      "membership there already", [.join("Sales", "bob")],
      drifts: [.membershipExists(team: "Sales", member: "bob")]
    ) { try $0.join("Sales", "bob") },
    Case(
      "membership gone", [.leave("Sales", "ann")],
      drifts: [.membershipGone(team: "Sales", member: "ann")]
    ) { try $0.leave("Sales", "ann") },
    Case("new member of a team gone", [.join("Sales", "bob")], drifts: [.memberGone(name: "bob")]) {
      try $0.delete("bob")
    },
    Case("joined team gone", [.join("Sales", "bob")], drifts: [.teamGone(name: "Sales")]) {
      try $0.deleteTeam("Sales")
    },
    Case(
      "several at once", [.deactivate("bob"), retitled, .join("Legal", "ann")],
      drifts: [
        .memberGone(name: "bob"), .memberChanged(name: "ann"),
        .membershipExists(team: "Legal", member: "ann"),
      ]
    ) {
      try $0.delete("bob")
      try $0.edit("ann", TestState.title, to: "Boss")
      try $0.join("Legal", "ann")
    },
  ]

  static let fresh: [Case] = [
    Case("another member changed", [retitled]) { try $0.edit("bob", TestState.title, to: "Boss") },
    Case("another member gone", [retitled, .create("dora")]) { try $0.delete("bob") },
    Case("unmanaged value changed", [retitled]) { try $0.setNickName("ann", to: "Annie") },
    Case("another membership of the same team", [.join("Sales", "bob")]) {
      try $0.join("Sales", "carl")
    },
    Case("another membership of the same member", [.leave("Sales", "ann")]) {
      try $0.join("Legal", "ann")
    },
    Case("team renamed under a membership", [.join("Sales", "bob")]) {
      try $0.editTeam("Sales", to: "Shop")
    },
    Case("member of a new membership changed", [.join("Sales", "bob")]) {
      try $0.edit("bob", TestState.title, to: "Boss")
    },
    Case("another member and team came", [retitled, .createTeam("Board")]) {
      try $0.insert("dora")
      try $0.insertTeam("Works")
    },
    Case("a value that nobody takes", [.create("dora")]) {
      try $0.edit("bob", .userName, to: "robert")
    },
  ]

  @Test(arguments: stale)
  func planOnMovedGroundIsRefusedAndWritesNothing(_ test: Case) throws {
    let state = try Self.populated()
    let plan = try state.plan(test.operations)
    try state.change { try test.change($0) }
    let before = try state.dump()

    let failure = #expect(throws: ApplyFailure.self) { try state.apply(plan) }
    guard case .stale(let drifts) = failure else {
      Issue.record("refused for another reason: \(String(describing: failure))")
      return
    }
    #expect(drifts == test.drifts)
    #expect(drifts.allSatisfy { !$0.message.isEmpty })
    #expect(try state.dump().differences(from: before) == [])
  }

  @Test(arguments: fresh)
  func driftElsewhereDoesNotMatter(_ test: Case) throws {
    let state = try Self.populated()
    let plan = try state.plan(test.operations)
    try state.change { try test.change($0) }

    #expect(try state.apply(plan).outcome == .applied)
  }

  @Test func noMoreThanTwentyDriftsAreNamed() throws {
    let state = try TestState()
    let names = (1...30).map { "member\($0)" }
    for name in names { try state.addMembers(name) }
    let plan = try state.plan(names.map { .deactivate($0) })
    try state.change { state in
      for name in names { try state.delete(name) }
    }

    let failure = #expect(throws: ApplyFailure.self) { try state.apply(plan) }
    guard case .stale(let drifts) = failure else { return }
    #expect(drifts.count == 20)
  }

  // MARK: - Values that the plan itself frees

  @Test func chainOfRenamesIsNoCollision() throws {
    let state = try TestState()
    try state.addMembers("ann", "bob", "carl")
    try state.apply([
      .rename("carl", to: "dora"), .rename("bob", to: "carl"), .rename("ann", to: "bob"),
    ])

    for (member, name) in [("ann", "bob"), ("bob", "carl"), ("carl", "dora")] {
      try state.read { store throws in
        let ordinal = try #require(try store.ordinal(ofMember: TestState.id(member, .member)))
        #expect(try store.members(holding: Array(name.utf8), at: .userName) == [ordinal])
      }
    }
  }

  @Test func twoMembersSwapTheirNames() throws {
    let state = try TestState()
    try state.addMembers("ann", "bob")
    try state.apply([.rename("ann", to: "bob"), .rename("bob", to: "ann")])

    #expect(try state.memberNow("ann")?.resource.document.value(at: .userName) == "bob")
    #expect(try state.memberNow("bob")?.resource.document.value(at: .userName) == "ann")
    try state.read { store throws in
      for name in ["ann", "bob"] {
        #expect(try store.members(holding: Array(name.utf8), at: .userName).count == 1)
      }
    }
  }

  @Test func joinerTakesTheNameThatAnUpdateFrees() throws {
    let state = try TestState()
    try state.addMembers("ann")
    try state.apply([.rename("ann", to: "ann.old"), .create("dora", [.userName: "ANN"])])

    #expect(try state.memberNow("dora") != nil)
  }

  @Test func onlyTheCaseOfANameChanges() throws {
    let state = try TestState()
    try state.addMembers("ann")
    try state.apply([.rename("ann", to: "Ann")])

    #expect(try state.memberNow("ann")?.resource.document.value(at: .userName) == "Ann")
  }

  @Test func teamsSwapTheirNames() throws {
    let state = try TestState()
    try state.addTeam("Sales")
    try state.addTeam("Legal")
    try state.apply([.updateTeam("Sales", to: "Legal"), .updateTeam("Legal", to: "Sales")])

    #expect(try state.teamNow("Sales")?.resource.document.value(at: .displayName) == "Legal")
  }

  @Test func joinerTakesTheNameOfADeletedMember() throws {
    let state = try TestState()
    try state.addMembers("ann")
    try state.apply([.delete("ann"), .create("dora", [.userName: "ann"])])

    #expect(try state.memberNow("ann") == nil)
    #expect(try state.memberNow("dora") != nil)
  }
}

extension StateTransaction {
  /// What somebody else may do to a state between plan and apply.
  fileprivate func edit(_ name: String, _ path: AttributePath, to value: String) throws {
    let member = try #require(try member(TestState.id(name, .member)))
    var document = member.resource.document
    document.set(ManagedAttribute(path: path), to: value)
    try updateMember(member.resource.ordinal, to: document, standing: member.standing)
  }

  fileprivate func setNickName(_ name: String, to value: String) throws {
    let member = try #require(try member(TestState.id(name, .member)))
    var document = member.resource.document
    document.setTopLevel("nickName", to: .string(value))
    try updateMember(member.resource.ordinal, to: document, standing: member.standing)
  }

  fileprivate func setStanding(_ standing: MemberStanding, of name: String) throws {
    let ordinal = try #require(try ordinal(ofMember: TestState.id(name, .member)))
    try setStanding(standing, ofMember: ordinal)
  }

  fileprivate func delete(_ name: String) throws {
    try deleteMember(try #require(try ordinal(ofMember: TestState.id(name, .member))))
  }

  fileprivate func insert(_ name: String) throws {
    var document = ResourceDocument()
    document.setTopLevel("id", to: .string(TestState.id(name, .member).description))
    document.apply(TestState.image(of: name), of: TestState.memberAttributes)
    try insertMember(document, standing: .active, owners: [])
  }

  fileprivate func insertTeam(_ name: String) throws {
    var document = ResourceDocument()
    document.setTopLevel("id", to: .string(TestState.id(name, .team).description))
    document.apply(TestState.teamImage(of: name), of: TestState.teamAttributes)
    try insertTeam(document, owners: [])
  }

  fileprivate func editTeam(_ name: String, to value: String) throws {
    let team = try #require(try team(TestState.id(name, .team)))
    var document = team.resource.document
    document.set(ManagedAttribute(path: .displayName), to: value)
    try updateTeam(team.resource.ordinal, to: document)
  }

  fileprivate func deleteTeam(_ name: String) throws {
    try deleteTeam(try #require(try ordinal(ofTeam: TestState.id(name, .team))))
  }

  fileprivate func join(_ team: String, _ member: String) throws {
    try addMembership(
      team: try #require(try ordinal(ofTeam: TestState.id(team, .team))),
      member: try #require(try ordinal(ofMember: TestState.id(member, .member))), isOurs: false)
  }

  fileprivate func leave(_ team: String, _ member: String) throws {
    try removeMembership(
      team: try #require(try ordinal(ofTeam: TestState.id(team, .team))),
      member: try #require(try ordinal(ofMember: TestState.id(member, .member))))
  }
}
