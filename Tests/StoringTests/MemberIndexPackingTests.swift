import Identity
import Scanning
import TestSupport
import Testing

@testable import Storing

struct MemberIndexPackingTests {
  /// 700 members with owners and standings of their own, and a gap that is wider than a page.
  private func filled() throws -> SampleState {
    let sample = try SampleState()
    let store = try sample.open(members: (1...700).map { "m\($0)" })
    try store.write { state in
      for ordinal in UInt32(1)...700 where ordinal % 3 == 0 {
        try state.addOwners(ExportSet(export: Int(ordinal % 64)), toMember: ordinal)
        try state.setStanding([.leaver, .deactivatedByUs], ofMember: ordinal)
      }
      for ordinal in UInt32(200)...520 { try state.deleteMember(ordinal) }
    }
    try store.close()
    return sample
  }

  @Test(arguments: [StateStore.Access.reading, .writing])
  func aStateOfTheFirstVersionIsPackedWhenItIsOpened(access: StateStore.Access) async throws {
    let sample = try filled()
    let before = try sample.open(.reading)
    let wanted = try await before.members(SampleState.basis)
    try before.close()
    try sample.unpackIndex()
    #expect(try sample.dump(["member_index"]).count == wanted.count)

    let store = try sample.open(access)
    #expect(try await store.members(SampleState.basis).isSame(as: wanted))
    #expect(try store.member(9)?.standing == [.leaver, .deactivatedByUs])
    #expect(try store.verifyFile() == nil)
    try store.close()
    #expect(try sample.dump(["member_index"]).count == 2, "a page without members is left out")
    let tables = try sample.dump(["sqlite_master"])
    #expect(!tables.contains { $0.contains("member_row") })
  }

  @Test func aPackedStateCanBeWrittenTo() async throws {
    let sample = try filled()
    try sample.unpackIndex()
    let store = try sample.open()
    try store.write { state in
      try state.insertMember(SampleState.member("new"), standing: .active, owners: [])
      try state.setStanding([], ofMember: 300)
    }
    #expect(try store.member(701)?.standing == .active)
    #expect(try store.member(300) == nil)
    let members = try await store.members(SampleState.basis)
    #expect(members.ordinals == (1...701).filter { !(200...520).contains($0) })
  }

  @Test(arguments: [
    "fingerprint = x'00'", "keys = x'00'", "keys = zeroblob(24)", "standing = 300",
  ])
  func aDamagedRowIsToldAndNothingIsPacked(change: String) throws {
    let sample = try SampleState()
    try sample.open(members: ["ann", "bob", "eve"]).close()
    try sample.unpackIndex()
    try sample.tamper("UPDATE member_index SET \(change) WHERE ordinal = 2")
    #expect(
      throws: StoreFailure(
        .corrupt(detail: "the index of member 2 is damaged"), path: sample.path)
    ) {
      try sample.open()
    }
    #expect(try sample.dump(["member_index"]).count == 3)
  }
}
