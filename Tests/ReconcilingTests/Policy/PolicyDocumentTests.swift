import Foundation
import Testing

@testable import Reconciling

struct PolicyDocumentTests {
  private func complaint(about text: String) -> String {
    PolicyProblemTests.complaints(about: text).first ?? "none"
  }

  @Test(arguments: [
    ("", "p:1:1: The file says nothing."),
    ("# only a word\n", "p:1:1: The file says nothing."),
    ("42", "p:1:1: “42” is not a mapping"),
    ("- a", "p:1:1: A list is not a mapping"),
    ("a: [1, 2\n", "p:2:1: This is not YAML: while parsing a flow sequence"),
    ("a: 'b\n", "p:2:1: This is not YAML: while scanning a quoted scalar"),
    ("a:\n\tb: 1", "p:2:1: A tab stands where YAML allows only spaces."),
    ("a: 1\n---\nb: 2", "p:3:1: A second YAML document begins here."),
    ("a: 1\nb: \u{1}", "p:2:4: This is not YAML: control characters are not allowed."),
    ("a: 1\r\nb: \u{1}", "p:2:4: This is not YAML: control characters are not allowed."),
    ("a:\n  d: 1\n  e: 2\n  'd': 3\n", "p:4:3: “d” stands here already, on line 2."),
    ("a: {b: 1, b: 2}", "p:1:5: “b” stands more than once in this mapping."),
    ("? [a]\n: b", "p:1:3: A key must be a plain word or a quoted text."),
    ("state: &s a", "p:1:8: state: Anchors and aliases (&s) are not used in a policy."),
    ("state: &s a\nreports: *s", "p:2:10: Anchors and aliases (&s) are not used in a policy."),
    ("reports: *s", "p:1:10: This is not YAML: found undefined alias."),
    ("state: !!str a", "p:1:8: state: YAML tags (tag:yaml.org,2002:str) are not used"),
    ("state: !env HOME", "p:1:8: state: YAML tags (!env) are not used in a policy."),
    ("state: ! a", "p:1:8: state: YAML tags (!) are not used in a policy."),
  ])
  func whatIsNoPolicyIsRefusedWithItsPlace(text: String, expected: String) {
    let complaints = PolicyProblemTests.complaints(about: text)
    #expect(complaints.contains { $0.hasPrefix(expected) }, "\(complaints)")
  }

  @Test func starsAndAmpersandsInTextAreNoAliases() throws {
    let text = PolicyProblemTests.policy(
      "state: R&D-base.db\nprotected: {members: ['svc-*', '*admin*', 'a&b']}  # *Sales and &x")
    #expect(PolicyProblemTests.complaints(about: text) == [])
  }

  /// Every key is an alias of a list of aliases: hashing the last one would take 2^60 steps.
  @Test func aliasesOfAliasesAreRefusedAtOnce() {
    var text = "a0: &a0 [x]\n"
    for level in 1...60 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    text += "? *a60\n: x\n"
    #expect(complaint(about: text).contains("Anchors and aliases"))
  }

  @Test(arguments: [20, 900, 5_000])
  func deepNestingIsRefused(depth: Int) {
    let text = "a: " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    let complaints = PolicyProblemTests.complaints(about: text)
    #expect(complaints.contains { $0.contains("nested more than 16 deep") }, "\(complaints)")
  }

  @Test func aHugeFileIsRefused() {
    let text = "state: " + String(repeating: "x", count: PolicyDocument.sizeLimit)
    #expect(complaint(about: text).contains("larger than 1024 KiB"))
  }

  /// Damaged in all the ways an editor, a merge or an attacker might, it is read or refused.
  @Test(arguments: UInt64(1)...40)
  func aDamagedPolicyNeverCrashes(seed: UInt64) {
    var random = SplitMix(state: seed)
    let pieces = Array("{}[]:,-#&*!|>'\"%@`~\n\t ?0a\\\u{7f}".utf8)
    for _ in 0..<5 {
      var bytes = Array(CompletePolicy.text.utf8)
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = pieces.randomElement(using: &random) ?? 0
        case 1: bytes.insert(pieces.randomElement(using: &random) ?? 0, at: place)
        case 2: bytes.removeSubrange(place..<min(place + 9, bytes.count))
        default: bytes.removeLast(min(bytes.count - 1, place % 200))
        }
      }
      let text = String(decoding: bytes, as: UTF8.self)
      let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count
      do throws(PolicyFailure) {
        _ = try Policy(parsing: text, path: "p")
      } catch {
        #expect(!error.problems.isEmpty, "seed \(seed)")
        for problem in error.problems {
          #expect((1...(lines + 1)).contains(problem.line), "seed \(seed): \(problem)")
          #expect(problem.column >= 1 && problem.message != "", "seed \(seed): \(problem)")
        }
      }
    }
  }

  // MARK: Files

  @Test func aFileIsReadWithItsByteOrderMark() throws {
    let text = PolicyProblemTests.policy("reports: Берichte")
    let policy = try load(Array("\u{FEFF}\(text)".utf8))
    #expect(policy.reports == "Берichte")
  }

  @Test func aFileThatIsNotUTF8IsRefusedWithItsPlace() {
    #expect(
      refusal(Array("a: 1\nb: é".utf8) + [0xE9, 0x20]).hasPrefix(":2:5: The text is not UTF-8"))
    #expect(refusal([0xFF, 0xFE, 0x61, 0x00]).hasPrefix(":1:1: The file is UTF-16."))
    #expect(refusal(Array(repeating: 0x61, count: PolicyDocument.sizeLimit + 1)).contains("larger"))
  }

  @Test func aMissingFileAndAFolderAreRefused() {
    let folder = FileManager.default.temporaryDirectory.path
    #expect(throws: PolicyFailure.self) { try Policy.load(contentsOf: folder) }
    let missing = folder + "/there-is-no-such-policy.yaml"
    #expect(
      failure { try Policy.load(contentsOf: missing) }?.problems.map(\.kind) == [.fileMissing])
  }

  private func load(_ bytes: [UInt8]) throws -> Policy {
    let file = FileManager.default.temporaryDirectory
      .appending(path: "policy-\(UUID().uuidString).yaml")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try Policy.load(contentsOf: file.path)
  }

  /// What is said, without the path.
  private func refusal(_ bytes: [UInt8]) -> String {
    let failure = failure { try load(bytes) }
    return failure.map { String($0.description.dropFirst($0.path.count)) } ?? "none"
  }

  private func failure(_ work: () throws -> Policy) -> PolicyFailure? {
    do {
      _ = try work()
      return nil
    } catch {
      return error as? PolicyFailure
    }
  }
}

/// The same numbers for the same seed, everywhere (Steele, Lea, Flood 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
