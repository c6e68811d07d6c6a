import Identity
import PlanFile
import Scanning
import TestSupport
import Testing

@testable import Storing

/// What a member is called: the name is nil where it has none.
private struct MemberName: Hashable {
  let id: ResourceID
  let name: String?

  /// As a plan has it.
  var subject: SubjectRef { SubjectRef(id: id, name: name ?? id.description) }
}

struct MemberNamePageTests {
  private static func name(_ random: inout SeededGenerator) -> MemberName {
    let number = UInt64.random(in: 0..<1000, using: &random)
    let id: ResourceID =
      Bool.random(using: &random)
      ? ResourceID(high: number << 40 | 7, low: ~number)
      : ResourceID(["", "x", "a longer id of \(number)"].randomElement(using: &random) ?? "")
    return MemberName(
      id: id, name: Int.random(in: 0..<5, using: &random) == 0 ? nil : "name \(number) é")
  }

  private static func text(_ name: MemberName) -> [UInt8] {
    var text: [UInt8] = []
    let userName = Array((name.name ?? "").utf8)
    MemberNamePage.append(id: name.id, name: userName.span, to: &text)
    return text
  }

  private static func subject(
    at place: Int, in page: [UInt8], byUserName: Bool = true
  ) -> SubjectRef? {
    var subjects = SubjectColumn()
    let isThere = MemberNamePage.addSubject(
      at: place, in: page.span, byUserName: byUserName, to: &subjects)
    #expect(subjects.count == (isThere ? 1 : 0))
    return isThere ? subjects[0] : nil
  }

  @Test func aNumberThatNoMemberHasEndsEveryWalk() throws {
    let sample = try SampleState()
    let made = try sample.open()
    try made.close()
    try sample.tamper("INSERT INTO member VALUES (4294967299, '{\"id\":\"x\",\"userName\":\"x\"}')")
    let store = try sample.open(.reading)
    #expect(throws: StoreFailure.self) { try store.forEachMember { _ in } }
    #expect(try store.verifyFile()?.contains("4294967299") == true)
  }

  @Test(arguments: UInt64(0)..<30)
  func holdsWhatADictionaryHolds(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var page = MemberNamePage()
    var names: [Int: MemberName] = [:]
    for step in 0..<400 {
      let place =
        step < 200 ? step : Int.random(in: 0..<MemberNamePage.places, using: &random)
      names[place] = step % 9 == 8 ? nil : Self.name(&random)
      let text = names[place].map(Self.text) ?? []
      page.set(place, to: text.span)
    }
    let bytes = page.bytes
    let read = MemberNamePage(bytes.span)
    let stored = try #require(read)
    #expect(stored.bytes == bytes)
    #expect(stored.count == names.count)
    for place in 0..<MemberNamePage.places {
      #expect(Array(page[place]) == names[place].map(Self.text) ?? [], "seed \(seed)")
      #expect(Self.subject(at: place, in: bytes) == names[place]?.subject, "seed \(seed)")
      let id = names[place]?.id
      #expect(
        Self.subject(at: place, in: bytes, byUserName: false)
          == id.map { SubjectRef(id: $0, name: $0.description) }, "seed \(seed)")
    }
    let nobody: [UInt8] = []
    for place in names.keys { page.set(place, to: nobody.span) }
    #expect(page.isEmpty && page.bytes == MemberNamePage().bytes)
  }

  /// The file may have been edited by others.
  @Test(arguments: UInt64(0)..<200)
  func damagedBytesAreNobodysName(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var page = MemberNamePage()
    for place in 0..<MemberNamePage.places {
      let text = Self.text(Self.name(&random))
      page.set(place, to: text.span)
    }
    var bytes = page.bytes
    for _ in 0..<40 {
      bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(
        in: 0...255, using: &random)
    }
    bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
    for place in 0..<MemberNamePage.places {
      _ = Self.subject(at: place, in: bytes)
    }
    if let read = MemberNamePage(bytes.span) { #expect(read.bytes == bytes) }
  }
}

struct MemberNamesTests {
  /// What resources say, one by one: the slow twin.
  private func said(_ store: StateStore) throws -> [UInt32: MemberName] {
    var names: [UInt32: MemberName] = [:]
    try store.forEachMember { member in
      names[member.resource.ordinal] = MemberName(
        id: member.resource.id, name: member.resource.document.value(at: .userName))
    }
    return names
  }

