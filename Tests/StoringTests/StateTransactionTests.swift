import Identity
import PlanFile
import Scanning
import TestSupport
import Testing

@testable import Storing

struct StateTransactionTests {
  private static let tables = [
    "member", "member_id", "member_index", "member_key", "member_name", "key_kind", "team",
    "team_id", "team_index", "membership",
  ]

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func manyAtOnceAndOneByOneGiveTheSameTables() throws {
    let names = (0..<40).map { "m\($0 * 7919 % 40)" }
    let atOnce = try SampleState()
    let oneByOne = try SampleState()
    let first = try atOnce.open(members: names)
    try first.write { state in
      let team = try state.insertTeam(SampleState.team("Sales"), owners: [])
      for member in UInt32(1)...40 { try state.addMembership(team: team, member: 41 - member) }
    }
    let second = try oneByOne.open()
    // Fingerprints are keyed, so both states must have one secret.
    try second.close()
    try first.close()
    try oneByOne.tamper(
      "ATTACH '\(atOnce.path)' AS other; UPDATE setting SET value = (SELECT value FROM other.setting WHERE name = setting.name) WHERE name LIKE 'secret%'"
    )
    let third = try oneByOne.open()
    try third.write { state in try state.rebase(SampleState.basis) }
    for name in names {
      try third.write { state in
        try state.insertMember(SampleState.member(name), standing: .active, owners: [])
      }
    }
    try third.write { state in try state.insertTeam(SampleState.team("Sales"), owners: []) }
    for member in UInt32(1)...40 {
      try third.write { state in try state.addMembership(team: 1, member: member) }
    }
    let rows = try atOnce.dump(Self.tables)
    #expect(rows.count > 200)
    #expect(try oneByOne.dump(Self.tables) == rows)
  }

