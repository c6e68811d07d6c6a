import Identity
import PlanFile
import Reporting
import TestSupport
import Testing

@testable import Reconciling

/// What `Redact` marks is written, and shown nowhere.
struct RedactTests {
  private static func policy(_ nickName: String) -> String {
    """
    state: rollcall.db
    exports:
      people: [{name: staff, path: users.csv, content: full}]
    mapping:
      members:
        externalId: id
        userName: login
        title: title
        nickName: '\(nickName)'
        active: {constant: "true"}
    \(CompanyPolicy.wideGuards)
    """
  }

  private static func company(_ card: String = "secret-1") throws -> Company {
    let company = try Company(policy("Redact(Left([card], 20))"))
    try company.write("id,login,title,card\n1,ann,Buyer,\(card)\n", as: "users.csv")
    return company
  }

  /// Everything that a report of the plan says, in each of its forms.
  private static func reports(_ plan: Plan) throws -> [String] {
    let source = ReportSource(plan: plan, planName: "p", run: nil)
    var bytes: [UInt8] = []
    JSONReport(planFile: nil).write(source) { bytes += $0 }
    var lines: [UInt8] = []
    TextReport(style: .plain, planFile: nil, jobOptions: "").listing(of: source) { lines += $0 }
    return [String(decoding: bytes, as: UTF8.self), String(decoding: lines, as: UTF8.self)]
  }

  @Test func theValueIsWrittenAndNoReportShowsIt() async throws {
    let company = try Self.company()
    let first = try await company.apply(night: 1)
    #expect(try company.export().contains(#""nickName":"secret-1""#))
    try company.write("id,login,title,card\n1,ann,Buyer,secret-2\n", as: "users.csv")
    let second = try await company.apply(night: 2)
    #expect(second.operations == ["update-member ann: nickName secret-1 → secret-2"])
    #expect(try company.export().contains(#""nickName":"secret-2""#))
    for plan in [first, second] {
      for report in try Self.reports(plan) {
        #expect(!report.contains("secret"), "\(report)")
        #expect(report.contains("[Redact]"))
      }
    }
    // The journal's report has the marks of the plan that was applied.
    let source = try company.job(night: 3).reportSource(run: nil)
    #expect(try !Self.reports(source.plan).joined().contains("secret"))
  }

  @Test func explainShowsItNeither() async throws {
    let company = try Self.company()
    try await company.apply(night: 1)
    try company.write("id,login,title,card\n1,ann,Buyer,secret-2\n", as: "users.csv")
    let told = try await company.job(night: 2).explain("ann")
    let values = told.subjects.flatMap(\.steps).flatMap(\.values)
    let nickName = try #require(values.first { $0.attribute.attribute == "nickName" })
    #expect(nickName.export == "[Redact]")
    #expect(nickName.current == "[Redact]")
    #expect(nickName.outcome == .changes)
    #expect(values.first { $0.attribute.attribute == "title" }?.current == "Buyer")
  }

  @Test func aFindingDoesNotTellWhatFailed() async throws {
    let company = try Company(Self.policy(#"Redact(CStr(DateAdd("d", 1, [card])))"#))
    try company.write("id,login,title,card\n1,ann,Buyer,secret-1\n2,bo,Buyer,\n", as: "users.csv")
    let plan = try await company.plan(night: 1)
    let findings = plan.evidence.findings + plan.evidence.health.flatMap(\.findings)
    try #require(findings.contains { $0.message.contains("[Redact]") })
    // The plan file holds its findings as they are.
    #expect(!findings.contains { $0.message.contains("secret-1") })
    let reports = try Self.reports(plan).joined()
    #expect(!reports.contains("secret-1"))
    #expect(reports.contains("[Redact]"))
  }

  @Test func aComparisonTellsThatTwoValuesDifferAndNotWhich() async throws {
    let company = try Self.company()
    try await company.apply(night: 1)
    try company.write("id,login,title,card\n1,ann,Buyer,secret-2\n", as: "users.csv")
    try company.write(Self.policy("Redact(Left([card], 3))"), as: "other.yaml")
    let compared = try await company.job(night: 2).compare(with: company.path("other.yaml"))
    let values = compared.comparison.entries.flatMap { $0.first + $0.second }.flatMap(\.values)
    #expect(values.map(\.after) == ["[Redact]", "[Redact] (another value)"])
    #expect(values.map(\.before) == ["[Redact]", "[Redact]"])
  }

  @Test func aPlanRemembersWhatIsHidden() async throws {
    let plan = try await Self.company().plan(night: 1)
    #expect(plan.evidence.redacted.map(\.description) == ["nickName"])
  }
}
