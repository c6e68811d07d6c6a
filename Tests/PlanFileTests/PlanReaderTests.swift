import Identity
import PlanFile
import TestSupport
import Testing

struct PlanReaderTests {
  @Test(arguments: UInt64(0)..<60)
  func aPlanReadsBackAsItself(seed: UInt64) throws {
    var random = RandomPlan(seed: seed)
    let plan = random.plan()
    let (bytes, seal) = fileBytes(of: plan)
    let read = try PlanReader.read(bytes, named: "a.plan", key: RandomPlan.key)
    #expect(read.plan == plan, "seed \(seed)")
    #expect(read.seal == seal && read.isSealChecked, "seed \(seed)")
    // Swift's == takes composed and decomposed letters for one another; bytes do not.
    #expect(fileBytes(of: read.plan).bytes == bytes, "seed \(seed)")
  }

  @Test func aPlanLargerThanABlockReadsBackFromItsFile() throws {
    var random = RandomPlan(seed: 1)
    let plan = random.plan(size: 3_000)
    let (bytes, seal) = fileBytes(of: plan)
    #expect(bytes.count > 1 << 19)
    try withFile(bytes) { path in
      let read = try PlanReader.read(path: path, key: RandomPlan.key)
      #expect(read.plan == plan)
      #expect(read.planName == seal.planName)
    }
  }

  @Test func whoReadsAPlanTellsHowFarItIsInBothPasses() throws {
    var random = RandomPlan(seed: 1)
    let (bytes, _) = fileBytes(of: random.plan(size: 3_000))
    try withFile(bytes) { path in
      var told: [Int] = []
      _ = try PlanReader.read(path: path, key: RandomPlan.key) { done, total in
        #expect(total == 2 * bytes.count)
        told.append(done)
      }
      #expect(told == told.sorted() && told.last == 2 * bytes.count)
      #expect(told.count > 4)
    }
  }

  @Test func anEmptyPlanReadsBackAsItself() throws {
    let (bytes, _) = fileBytes(of: .empty)
    #expect(try PlanReader.read(bytes, named: "a.plan", key: RandomPlan.key).plan == .empty)
  }

  @Test func withoutAKeyTheSealStaysUnchecked() throws {
    let (bytes, seal) = fileBytes(of: .empty)
    let read = try PlanReader.read(bytes, named: "a.plan", key: nil)
    #expect(!read.isSealChecked)
    #expect(read.planName == seal.planName)
  }

  // MARK: Damage

  @Test(arguments: [1, 0x20, 0x80] as [UInt8])
  func everyFlippedByteIsRefused(mask: UInt8) {
    var random = RandomPlan(seed: 3)
    let (bytes, _) = fileBytes(of: random.plan(size: 3))
    let believed = bytes.indices.filter { index in
      var damaged = bytes
      damaged[index] ^= mask
      return failure(damaged) == nil
    }
    #expect(believed == [])
  }

  @Test func everyFlippedByteBeforeTheAuthenticationCodeIsRefusedWithoutAKeyToo() {
    var random = RandomPlan(seed: 4)
    let (bytes, _) = fileBytes(of: random.plan(size: 2))
    // The code of 64 digits and `"}}␤` end the file.
    let believed = bytes.indices.dropLast(64 + 4).filter { index in
      var damaged = bytes
      damaged[index] ^= 1
      return failure(damaged, key: nil) == nil
    }
    #expect(believed == [])
  }

  @Test func everyShortenedFileIsRefused() {
    var random = RandomPlan(seed: 5)
    let (bytes, _) = fileBytes(of: random.plan(size: 2))
    #expect(bytes.indices.filter { failure(Array(bytes[..<$0])) == nil } == [])
  }

  @Test func aFileCutBetweenLinesHasNoSeal() {
    let lines = linesOfASamplePlan()
    let cut = Array(lines.dropLast().joined())
    #expect(reason(cut) == .noSeal)
    #expect(failure(cut)?.line == lines.count - 1)
  }

  @Test(arguments: ["\n", "x", "{\"hold\":{}}\n"])
  func textAfterTheSealIsRefused(text: String) {
    let (bytes, _) = fileBytes(of: .empty)
    #expect(reason(bytes + text.utf8) == .noSeal)
  }

  @Test func linesTakenOutMovedOrRepeatedAreRefused() {
    let lines = linesOfASamplePlan()
    for index in lines.indices {
      #expect(reason(Array((lines[..<index] + lines[(index + 1)...]).joined())) != nil)
      #expect(reason(Array((lines[...index] + lines[index...]).joined())) != nil)
      guard index > 0, lines[index] != lines[index - 1] else { continue }
      var moved = lines
      moved.swapAt(index, index - 1)
      #expect(reason(Array(moved.joined())) != nil)
    }
  }

