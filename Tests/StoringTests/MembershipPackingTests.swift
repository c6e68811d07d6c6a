import GRDB
import Identity
import TestSupport
import Testing

@testable import Storing

struct MembershipPackingTests {
  /// Three teams, of which one is empty, with memberships of both kinds.
  private func filled(seed: UInt64) throws -> SampleState {
    var random = SeededGenerator(seed: seed)
    let sample = try SampleState()
    let store = try sample.open(members: (1...30).map { "m\($0)" })
    try store.write { state in
      for name in ["a", "b", "c"] { try state.insertTeam(SampleState.team(name), owners: []) }
      for team in [UInt32(1), 3] {
        for member in UInt32(1)...30 where Bool.random(using: &random) {
          try state.addMembership(
            team: team, member: member, isOurs: Bool.random(using: &random))
        }
      }
      for ordinal in UInt32(4)...6 { try state.deleteMember(ordinal) }
    }
    try store.close()
    return sample
  }

  /// Turns a closed state into what version 4 would have left.
  private func unpack(_ sample: SampleState) throws {
    try sample.tamper(
      """
      ALTER TABLE membership RENAME TO packed;
      CREATE TABLE membership (
        team INTEGER NOT NULL, member INTEGER NOT NULL, ours INTEGER NOT NULL,
        PRIMARY KEY (team, member)) STRICT, WITHOUT ROWID;
      CREATE INDEX membership_of_member ON membership (member);
      INSERT INTO membership SELECT * FROM packed;
      DROP TABLE packed; DROP TABLE team_members;
      DELETE FROM grdb_migrations WHERE identifier LIKE '5 %';
      PRAGMA user_version = 4;
      """)
  }

  @Test(arguments: UInt64(0)..<10, [StateStore.Access.reading, .writing])
  func anOlderStateIsPackedWhenItIsOpened(seed: UInt64, access: StateStore.Access) throws {
    let sample = try filled(seed: seed)
    let tables = ["membership", "team_members", "team_index", "sqlite_schema"]
    let before = try sample.dump(Array(tables.dropLast()))
    let names = try sample.dump(["sqlite_schema"]).count
    try unpack(sample)
    #expect(try sample.dump(["sqlite_schema"]) != before)
    let store = try sample.open(access)
    #expect(try store.verifyFile() == nil, "seed \(seed)")
    #expect(try store.edges(ofTeam: 2).isEmpty)
    try store.close()
    #expect(try sample.dump(Array(tables.dropLast())) == before, "seed \(seed)")
    #expect(try sample.dump(["sqlite_schema"]).count == names, "nothing old is left")
  }

  @Test func aPackedStateCanBeWrittenTo() throws {
    let sample = try filled(seed: 3)
    try unpack(sample)
    let store = try sample.open()
    let before = try store.edges(ofTeam: 2)
    try store.write { state in
      try state.addMembership(team: 2, member: 9)
      try state.deleteTeam(1)
    }
    #expect(before.isEmpty)
    #expect(try store.edges(ofTeam: 2) == [CurrentEdge(member: 9, isOurs: true)])
    #expect(try store.edges(ofTeam: 1).isEmpty)
    #expect(try store.verifyFile() == nil)
  }

  @Test func aDamagedRowIsToldAndNothingIsPacked() throws {
    let sample = try filled(seed: 3)
    try unpack(sample)
    try sample.tamper("UPDATE membership SET member = -5 WHERE team = 1 AND member = 30")
    try sample.tamper("INSERT OR REPLACE INTO membership VALUES (1, -5, 1)")
    #expect(
      throws: StoreFailure(
        .corrupt(detail: "the membership of member -5 is damaged"), path: sample.path)
    ) {
      try sample.open()
    }
    #expect(try sample.dump(["sqlite_schema"]).contains { $0.contains("membership_of_member") })
  }
}

struct MembershipVerificationTests {
  private func filled() throws -> SampleState {
    let sample = try SampleState()
    let store = try sample.open(members: ["ann", "bob"])
    try store.write { state in
      for name in ["a", "b"] { try state.insertTeam(SampleState.team(name), owners: []) }
      for member in UInt32(1)...2 { try state.addMembership(team: 2, member: member) }
    }
    #expect(try store.verifyFile() == nil)
    try store.close()
    return sample
  }

  @Test(arguments: [
    "DELETE FROM membership WHERE member = 1", "INSERT INTO membership VALUES (2, 9, 1)",
    "DELETE FROM team_members", "UPDATE team_members SET members = x'01000000'",
    "UPDATE team_index SET edge_count = 3 WHERE ordinal = 2",
  ])
  func anEditBehindTheStatesBackIsFound(change: String) throws {
    let sample = try filled()
    try sample.tamper(change)
    let store = try sample.open(.reading)
    #expect(
      try store.verifyFile()
        == "the memberships of team 2 are not the same wherever they are kept")
  }

  @Test func damagedMembersAreTold() throws {
    let sample = try filled()
    try sample.tamper("UPDATE team_members SET members = x'0102'")
    let store = try sample.open(.reading)
    #expect(
      throws: StoreFailure(
        .corrupt(detail: "the members of team 2 are damaged"), path: sample.path)
    ) {
      try store.edges(ofTeam: 2)
    }
  }

  /// Sets of pairs are the slow twin; teams and members are deleted meanwhile.
  @Test(arguments: UInt64(0)..<12)
  func manyChangesLeaveTheSameEverywhere(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let sample = try SampleState()
    let store = try sample.open(members: (1...12).map { "m\($0)" })
    try store.write { state in
      for name in 1...4 { try state.insertTeam(SampleState.team("\(name)"), owners: []) }
    }
    var edges: [[UInt32]: Bool] = [:]
    var (members, teams) = (Array(UInt32(1)...12), Array(UInt32(1)...4))
    for _ in 0..<8 {
      try store.write { state in
        for _ in 0..<25 {
          let edge = [teams.randomElement(using: &random), members.randomElement(using: &random)]
            .compactMap { $0 }
          if edges.removeValue(forKey: edge) != nil {
            try state.removeMembership(team: edge[0], member: edge[1])
          } else {
            let isOurs = Bool.random(using: &random)
            edges[edge] = isOurs
            try state.addMembership(team: edge[0], member: edge[1], isOurs: isOurs)
          }
        }
        if members.count > 6 {
          let gone = members.remove(at: Int.random(in: 0..<members.count, using: &random))
          try state.deleteMember(gone)
          edges = edges.filter { $0.key[1] != gone }
        }
        if teams.count > 2, Bool.random(using: &random) {
          let gone = teams.removeLast()
          try state.deleteTeam(gone)
          edges = edges.filter { $0.key[0] != gone }
        }
      }
      #expect(try store.verifyFile() == nil, "seed \(seed)")
      for team in UInt32(1)...4 {
        let expected = edges.filter { $0.key[0] == team }.sorted { $0.key[1] < $1.key[1] }
          .map { CurrentEdge(member: $0.key[1], isOurs: $0.value) }
        #expect(try store.edges(ofTeam: team) == expected, "seed \(seed)")
      }
      for member in UInt32(1)...12 {
        let expected = edges.filter { $0.key[1] == member }.sorted { $0.key[0] < $1.key[0] }
          .map { TeamEdge(team: $0.key[0], isOurs: $0.value) }
        #expect(try store.teams(ofMembers: [member])[0] == expected, "seed \(seed)")
      }
    }
  }
}
