import Identity
import PlanFile
import TestSupport
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

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

  @Test func everyFlippedByteIsRefused() {
    var random = RandomPlan(seed: 3)
    let (bytes, _) = fileBytes(of: random.plan(size: 4))
    for index in bytes.indices {
      for mask: UInt8 in [1, 0x20, 0x80] {
        var damaged = bytes
        damaged[index] ^= mask
        #expect(throws: PlanFileFailure.self, "byte \(index), mask \(mask)") {
          try PlanReader.read(damaged, named: "a.plan", key: RandomPlan.key)
        }
      }
    }
  }

  @Test func everyFlippedByteBeforeTheAuthenticationCodeIsRefusedWithoutAKeyToo() throws {
    var random = RandomPlan(seed: 4)
    let (bytes, _) = fileBytes(of: random.plan(size: 2))
    // The code of 64 digits and `"}}␤` end the file.
    for index in bytes.indices.dropLast(64 + 4) {
      var damaged = bytes
      damaged[index] ^= 1
      #expect(throws: PlanFileFailure.self, "byte \(index)") {
        try PlanReader.read(damaged, named: "a.plan", key: nil)
      }
    }
  }

  @Test func everyShortenedFileIsRefused() {
    var random = RandomPlan(seed: 5)
    let (bytes, _) = fileBytes(of: random.plan(size: 3))
    for count in bytes.indices {
      #expect(throws: PlanFileFailure.self, "\(count) bytes") {
        try PlanReader.read(Array(bytes[..<count]), named: "a.plan", key: RandomPlan.key)
      }
    }
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

  private func failure(_ bytes: [UInt8]) -> PlanFileFailure? {
    do {
      _ = try PlanReader.read(bytes, named: "a.plan", key: RandomPlan.key)
      return nil
    } catch {
      return error
    }
  }

  private func reason(_ bytes: [UInt8]) -> PlanFileFailure.Reason? { failure(bytes)?.reason }

  private func linesOfASamplePlan() -> [[UInt8]] {
    var random = RandomPlan(seed: 6)
    let (bytes, _) = fileBytes(of: random.plan(size: 5))
    return bytes.split(separator: UInt8(ascii: "\n")).map { Array($0) + [UInt8(ascii: "\n")] }
  }

  private func kind(_ line: [UInt8]) -> ArraySlice<UInt8> {
    line.prefix { $0 != UInt8(ascii: ":") }
  }
}