  @Test func anotherStatesKeyIsRefused() {
    let (bytes, _) = fileBytes(of: .empty, key: [UInt8](33...64))
    #expect(reason(bytes) == .wrongSeal)
  }

  // MARK: Whole files whose content is wrong: sealed with the right key, and still not taken

  @Test(arguments: [
    ("\"version\":1", "\"version\":2", 1),
    ("{\"evidence\":", "{\"wonders\":", 2),
    ("{\"evidence\":", "{\"input\":", 2),
    ("\"tool\":", "\"tools\":", 2),
    ("\"now\":0", "\"now\":00", 2),
    ("\"now\":0", "\"now\":-0", 2),
    ("\"now\":0", "\"now\": 0", 2),
    ("\"now\":0", "\"now\":9223372036854775808", 2),
    ("\"lowerBound\":0}", "\"lowerBound\":0,\"more\":1}", 1),
    ("\"tool\":\"t\"", "\"tool\":\"\\u0074\"", 2),
    ("\"tool\":\"t\"", "\"tool\":\"\\/\"", 2),
    ("\"tool\":\"t\"", "\"tool\":\"\\u000A\"", 2),
    ("\"tool\":\"t\"", "\"tool\":\"\u{7f}\"", 2),
    ("\"tool\":\"t\"", "\"tool\":null", 2),
    ("\"situations\":{}", "\"situations\":{\"joiner\":0}", 1),
    ("\"situations\":{}", "\"situations\":{\"joiner\":1,\"same\":1}", 1),
    ("\"memberAttributes\":[]", "\"memberAttributes\":[{\"path\":\"a b\",\"kind\":\"string\"}]", 1),
  ])
  func aSealedLineInAnotherSpellingIsRefused(old: String, new: String, line: Int) throws {
    let (bytes, _) = fileBytes(of: .empty)
    let text = String(decoding: bytes, as: UTF8.self)
    let changed = text.replacing(old, with: new)
    #expect(changed != text)
    let found = try #require(failure(resealed(Array(changed.utf8))))
    #expect(found.line == line)
    #expect(found.description.hasPrefix("a.plan:\(line): "))
  }

  @Test func aSealedFileWithInvalidUTF8IsRefused() throws {
    var (bytes, _) = fileBytes(of: .empty)
    let place = try #require(bytes.firstRange(of: Array("\"tool\":\"t\"".utf8)))
    bytes[place.upperBound - 2] = 0xFF
    #expect(failure(resealed(bytes))?.line == 2)
  }

  @Test func aSealedFileWithFewerLinesThanItsHeaderCountsIsIncomplete() {
    let lines = linesOfASamplePlan()
    let first = lines.firstIndex { $0.starts(with: "{\"operation\":".utf8) } ?? 0
    #expect(reason(resealed(Array((lines[..<first] + lines[(first + 1)...]).joined()))) != nil)
    let decisions = lines.prefix { !$0.starts(with: "{\"evidence\":".utf8) }
    let seal = lines.suffix(1)
    #expect(reason(resealed(Array((decisions + seal).joined()))) == .damaged)
  }

  @Test func aSealedLineOutOfPlaceIsRefused() {
    let lines = linesOfASamplePlan()
    for index in 1..<lines.count - 1 where kind(lines[index]) != kind(lines[index - 1]) {
      var moved = lines
      moved.swapAt(index, index - 1)
      #expect(reason(resealed(Array(moved.joined()))) != nil, "line \(index)")
    }
  }

  @Test(arguments: ["-1", "3", "4294967296", "9223372036854775807"])
  func groundsOfAnOperationThatIsNotThereAreRefused(number: String) {
    var plan = Plan.empty
    plan.decisions.operations = [
      Operation(
        subject: SubjectRef(id: ResourceID("i"), name: "n"), action: .deactivateMember,
        situation: .leaver, classes: [.removal], rule: "r")
    ]
    plan.evidence.grounds = [Evidence.Grounds(operation: 0, origins: [], stateBefore: nil)]
    let text = String(decoding: fileBytes(of: plan).bytes, as: UTF8.self)
    let changed = text.replacing("\"operation\":0,", with: "\"operation\":\(number),")
    #expect(changed != text)
    #expect(failure(resealed(Array(changed.utf8)))?.line == 4)
  }

