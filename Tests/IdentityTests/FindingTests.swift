import Identity
import TestSupport
import Testing

struct FindingTests {
  private static let samples = Finding.Subject.samples

  @Test func codesAreUnique() {
    #expect(Set(Self.samples.map { Finding($0).code }).count == Self.samples.count)
  }

  @Test(arguments: samples)
  func aCodeIsAStageAndAName(subject: Finding.Subject) {
    let code = Finding(subject).code
    #expect(
      code.wholeMatch(of: /(read|health|map|match|team|edge|plan)\.[a-z]+(-[a-z0-9]+)*/) != nil,
      "\(code)")
  }

  @Test(arguments: samples)
  func aMessageIsOneOrMoreSentences(subject: Finding.Subject) {
    let message = Finding(subject).message
    #expect(message.hasSuffix("."), "\(message)")
    #expect(!message.contains("  ") && !message.contains("Optional("), "\(message)")
    #expect(isOneLine(message), "\(message)")
  }

  /// A report in JSON is exact; that people see only what can be seen is the matter of those who show it.
  @Test func aMessageHasTheDataAsItIs() {
    let hostile = "a\n\u{1b}[2Jb\u{0}\r\u{85}\u{2028}\u{202e}👩\u{200d}💻"
    let subjects: [Finding.Subject] = [
      .duplicateHeader(name: hostile), .unknownWord(attribute: "active", value: hostile),
      .headerChanged(missing: [hostile], added: [hostile]),
      .duplicate(
        key: "userName", value: hostile,
        others: [RecordOrigin(export: "people", file: hostile, line: 1)]),
      .edgeToUnknownMember(team: hostile, reference: hostile),
      .protected(subject: hostile, change: hostile, rule: hostile),
    ]
    let isExact = subjects.allSatisfy { subject in
      Array(Finding(subject).message.utf8).contains(Array(hostile.utf8))
    }
    #expect(isExact)
  }

  @Test(arguments: [(5.0, "5 %"), (12.5, "12.5 %"), (1e300, "1e+300 %"), (.infinity, "inf %")])
  func aPercentageIsWrittenAsShortAsItCanBe(percent: Double, text: String) {
    let finding = Finding(.fewerRecords(now: 1, before: 2, allowedPercent: percent))
    #expect(finding.message.contains(" \(text)."), "\(finding.message)")
  }

  @Test func manyOriginsAreCutShort() {
    let others = (1...9).map { RecordOrigin(export: "people", file: "a.csv", line: $0) }
    let message = Finding(.contended(member: "ann", others: others)).message
    #expect(message.contains("a.csv:5, …") && !message.contains("a.csv:6"))
  }

  @Test func severitiesAreOrdered() {
    #expect(Finding.Severity.allCases.sorted() == [.note, .warning, .error])
  }

  @Test func originsAreOrderedByExportFileAndLine() {
    let origins = [("a", "x", 10), ("a", "x", 9), ("a", "w", 20), ("B", "z", 1)].map {
      RecordOrigin(export: $0.0, file: $0.1, line: $0.2)
    }
    #expect(origins.sorted().map(\.place) == ["z:1", "w:20", "x:9", "x:10"])
  }

  private func isOneLine(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy {
      switch $0.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: false
      case .format: $0 == "\u{200D}"
      default: true
      }
    }
  }
}
