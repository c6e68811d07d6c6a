import Identity
import PlanFile
import Scanning
import TestSupport
import Testing

@testable import Storing

/// Packs say what rows of their own would say, and what is wrong with one is told.
struct OperationPackTests {
  static let schema = "urn:ietf:params:scim:schemas:core:2.0:User"
  private static let packTables = ["operation_pack"]
  private static let rowTables = ["operation", "operation_value"]

  private static let pieces = [
    "ann", "Ä", "\"q\"", "\\", "\n", "\u{1}", "😀", "e\u{301}", "\u{2028}", "],[", ", ",
    "@contoso.com",
    "a longer piece of a name", "/", "\u{7F}", "'",
  ]

  /// Creates with ids that are UUIDs, with awkward names, causes that change now and then and a few other ids.
  private static func operations(_ count: Int, seed: UInt64) throws -> [Operation] {
    var random = SeededGenerator(seed: seed)
    let userName = try #require(SampleState.attributes.id(of: .userName))
    var situation = Situation.joiner
    return (0..<count).map { number in
      if Int.random(in: 0..<90, using: &random) == 0 {
        situation = situation == .joiner ? .found : .joiner
      }
      let end = Int.random(in: 0..<100, using: &random) == 0 ? "\u{0}" : ""
      let name =
        end
        + (0..<Int.random(in: 1...6, using: &random))
        .map { _ in pieces.randomElement(using: &random) ?? "" }.joined() + "\(number)"
      var image = AttributeImage()
      image.append(userName, name.utf8)
      let id =
        Int.random(in: 0..<150, using: &random) == 0
        ? ResourceID("other \(number)")
        : ResourceID(
          high: random.next() & ~0xF000 | 0x5000, low: random.next() & ~(3 << 62) | 2 << 62)
      return Operation(
        subject: SubjectRef(id: id, name: name), action: .createMember(image),
        situation: situation, classes: .grant, rule: "people.\"rule\"")
    }
  }

