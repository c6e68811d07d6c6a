import Foundation
import Identity
import PlanFile
import Scanning
import TestSupport
import Testing

@testable import Reporting

struct PseudonymsTests {
  static let pseudonyms = Pseudonyms(secret: [UInt8](1...32))

  /// Everything that a report of the sample says of people.
  private static let personal = [
    "zoe.muller", "Zoë", "ohara", "O'Hara", "bob.lee", "ida.jensen", "Berg", "guest.north",
    "eve.stone", "carl.diaz", "old.account", "E1001", "j.smith", "k.frost", "break.glass",
    "contractor-17", "scanner", "Senior buyer", "Purchasing", "E2001", "E0007", "Analyst",
  ]

  private static let source = SamplePlan().appliedSource

  private static func texts(of source: ReportSource) -> [String] {
    let tables = CSVReport.Table.allCases.map { table in
      var bytes: [UInt8] = []
      CSVReport().write(table, of: source) { bytes += $0 }
      return String(decoding: bytes, as: UTF8.self)
    }
    return tables + [
      HTMLReportTests.page(source), String(decoding: JSONReportTests.bytes(source), as: UTF8.self),
      MarkdownReport(planFile: nil).text(of: source), TextReportTests.summary(source),
      TextReportTests.listing(source),
    ]
  }

  @Test func heldExportsStayExportsAndWithholdNobody() {
    var builder = PlanBuilder()
    builder.hold("export staff", .withheld, isRemoval: true)
    let source = builder.source()
    let replaced = source.pseudonymous(by: Self.pseudonyms)
    #expect(source.plan.decisions.withheldCount == 0)
    #expect(replaced.plan.decisions.withheldCount == 0)
    #expect(replaced.plan.decisions.holds == source.plan.decisions.holds)
    #expect(NextStep.steps(after: replaced, planFile: nil, jobOptions: "").isEmpty)
  }

