import Crypto
import Identity
import PlanFile
import Scanning
import TestSupport
import Testing

struct PlanWriterTests {
  @Test func aSmallPlanIsWrittenAsDocumented() {
    var plan = Plan.empty
    var image = AttributeImage()
    plan.decisions.memberAttributes = AttributeSet([
      ManagedAttribute(path: .userName), ManagedAttribute(path: .active, kind: .boolean),
      ManagedAttribute(path: .workEmail),
    ])
    image.append(AttributeID(0), "true".utf8)
    image.append(AttributeID(1), [])
    image.append(AttributeID(2), "ann".utf8)
    plan.decisions.operations = [
      Operation(
        subject: SubjectRef(id: ResourceID("i1"), name: "bo \"b\""),
        action: .updateMember([
          AttributeChange(
            attribute: plan.decisions.memberAttributes[AttributeID(0)], before: "true",
            after: "false"),
          AttributeChange(
            attribute: plan.decisions.memberAttributes[AttributeID(2)], before: "bo", after: nil),
        ]),
        situation: .sourceDisabled, classes: [.removal, .rekey], rule: "r"),
      Operation(
        subject: SubjectRef(id: ResourceID("i2"), name: "ann"), action: .createMember(image),
        situation: .joiner, classes: [], rule: "r"),
      Operation(
        subject: SubjectRef(id: ResourceID("t1"), name: "Sales"),
        action: .addMembership(SubjectRef(id: ResourceID("i2"), name: "ann")), situation: .listed,
        classes: .grant, rule: "r"),
    ]
    plan.decisions.holds = [Hold(subject: "member x", situation: .ambiguous)]
    plan.decisions.situations = [.joiner: 1, .same: 4]
    plan.decisions.lowerBound = 3
    plan.evidence.findings = [
      Finding(
        .duplicateHeader(name: "Mail"), at: RecordOrigin(export: "people", file: "a.csv", line: 1))
    ]
    let (bytes, seal) = fileBytes(of: plan)
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(
      Array(lines.dropLast()) == [
        #"{"rollcall-plan":{"version":1,"memberAttributes":[{"path":"active","kind":"boolean"},"#
          + #"{"path":"emails[type eq \"work\"].value","kind":"string"},"#
          + #"{"path":"userName","kind":"string"}],"teamAttributes":[],"#
          + #""counts":{"update-member":1,"create-member":1,"add-membership":1},"#
          + #""situations":{"same":4,"joiner":1},"holds":1,"lowerBound":3}}"#,
        #"{"operation":{"kind":"update-member","id":"i1","name":"bo \"b\"","#
          + #""situation":"sourceDisabled","classes":["removal","rekey"],"rule":"r","#
          + #""changes":[{"attribute":"active","before":true,"after":false},"#
          + #"{"attribute":"userName","before":"bo","after":null}]}}"#,
        #"{"operation":{"kind":"create-member","id":"i2","name":"ann","situation":"joiner","#
          + #""classes":[],"rule":"r","after":{"active":true,"#
          + #""emails[type eq \"work\"].value":null,"userName":"ann"}}}"#,
        #"{"operation":{"kind":"add-membership","id":"t1","name":"Sales","situation":"listed","#
          + #""classes":["grant"],"rule":"r","member":{"id":"i2","name":"ann"}}}"#,
        #"{"hold":{"subject":"member x","situation":"ambiguous","isRemoval":false}}"#,
        #"{"evidence":{"tool":"t","now":0,"policy":"p","lineage":"l","journalHead":"j"}}"#,
        #"{"finding":{"code":"read.duplicate-header","severity":"warning","message":"The column "#
          + #"Mail stands in the header more than once; only an unmapped column may.","#
          + #""name":"Mail","origin":{"export":"people","file":"a.csv","line":1},"repeats":0}}"#,
      ])
    #expect(
      lines.last?.hasPrefix(
        #"{"seal":{"decisions":"\#(seal.decisionsDigest)","plan":"\#(seal.planName)","hmac":""#)
        == true)
  }

  /// The writer goes member by member; the tree of values is the slow way to the same bytes.
  @Test(arguments: UInt64(20)..<30)
  func everyLineIsTheJSONThatTheSlowWriterWrites(seed: UInt64) throws {
    var random = RandomPlan(seed: seed)
    let (bytes, _) = fileBytes(of: random.plan())
    #expect(bytes.last == UInt8(ascii: "\n"), "seed \(seed)")
    for line in bytes.dropLast().split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    {
      #expect(try JSONParser.parse(Array(line)).bytes == Array(line), "seed \(seed)")
    }
  }

  @Test func theNameIsTheDigestOfAllBytesBeforeTheSeal() throws {
    var random = RandomPlan(seed: 11)
    let (bytes, seal) = fileBytes(of: random.plan())
    let end = try #require(bytes.dropLast().lastIndex(of: UInt8(ascii: "\n")))
    #expect(seal.planName == hexadecimal(SHA256.hash(data: bytes[...end])))
  }

  @Test func theSealIsThatOfTheDocumentedFormat() {
    var random = RandomPlan(seed: 12)
    let (bytes, _) = fileBytes(of: random.plan())
    #expect(resealed(bytes) == bytes)
  }

  @Test func evidenceLeavesTheDecisionsAlone() {
    var random = RandomPlan(seed: 13)
    var plan = random.plan(size: 3_000)
    let first = fileBytes(of: plan).seal
    plan.evidence = Plan.empty.evidence
    let second = fileBytes(of: plan).seal
    #expect(first.decisionsDigest == second.decisionsDigest)
    #expect(first.planName != second.planName)
    #expect(PlanWriter.decisionsDigest(of: plan.decisions) == first.decisionsDigest)
  }

  @Test func countsOfZeroLeaveTheBytesUnchanged() {
    var decisions = Plan.empty.decisions
    let digest = PlanWriter.decisionsDigest(of: decisions)
    decisions.situations[.same] = 0
    #expect(PlanWriter.decisionsDigest(of: decisions) == digest)
  }

  /// Pieces begin and end within runs, and operations of another kind stand between these.
  @Test(arguments: UInt64(0)..<12)
  func membershipsInColumnsAreTheLinesOfWholeOnes(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let memberships = RandomMemberships(count: 900, using: &random)
    var generator = RandomPlan(seed: seed)
    var plan = generator.plan()
    let others = plan.decisions.operations
    let places = memberships.whole.indices.sorted {
      memberships.whole[$0].kind < memberships.whole[$1].kind
    }
    let border = places.firstIndex { memberships.whole[$0].kind == .addMembership } ?? places.count
    func bytes(_ operations: [Operation]) -> [UInt8] {
      plan.decisions.operations =
        places[..<border].map { operations[$0] } + others + places[border...].map { operations[$0] }
      return fileBytes(of: plan).bytes
    }
    #expect(bytes(memberships.operations) == bytes(memberships.whole), "seed \(seed)")
  }

  @Test func aLargePlanComesInPieces() {
    var random = RandomPlan(seed: 14)
    var sizes: [Int] = []
    _ = PlanWriter.write(random.plan(size: 2_000), key: RandomPlan.key) { sizes.append($0.count) }
    #expect(sizes.count > 4)
    #expect(sizes.allSatisfy { $0 < 1 << 18 })
  }

  @Test func anErrorOfTheSinkComesOut() {
    struct Full: Error {}
    #expect(throws: Full.self) {
      _ = try PlanWriter.write(.empty, key: RandomPlan.key) { _ in throw Full() }
    }
  }
}