  @Test func aMemberIsFoundByItsIDAndItsKeys() throws {
    let sample = try SampleState()
    let store = try sample.open(members: ["ann", "bob"])
    #expect(try store.ordinal(ofMember: SampleState.id("bob")) == 2)
    #expect(try store.members(holding: bytes("ANN@contoso.COM"), at: .userName) == [1])
    #expect(try store.members(holding: bytes("e-bob"), at: .externalID) == [2])
    #expect(try store.members(holding: bytes("nobody"), at: .userName).isEmpty)
    #expect(
      try store.member(1)?.resource.document.canonicalBytes
        == SampleState.member("ann").canonicalBytes)
    #expect(try store.member(9) == nil)
  }

  @Test func lookUpsSeeWhatTheTransactionHasDone() throws {
    let sample = try SampleState()
    let store = try sample.open(members: ["ann"])
    try store.write { state in
      try state.insertMember(SampleState.member("bob"), standing: .active, owners: [])
      #expect(try state.members(holding: bytes("bob@contoso.com"), at: .userName) == [2])
      let team = try state.insertTeam(SampleState.team("Sales"), owners: [])
      try state.addMembership(team: team, member: 2)
      #expect(try state.edge(team: team, member: 2) == CurrentEdge(member: 2, isOurs: true))
      #expect(try state.team(team)?.edgeCount == 1)
      try state.deleteMember(2)
      #expect(try state.members(holding: bytes("bob@contoso.com"), at: .userName).isEmpty)
      #expect(try state.team(team)?.edgeCount == 0)
    }
  }

  @Test func anUpdateMovesTheKeysWithIt() throws {
    let sample = try SampleState()
    let store = try sample.open(members: ["ann", "bob"])
    try store.write { state in
      var document = SampleState.member("ann", title: "Head")
      document.set(ManagedAttribute(path: .userName), to: "anna@contoso.com")
      try state.updateMember(1, to: document, standing: [])
    }
    #expect(try store.members(holding: bytes("ann@contoso.com"), at: .userName).isEmpty)
    #expect(try store.members(holding: bytes("anna@contoso.com"), at: .userName) == [1])
    #expect(try store.members(holding: bytes("E-ann"), at: .externalID) == [1])
    let member = try #require(try store.member(1))
    #expect(member.standing == [])
    let fingerprinter = Fingerprinter(
      attributes: SampleState.attributes, secret: store.secret(.fingerprints))
    #expect(
      member.fingerprint
        == fingerprinter.fingerprint(of: SampleState.image(of: member.resource.document)))
  }

  @Test func twoMembersMaySwapAKeyInOneWrite() throws {
    let sample = try SampleState()
    let store = try sample.open(members: ["ann", "bob"])
    try store.write { state in
      for (ordinal, name, other) in [(UInt32(1), "ann", "bob"), (2, "bob", "ann")] {
        var document = SampleState.member(name)
        document.set(ManagedAttribute(path: .userName), to: "\(other)@contoso.com")
        try state.updateMember(ordinal, to: document, standing: .active)
      }
    }
    #expect(try store.members(holding: bytes("ann@contoso.com"), at: .userName) == [2])
    #expect(try store.members(holding: bytes("bob@contoso.com"), at: .userName) == [1])
  }

  @Test func anIDIsGivenOutOnce() throws {
    let sample = try SampleState()
    let store = try sample.open(members: ["ann"])
    #expect(throws: StoreFailure(.duplicateID(SampleState.id("ann")), path: sample.path)) {
      try store.write { state in
        try state.insertMember(SampleState.member("ann"), standing: .active, owners: [])
      }
    }
    try store.write { state in try state.insertTeam(SampleState.team("Sales"), owners: []) }
    #expect(throws: StoreFailure(.duplicateID(ResourceID("team-Sales")), path: sample.path)) {
      try store.write { state in
        try state.insertTeam(SampleState.team("Sales"), owners: [])
      }
    }
  }

  @Test func ordinalsAreNotUsedAgain() throws {
    let sample = try SampleState()
    let store = try sample.open(members: ["ann", "bob"])
    try store.write { state in try state.deleteMember(2) }
    let next = try store.write { state in
      try state.insertMember(SampleState.member("eve"), standing: .active, owners: [])
    }
    #expect(next == 3)
  }

  @Test func aDeletedMemberLeavesNothingButItsTombstone() throws {
    let sample = try SampleState()
    let store = try sample.open(members: ["ann", "bob"])
    try store.write { state in
      let team = try state.insertTeam(SampleState.team("Sales"), owners: [])
      try state.addMembership(team: team, member: 1)
      try state.addMembership(team: team, member: 2)
    }
    try store.write { state in try state.deleteMember(2) }
    #expect(try store.ordinal(ofMember: SampleState.id("bob")) == nil)
    #expect(try store.edges(ofTeam: 1) == [CurrentEdge(member: 1, isOurs: true)])
    let rows = try sample.dump(["member", "member_id", "member_index", "member_key"])
    #expect(!rows.contains { $0.contains("bob") })
    try sample.tamper("UPDATE member_name SET texts = substr(texts, 1025)")
    #expect(try !sample.dump(["member_name"]).contains { $0.contains("bob") })
    #expect(try sample.dump(["tombstone"]).count == 1)
  }

  @Test func theFingerprintOfATeamIsTheSumOfItsEdges() throws {
    var random = SeededGenerator(seed: 11)
    let sample = try SampleState()
    let store = try sample.open(members: (0..<20).map { "m\($0)" })
    try store.write { state in
      for name in ["a", "b", "c"] { try state.insertTeam(SampleState.team(name), owners: []) }
    }
    let hasher = EdgeHasher(secret: store.secret(.fingerprints))
    var edges: Set<[UInt32]> = []
    for _ in 0..<6 {
      try store.write { state in
        for _ in 0..<30 {
          let edge = [
            UInt32.random(in: 1...3, using: &random), UInt32.random(in: 1...20, using: &random),
          ]
          if edges.remove(edge) != nil {
            try state.removeMembership(team: edge[0], member: edge[1])
          } else {
            edges.insert(edge)
            try state.addMembership(team: edge[0], member: edge[1])
          }
        }
      }
      for team in try store.teams() {
        let ordinal = team.resource.ordinal
        let members = edges.filter { $0[0] == ordinal }.map { $0[1] }.sorted()
        let sum = members.reduce(Fingerprint.zero) { $0 &+ hasher.digest(ofMember: $1) }
        #expect(team.edgeFingerprint == sum)
        #expect(team.edgeCount == members.count)
        #expect(try store.edges(ofTeam: ordinal).map(\.member) == members)
      }
    }
    let teams = try store.teams(ofMembers: [5])[0].map(\.team)
    #expect(teams == edges.filter { $0[1] == 5 }.map { $0[0] }.sorted())
  }

  @Test func aMembershipIsThereOnceOrNotAtAll() throws {
    let sample = try SampleState()
    let store = try sample.open(members: ["ann"])
    try store.write { state in
      try state.insertTeam(SampleState.team("Sales"), owners: [])
      try state.addMembership(team: 1, member: 1, isOurs: false)
    }
    #expect(throws: StoreFailure(.membershipExists(team: 1, member: 1), path: sample.path)) {
      try store.write { state in try state.addMembership(team: 1, member: 1) }
    }
    #expect(throws: StoreFailure(.membershipMissing(team: 1, member: 2), path: sample.path)) {
      try store.write { state in try state.removeMembership(team: 1, member: 2) }
    }
    #expect(try store.edges(ofTeam: 1) == [CurrentEdge(member: 1, isOurs: false)])
  }

  @Test func aDocumentThatWouldChangeItsIDIsRefused() throws {
    let sample = try SampleState()
    let store = try sample.open(members: ["ann"])
    #expect(throws: StoreFailure.self) {
      try store.write { state in
        try state.updateMember(1, to: SampleState.member("bob"), standing: .active)
      }
    }
  }

  @Test func aTextReadsBackAsItsBasis() throws {
    #expect(IndexBasis(text: SampleState.basis.text) == SampleState.basis)
    #expect(IndexBasis(text: IndexBasis.none.text) == IndexBasis.none)
    #expect(IndexBasis(text: "version 999\n") == nil)
    #expect(IndexBasis(text: "version 1\nkey userName\n") == nil)
    #expect(IndexBasis(text: "nonsense") == nil)
    let noUnique = IndexBasis(attributes: SampleState.attributes, keys: SampleState.basis.keys)
    #expect(noUnique.hasSameIndex(as: SampleState.basis.text))
    #expect(!IndexBasis.none.hasSameIndex(as: SampleState.basis.text))
  }
}
