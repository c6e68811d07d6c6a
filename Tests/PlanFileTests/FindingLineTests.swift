import Identity
import PlanFile
import TestSupport
import Testing

struct FindingLineTests {
  @Test(arguments: Finding.Subject.samples)
  func everyCaseReadsBackAsItself(subject: Finding.Subject) throws {
    let origin = RecordOrigin(export: "people", file: "ü.csv", line: 3)
    try expectRoundTrip(Finding(subject))
    try expectRoundTrip(Finding(subject, at: origin, repeats: 12))
    let exact = RecordOrigin(export: "people", file: "ü.csv", line: 3, byte: 1 << 40)
    try expectRoundTrip(Finding(subject, at: exact))
  }

  @Test(arguments: Finding.WithheldReason.allCases)
  func everyReasonReadsBackAsItself(reason: Finding.WithheldReason) throws {
    try expectRoundTrip(Finding(.removalWithheld(member: "ann", reason: reason)))
  }

  @Test(arguments: [0, 5, 12.5, 1e-7, 1e300, -1, 0.1 + 0.2, Double.infinity, -Double.infinity])
  func everyPercentageReadsBackAsItself(percent: Double) throws {
    try expectRoundTrip(Finding(.fewerRecords(now: 1, before: 2, allowedPercent: percent)))
  }

  @Test func anUnknownCodeIsRefused() {
    var plan = Plan.empty
    plan.evidence.findings = [Finding(.emptyFile)]
    let text = String(decoding: fileBytes(of: plan).bytes, as: UTF8.self)
      .replacing("health.empty-file", with: "health.unheard-of")
    let failure = #expect(throws: PlanFileFailure.self) {
      try PlanReader.read(resealed(Array(text.utf8)), named: "a.plan", key: RandomPlan.key)
    }
    #expect(failure?.line == 3)
  }

  /// A later version of the program may say the same thing in better words.
  @Test func anotherSentenceIsTheSameFinding() throws {
    var plan = Plan.empty
    plan.evidence.findings = [Finding(.emptyFile)]
    let text = String(decoding: fileBytes(of: plan).bytes, as: UTF8.self)
      .replacing("The file is empty.", with: "Empty!")
    let read = try PlanReader.read(
      resealed(Array(text.utf8)), named: "a.plan", key: RandomPlan.key)
    #expect(read.plan == plan)
  }

  private func expectRoundTrip(_ finding: Finding) throws {
    var plan = Plan.empty
    plan.evidence.findings = [finding]
    plan.evidence.health = [.init(export: "people", isReliable: false, findings: [finding])]
    let bytes = fileBytes(of: plan).bytes
    let read = try PlanReader.read(bytes, named: "a.plan", key: RandomPlan.key)
    #expect(read.plan == plan)
    #expect(fileBytes(of: read.plan).bytes == bytes)
  }
}
