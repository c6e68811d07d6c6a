import Identity
import PlanFile
import Scanning
import TestSupport
import Testing

import class Foundation.FileManager

@testable import Storing

/// The load of many creates hurries, `insertMember` and `journal` one by one are its slow twin.
struct MemberCreatesTests {
  private static let schema = "urn:ietf:params:scim:schemas:core:2.0:User"

  /// Names that agree in their first 16 letters, values to be escaped, people without a word on `active`.
  private func operations(_ count: Int) -> [Operation] {
    (0..<count).map { number in
      var image = AttributeImage()
      for id in SampleState.attributes.ids {
        let path = SampleState.attributes[id].path
        switch path.description {
        case "active":
          if number % 3 > 0 { image.append(id, (number % 3 == 1 ? "true" : "false").utf8) }
        case "externalId":
          // One is longer than what is told of where values stand.
          let tail = String(repeating: "x", count: number % 50 == 3 ? 300 : 0)
          if number % 7 > 0 { image.append(id, "E-\((number * 7919) % count)\(tail)".utf8) }
        case "title": image.append(id, (number % 5 == 0 ? "" : "Head of \"\(number)\"\n").utf8)
        case "userName":
          image.append(id, "Somebody.with.a.long.name.\(count - number)@contoso.com".utf8)
        default: break
        }
      }
      return SampleState.operation("n\(number)", .createMember(image))
    }
  }

  private func grounds(_ count: Int) -> [Evidence.Grounds] {
    (0..<count).map { place in
      let origin = RecordOrigin(export: "people", file: "u \"1\".csv", line: place + 2)
      return Evidence.Grounds(
        operation: place, origins: place % 4 == 0 ? [] : [origin, origin], stateBefore: nil)
    }
  }

