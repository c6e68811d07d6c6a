import Identity
import Scanning
import TestSupport
import Testing

@testable import Storing

struct MemberScanTests {
  /// A state with members of random titles, some of them deleted again.
  private func filled(seed: UInt64, count: Int = 1100) throws -> (SampleState, StateStore) {
    var random = SeededGenerator(seed: seed)
    let sample = try SampleState()
    let store = try sample.open()
    try store.write { state in
      try state.rebase(SampleState.basis)
      for number in 0..<count {
        var document = SampleState.member("m\(number)")
        if Bool.random(using: &random) {
          document.set(
            ManagedAttribute(path: AttributePath(attribute: "title")),
            to: ["Head \"of\" it", "Ä\n", "x"].randomElement(using: &random) ?? "")
        } else {
          document.remove(AttributePath(attribute: "title"))
        }
        try state.insertMember(
          document, standing: Bool.random(using: &random) ? .active : [],
          owners: ExportSet(rawValue: UInt64.random(in: 0...UInt64.max, using: &random)))
      }
      for ordinal in UInt32(1)...UInt32(count) where Int.random(in: 0..<5, using: &random) == 0 {
        try state.deleteMember(ordinal)
      }
      // A page whose members are all gone.
      for ordinal in UInt32(512)..<768 where try state.member(ordinal) != nil {
        try state.deleteMember(ordinal)
      }
    }
    return (sample, store)
  }

  /// What the scan should find, one member at a time through its document.
  private func expected(
    _ store: StateStore, _ basis: IndexBasis, without missing: [AttributeID] = []
  ) throws -> CurrentMembers {
    let fingerprinter = Fingerprinter(
      attributes: basis.attributes, secret: store.secret(.fingerprints))
    let hasher = KeyHasher(keys: basis.keys, secret: store.secret(.fingerprints))
    var members = CurrentMembers(keyCount: basis.keys.count)
    try store.forEachMember { member in
      let image = member.resource.document.image(of: basis.attributes)
      var counted = AttributeImage()
      for entry in image.entries where !missing.contains(entry.id) {
        counted.append(entry.id, image.bytes[entry.range])
      }
      members.ordinals.append(member.resource.ordinal)
      members.fingerprints.append(fingerprinter.fingerprint(of: counted))
      members.standings.append(member.standing)
      members.owners.append(member.owners)
      for (key, hash) in hasher.hashes(of: image).enumerated() {
        members.keyHashes[key].append(hash)
      }
    }
    return members
  }

  private func scan(
    _ store: StateStore, _ basis: IndexBasis, _ source: MemberScan.Source,
    without missing: [AttributeID] = [], pieceSize: Int = 1, threads: Int = 3
  ) throws -> CurrentMembers {
    var scan = MemberScan(
      basis: basis, secret: store.secret(.fingerprints), source: source, missing: missing)
    scan.pieceSize = pieceSize
    return try scan.run(on: ParallelRead(store: store, threads: threads))
  }

  @Test(arguments: [MemberScan.Source.stored, .recomputed])
  func columnsAreWhatTheResourcesSayInAnyNumberOfPieces(source: MemberScan.Source) throws {
    let (sample, store) = try filled(seed: 1)
    _ = sample
    let wanted = try expected(store, SampleState.basis)
    #expect(wanted.count > 500 && wanted.seat(ofOrdinal: 600) == nil)
    for (pieceSize, threads) in [(1, 1), (1, 2), (1, 8), (2, 2), (3, 1), (1000, 2)] {
      let found = try scan(
        store, SampleState.basis, source, pieceSize: pieceSize, threads: threads)
      #expect(found.isSame(as: wanted), "pieces of \(pieceSize), \(threads) threads")
    }
  }

  @Test func computingAnewEqualsWhatIsStored() async throws {
    let (sample, store) = try filled(seed: 2)
    _ = sample
    let stored = try scan(store, SampleState.basis, .stored)
    #expect(try scan(store, SampleState.basis, .recomputed).isSame(as: stored))
  }

  @Test(arguments: SampleState.attributes.ids)
  func leavingAnAttributeOutEqualsComputingWithoutIt(id: AttributeID) async throws {
    let (sample, store) = try filled(seed: 3)
    _ = sample
    let wanted = try expected(store, SampleState.basis, without: [id])
    for source in [MemberScan.Source.stored, .recomputed] {
      let found = try scan(store, SampleState.basis, source, without: [id])
      #expect(found.isSame(as: wanted), "\(SampleState.attributes[id].path) \(source)")
    }
  }