  @Test func noReportNamesAPerson() {
    let all = Self.texts(of: Self.source).joined()
    for word in Self.personal { #expect(all.contains(word), "the sample has no \(word)") }
    for text in Self.texts(of: Self.source.pseudonymous(by: Self.pseudonyms)) {
      for word in Self.personal {
        #expect(!text.contains(word), "\(word)")
        #expect(!text.contains(Data(word.utf8).base64EncodedString()), "\(word)")
      }
    }
  }

  /// A digest of the word for it would be equal before and after, and for everybody.
  @Test func whatThePolicyHidesStaysHidden() {
    var builder = PlanBuilder()
    builder.update("ann", [PlanBuilder.change(PlanBuilder.title, "1234", "5678")])
    var plan = builder.plan
    plan.evidence.redacted = [PlanBuilder.title]
    let source = ReportSource(plan: plan, planName: "", run: nil)
      .pseudonymous(by: Self.pseudonyms)
    let changes = source.plan.decisions.operations.flatMap { $0.changes(in: source.plan.decisions) }
    #expect(changes.map(\.before) == ["[Redact]"])
    #expect(changes.map(\.after) == ["[Redact]"])
    #expect(TextReportTests.listing(source).contains("title: \"[Redact]\" → \"[Redact]\""))
  }

  @Test func everyReportForPeopleSaysThatNobodyIsNamed() {
    func heads(_ source: ReportSource) -> [Substring] {
      let page = HTMLReportTests.page(source)
      return [
        page.firstRange(of: "<main").map { page[..<$0.lowerBound] } ?? "",
        MarkdownReport(planFile: nil).text(of: source).prefix(400),
        TextReportTests.summary(source).prefix(400), TextReportTests.listing(source).prefix(400),
      ]
    }
    let sentence = "Pseudonymous: values of people are replaced by digests"
    for head in heads(Self.source) { #expect(!head.contains(sentence)) }
    for head in heads(Self.source.pseudonymous(by: Self.pseudonyms)) {
      #expect(head.contains(sentence))
    }
  }

  @Test func theCommandsItAdvisesNameNobodyEither() throws {
    let plan = SamplePlan().source.pseudonymous(by: Self.pseudonyms)
    let report = try JSONParser.parse(JSONReportTests.bytes(plan))
    let json = String(decoding: report.bytes, as: UTF8.self)
    for text in [
      HTMLReportTests.page(plan), MarkdownReport(planFile: nil).text(of: plan),
      TextReportTests.summary(plan), json,
    ] {
      #expect(!text.contains("rollcall show"))
      #expect(text.contains(/rollcall report \S+ --pseudonymous/))
    }
    var builder = PlanBuilder()
    for number in 0...HTMLReport.operationLimit { builder.deactivate("user \(number)") }
    let large = builder.source().pseudonymous(by: Self.pseudonyms)
    #expect(HTMLReportTests.page(large).contains("--format json csv --pseudonymous”"))
  }

  @Test func idsOfMembersGoTooBecauseTheyCanBeWorkedOut() {
    let source = Self.source.pseudonymous(by: Self.pseudonyms)
    let ids = Self.source.plan.decisions.operations.filter { !$0.kind.isAboutTeam }.map(
      \.subject.id)
    let text = Self.texts(of: source).joined()
    for id in ids { #expect(!text.contains(id.description)) }
  }

  @Test func equalValuesStayEqualAndOthersDiffer() {
    let plan = Self.source.pseudonymous(by: Self.pseudonyms).plan
    let operations = plan.decisions.operations
    let original = Self.source.plan.decisions.operations
    // Each operation and hold is there, under the one name that its person has.
    func key(_ kind: PlanFile.Operation.Kind, _ subject: String, _ member: String?) -> String {
      "\(kind) \(subject) \(member ?? "")"
    }
    let expected = original.map { operation in
      let name = operation.subject.name
      return key(
        operation.kind, operation.kind.isAboutTeam ? name : Self.pseudonyms.of(name),
        operation.edgeMember.map { Self.pseudonyms.of($0.name) })
    }
    let keys = operations.map { key($0.kind, $0.subject.name, $0.edgeMember?.name) }
    #expect(keys.sorted() == expected.sorted())
    #expect(plan.decisions.holds.contains { $0.subject.hasPrefix("record p-") })
    #expect(plan.decisions.holds.count == Self.source.plan.decisions.holds.count)
  }

  /// Whoever has the named report, too, finds nothing in both by which the rows could be laid side by side.
  @Test func rowsCannotBeJoinedToThoseOfTheNamedReport() {
    let source = Self.source.pseudonymous(by: Self.pseudonyms)
    func values(_ source: ReportSource) -> Set<String> {
      Set(source.plan.evidence.grounds.compactMap(\.stateBefore))
    }
    #expect(!values(Self.source).isEmpty)
    #expect(values(source).isDisjoint(with: values(Self.source)))
    func changes(_ source: ReportSource) -> Set<String> {
      let cycle = ProvisioningCycle(source)
      return Set(
        source.plan.decisions.operations.indices.map { cycle.changeID(ofOperation: $0) }
          + source.plan.decisions.holds.indices.map { cycle.changeID(ofHold: $0) })
    }
    #expect(changes(source).isDisjoint(with: changes(Self.source)))
    #expect(changes(source).count == changes(Self.source).count)
    let names = source.plan.decisions.operations.filter { $0.kind == .updateMember }
      .map(\.subject.name)
    let sameOrder = Self.source.plan.decisions.operations.filter { $0.kind == .updateMember }
      .map { Self.pseudonyms.of($0.subject.name) }
    #expect(names != sameOrder)
    #expect(names == names.sorted())
  }

  /// What an operation rests on goes with it to its new place.
  @Test func groundsFollowTheirOperations() {
    func lines(_ source: ReportSource, _ name: (PlanFile.Operation) -> String) -> [String: [Int]] {
      let index = GroundsIndex(source.plan)
      return Dictionary(
        source.plan.decisions.operations.enumerated().map { place, operation in
          (name(operation), index.origins(place).map(\.line))
        }
      ) { $0 + $1 }
    }
    func of(_ name: String) -> String { name }
    let named = lines(Self.source) { operation in
      "\(operation.kind) " + Self.pseudonyms.of((operation.edgeMember ?? operation.subject).name)
    }
    let pseudonymous = lines(Self.source.pseudonymous(by: Self.pseudonyms)) { operation in
      let subject = operation.edgeMember ?? operation.subject
      let isTeam = operation.kind == .createTeam || operation.kind == .updateTeam
      return "\(operation.kind) " + (isTeam ? Self.pseudonyms.of(subject.name) : subject.name)
    }
    #expect(named == pseudonymous)
  }

  /// The delta of one record has a digest that a guess can be tried against, and a file may be called after somebody.
  @Test func filesAreKeyedDigestsWithTheirEndings() {
    var builder = PlanBuilder()
    builder.read("staff", "night/zoe.muller.csv.gz", records: 1, bytes: 80)
    builder.update("ann", [], from: PlanBuilder.origin("zoe.muller.csv", 7))
    builder.findings = [
      Finding(.deltaAlreadyApplied(file: "zoe.muller.json")),
      Finding(
        .duplicate(
          key: "userName", value: "x", others: [PlanBuilder.origin("zoe.muller.csv", 8)]),
        at: PlanBuilder.origin("zoe.muller.csv", 9)),
    ]
    let source = builder.source().pseudonymous(by: Self.pseudonyms)
    let input = source.plan.evidence.inputs[0]
    #expect(input.file.wholeMatch(of: /p-[0-9a-f]{20}\.csv\.gz/) != nil, "\(input.file)")
    #expect(input.export == "staff")
    #expect(input.sha256 == Self.pseudonyms.of(builder.plan.evidence.inputs[0].sha256))
    let texts = Self.texts(of: source)
    for text in texts {
      #expect(!text.contains("muller"))
      #expect(!text.contains(builder.plan.evidence.inputs[0].sha256))
    }
    #expect(texts.joined().contains(Self.pseudonyms.file("zoe.muller.csv") + ":7"))
  }

  @Test func whoApprovedAndWhyIsAPersonsWord() {
    var source = Self.source
    source.run?.word = RunRecord.Word(by: "canary", reason: "canary told me")
    for text in Self.texts(of: source.pseudonymous(by: Self.pseudonyms)) {
      #expect(!text.contains("canary"))
    }
  }

  @Test func anotherKeyGivesOtherNames() {
    let other = Pseudonyms(secret: [UInt8](repeating: 7, count: 32))
    #expect(other.of("ann") != Self.pseudonyms.of("ann"))
    #expect(Self.pseudonyms.of("ann") == Self.pseudonyms.of("ann"))
    #expect(Self.pseudonyms.of("") == "")
    #expect(Self.pseudonyms.of("zoe\u{308}") != Self.pseudonyms.of("zoë"))
  }

  @Test func countsVerdictAndBooleansStay() throws {
    let source = Self.source.pseudonymous(by: Self.pseudonyms)
    #expect(source.plan.decisions.counts == Self.source.plan.decisions.counts)
    #expect(Verdict(source) == Verdict(Self.source))
    let report = try JSONParser.parse(JSONReportTests.bytes(source))
    #expect(report["pseudonymous"]?.boolean == true)
    let text = String(decoding: JSONReportTests.bytes(source), as: UTF8.self)
    #expect(text.contains(#""before":"true","after":"false""#))
    #expect(HTMLReportTests.page(source).contains("keyed digests"))
  }

  /// Every finding there is keeps its code and its sentence's form.
  @Test func everyFindingCanBeReplaced() {
    var builder = PlanBuilder()
    builder.findings = Finding.Subject.samples.map { Finding($0) }
    let findings = Self.pseudonyms.replacing(builder.plan).evidence.findings
    #expect(findings.map(\.code) == builder.findings.map(\.code))
    for finding in findings {
      for word in ["member \"x\"", "value \"x\"", "holder", "leaver \"x\"", "joiner \"x\""] {
        #expect(!finding.message.contains(word), "\(finding.message)")
      }
    }
  }
}