  private func load(
    _ operations: [Operation], into sample: SampleState, owners: MemberCreates.Owners? = nil
  ) throws {
    let template = try #require(
      ResourceTemplate(SampleState.attributes, schema: Self.schema, hasActive: true))
    let store = try sample.open()
    try store.write(.bulk) { state in
      try state.rebase(SampleState.basis)
      try state.beginRun(SampleState.start())
      try state.create(
        MemberCreates(
          operations, operations.indices, grounds: grounds(operations.count),
          owners: owners ?? .each(operations.indices.map { ExportSet(export: $0 % 3) }),
          template: template,
          attributes: SampleState.attributes, inactive: .deactivatedByUs)
      ) { _ in }
      try state.finishRun(.applied, at: 110)
    }
    #expect(try store.verifyFile() == nil)
    #expect(
      try store.verifyJournal()
        == JournalVerification(
          runCount: 1, operationCount: operations.count, erasedCount: 0, breach: nil))
    try store.close()
  }

  private func writeOneByOne(_ operations: [Operation], into sample: SampleState) throws {
    let store = try sample.open()
    let grounds = grounds(operations.count)
    try store.write { state in
      try state.rebase(SampleState.basis)
      try state.beginRun(SampleState.start())
      for (place, operation) in operations.enumerated() {
        guard case .createMember(let image) = operation.action else { continue }
        var document = ResourceDocument()
        document.setTopLevel("id", to: .string(operation.subject.id.description))
        document.setTopLevel("schemas", to: .array([.string(Self.schema)]))
        document.apply(image, of: SampleState.attributes)
        if document.value(at: .active) == nil {
          document.set(ManagedAttribute(path: .active, kind: .boolean), to: "true")
        }
        let isActive = document.value(at: .active) == "true"
        try state.insertMember(
          document, standing: isActive ? .active : .deactivatedByUs,
          owners: ExportSet(export: place % 3))
        try state.journal(operation, origins: grounds[place].origins)
      }
      try state.finishRun(.applied, at: 110)
    }
    #expect(try store.verifyJournal().isSound)
    try store.close()
  }

  /// The same as places among newcomers, in another order than theirs.
  private func newcomers(_ operations: [Operation]) throws -> [Operation] {
    let userName = try #require(SampleState.attributes.id(of: .userName))
    let newcomers = Newcomers(
      ids: ResourceIDs(operations.map(\.subjectID)),
      images: operations.map { operation in
        if case .createMember(let image) = operation.action { image } else { AttributeImage() }
      },
      // Those that come last in the plan: the load and its slow twin give everybody the same owner.
      records: operations.indices.map {
        RecordNumber(export: (operations.count - 1 - $0) % 3, number: $0)
      },
      seats: operations.indices.map { UInt32($0) }, userName: userName,
      exports: ["people", "guests", "robots"])
    return operations.indices.reversed().map { Operation(of: newcomers, at: $0) }
  }

  @Test(arguments: [1, 2, 70, 1023, 1024, 1025])
  func aLoadLeavesWhatTheSameCreatesOneByOneLeave(count: Int) throws {
    try compare(operations(count))
  }

  @Test(arguments: [1, 70, 1025])
  func aLoadOfNewcomersLeavesWhatTheirCreatesOneByOneLeave(count: Int) throws {
    try compare(newcomers(operations(count)))
    let ofExports = MemberCreates.Owners.ofExports((0..<3).map { ExportSet(export: $0) })
    try compare(newcomers(operations(count)), owners: ofExports)
  }

  private func compare(
    _ operations: [Operation], owners: MemberCreates.Owners? = nil
  ) throws {
    let count = operations.count
    let (fast, slow) = (try SampleState(), try SampleState())
    try fast.open().close()
    try FileManager.default.copyItem(atPath: fast.path, toPath: slow.path)
    try load(operations, into: fast, owners: owners)
    try writeOneByOne(operations, into: slow)

    let tables = ["member", "member_id", "member_index", "member_key", "member_name"]
    #expect(try fast.dump(tables) == slow.dump(tables))
    for sample in [fast, slow] {
      let store = try sample.open(.reading)
      let run = try store.journaledRun(1)
      #expect(run.operations.map(\.subject) == operations.map(\.subject))
      #expect(run.grounds.map(\.origins) == grounds(count).map(\.origins).filter { !$0.isEmpty })
      try store.close()
    }
    #expect(try journaled(fast) == journaled(slow))
  }

  private func journaled(_ sample: SampleState) throws -> [Operation] {
    let store = try sample.open(.reading)
    let operations = try store.journaledRun(1).operations
    try store.close()
    return operations
  }

  @Test func twoCreatesOfOneIDAreRefusedAndLeaveNothing() throws {
    let sample = try SampleState()
    let operations = operations(70) + operations(1)
    #expect(throws: StoreFailure(.duplicateID(SampleState.id("n0")), path: sample.path)) {
      try load(operations, into: sample)
    }
    #expect(try sample.dump(["member", "member_id", "operation", "operation_pack", "run"]).isEmpty)
  }

  @Test func afterABulkWriteTheLogIsBack() throws {
    let sample = try SampleState()
    try load(operations(100), into: sample)
    #expect(try mode(of: sample) == "wal")
  }

  @Test func aReaderMakesABulkWriteAnOrdinaryOne() throws {
    let sample = try SampleState()
    try sample.open().close()
    let reader = try sample.open(.reading)
    try load(operations(100), into: sample)
    #expect(try mode(of: sample) == "wal")
    #expect(try reader.runs().isEmpty, "a reader sees the state as it was when it was opened")
    try reader.close()
  }

  private func mode(of sample: SampleState) throws -> String? {
    let connection = try SQLConnection(readingFrom: sample.path)
    defer { connection.close() }
    return try connection.statement("PRAGMA journal_mode").first { $0.text(0) }
  }

  @Test(arguments: [StateStore.Access.reading, .readingOrCreating, .writing])
  func aStateThatWasLeftWithoutItsLogGetsItBack(access: StateStore.Access) throws {
    let sample = try SampleState()
    try sample.open(members: ["ann"]).close()
    try sample.leaveLog()
    #expect(try mode(of: sample) == "delete")
    let store = try sample.open(access)
    #expect(try store.ordinal(ofMember: SampleState.id("ann")) == 1)
    try store.close()
    #expect(try mode(of: sample) == "wal")
  }
}