  @Test func severalAttributesCanBeLeftOut() async throws {
    let (sample, store) = try filled(seed: 4)
    _ = sample
    let ids = [SampleState.attributes.ids[7], SampleState.attributes.ids[2]]
    let wanted = try expected(store, SampleState.basis, without: ids)
    #expect(try await store.members(SampleState.basis, without: ids).isSame(as: wanted))
  }

  @Test func anotherBasisIsComputedAndThenStored() async throws {
    let (sample, store) = try filled(seed: 5)
    let set = SampleState.set(["displayName", "title", "userName"])
    let key = MatchKey(path: .userName, id: try #require(set.id(of: .userName)))
    let other = IndexBasis(attributes: set, keys: [key])
    let wanted = try expected(store, other)
    #expect(try await store.members(other).isSame(as: wanted))
    try store.write { state in try state.rebase(other) }
    #expect(try await store.members(other).isSame(as: wanted))
    #expect(try scan(store, other, .stored).isSame(as: wanted))
    #expect(try store.members(holding: Array("M7@contoso.com".utf8), at: .userName).count <= 1)
    #expect(throws: StoreFailure.self) {
      try store.members(holding: [], at: .externalID)
    }
    try store.close()
    // Back again: the same tables as at first, but for the counter of changes.
    let tables = ["member_index", "member_key", "key_kind"]
    let store2 = try sample.open()
    try store2.write { state in try state.rebase(SampleState.basis) }
    let there = try sample.dump(tables)
    try store2.write { state in try state.rebase(other) }
    #expect(try sample.dump(tables) != there)
    try store2.write { state in try state.rebase(SampleState.basis) }
    #expect(try sample.dump(tables) == there)
  }

  @Test func anEmptyStateHasNoMembers() async throws {
    let store = try SampleState().open()
    #expect(try await store.members(SampleState.basis).count == 0)
  }

  @Test func damageIsToldAndNotGuessed() async throws {
    for sql in [
      "UPDATE member_index SET entries = x'00'",
      "UPDATE member_index SET entries = zeroblob(length(entries) - 1)",
      "UPDATE member_index SET entries = zeroblob(length(entries) + 2048)",
      "INSERT INTO member_index SELECT 1, entries FROM member_index",
      "INSERT INTO member_index SELECT -1, entries FROM member_index",
      "UPDATE member_index SET page = 1 << 40",
    ] {
      let sample = try SampleState()
      try sample.open(members: ["ann", "bob", "eve"]).close()
      try sample.tamper(sql)
      let store = try sample.open(.reading)
      await #expect(throws: StoreFailure.self, "\(sql)") {
        try await store.members(SampleState.basis)
      }
    }
    for sql in [
      "UPDATE member SET resource = '{\"a' WHERE ordinal = 2",
      "DELETE FROM member WHERE ordinal = 2",
    ] {
      let sample = try SampleState()
      try sample.open(members: ["ann", "bob", "eve"]).close()
      try sample.tamper(sql)
      let store = try sample.open(.reading)
      await #expect(throws: StoreFailure.self) {
        try await store.members(SampleState.basis, without: [AttributeID(5)])
      }
      #expect(throws: StoreFailure.self) { try store.resources(ofMembers: [1, 2]) }
      await #expect(throws: StoreFailure.self) {
        try await store.values(ofMembers: [1, 2], of: SampleState.attributes)
      }
    }
  }

  @Test func valuesAreThoseOfTheDocuments() async throws {
    let (sample, store) = try filled(seed: 6, count: 60)
    _ = sample
    var ordinals: [UInt32] = []
    try store.forEachMember { ordinals.append($0.resource.ordinal) }
    ordinals.reverse()
    let resources = try store.resources(ofMembers: ordinals)
    let values = try await store.values(ofMembers: ordinals, of: SampleState.attributes)
    #expect(values.map(\.ordinal) == ordinals)
    #expect(values.map(\.id) == resources.map(\.id))
    #expect(values.map(\.image) == resources.map { SampleState.image(of: $0.document) })
  }
}

extension CurrentMembers {
  func isSame(as other: CurrentMembers) -> Bool {
    ordinals == other.ordinals && fingerprints == other.fingerprints
      && standings == other.standings && owners == other.owners && keyHashes == other.keyHashes
  }
}
