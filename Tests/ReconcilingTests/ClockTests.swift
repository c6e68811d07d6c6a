import Identity
import PlanFile
import Testing

@testable import Reconciling

/// A clock that is behind the last run.
struct ClockTests {
  @Test func aRunBeforeTheLastOneIsAWarningWithBothTimes() async throws {
    let company = try Company()
    try company.people(["ann"])
    try await company.apply(night: 3)
    #expect(try await company.plan(night: 3).findings["plan.clock-behind"] == nil)
    #expect(try await company.plan(night: 4).findings["plan.clock-behind"] == nil)
    let plan = try await company.plan(night: 2)
    let finding = try #require(
      plan.evidence.findings.first { $0.code == "plan.clock-behind" })
    #expect(finding.severity == .warning)
    #expect(finding.message.contains("2026-03-02T02:00:00Z"))
    #expect(finding.message.contains("2026-03-03T02:00:00Z"))
  }
}
