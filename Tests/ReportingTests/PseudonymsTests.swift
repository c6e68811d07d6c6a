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
    var names: [String: String] = [:]
    for (before, after) in zip(original, operations) {
      #expect(before.kind == after.kind)
      let pairs =
        [(before.subject, after.subject)]
        + zip([before.edgeMember].compactMap(\.self), [after.edgeMember].compactMap(\.self))
      for (old, new) in pairs {
        #expect(names[old.name, default: new.name] == new.name)
        names[old.name] = new.name
      }
    }
    #expect(Set(names.values).count == names.count)
    #expect(plan.decisions.holds.contains { $0.subject.hasPrefix("record p-") })
    #expect(names["Finance"] == "Finance")
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