  /// Nearly always one record in one of three files.
  private static func grounds(_ count: Int, seed: UInt64) -> [Evidence.Grounds] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { place in
      let origin = RecordOrigin(
        export: "people", file: "\"\(Int.random(in: 0..<3, using: &random))\".csv",
        line: Int.random(in: 0..<3_000_000, using: &random))
      let other = Int.random(in: 0..<120, using: &random)
      return Evidence.Grounds(
        operation: place, origins: other == 0 ? [] : other == 1 ? [origin, origin] : [origin],
        stateBefore: nil)
    }
  }

  /// A state with one run of creates; returns them.
  private static func load(
    _ count: Int, seed: UInt64 = 1, into sample: SampleState
  ) throws -> [Operation] {
    let operations = try operations(count, seed: seed)
    let template = try #require(
      ResourceTemplate(SampleState.attributes, schema: schema, hasActive: true))
    let store = try sample.open()
    try store.write(.bulk) { state in
      try state.rebase(SampleState.basis)
      try state.beginRun(SampleState.start())
      try state.create(
        MemberCreates(
          operations, operations.indices, grounds: grounds(count, seed: seed),
          owners: .each(operations.map { _ in [] }), template: template,
          attributes: SampleState.attributes, inactive: .deactivatedByUs)
      ) { _ in }
      try state.finishRun(.applied, at: 110)
    }
    try store.close()
    return operations
  }

  private static func run(_ sample: SampleState) throws -> JournaledRun {
    let store = try sample.open(.reading)
    let run = try store.journaledRun(1)
    try store.close()
    return run
  }

  private static func verify(_ sample: SampleState) throws -> JournalVerification {
    let store = try sample.open(.reading)
    let found = try store.verifyJournal()
    try store.close()
    return found
  }

  /// Puts every pack into rows of their own, as the trigger does, but with all values left.
  @Test(arguments: UInt64(1)...8)
  func packsSayWhatTheirRowsWouldSay(seed: UInt64) throws {
    let sample = try SampleState()
    let count = 1 + Int(seed * 389)
    let operations = try Self.load(count, seed: seed, into: sample)
    let packed = try Self.run(sample)
    #expect(try !sample.dump(Self.packTables).isEmpty, "seed \(seed)")
    #expect(packed.operations.map(\.subject) == operations.map(\.subject), "seed \(seed)")
    #expect(packed.operations.map(\.situation) == operations.map(\.situation), "seed \(seed)")
    #expect(
      packed.grounds.map(\.origins)
        == Self.grounds(count, seed: seed).map(\.origins).filter { !$0.isEmpty }, "seed \(seed)")
    let whole = JournalVerification(
      runCount: 1, operationCount: count, erasedCount: 0, breach: nil)
    #expect(try Self.verify(sample) == whole, "seed \(seed)")

    let view = try sample.dump(["journal ORDER BY number"])
    try sample.tamper(SampleState.unpacking)
    #expect(try sample.dump(Self.packTables).isEmpty)
    #expect(try sample.dump(["operation"]).count == count)
    #expect(try Self.run(sample) == packed, "seed \(seed)")
    // The head is the same, and so are the digests of all values.
    #expect(try Self.verify(sample) == whole, "seed \(seed)")
    #expect(try sample.dump(["journal ORDER BY number"]) == view, "seed \(seed)")
  }

  @Test func fewCreatesStandInRowsOfTheirOwn() throws {
    let sample = try SampleState()
    _ = try Self.load(OperationPack.leastSize - 1, into: sample)
    #expect(try sample.dump(Self.packTables).isEmpty)
    #expect(try Self.verify(sample).isSound)
  }

  @Test func aHeadDoesNotDependOnPacking() throws {
    // What a Rollcall that knew no packs has written, with salts that are known: head and digests are a promise.
    let fields = JournaledOperation.Facts(
      number: 7, kind: "create-member", subject: "6b9f1c52-0d51-5e0c-9b0a-0123456789ab", other: nil,
      situation: "joiner", classes: 0, rule: "lifecycle.create",
      origins: Array(#"[["people","users.csv",42]]"#.utf8), stateBefore: nil,
      digest: Array(repeating: 9, count: 32))
    var pack = OperationPack(
      first: 7, count: 1,
      of: Operation(
        subject: SubjectRef(id: ResourceID(fields.subject), name: "ann"),
        action: .createMember(AttributeImage()), situation: .joiner, classes: [],
        rule: "lifecycle.create"))
    pack.subjects = [
      0x6b, 0x9f, 0x1c, 0x52, 0x0d, 0x51, 0x5e, 0x0c, 0x9b, 0x0a, 1, 0x23, 0x45, 0x67, 0x89, 0xab,
    ]
    pack.names = Array(#"["ann"]"#.utf8)
    pack.files = Array(#"[["people","users.csv"]]"#.utf8)
    pack.places = Array("0".utf8)
    pack.lines = Array("42".utf8)
    pack.digests = Array(repeating: 9, count: 32)
    pack.salts = Array(repeating: 3, count: 16)
    let entry = try #require(pack.entries()?.first)
    #expect(entry.facts.bytes == fields.bytes)
    #expect(entry.values.name == "ann")
    #expect(entry.values.salt == pack.salts)
  }

  @Test func numbersAreOfOneWidth() {
    #expect(OperationPack.text(of: [17, 2, 391]) == Array("017002391".utf8))
    #expect(OperationPack.text(of: [0, 0]) == Array("00".utf8))
    for numbers in [[0], [9, 10], [4_294_967_295, 0, 7]] {
      let text = OperationPack.text(of: numbers)
      #expect(OperationPack.numbers(text, count: numbers.count) == numbers)
    }
    for (text, count) in [("", 1), ("12", 3), ("1a", 2), ("-1", 1), ("1234567890123456789", 1)] {
      #expect(OperationPack.numbers(Array(text.utf8), count: count) == nil, "\(text)")
    }
  }

  // MARK: Erasure

  @Test func onePersonIsErasedFromAPack() throws {
    let sample = try SampleState()
    let operations = try Self.load(300, into: sample)
    let before = try Self.run(sample)
    let packs = try sample.dump(Self.packTables).count
    try sample.tamper("UPDATE journal SET name = NULL WHERE number = 100")
    #expect(try sample.dump(Self.packTables).count == packs - 1)
    #expect(
      try Self.verify(sample)
        == JournalVerification(runCount: 1, operationCount: 300, erasedCount: 1, breach: nil))
    let after = try Self.run(sample)
    #expect(after.operations[99].subject.name == JournaledRun.erasedName)
    #expect(after.operations[99].subject.id == operations[99].subject.id)
    for place in operations.indices where place != 99 {
      #expect(after.operations[place] == before.operations[place])
    }
    // Neither her name nor her salt stands anywhere in the journal.
    let tables = try sample.dump(Self.packTables + Self.rowTables)
    #expect(!tables.contains { $0.contains("operation_value [number:100 ") })
    // The next one is in the same pack, which is one no more.
    try sample.tamper("UPDATE journal SET name = NULL WHERE number IN (101, 99)")
    #expect(try Self.verify(sample).erasedCount == 3)
  }

  @Test func everybodyIsErased() throws {
    let sample = try SampleState()
    _ = try Self.load(200, into: sample)
    try sample.tamper("UPDATE journal SET name = NULL")
    #expect(
      try Self.verify(sample)
        == JournalVerification(runCount: 1, operationCount: 200, erasedCount: 200, breach: nil))
  }

  @Test func namesAreErasedAndNotChanged() throws {
    let sample = try SampleState()
    _ = try Self.load(50, into: sample)
    #expect(throws: (any Error).self) {
      try sample.tamper("UPDATE journal SET name = 'eve' WHERE number = 3")
    }
    #expect(try Self.verify(sample).isSound)
  }

  @Test func whoStandsInRowsIsErasedTheSameWay() throws {
    let sample = try SampleState()
    let store = try sample.open()
    try SampleJournal.write(to: store)
    try store.close()
    #expect(try sample.dump(["journal"]).count == 11)
    try sample.tamper(
      """
      UPDATE journal SET name = NULL
      WHERE (SELECT subject FROM journal WHERE name = 'ann@contoso.com') IN (subject, other)
      """)
    for column in ["name", "other_name"] {
      let names = try sample.dump(["journal"]).filter { $0.contains("\(column):ann@contoso.com") }
      #expect(names.isEmpty, "\(names)")
    }
    let found = try Self.verify(sample)
    #expect(found.isSound)
    #expect(found.erasedCount == 5)
  }

  // MARK: Damage

  @Test(arguments: [
    "count = count + 1", "count = count - 1", "count = 0", "count = -1",
    "count = 9223372036854775807", "first = first + 1", "first = 9223372036854775807",
    "first = -5", "kind = 'delete-member'", "kind = 'create-team'", "situation = 'same'",
    "classes = 9", "rule = ''", "subjects = x''", "subjects = substr(subjects, 2)",
    "subjects = zeroblob(length(subjects))", "names = ''", "names = '[]'", "names = '{}'",
    "names = replace(names, '[', '[7,')", "names = substr(names, 2)",
    "names = replace(names, ']', ',\"x\"]')", "files = '[]'", "files = 'nonsense'",
    "files = '[[1,2]]'", "files = replace(files, '.csv', '.CSV')", "places = ''",
    "places = replace(places, '0', '9')", "places = places || '0'", "lines = ''",
    "lines = replace(lines, '1', '2')", "lines = replace(lines, '1', 'x')",
    "lines = lines || lines || lines || lines", "digests = x'00'",
    "digests = zeroblob(length(digests))", "salts = x''", "salts = zeroblob(length(salts))",
  ])
  func aChangedPackIsNamed(change: String) throws {
    let sample = try SampleState()
    _ = try Self.load(120, into: sample)
    let first = 1 + OperationPack.size
    try sample.tamper(
      "UPDATE operation_pack SET \(change) WHERE first = (SELECT max(first) FROM operation_pack WHERE first <= \(first))"
    )
    switch try Self.verify(sample).breach {
    case .operation(let number, run: 1):
      #expect(number <= first + OperationPack.size, "\(change): \(number)")
    // Of a resource that is nowhere nothing is known but its digest.
    case .run(1): #expect(change.contains("create-team") || change.contains("subjects"))
    case let other: Issue.record("\(change): \(String(describing: other))")
    }
    let store = try sample.open(.reading)
    // Whoever reads it all the same gets a failure or what stands there, and no trap.
    do throws(StoreFailure) {
      _ = try store.journaledRun(1)
      _ = try store.journalBreach(inLast: 1)
    } catch {
      #expect(error.message.contains("operation"), "\(error.message)")
    }
  }

  @Test(arguments: UInt64(1)...40)
  func noByteOfAPackCanBeChangedUnseen(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let sample = try SampleState()
    _ = try Self.load(120, into: sample)
    let column =
      ["subjects", "names", "files", "places", "lines", "digests", "salts"]
      .randomElement(using: &random) ?? ""
    let share = Double.random(in: 0..<1, using: &random)
    let byte = Int.random(in: 0..<256, using: &random)
    let isText = ["names", "files", "places", "lines"].contains(column)
    let place = "CAST(length(CAST(\(column) AS BLOB)) * \(share) AS INTEGER)"
    let changed = """
      CAST(substr(CAST(\(column) AS BLOB), 1, \(place)) || x'\(Self.hexadecimal(byte))'
        || substr(CAST(\(column) AS BLOB), \(place) + 2) AS \(isText ? "TEXT" : "BLOB"))
      """
    let before = try sample.dump(Self.packTables)
    try sample.tamper(
      "UPDATE operation_pack SET \(column) = \(changed) WHERE first = (SELECT min(first) FROM operation_pack)"
    )
    guard try sample.dump(Self.packTables) != before else { return }
    let found = try Self.verify(sample)
    #expect(found.breach != nil, "seed \(seed): \(column) at \(share), \(byte)")
    let store = try sample.open(.reading)
    _ = try? store.journaledRun(1)
  }

  private static func hexadecimal(_ byte: Int) -> String {
    let text = String(byte, radix: 16)
    return text.utf8.count == 1 ? "0" + text : text
  }

  @Test func packsThatAreGoneOrTooManyAreFound() throws {
    func tampered(_ sql: String) throws -> (SampleState, StateStore) {
      let sample = try SampleState()
      _ = try Self.load(320, into: sample)
      try sample.tamper(sql)
      return (sample, try sample.open(.reading))
    }
    let copy = """
      INSERT INTO operation_pack SELECT %, count, kind, situation, classes, rule, subjects, names,
        files, places, lines, digests, salts FROM operation_pack ORDER BY first LIMIT 1
      """
    let (one, gone) = try tampered(
      "DELETE FROM operation_pack WHERE first = (SELECT max(first) FROM operation_pack)")
    guard case .operationCount(run: 1, stated: 320, let found)? = try gone.journalBreach(inLast: 1)
    else {
      Issue.record("a missing pack is not counted")
      return
    }
    #expect(found < 320)
    #expect(try gone.verifyJournal().breach != nil)
    let (other, added) = try tampered(copy.replacing("%", with: "5000"))
    guard case .strayOperation? = try added.journalBreach(inLast: 1) else {
      Issue.record("a pack behind the end is not seen")
      return
    }
    #expect(try added.verifyJournal().breach == .strayOperation(5000))
    let (fourth, valued) = try tampered(
      "INSERT INTO operation_value (number, salt, name) VALUES (7, x'00', 'nobody')")
    #expect(try valued.verifyJournal().breach == .strayValues(7))
    // Together they are more than there are numbers.
    let (fifth, wild) = try tampered(
      """
      UPDATE operation_pack SET count = 9223372036854775807 WHERE first = 1;
      INSERT INTO operation SELECT 200, kind, 'x', NULL, situation, classes, rule, NULL, NULL, x'00'
        FROM operation_pack LIMIT 1
      """)
    #expect(try wild.journalBreach(inLast: 1) != nil)
    #expect(try wild.verifyJournal().breach != nil)
    // What stands in a row and in a pack is named, and not what comes behind it.
    let (sixth, twice) = try tampered(
      """
      INSERT INTO operation SELECT 40, kind, 'x', NULL, situation, classes, rule, NULL, NULL, x'00'
        FROM operation_pack LIMIT 1
      """)
    #expect(try twice.verifyJournal().breach == .operation(40, run: 1))
    let (third, within) = try tampered(copy.replacing("%", with: "3"))
    #expect(try within.verifyJournal().breach != nil)
    _ = (one, other, third, fourth, fifth, sixth)
  }

  // MARK: Older states

  @Test(arguments: [StateStore.Access.reading, .writing])
  func aJournalFromBeforePacksStillVerifies(access: StateStore.Access) throws {
    let sample = try SampleState()
    _ = try Self.load(100, into: sample)
    try sample.turnBackToVersion5()
    let store = try sample.open(access)
    #expect(
      try store.verifyJournal()
        == JournalVerification(runCount: 1, operationCount: 100, erasedCount: 0, breach: nil))
    #expect(try store.journalBreach(inLast: 1) == nil)
    #expect(try store.journaledRun(1).operations.count == 100)
    try store.close()
    #expect(try sample.dump(["journal"]).count == 100)
    #expect(try sample.version() == StateSchema.version)
  }

  @Test func theNextRunGoesOnBehindAPack() throws {
    let sample = try SampleState()
    let operations = try Self.load(96, into: sample)
    let store = try sample.open()
    let id = operations[40].subject.id
    let member = try #require(try store.ordinal(ofMember: id))
    try store.write { state in
      try state.beginRun(SampleState.start("p2"))
      let current = try #require(try state.member(member))
      var document = current.resource.document
      let change = SampleState.change("title", nil, "Chief")
      document.set(change.attribute, to: "Chief")
      try state.updateMember(member, to: document, standing: .active)
      try state.journal(
        Operation(
          subject: operations[40].subject, action: .updateMember([change]), situation: .differs,
          classes: [], rule: "r"))
      try state.finishRun(.applied, at: 210)
    }
    #expect(
      try store.verifyJournal()
        == JournalVerification(runCount: 2, operationCount: 97, erasedCount: 0, breach: nil))
    #expect(try store.journalBreach(inLast: 2) == nil)
    #expect(try store.journalBreach(ofRun: 1) == nil)
    // What she was when she was created is told without the title that she got later.
    let title = try #require(SampleState.attributes.id(of: SampleState.key("title").path))
    guard case .createMember(let image) = try store.journaledRun(1).operations[40].action else {
      Issue.record("no create")
      return
    }
    #expect(image.text(title) == nil)
  }
}
