import Identity
import PlanFile
import Scanning
import Storing
import TestSupport
import Testing

/// What each kind of operation leaves in the state, read back with nothing but the store.
struct OperationWriterTests {
  private let state: TestState

  init() throws {
    state = try TestState()
  }

  private func text(_ name: String) throws -> String {
    let member = try #require(try state.memberNow(name))
    return String(decoding: member.resource.document.canonicalBytes, as: UTF8.self)
  }

  // MARK: - Members

  @Test func createdMemberIsACanonicalResourceWithItsKeysAndFingerprint() throws {
    let values: [AttributePath: String] = [
      .workEmail: "ann@contoso.com", TestState.department: "Sales", TestState.title: "Buyer",
    ]
    try state.apply([.create("ann", values)])

    let id = TestState.id("ann", .member)
    let schema = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    #expect(
      try text("ann")
        == #"{"active":true,"emails":[{"type":"work","value":"ann@contoso.com"}],"externalId":"E-ann","#
        + #""id":"\#(id)","schemas":["urn:ietf:params:scim:schemas:core:2.0:User","\#(schema)"],"#
        + #""title":"Buyer","\#(schema)":{"department":"Sales"},"userName":"ann"}"#)
    let member = try #require(try state.memberNow("ann"))
    #expect(member.standing == .active)
    try state.read { store throws in
      let prints = Fingerprinter(
        attributes: TestState.memberAttributes, secret: store.secret(.fingerprints))
      let image = TestState.image(of: "ann", values)
      #expect(member.fingerprint == prints.fingerprint(of: image))
      for (key, value) in [(AttributePath.userName, "ANN"), (.externalID, "e-Ann")] {
        #expect(
          try store.members(holding: Array(value.utf8), at: key) == [member.resource.ordinal])
      }
    }
  }

  @Test func memberCreatedWithoutAWordOnActiveIsActive() throws {
    var image = AttributeImage()
    for id in TestState.memberAttributes.ids
    where TestState.memberAttributes[id].path == .userName { image.append(id, "ann".utf8) }
    let operation = Operation(
      subject: TestState.member("ann"), action: .createMember(image), situation: .joiner,
      classes: [], rule: "test")
    try state.apply([operation])

    #expect(try text("ann").contains(#""active":true"#))
    #expect(try state.memberNow("ann")?.standing == .active)
  }

  @Test func memberCreatedDisabledIsDisabledByUs() throws {
    try state.apply([.create("ann", [.active: "false"])])

    #expect(try text("ann").contains(#""active":false"#))
    #expect(try state.memberNow("ann")?.standing == .deactivatedByUs)
  }

  @Test func createdMemberBelongsToTheExportsThatTheBookkeepingNames() throws {
    var book = Bookkeeping()
    for export in ["staff", "hr"] {
      book.ownerships.append(
        .init(kind: .member, subject: TestState.id("ann", .member), export: export))
    }
    try state.apply(try state.plan([.create("ann"), .create("bob")], remembering: book))

    let (staff, hr) = try state.read { (try $0.exportNumber("staff"), try $0.exportNumber("hr")) }
    let owners = try #require(try state.memberNow("ann")?.owners)
    #expect(Set(owners.numbers) == Set([staff, hr].compactMap(\.self)))
    #expect(owners.numbers.count == 2)
    #expect(try state.memberNow("bob")?.owners == [])
  }

  @Test func updateChangesWhatItNamesAndLeavesTheRest() throws {
    try state.addMembers("ann", values: [TestState.title: "Buyer"])
    let before = try #require(try state.memberNow("ann"))
    try state.apply([.update("ann", TestState.title, from: "Buyer", to: "Senior buyer")])

    let after = try #require(try state.memberNow("ann"))
    var expected = before.resource.document
    expected.set(ManagedAttribute(path: TestState.title), to: "Senior buyer")
    #expect(after.resource.document.root["nickName"]?.text == "nobody's business")
    #expect(after.resource.document.value(at: TestState.title) == "Senior buyer")
    #expect(
      after.resource.document.image(of: TestState.memberAttributes)
        == expected.image(of: TestState.memberAttributes))
    #expect(after.standing == before.standing)
    #expect(after.owners == before.owners)
    #expect(after.fingerprint != before.fingerprint)
  }

  @Test func updateToNothingTakesTheValueAway() throws {
    try state.addMembers("ann", values: [.workEmail: "ann@contoso.com"])
    try state.apply([.update("ann", .workEmail, from: "ann@contoso.com", to: nil)])

    #expect(try !text("ann").contains("emails"))
  }

  @Test func newExtensionValueDeclaresItsSchema() throws {
    try state.addMembers("ann")
    try state.apply([.update("ann", TestState.department, from: nil, to: "Sales")])

    #expect(try text("ann").contains(#""schemas":["urn:ietf:params:scim:schemas:extension"#))
  }

  @Test func memberDisabledByAValueIsNoLeaver() throws {
    try state.addMembers("ann")
    try state.apply([.update("ann", .active, from: "true", to: "false")])

    #expect(try state.memberNow("ann")?.standing == .deactivatedByUs)
    #expect(try text("ann").contains(#""active":false"#))
  }

  @Test func deactivatedLeaverCanBeReactivated() throws {
    try state.addMembers("ann", values: [TestState.title: "Buyer"])
    try state.apply([.deactivate("ann")])
    #expect(try state.memberNow("ann")?.standing == [.deactivatedByUs, .leaver])
    #expect(try text("ann").contains(#""active":false"#))

    try state.apply([
      .reactivate("ann", [.change(TestState.title, from: "Buyer", to: "Lead")])
    ])
    #expect(try state.memberNow("ann")?.standing == .active)
    #expect(try text("ann").contains(#""title":"Lead""#))
    #expect(try text("ann").contains(#""active":true"#))
  }

  @Test func deletedMemberIsGoneWithItsMembershipsAndItsIdIsNotGivenOutAgain() throws {
    try state.addMembers("ann", "bob")
    try state.addTeam("Sales", members: ["ann", "bob"])
    try state.apply([.delete("ann")])

    #expect(try state.memberNow("ann") == nil)
    #expect(try state.membersNow(of: "Sales") == [TestState.id("bob", .member): true])
    try state.read { store throws in
      #expect(try store.members(holding: Array("ann".utf8), at: .userName) == [])
    }
    #expect(
      try state.dump().tables["tombstone"]?.contains("\(TestState.id("ann", .member))") == true)
  }

  // MARK: - Teams and memberships

  @Test func createdTeamIsACanonicalGroup() throws {
    try state.apply([.createTeam("Sales")])

    let team = try #require(try state.teamNow("Sales"))
    #expect(
      String(decoding: team.resource.document.canonicalBytes, as: UTF8.self)
        == #"{"displayName":"Sales","externalId":"G-Sales","id":"\#(TestState.id("Sales", .team))","#
        + #""schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"]}"#)
    #expect(team.edgeCount == 0)
    #expect(team.claims == [])
  }

  @Test func renamedTeamKeepsItsIdAndMembers() throws {
    try state.addMembers("ann")
    try state.addTeam("Sales", members: ["ann"])
    try state.apply([.updateTeam("Sales", to: "Field sales")])

    let team = try #require(try state.teamNow("Sales"))
    #expect(team.resource.document.value(at: .displayName) == "Field sales")
    #expect(team.edgeCount == 1)
  }

  @Test func membershipsComeAndGoOneByOne() throws {
    try state.addMembers("ann", "bob")
    try state.addTeam("Sales", members: ["ann"])
    try state.apply([.leave("Sales", "ann"), .join("Sales", "bob")])

    #expect(try state.membersNow(of: "Sales") == [TestState.id("bob", .member): true])
    let team = try #require(try state.teamNow("Sales"))
    let bob = try #require(try state.memberNow("bob")?.resource.ordinal)
    let hasher = try state.read { EdgeHasher(secret: $0.secret(.fingerprints)) }
    #expect(team.edgeFingerprint == hasher.digest(ofMember: bob))
    #expect(team.edgeCount == 1)
  }

  @Test func membersAndTeamsOfOnePlanAreJoinedInIt() throws {
    try state.apply([.create("ann"), .createTeam("Sales"), .join("Sales", "ann")])

    #expect(try state.membersNow(of: "Sales") == [TestState.id("ann", .member): true])
  }
}