  @Test(arguments: [
    #"{"attribute":"active","kind":"boolean","before":true,"after":null}"#,
    #"{"attribute":"userName","kind":"boolean","before":"x","after":true}"#,
    #"{"attribute":"title","before":"x","after":"y"}"#,
    #"{"attribute":"a b","kind":"string","before":"x","after":"y"}"#,
    #"{"attribute":"userName","kind":"string","before":"x","after":"y"}"#,
    #"{"attribute":"active","before":true,"after":"false"}"#,
    #"{"attribute":"userName","before":true,"after":null}"#,
    #"{"attribute":"userName","after":"y","before":"x"}"#,
    #"{"attribute":"userName","before":"x"}"#,
  ])
  func onlyOneSpellingOfAChangeIsTaken(change: String) throws {
    var plan = Plan.empty
    plan.decisions.memberAttributes = AttributeSet([ManagedAttribute(path: .userName)])
    let userName = plan.decisions.memberAttributes[AttributeID(0)]
    plan.decisions.operations = [
      Operation(
        subject: SubjectRef(id: ResourceID("i"), name: "n"),
        action: .updateMember([AttributeChange(attribute: userName, before: "x", after: "y")]),
        situation: .differs, classes: [], rule: "r")
    ]
    let written = #"{"attribute":"userName","before":"x","after":"y"}"#
    let text = String(decoding: fileBytes(of: plan).bytes, as: UTF8.self)
    #expect(text.contains(written))
    // The first two are changes of attributes the plan does not manage; the rest are none.
    let isTaken = change.contains(#""kind":"boolean""#)
    let found = failure(resealed(Array(text.replacing(written, with: change).utf8)))
    #expect((found == nil) == isTaken, "\(String(describing: found))")
    #expect(isTaken || found?.line == 2)
  }

  /// Every plan has one spelling: what is taken at all is what the writer would have written.
  ///
  /// Findings are left out because their sentences may be worded otherwise.
  @Test(arguments: UInt64(0)..<8)
  func whatIsTakenIsSpelledAsTheWriterSpellsIt(seed: UInt64) {
    var plan = samplePlan(seed: seed)
    plan.evidence.findings = []
    plan.evidence.health = []
    let bytes = fileBytes(of: plan).bytes
    var random = SeededGenerator(seed: seed)
    let pieces = [
      "\"", "\\", "{", "}", ",", ":", "0", "1", "-", "a", " ", "\n", "null", "true", "\\u0041",
    ]
    for step in 0..<150 {
      var changed = bytes
      let place = Int.random(in: 0..<bytes.count - 220, using: &random)
      let piece = pieces.randomElement(using: &random).map { Array($0.utf8) } ?? []
      changed.replaceSubrange(place..<place + Int.random(in: 0...2, using: &random), with: piece)
      let file = resealed(changed)
      guard let read = try? PlanReader.read(file, named: "a.plan", key: RandomPlan.key) else {
        continue
      }
      #expect(fileBytes(of: read.plan).bytes == file, "seed \(seed), step \(step)")
    }
  }

  // MARK: No plan at all

  @Test(arguments: ["", "\n", "{}", "hello\n", "{\"rollcall-approval\":{}}\n", "\u{0}"])
  func whatIsNoPlanIsNamedSo(text: String) {
    #expect(reason(Array(text.utf8)) == .notAPlan)
  }

  @Test func anUnknownVersionIsNamed() {
    #expect(
      reason(Array("{\"rollcall-plan\":{\"version\":7}}\n".utf8)) == .unknownVersion(7, known: 1))
  }

  @Test func aMissingFileAndAFolderAreUnreadable() {
    for path in ["/nowhere/a.plan", "/"] {
      let failure = #expect(throws: PlanFileFailure.self) {
        try PlanReader.read(path: path, key: nil)
      }
      guard case .unreadable? = failure?.reason else {
        Issue.record("\(path): \(String(describing: failure))")
        continue
      }
    }
  }

  @Test func aLineWithoutEndIsRefusedBeforeItFillsMemory() {
    let (bytes, _) = fileBytes(of: .empty)
    let long = bytes.prefix(60) + [UInt8](repeating: 0x61, count: 1 << 26)
    #expect(reason(Array(long)) == .lineTooLong(limit: 1 << 26, fileBytes: long.count))
  }

  // MARK: Parts

  private func failure(
    _ bytes: [UInt8], key: [UInt8]? = RandomPlan.key
  ) -> PlanFileFailure? {
    do {
      _ = try PlanReader.read(bytes, named: "a.plan", key: key)
      return nil
    } catch {
      return error
    }
  }

  private func reason(_ bytes: [UInt8]) -> PlanFileFailure.Reason? { failure(bytes)?.reason }

  private func samplePlan(seed: UInt64) -> Plan {
    var random = RandomPlan(seed: seed)
    return random.plan(size: 4)
  }

  private func linesOfASamplePlan() -> [[UInt8]] {
    var random = RandomPlan(seed: 6)
    let (bytes, _) = fileBytes(of: random.plan(size: 5))
    return bytes.split(separator: UInt8(ascii: "\n")).map { Array($0) + [UInt8(ascii: "\n")] }
  }

  private func kind(_ line: [UInt8]) -> ArraySlice<UInt8> {
    line.prefix { $0 != UInt8(ascii: ":") }
  }
}
