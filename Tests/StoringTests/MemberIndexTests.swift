import Identity
import Scanning
import TestSupport
import Testing

@testable import Storing

/// A dictionary is the slow twin of the pages.
struct MemberIndexTests {
  private typealias Entry = MemberIndexPage.Entry

  private func entries(_ state: StateTransaction) throws -> [UInt32: Entry] {
    var found: [UInt32: Entry] = [:]
    for number in try state.index.numbers() {
      let page = try #require(try state.index.page(number))
      for place in 0..<MemberIndexPage.places {
        found[UInt32(number * MemberIndexPage.places + place)] = page[place]
      }
    }
    return found
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func manyChangesLeaveWhatADictionaryHolds(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let sample = try SampleState()
    let store = try sample.open()
    var wanted: [UInt32: Entry] = [:]
    for _ in 0..<4 {
      try store.write { state in
        for _ in 0..<300 {
          let ordinal = UInt32.random(in: 250..<1290, using: &random)
          switch Int.random(in: 0..<5, using: &random) {
          case 0, 1:
            let entry = MemberIndexPageTests.randomEntry(keyCount: 2, using: &random)
            try state.index.put(entry, at: ordinal)
            wanted[ordinal] = entry
          case 2:
            let owners = ExportSet(export: Int.random(in: 0..<64, using: &random))
            try state.addOwners(owners, toMember: ordinal)
            wanted[ordinal]?.owners.formUnion(owners)
          case 3:
            try state.setStanding([.leaver, .deactivatedByUs], ofMember: ordinal)
            wanted[ordinal]?.standing = [.leaver, .deactivatedByUs]
          default:
            try state.index.remove(ordinal)
            wanted[ordinal] = nil
          }
        }
        #expect(try entries(state) == wanted, "what a transaction reads")
      }
      let committed = try store.write { state in try entries(state) }
      #expect(committed == wanted, "what was committed")
    }
    #expect(wanted.count > 100)
  }

  @Test func aRemovedMemberLeavesZeros() throws {
    let sample = try SampleState()
    let store = try sample.open(members: ["ann"])
    try store.write { state in try state.deleteMember(1) }
    let page = try store.read { statements throws(StoreFailure) in
      try MemberIndex(statements).page(0)
    }
    #expect(page?.bytes.allSatisfy { $0 == 0 } == true)
  }

  @Test func membersOnBothSidesOfABorderAreFoundAndChanged() async throws {
    let sample = try SampleState()
    let store = try sample.open(members: (1...520).map { "m\($0)" })
    let borders: [UInt32] = [1, 255, 256, 511, 512, 520]
    let people = ExportSet(export: 3)
    try store.write { state in
      for ordinal in borders {
        try state.addOwners(people, toMember: ordinal)
        #expect(try state.member(ordinal)?.owners == people)
      }
      try state.setStanding([], ofMember: 256)
      try state.deleteMember(255)
    }
    let members = try await store.members(SampleState.basis)
    #expect(members.ordinals == (1...520).filter { $0 != 255 })
    for (seat, ordinal) in members.ordinals.enumerated() {
      #expect(members.owners[seat] == (borders.contains(ordinal) ? people : []))
      #expect(members.standings[seat] == (ordinal == 256 ? [] : .active))
    }
  }

  @Test func aFailedWriteLeavesThePagesAsTheyWere() throws {
    struct Doubt: Error {}
    let sample = try SampleState()
    let store = try sample.open(members: (1...300).map { "m\($0)" })
    let before = try sample.dump(["member_index"])
    #expect(throws: Doubt.self) {
      try store.write { state in
        try state.setStanding([], ofMember: 7)
        try state.addOwners(ExportSet(export: 1), toMember: 270)
        throw Doubt()
      }
    }
    #expect(try sample.dump(["member_index"]) == before)
    try store.write { state in try state.setStanding([], ofMember: 7) }
    #expect(try store.member(7)?.standing == [])
  }

  @Test func aDamagedPageIsToldWhenAMemberIsChanged() throws {
    let changes: [(StateTransaction) throws -> Void] = [
      { try $0.setStanding([], ofMember: 1) },
      { try $0.addOwners(ExportSet(export: 1), toMember: 1) },
      { try $0.updateMember(1, to: SampleState.member("ann"), standing: []) },
      { try $0.insertMember(SampleState.member("bob"), standing: [], owners: []) },
      { try $0.deleteMember(1) },
    ]
    for change in changes {
      let sample = try SampleState()
      try sample.open(members: ["ann"]).close()
      try sample.tamper("UPDATE member_index SET entries = zeroblob(99)")
      let store = try sample.open()
      #expect(throws: StoreFailure.damagedPage(0, path: sample.path)) {
        try store.write { state in try change(state) }
      }
    }
  }
}