  private func check(_ store: StateStore, seed: UInt64) async throws {
    let said = try said(store)
    let ordinals = said.keys.sorted()
    for threads in [1, 3] {
      let subjects = try store.subjects(ofMembers: ordinals, threads: threads)
      #expect(
        subjects.indices.map { subjects[$0] } == ordinals.compactMap { said[$0]?.subject },
        "seed \(seed)")
    }
    #expect(try store.verifyFile() == nil, "seed \(seed)")
  }

  @Test(arguments: UInt64(0)..<6)
  func areThoseOfTheResourcesWhateverChanges(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let sample = try SampleState()
    let store = try sample.open(members: (1...600).map { "m\($0)" })
    for round in 0..<5 {
      try store.write { state in
        for step in 0..<60 {
          let ordinal = UInt32.random(in: 1...700, using: &random)
          let name = "new \(round) \(step)"
          switch Int.random(in: 0..<4, using: &random) {
          case 0:
            let id = Bool.random(using: &random) ? ResourceID(high: UInt64(step), low: 5) : nil
            var document = SampleState.member("\(round)-\(step)", id: id)
            if step % 5 == 0 { document.remove(.userName) }
            if try state.ordinal(ofMember: ResourceID(document.root["id"]?.text ?? "")) == nil {
              try state.insertMember(document, standing: .active, owners: [])
            }
          case 1:
            guard let member = try state.member(ordinal) else { continue }
            var document = member.resource.document
            document.set(ManagedAttribute(path: .userName), to: "\(name) \"é\\\n")
            try state.updateMember(ordinal, to: document, standing: member.standing)
          case 2: if try state.member(ordinal) != nil { try state.deleteMember(ordinal) }
          default: break
          }
        }
      }
      try await check(store, seed: seed)
    }
    try store.write { state in
      for ordinal in UInt32(256)...511 {
        if try state.member(ordinal) != nil { try state.deleteMember(ordinal) }
      }
    }
    try await check(store, seed: seed)
    #expect(try !sample.dump(["member_name"]).contains { $0.contains("page:1 ") })
  }

  @Test(arguments: [StateStore.Access.reading, .writing])
  func anOlderStateGetsThemWhenItIsOpened(access: StateStore.Access) async throws {
    let sample = try SampleState()
    let first = try sample.open(members: (1...600).map { "m\($0)" })
    try first.write { state in
      for ordinal in UInt32(200)...520 { try state.deleteMember(ordinal) }
    }
    try first.close()
    let before = try sample.dump(["member_name"])
    try sample.turnBackToVersion5()
    let store = try sample.open(access)
    try await check(store, seed: 0)
    try store.close()
    #expect(try sample.dump(["member_name"]) == before)
    #expect(try sample.version() == StateSchema.version)
  }

  @Test func aDamagedResourceIsToldAndNothingIsPacked() throws {
    let sample = try SampleState()
    try sample.open(members: ["ann", "bob"]).close()
    try sample.turnBackToVersion5()
    try sample.tamper("UPDATE member SET resource = '{' WHERE ordinal = 2")
    #expect(
      throws: StoreFailure(
        .corrupt(detail: "the resource of member 2 is damaged"), path: sample.path)
    ) {
      try sample.open()
    }
    #expect(try !sample.dump(["sqlite_schema"]).contains { $0.contains("member_name") })
  }

  @Test(arguments: [
    (
      "UPDATE member SET resource = replace(resource, 'bob@', 'eve@') WHERE ordinal = 2",
      "member 2 is not called the same wherever names are kept"
    ),
    ("DELETE FROM member_name", "member 1 is not called the same wherever names are kept"),
    ("INSERT INTO member_name SELECT 4, texts FROM member_name", "2 names are nobody's"),
  ])
  func anEditBehindTheStatesBackIsFound(change: String, words: String) throws {
    let sample = try SampleState()
    try sample.open(members: ["ann", "bob"]).close()
    try sample.tamper(change)
    let store = try sample.open(.reading)
    #expect(try store.verifyFile() == words)
  }

  @Test(arguments: ["DELETE FROM member_name", "UPDATE member_name SET texts = x'0102'"])
  func namesThatAreNotThereAreTold(change: String) throws {
    let sample = try SampleState()
    try sample.open(members: ["ann", "bob"]).close()
    try sample.tamper(change)
    let store = try sample.open(.reading)
    #expect(
      throws: StoreFailure(
        .corrupt(detail: "page 0 of the names of members is damaged"), path: sample.path)
    ) {
      try store.subjects(ofMembers: [1])
    }
  }
}
