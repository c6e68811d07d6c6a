import Identity
import PlanFile
import Scanning
import TestSupport
import Testing

import class Foundation.FileManager

@testable import Storing

/// The load of many memberships hurries, `addMembership` and `journal` one by one are its slow twin.
struct MembershipAdditionsTests {
  private static let teamCount = 3

  private struct Load {
    let operations: [Operation]
    let grounds: [Evidence.Grounds]
    let edges: [MembershipAdditions.Edge]

    /// Every member in every team, the teams by turns, so that rows do not come in the order of the table.
    init(memberCount: Int) {
      let teams = 0..<MembershipAdditionsTests.teamCount
      let pairs = (0..<memberCount).reversed().flatMap { member in
        teams.map { (team: $0, member: member) }
      }
      operations = pairs.map { team, member in
        Operation(
          subject: SubjectRef(id: ResourceID("team-\(team)"), name: "Team \"\(team)\""),
          action: .addMembership(SubjectRef(id: SampleState.id("n\(member)"), name: "n\(member)")),
          situation: .listed, classes: team == 1 ? .grant : [], rule: "memberships")
      }
      grounds = pairs.indices.map { place in
        let origin = RecordOrigin(export: "memberships", file: "m.csv", line: place + 2)
        return Evidence.Grounds(
          operation: place, origins: place % 4 == 0 ? [] : [origin], stateBefore: nil)
      }
      edges = pairs.map {
        MembershipAdditions.Edge(team: UInt32($0.team + 1), member: UInt32($0.member + 1))
      }
    }
  }

  /// A state with teams and members, so many that their ordinals are those of `Load`.
  private func prepared(memberCount: Int) throws -> SampleState {
    let sample = try SampleState()
    let store = try sample.open(members: (0..<memberCount).map { "n\($0)" })
    try store.write { state in
      for team in 0..<Self.teamCount {
        _ = try state.insertTeam(SampleState.team("\(team)"), owners: [])
      }
      let first = try #require(try state.ordinal(ofMember: SampleState.id("n0")))
      let team = try #require(try state.ordinal(ofTeam: ResourceID("team-0")))
      #expect(first == 1 && team == 1)
    }
    try store.close()
    return sample
  }

  private func write(_ load: Load, into sample: SampleState, atOnce: Bool) throws {
    let store = try sample.open()
    try store.write { state in
      try state.beginRun(SampleState.start())
      if atOnce {
        try state.add(
          MembershipAdditions(
            load.operations, load.operations.indices, grounds: load.grounds, edges: load.edges,
            isOurs: true)
        ) { _ in }
      } else {
        for (place, operation) in load.operations.enumerated() {
          try state.addMembership(
            team: load.edges[place].team, member: load.edges[place].member)
          try state.journal(operation, origins: load.grounds[place].origins)
        }
      }
      try state.finishRun(.applied, at: 110)
    }
    #expect(try store.verifyFile() == nil)
    #expect(try store.verifyJournal().isSound)
    try store.close()
  }

  @Test(arguments: [1, 341, 342, 700])
  func aLoadLeavesWhatTheSameMembershipsOneByOneLeave(memberCount: Int) throws {
    let fast = try prepared(memberCount: memberCount)
    let slow = try SampleState()
    try FileManager.default.copyItem(atPath: fast.path, toPath: slow.path)
    let load = Load(memberCount: memberCount)
    try write(load, into: fast, atOnce: true)
    try write(load, into: slow, atOnce: false)

    let tables = ["membership", "team_members", "team_index"]
    #expect(try fast.dump(tables) == slow.dump(tables))
    let runs = try [fast, slow].map { sample in
      let store = try sample.open(.reading)
      defer { try? store.close() }
      return try store.journaledRun(1)
    }
    #expect(runs[0].operations == load.operations)
    #expect(runs[1].operations == load.operations)
    #expect(runs[0].grounds.map(\.origins) == runs[1].grounds.map(\.origins))
  }

  @Test func aMembershipThatIsThereRefusesTheLoadAndLeavesNothing() throws {
    let sample = try prepared(memberCount: 2)
    let load = Load(memberCount: 2)
    try write(load, into: sample, atOnce: false)
    let before = try sample.dump(["membership", "team_index", "operation", "run"])
    #expect(throws: StoreFailure(.membershipExists(team: 1, member: 1), path: sample.path)) {
      try write(load, into: sample, atOnce: true)
    }
    #expect(try sample.dump(["membership", "team_index", "operation", "run"]) == before)
  }

  /// So many that two threads sort them.
  @Test func afterALargeLoadTheTeamsOfAMemberAreFound() throws {
    let sample = try SampleState()
    let store = try sample.open(members: ["ann"])
    try store.write { state in
      for number in 0..<2 {
        _ = try state.insertTeam(SampleState.team("\(number)"), owners: [])
      }
      for member in 0..<60_000 {
        for team in 1...2 { try state.addMembership(team: UInt32(team), member: UInt32(member)) }
      }
    }
    #expect(try store.verifyFile() == nil)
    #expect(try store.teams(ofMembers: [59_999]).first?.map(\.team) == [1, 2])
    #expect(try store.edges(ofTeam: 2).map(\.member) == Array(0..<60_000))
    try store.close()
  }
}
